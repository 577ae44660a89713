"""Registrations in the admin: a list to search and export, a page for each, and one deed."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from cms.plugins import slot_functions
from events import actions
from events.addresses import manage_url
from events.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from events.models import Attendee, Entitlement, Event, Registration
from events.refusals import Refusal

#: The name under which a cancellation stands in Wagtail's history.
CANCELLED_IN_ADMIN = "events.cancel_registration"

#: What a letter of each kind is called here; another chapter's kind is shown by its own name.
LETTER_NAMES = {
    "confirmed": gettext_lazy("Confirmation"),
    "confirm_mailbox": gettext_lazy("Please confirm your e-mail"),
    "held": gettext_lazy("Seats held until paid"),
    "waiting": gettext_lazy("On the waiting list"),
    "cancelled": gettext_lazy("Cancellation"),
    "hold_expired": gettext_lazy("Seats given up"),
    "seat_gone": gettext_lazy("Seats gone, money given back"),
}


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

    class Meta:
        model = Registration
        fields: list[str] = []


class RegistrationIndexView(ReadOnlyIndexView):
    related = ("event",)
    columns_after_title = (
        Column("contact_name", label=gettext_lazy("Contact"), sort_key="last_name"),
        Column("organisation_name", label=gettext_lazy("Organisation"), sort_key="organisation_name"),
        Column("event", label=gettext_lazy("Event"), sort_key="event__starts_at"),
        Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
        FigureColumn("seats", label=gettext_lazy("Seats"), decimals=0, sort_key="seats"),
        FigureColumn("total", label=gettext_lazy("Total incl. VAT"), sort_key="total"),
        MomentColumn("created_at", label=gettext_lazy("Registered at"), sort_key="created_at"),
    )

    def get_base_queryset(self) -> QuerySet[Registration]:
        return Registration.objects.with_total().select_related("event")

    @cached_property
    def columns(self) -> list[Column]:
        return [self._get_title_column("reference"), *self.columns_after_title]

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
        url = reverse("tour_registrations:cancel", args=[self.object.pk])
        return [HeaderButton(_("Cancel seats"), url=url, icon_name="cross")]

    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        return []

    def get_fields_context(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration = self.object
        attendees = list(registration.attendees.select_related("ticket_type"))
        may_see_letters = self.request.user.has_perm("events.view_letter")
        letters = list(registration.letters.all()) if may_see_letters else []
        for letter in letters:
            letter.name = LETTER_NAMES.get(letter.kind, letter.kind.replace("_", " "))  # type: ignore[attr-defined]
        entitlement = (
            Entitlement.objects.filter(registration=registration)
            .select_related("membership__organisation", "membership__scheme")
            .first()
        )
        context = {
            **super().get_context_data(**kwargs),
            "registration": registration,
            "event": registration.event,
            "attendees": attendees,
            "total": sum(seat.price_incl_vat for seat in attendees if seat.released_at is None),
            "entitlement": entitlement,
            "may_see_letters": may_see_letters,
            "letters": letters,
            # Whoever has this address may cancel, so it is for those who may cancel here.
            "manage_url": manage_url(registration) if self.can_change else "",
        }
        context["slots"] = [
            mark_safe(html)  # noqa: S308  (each plugin renders its own template)
            for slot in slot_functions("admin.registration")
            if (html := slot({"request": self.request, "registration": registration}))
        ]
        return context


class SeatsForm(forms.Form):
    """Which of the registration's seats are given up; all of them unless somebody unticks one."""

    seats = forms.MultipleChoiceField(
        label=gettext_lazy("Seats to give up"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one seat.")},
    )

    def __init__(self, *args: Any, seats: list[Attendee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(seat.pk), f"{seat.name} ({seat.email})") for seat in seats]
        self.fields["seats"].choices = choices  # type: ignore[attr-defined]
        self.fields["seats"].initial = [pk for pk, _label in choices]


class CancelView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """Asks once more, then does the deed. A Refusal is shown above the form; nothing was changed then."""

    model = Registration
    permission_required = "change"
    template_name = "events/admin/cancel_registration.html"
    page_title = gettext_lazy("Cancel seats")
    header_icon = "cross"
    form_class = SeatsForm
    object: Registration

    @cached_property
    def seats(self) -> list[Attendee]:
        return list(self.object.attendees.live())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "seats": self.seats}

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("tour_registrations:index"), "label": _("Registrations")},
            {"url": self.get_success_url(), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_success_url(self) -> str:
        return reverse("tour_registrations:inspect", args=[self.object.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.seats:
            messages.info(request, _("This registration has no seats left to give up."))
            return redirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: SeatsForm) -> HttpResponse:
        chosen = [int(pk) for pk in form.cleaned_data["seats"]]
        try:
            actions.cancel(registration=self.object, attendee_ids=chosen, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, refusal.text())
            return self.form_invalid(form)
        names = [seat.name for seat in self.seats if seat.pk in chosen]
        log(instance=self.object, action=CANCELLED_IN_ADMIN, user=self.request.user, data={"seats": names})
        messages.success(
            self.request,
            _("The seats of %(names)s were given up; the contact gets a letter.") % {"names": ", ".join(names)},
        )
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "registration": self.object,
            "seats": self.seats,
            "back_url": self.get_success_url(),
        }


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
        "language",
        "get_billing_method_display",
        "purchase_order",
        "seats",
        "total",
    ]
    export_headings = {
        "get_status_display": gettext_lazy("Status"),
        "event.name": gettext_lazy("Event"),
        "event.date": gettext_lazy("Event date"),
        "contact_name": gettext_lazy("Contact"),
        "get_billing_method_display": gettext_lazy("Payment"),
        "seats": gettext_lazy("Seats"),
        "total": gettext_lazy("Total incl. VAT"),
    }

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("cancel/<int:pk>/", self.construct_view(CancelView), name="cancel"),
        ]
