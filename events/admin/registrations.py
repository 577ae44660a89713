"""Registrations in the admin: a list to search and export, a page for each, and one deed."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from cms.plugins import slot_functions
from events import actions, letters
from events.addresses import manage_url
from events.admin.columns import ChooseColumnsView, chosen
from events.admin.deeds import DEEDS, AttendanceView
from events.admin.people import PersonView
from events.admin.told import history
from events.letter_catalogue import CATALOGUE
from events.models import Approval, Attendee, Event, Letter, Registration


class RegistrationFilterSet(WagtailFilterSet):
    event = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Event"),
        queryset=Event.objects.order_by("-starts_at", "-pk"),
        empty_label=gettext_lazy("All"),
    )
    status = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Status"), choices=Registration.Status, widget=forms.CheckboxSelectMultiple
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=[("nl", gettext_lazy("Dutch")), ("en", gettext_lazy("English"))],
        empty_label=gettext_lazy("All"),
    )
    created_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Registered between"), widget=DateRangePickerWidget
    )

    letters = django_filters.ChoiceFilter(
        label=gettext_lazy("Letters"),
        method="filter_letters",
        choices=[("lost", gettext_lazy("Could not be delivered"))],
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Registration
        fields: list[str] = []

    def filter_letters(self, queryset: Any, name: str, value: str) -> QuerySet[Registration]:
        found: QuerySet[Registration] = queryset.filter(pk__in=Letter.objects.given_up().values("registration"))
        return found


#: What the list can show beside the reference; the first seven are shown until somebody chooses otherwise.
OFFERED = (
    Column("contact_name", label=gettext_lazy("Contact"), sort_key="last_name"),
    Column("organisation_name", label=gettext_lazy("Organisation"), sort_key="organisation_name"),
    Column("event", label=gettext_lazy("Event"), sort_key="event__starts_at"),
    Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
    FigureColumn("seats", label=gettext_lazy("Seats"), decimals=0, sort_key="seats"),
    FigureColumn("total", label=gettext_lazy("Total incl. VAT"), sort_key="total"),
    MomentColumn("created_at", label=gettext_lazy("Registered at"), sort_key="created_at"),
    Column("email", label=gettext_lazy("E-mail"), sort_key="email"),
    Column("phone", label=gettext_lazy("Phone")),
    Column("language", label=gettext_lazy("Language"), accessor="get_language_display", sort_key="language"),
    Column("channel", label=gettext_lazy("Made through"), accessor="get_channel_display", sort_key="channel"),
    Column("line", label=gettext_lazy("Class in the line"), accessor="get_line_display", sort_key="line"),
    Column("purchase_order", label=gettext_lazy("Purchase order number"), sort_key="purchase_order"),
    MomentColumn("hold_expires_at", label=gettext_lazy("Held until"), sort_key="hold_expires_at"),
)
USUAL = tuple(column.name for column in OFFERED[:7])


class RegistrationColumnsView(ChooseColumnsView):
    model = Registration
    screen = "tour_registrations"
    offered = OFFERED
    usual = USUAL


class RegistrationIndexView(ReadOnlyIndexView):
    related = ("event",)

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        choose = HeaderButton(gettext("Choose columns"), url=reverse("tour_registrations:columns"), icon_name="list-ul")
        return [*super().header_more_buttons, choose]

    def get_base_queryset(self) -> QuerySet[Registration]:
        registrations = Registration.objects.with_total().select_related("event")
        # Only the file names the participants and whose membership counts.
        whose = ("entitlements__membership__organisation", "entitlements__membership__scheme")
        return registrations.prefetch_related("attendees__ticket_type", *whose) if self.is_export else registrations

    @cached_property
    def columns(self) -> list[Column]:
        if self.is_export:
            return []  # a file has columns of its own
        mine = chosen(self.request.user, RegistrationColumnsView.screen, OFFERED, USUAL)
        return [self._get_title_column("reference", classname="title tour-day"), *mine]

    def search_queryset(self, queryset: QuerySet[Registration]) -> QuerySet[Registration]:
        """Every word has to be found: in the reference, the contact or the organisation, or in one of the attendees."""
        for word in self.search_query.split():
            of_attendees = Attendee.objects.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
            )
            found = Q(pk__in=of_attendees.values("registration"))
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset


class RegistrationInspectView(ReadOnlyInspectView):
    """One registration with everything that happened to it."""

    template_name = "events/admin/registration.html"
    page_title = gettext_lazy("Registration")
    object: Registration

    def get_object(self, queryset: Any = None) -> Registration:
        self.model = Registration
        registration: Registration = super().get_object(queryset)
        return registration

    def get_page_subtitle(self) -> str:
        return str(self.object)

    @cached_property
    def can_change(self) -> bool:
        return bool(self.user_has_permission("change"))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.can_change or self.object.is_ended:
            return []
        is_over = self.object.event.ends_at <= timezone.now()
        deeds = ["substitute"] if is_over else ["substitute", "cancel"]
        if self.object.approvals.open().filter(asked=Approval.Asked.ORGANISER).exists():
            deeds = ["approve", "reject", *deeds]
        return [self._button(name) for name in deeds]

    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        if not self.can_change:
            return []
        # What is kept of seats that were given up can be lowered too.
        priced = [self._button("lower")] if any(seat.owed for seat in self.object.attendees.all()) else []
        if self.object.is_ended:
            return priced
        attendance = reverse("tour_registrations:attendance", args=[self.object.pk])
        has_begun = self.object.event.starts_at <= timezone.now()
        came = [HeaderButton(str(AttendanceView.page_title), url=attendance, icon_name="check")] if has_begun else []
        return [
            *(self._button(name) for name in ("grant", "withdraw")),
            *priced,
            self._button("move"),
            *came,
            HeaderButton(str(PersonView.page_title), url=reverse("tour_registrations:person"), icon_name="user"),
        ]

    def _button(self, name: str) -> HeaderButton:
        url = reverse(f"tour_registrations:{name}", args=[self.object.pk])
        return HeaderButton(str(DEEDS[name].page_title), url=url, icon_name=DEEDS[name].header_icon)

    def get_fields_context(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration = self.object
        attendees = list(registration.attendees.select_related("ticket_type"))
        may_see_letters = self.request.user.has_perm("events.view_letter")
        written = list(registration.letters.all()) if may_see_letters else []
        for letter in written:
            letter.name = CATALOGUE[letter.kind].name  # type: ignore[attr-defined]
        entitlements = registration.entitlements.select_related(
            "membership__organisation", "membership__scheme", "decided_by"
        )
        context = {
            **super().get_context_data(**kwargs),
            "registration": registration,
            "event": registration.event,
            "attendees": attendees,
            "total": sum(seat.price_incl_vat for seat in attendees if seat.released_at is None),
            "entitlements": list(entitlements),
            "approvals": list(registration.approvals.select_related("answered_by")),
            "offers": list(registration.offers.all()),
            "history": history(registration),
            "may_see_letters": may_see_letters,
            "letters": written,
            # Whoever has this address may cancel, so it is for those who may cancel here.
            "manage_url": manage_url(registration) if self.can_change else "",
        }
        context["slots"] = [
            mark_safe(html)  # noqa: S308  (each plugin renders its own template)
            for slot in slot_functions("admin.registration")
            if (html := slot({"request": self.request, "registration": registration}))
        ]
        return context


class LetterView(ReadOnlyInspectView):
    """A letter as it went, or will go, out. In a frame of its own, without scripts."""

    template_name = "events/admin/letter.html"
    page_title = gettext_lazy("Letter")

    def get_object(self, queryset: Any = None) -> Registration:
        self.model = Registration
        registration: Registration = super().get_object(queryset)
        return registration

    def get_fields_context(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.request.user.has_perm("events.view_letter"):
            raise PermissionDenied
        letter = self.letter
        mail = letters.message(letter, at=timezone.now())
        context = {"letter": letter, "mail": mail, "html": mail.alternatives[0][0]}
        lost = Letter.objects.given_up().filter(pk=letter.pk).exists()
        may_act = self.user_has_permission("change")
        context |= {
            "may_send_again": may_act and lost,
            "may_mark": may_act and letter.sent_at and not letter.bounced_at,
        }
        return {**super().get_context_data(**kwargs), **context}

    @cached_property
    def letter(self) -> Letter:
        return get_object_or_404(Letter, pk=self.kwargs["letter"], registration=self.object)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`step` is "again" (send it once more) or "bounced" (it came back, with `reason`)."""
        if not (self.user_has_permission("change") and request.user.has_perm("events.view_letter")):
            raise PermissionDenied
        at = timezone.now()
        if request.POST.get("step") == "again":
            actions.send_again(letter=self.letter, at=at)
            messages.success(request, gettext("The letter is sent again."))
        elif request.POST.get("step") == "bounced":
            actions.mark_bounced(letter=self.letter, reason=request.POST.get("reason", ""), at=at)
            messages.success(request, gettext("Noted: the letter came back."))
        return redirect("tour_registrations:letter", self.object.pk, self.letter.pk)


