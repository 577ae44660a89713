"""Pages that tell about events, one row per language. What they tell about is the language-neutral Event."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import PageManager, PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms.models import BasePage, BelowAHome, OrganiserSettings
from cms.panels import ObstaclesPanel
from events import linked
from events.models.event import Event
from events.obstacles import obstacles


class EventIndexPage(BelowAHome, BasePage):
    """The programme: the line of stops to come, then the visits that were."""

    is_reviewed_below = True
    subpage_types = ["events.EventPage"]
    #: The feeds, the calendar and the menu know one in each language.
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("event index page")
        verbose_name_plural = _("event index pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        pages = EventPage.objects.child_of(self).live().public()
        context["at"] = at
        context["stops"] = pages.upcoming(at).with_event(at)
        past = pages.past(at).with_event(at).order_by("-event__starts_at", "pk")
        context["past"] = Paginator(past, 20).get_page(request.GET.get("page"))
        return context


class EventPageQuerySet(PageQuerySet):
    def upcoming(self, at: Any) -> "EventPageQuerySet":
        return (
            self.filter(event__ends_at__gte=at)
            .exclude(event__status=Event.Status.DRAFT)
            .order_by("event__starts_at", "pk")
        )

    def past(self, at: Any) -> "EventPageQuerySet":
        return self.filter(event__ends_at__lt=at).exclude(event__status=Event.Status.DRAFT)

    def with_event(self, at: Any) -> "EventPageQuerySet":
        """With the event, its seats and its ticket types: a constant number of queries for any list."""
        events = Event.objects.with_seats(at).prefetch_related("ticket_types__scheme")
        return self.prefetch_related(models.Prefetch("event", queryset=events)).select_related("locale")


class EventPage(BasePage):
    """Tells in one language about one event, and carries its registration form."""

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="pages",
        verbose_name=_("event"),
        help_text=_(
            "The visit as the organisers keep it, with its date, place, seats and prices: it is made under Events "
            "first."
        ),
    )
    case = models.ForeignKey(
        "cases.CasePage",
        verbose_name=_("case to go and see"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="event_pages",
        help_text=_("What the group will see. Leave blank when there is no case about it yet."),
    )
    programme = RichTextField(
        _("programme"),
        blank=True,
        help_text=_("What happens when, from the welcome to the goodbye, a line for each part."),
    )
    practical = RichTextField(_("practical"), blank=True, help_text=_("Getting there, shoes, lunch."))

    objects = PageManager.from_queryset(EventPageQuerySet)()

    parent_page_types = ["events.EventIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        ObstaclesPanel(),
        *BasePage.content_panels,
        FieldPanel("event"),
        PageChooserPanel("case", "cases.CasePage"),
        FieldPanel("programme"),
        FieldPanel("practical"),
        HelpPanel(_("Date, place, seats and prices are kept with the event itself, once for both languages.")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("programme"),
        index.SearchField("practical"),
        index.RelatedFields("event", [index.SearchField("city"), index.SearchField("venue")]),
        index.FilterField("event_id"),
    ]

    # Both languages tell about the same event; the case is shown in the reader's own language where it has one.
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("event", overridable=False),
        SynchronizedField("case", overridable=False),
    ]

    class Meta:
        verbose_name = _("event page")
        verbose_name_plural = _("event pages")

    def obstacles(self) -> list[str]:
        return [*super().obstacles(), *obstacles(self, at=timezone.now())]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        self.event.count_seats(at)
        context["at"] = at
        context["stops"] = self.stops_around(at)
        return context

    @property
    def told_title(self) -> str:
        title = super().told_title
        return (
            gettext("Cancelled: %(title)s") % {"title": title} if self.event.status == Event.Status.CANCELLED else title
        )

    def linked_data(self, organiser: OrganiserSettings, *, at: datetime) -> list[dict[str, Any]]:
        return linked.visit(self, organiser, at=at)

    def stops_around(self, at: datetime) -> list["EventPage"]:
        """Where this visit stands on the tour: up to two stops before it, itself, up to three after it."""
        told = EventPage.objects.sibling_of(self).live().public().exclude(event__status=Event.Status.DRAFT)
        before = told.filter(event__starts_at__lt=self.event.starts_at).order_by("-event__starts_at", "-pk")
        after = told.filter(event__starts_at__gte=self.event.starts_at).order_by("event__starts_at", "pk")
        return [*reversed(before.with_event(at)[:2]), *after.with_event(at)[:4]]

    def clean(self) -> None:
        super().clean()
        if self.event_id is None:
            return
        twins = EventPage.objects.filter(event_id=self.event_id, locale_id=self.locale_id).exclude(pk=self.pk)
        if twins.exists():
            raise ValidationError({"event": _("This event has a page in this language already.")})
