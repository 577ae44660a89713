"""Events in the admin: the list with its seats, the form with its ticket types."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.guards import GuardedCreateView, GuardedDeleteView, GuardedEditView, GuardedInlinePanel
from cms.countries import COUNTRIES
from events.admin.read_only import FigureColumn
from events.models import Event

#: What a calendar shows; when it changes, the calendar file has to say it is a newer one (RFC 5545, SEQUENCE).
IN_CALENDAR = frozenset(["name", "status", "starts_at", "ends_at", "venue", "street", "postal_code", "city"])


def state_word(event: Event, at: datetime) -> str:
    """What an organiser calls it: "Draft" while nobody sees it, else what a visitor can do with it now."""
    if event.status == Event.Status.DRAFT:
        return str(Event.Status.DRAFT.label)
    return str(event.availability(at).label)


class EventFilterSet(WagtailFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("When"),
        method="filter_when",
        choices=[("upcoming", _("Upcoming")), ("past", _("Past"))],
        empty_label=_("All"),
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Event.Status, empty_label=_("All"))
    country = django_filters.ChoiceFilter(label=_("Country"), choices=COUNTRIES, empty_label=_("All"))

    class Meta:
        model = Event
        fields: list[str] = []

    def filter_when(self, queryset: Any, name: str, value: str) -> QuerySet[Event]:
        at = timezone.now()
        found: QuerySet[Event] = queryset.upcoming(at) if value == "upcoming" else queryset.past(at)
        return found


class RegistrationsColumn(Column):
    """A link to the event's registrations, for who may see them."""

    cell_template_name = "events/admin/registrations_cell.html"

    def get_cell_context_data(self, instance: Event, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["url"] = f"{reverse('tour_registrations:index')}?event={instance.pk}"
        return context


class EventIndexView(generic.IndexView):
    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    def get_base_queryset(self) -> QuerySet[Event]:
        return Event.objects.with_seats(self.at)

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            self._get_title_column("name"),
            Column("starts_at", label=_("Date"), accessor="date", sort_key="starts_at"),
            Column("city", label=_("City"), sort_key="city"),
            Column("state", label=_("State"), accessor=lambda event: state_word(event, self.at)),
            Column(
                "seats",
                label=_("Seats taken"),
                accessor=lambda event: f"{event.counted_taken} / {event.capacity}",
                classname="tour-figure",
            ),
            FigureColumn(
                "waiting",
                label=_("Waiting"),
                decimals=0,
                accessor="counted_waiting",
                sort_key="counted_waiting",
            ),
        ]
        if self.request.user.has_perm("events.view_registration"):
            columns.append(RegistrationsColumn("registrations", label=_("Registrations"), accessor="pk"))
        return columns


class EventEditView(GuardedEditView):
    def save_instance(self) -> Event:
        if IN_CALENDAR.intersection(self.form.changed_data):
            self.form.instance.calendar_sequence += 1
        event: Event = super().save_instance()
        return event


class EventViewSet(ModelViewSet):
    model = Event
    name = "tour_events"
    url_prefix = "events"
    menu_label = _("Events")
    icon = "calendar-alt"
    index_view_class = EventIndexView
    add_view_class = GuardedCreateView
    edit_view_class = EventEditView
    delete_view_class = GuardedDeleteView
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "name",
        "status",
        "starts_at",
        "ends_at",
        "address",
        "country",
        "host",
        "capacity",
        "waiting_list",
        "ticket_types",
        "registration_opens_at",
        "registration_closes_at",
        "vat_country",
        "vat_category",
        "vat_rate",
    ]
    filterset_class = EventFilterSet
    # The database itself is asked: the index knows whole words, an organiser types three letters of a town.
    search_backend_name = None
    search_fields = ["name", "city"]
    ordering = "starts_at"

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        instead = _("Set its status to cancelled instead: the registrations and the money stay on record.")
        return {**super().get_delete_view_kwargs(**kwargs), "instead": instead}

    @property
    def edit_handler(self) -> ObjectList:
        return ObjectList(
            [
                MultiFieldPanel([FieldPanel("name"), FieldPanel("status"), FieldPanel("host")], heading=_("What")),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                        FieldRowPanel([FieldPanel("registration_opens_at"), FieldPanel("registration_closes_at")]),
                    ],
                    heading=_("When"),
                    help_text=_("Times are those of Brussels. A draft is seen by nobody outside this office."),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("venue"),
                        FieldPanel("street"),
                        FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city")]),
                        FieldPanel("country"),
                    ],
                    heading=_("Where"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel(
                            "capacity",
                            help_text=_("Fewer than are taken is allowed: nobody loses a seat, nobody new gets one."),
                        ),
                        FieldPanel("waiting_list"),
                    ],
                    heading=_("Seats"),
                ),
                GuardedInlinePanel(
                    "ticket_types",
                    panels=[
                        FieldRowPanel([FieldPanel("name_nl"), FieldPanel("name_en")]),
                        FieldRowPanel([FieldPanel("scheme"), FieldPanel("price_excl_vat")]),
                    ],
                    once=("scheme",),
                    heading=_("Ticket types"),
                    label=_("Ticket type"),
                    help_text=_(
                        "Usually two: one at price 0 for the members of a scheme, one at cost price for "
                        "everyone. Without one for everyone, only members can come. A registration keeps the "
                        "price it was made at."
                    ),
                ),
                MultiFieldPanel(
                    [
                        HelpPanel(
                            _(
                                "A visit is taxed in the country where it takes place, whoever pays. "
                                "A registration keeps the rate it was made at."
                            )
                        ),
                        FieldRowPanel([FieldPanel("vat_country"), FieldPanel("vat_category")]),
                        FieldPanel("vat_rate"),
                        FieldPanel(
                            "vat_mention_nl",
                            help_text=_("Why no VAT is charged, for instance the article of the law."),
                        ),
                        FieldPanel("vat_mention_en"),
                    ],
                    heading=_("VAT"),
                ),
            ]
        )