class RegistrationViewSet(ReadOnlyViewSet):
    model = Registration
    name = "tour_registrations"
    url_prefix = "registrations"
    menu_label = gettext_lazy("Registrations")
    icon = "form"
    deeds = ("change",)
    index_view_class = RegistrationIndexView
    inspect_view_class = RegistrationInspectView
    filterset_class = RegistrationFilterSet
    search_fields = ["reference", "first_name", "last_name", "email", "organisation_name"]
    export_filename = "registrations"
    list_export = [
        "reference",
        "get_status_display",
        "created_at",
        "event.name",
        "event.date",
        "contact_name",
        "email",
        "phone",
        "organisation_name",
        "organisation_country",
        "enterprise_number",
        "vat_number",
        "by_right_of.organisation",
        "by_right_of.scheme",
        "by_right_of.proof",
        "by_right_of.evidence",
        "language",
        "get_billing_method_display",
        "purchase_order",
        "seats",
        "total",
        "participants",
        "participant_emails",
        "tickets",
    ]
    export_headings = {
        "get_status_display": gettext_lazy("Status"),
        "event.name": gettext_lazy("Event"),
        "event.date": gettext_lazy("Event date"),
        "contact_name": gettext_lazy("Contact"),
        "get_billing_method_display": gettext_lazy("Payment"),
        "seats": gettext_lazy("Seats"),
        "total": gettext_lazy("Total incl. VAT"),
        "participants": gettext_lazy("Participants"),
        "participant_emails": gettext_lazy("E-mail of the participants"),
        "by_right_of.organisation": gettext_lazy("Member organisation"),
        "by_right_of.scheme": gettext_lazy("Scheme"),
        "by_right_of.proof": gettext_lazy("Proof"),
        "by_right_of.evidence": gettext_lazy("Evidence"),
        "tickets": gettext_lazy("Ticket types"),
    }

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            *(path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in DEEDS.items()),
            path("columns/", self.construct_view(RegistrationColumnsView), name="columns"),
            path("person/", self.construct_view(PersonView), name="person"),
            path("attendance/<int:pk>/", self.construct_view(AttendanceView), name="attendance"),
            path("letter/<int:pk>/<int:letter>/", self.construct_view(LetterView), name="letter"),
        ]
