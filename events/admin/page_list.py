"""The pages of the visits as a list in the admin: when and where the visit is, and what a visitor can do with it."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageViewSet

from cms.admin.page_lists import (
    BelowView,
    DayColumn,
    FlatListing,
    FlatView,
    Listed,
    PageListFilterSet,
    UseView,
    columns,
)
from events.admin.events import state_word
from events.models import Event, EventPage


class EventPageFilterSet(PageListFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("When"),
        method="with_when",
        choices=[("upcoming", _("Upcoming")), ("past", _("Past"))],
        empty_label=_("All"),
    )
    visit = django_filters.ChoiceFilter(
        label=_("State of the visit"), field_name="event__status", choices=Event.Status, empty_label=_("All")
    )

    class Meta:
        model = EventPage
        fields: list[str] = []

    def with_when(self, pages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A planned visit is upcoming too, whether or not the public is told yet."""
        at = timezone.now()
        return pages.filter(event__ends_at__gte=at) if value == "upcoming" else pages.filter(event__ends_at__lt=at)


class StateColumn(Column):
    """The state of the visit, as the list of visits says it."""

    def get_value(self, instance: EventPage) -> str:
        return state_word(instance.event, timezone.now())


class VisitPagesListed(Listed):
    searched = ("title", "draft_title", "event__name", "event__city", "event__venue")
    base_columns = columns(
        DayColumn("date", label=_("Date"), accessor="event.starts_at", sort_key="event__starts_at"),
        Column("city", label=_("Place"), accessor="event.city", sort_key="event__city"),
        StateColumn("state", label=_("State of the visit"), accessor="pk"),
    )

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    def annotate_queryset(self, pages: Any) -> QuerySet[Any]:
        listed: QuerySet[Any] = super().annotate_queryset(pages)  # type: ignore[misc]
        return listed.prefetch_related(Prefetch("event", Event.objects.with_seats(self.at)))


class VisitPagesView(VisitPagesListed, FlatView):
    page_title = _("Visit pages")
    default_ordering = "-event__starts_at"


class VisitPagesBelowView(VisitPagesListed, BelowView):
    pass


class VisitPagesUseView(VisitPagesListed, UseView):
    pass


class VisitPageListing(FlatListing):
    """In the menu of the Tour: the page of every visit in every language."""

    model = EventPage
    name = "visit_pages"
    url_prefix = "visit-pages"
    icon = "doc-full"
    menu_label = _("Visit pages")
    index_view_class = VisitPagesView
    filterset_class = EventPageFilterSet
    ordering = "-event__starts_at"


class EventPageViewSet(PageViewSet):
    """In the explorer, below a programme."""

    model = EventPage
    index_view_class = VisitPagesBelowView
    content_type_use_view_class = VisitPagesUseView
    filterset_class = EventPageFilterSet
