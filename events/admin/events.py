"""Events in the admin: the list with its seats, the form with its ticket types."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.guards import GuardedCreateView, GuardedDeleteView, GuardedInlinePanel
from cms.admin.read_only import FigureColumn
from cms.countries import COUNTRIES
from cms.templatetags.cms_tags import clock, long_date, money
from events.admin.changing import EventEditView
from events.admin.cockpit import CockpitView
from events.admin.desk import DeskView
from events.admin.embed import EmbedView
from events.admin.letter_previews import LetterPreviewView, LettersView
from events.admin.needs import NeedsView
from events.models import Event


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
    """A link to the event's cockpit, for who may see registrations."""

    cell_template_name = "events/admin/registrations_cell.html"

    def get_cell_context_data(self, instance: Event, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["url"] = reverse("tour_events:cockpit", args=[instance.pk])
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


class EventInspectView(InspectView):
    """Facts as people say them: the Tour's own clock, yes and no, each ticket type with its price."""

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return {"address": _("Address"), "ticket_types": _("Ticket types")}.get(
            field_name, super().get_field_label(field_name, field)
        )

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "ticket_types":
            return ", ".join(f"{kind.name}: {money(kind.price_excl_vat)}" for kind in self.object.ticket_types.all())
        value = getattr(self.object, field_name)
        if isinstance(value, datetime):
            return f"{long_date(value)}, {clock(value)}"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "–" if value is None else super().get_field_display_value(field_name, field)


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
    inspect_view_class = EventInspectView
    inspect_view_fields = [
        "name",
        "status",
        "starts_at",
        "ends_at",
        "address",
        "country",
        "language",
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

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("cockpit/<int:pk>/", self.construct_view(CockpitView), name="cockpit"),
            path("embed/<int:pk>/", self.construct_view(EmbedView), name="embed"),
            path("desk/<int:pk>/", self.construct_view(DeskView), name="desk"),
            path("needs/<int:pk>/", self.construct_view(NeedsView), name="needs"),
            path("letters/<int:pk>/", self.construct_view(LettersView), name="letters"),
            path(
                "letters/<int:pk>/<str:kind>/<str:language>/",
                self.construct_view(LetterPreviewView),
                name="letter_preview",
            ),
        ]

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        instead = _("Set its status to cancelled instead: the registrations and the money stay on record.")
        return {**super().get_delete_view_kwargs(**kwargs), "instead": instead}

    @property
    def edit_handler(self) -> ObjectList:
        return ObjectList(
            [
                MultiFieldPanel(
                    [FieldPanel("name"), FieldPanel("status"), FieldPanel("language"), FieldPanel("host")],
                    heading=_("What"),
                ),
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
                        FieldRowPanel([FieldPanel("waiting_order"), FieldPanel("offer_hours")]),
                    ],
                    heading=_("Seats"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("requires_approval"),
                        FieldRowPanel([FieldPanel("approval_days"), FieldPanel("names_due_days")]),
                        FieldPanel("asks_needs"),
                        FieldPanel("asks_equipment"),
                        FieldPanel("asks_plate"),
                    ],
                    heading=_("Registering"),
                ),
                GuardedInlinePanel(
                    "vetoes",
                    panels=[FieldPanel("organisation"), FieldPanel("reason")],
                    once=("organisation",),
                    heading=_("Organisations the host would rather not receive"),
                    label=_("Organisation"),
                    help_text=_("Their registrations wait for you. Nobody outside this office sees this list."),
                ),
                GuardedInlinePanel(
                    "cancellation_steps",
                    panels=[FieldRowPanel([FieldPanel("days_before"), FieldPanel("fee_percent")])],
                    once=("days_before",),
                    heading=_("Cancellation terms"),
                    label=_("Step"),
                    help_text=_("Shown before ordering and copied onto each order. Without a step cancelling is free."),
                ),
                FieldPanel("withdrawal_days"),
                FieldPanel("invoice_until_days"),
                FieldPanel("paid_without_seat"),
                MultiFieldPanel(
                    [FieldPanel("letter_intro_nl"), FieldPanel("letter_intro_en")],
                    heading=_("Letters"),
                    help_text=_(
                        "The opening stands on top of the mails to whoever is coming, or can come: confirmation, "
                        "offer, reminder, changed visit and the like. Not on cancellations, refusals, refunds and "
                        "invoices."
                    ),
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
                        FieldPanel(
                            "vat_mention_en",
                            help_text=_("Why no VAT is charged, for instance the article of the law."),
                        ),
                    ],
                    heading=_("VAT"),
                ),
            ]
        )
