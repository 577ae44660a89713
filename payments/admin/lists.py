"""What moved, as lists nobody edits: payments, refunds, Stripe's notices, the ledger."""

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from payments.actions import process_notice
from payments.models import LedgerEntry, Payment, Refund, StripeEvent


def one_of(choices: Any, label: Any) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(label=label, choices=choices, widget=forms.CheckboxSelectMultiple)


def between(label: Any) -> django_filters.DateFromToRangeFilter:
    return django_filters.DateFromToRangeFilter(label=label, widget=DateRangePickerWidget)


class PaymentFilterSet(WagtailFilterSet):
    status = one_of(Payment.Status, gettext_lazy("Status"))
    created_at = between(gettext_lazy("Asked for between"))
    paid_at = between(gettext_lazy("Paid between"))

    class Meta:
        model = Payment
        fields: list[str] = []


class PaymentIndexView(ReadOnlyIndexView):
    related = ("registration",)


class PaymentViewSet(ReadOnlyViewSet):
    model = Payment
    name = "tour_payments"
    url_prefix = "payments"
    icon = "tag"
    menu_label = gettext_lazy("Payments")
    index_view_class = PaymentIndexView
    filterset_class = PaymentFilterSet
    search_fields = ["registration__reference", "registration__last_name", "session_id", "payment_intent_id"]
    list_display = [
        "registration__reference",
        "status",
        FigureColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        FigureColumn("fee", label=gettext_lazy("Fee"), sort_key="fee"),
        "currency",
        "account",
        Column("session_id", label=gettext_lazy("Checkout session"), classname="tour-code"),
        MomentColumn("created_at", label=gettext_lazy("Asked for at"), sort_key="created_at"),
        MomentColumn("paid_at", label=gettext_lazy("Paid at"), sort_key="paid_at"),
    ]
    list_export = [
        "registration.reference",
        "status",
        "amount",
        "fee",
        "currency",
        "account",
        "session_id",
        "payment_intent_id",
        "charge_id",
        "created_at",
        "paid_at",
        "note",
    ]
    export_headings = {"registration.reference": gettext_lazy("Reference")}
    # Not session_url: whoever opens it stands at the contact's till.
    inspect_view_fields = [
        "registration",
        "status",
        "amount",
        "currency",
        "fee",
        "account",
        "pays",
        "session_id",
        "payment_intent_id",
        "charge_id",
        "created_at",
        "paid_at",
        "note",
    ]


class RefundFilterSet(WagtailFilterSet):
    status = one_of(Refund.Status, gettext_lazy("Status"))
    created_at = between(gettext_lazy("Decided between"))

    class Meta:
        model = Refund
        fields: list[str] = []


class RefundIndexView(ReadOnlyIndexView):
    related = ("payment__registration",)


class RefundViewSet(ReadOnlyViewSet):
    model = Refund
    name = "tour_refunds"
    url_prefix = "refunds"
    icon = "resubmit"
    menu_label = gettext_lazy("Refunds")
    index_view_class = RefundIndexView
    filterset_class = RefundFilterSet
    search_fields = ["payment__registration__reference", "payment__registration__last_name", "refund_id"]
    list_display = [
        "payment__registration__reference",
        "status",
        "reason",
        FigureColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        "currency",
        Column("refund_id", label=gettext_lazy("Stripe refund"), classname="tour-code"),
        MomentColumn("created_at", label=gettext_lazy("Decided at"), sort_key="created_at"),
        "note",
    ]
    list_export = [
        "refund_id",
        "payment.registration.reference",
        "status",
        "reason",
        "amount",
        "currency",
        "created_at",
        "note",
    ]
    export_headings = {"payment.registration.reference": gettext_lazy("Reference")}
    inspect_view_fields = ["payment", "status", "reason", "amount", "currency", "refund_id", "created_at", "note"]


class StripeEventFilterSet(WagtailFilterSet):
    status = one_of(StripeEvent.Status, gettext_lazy("Status"))
    type = django_filters.AllValuesFilter(label=gettext_lazy("Type"), empty_label=gettext_lazy("All"))
    received_at = between(gettext_lazy("Received between"))

    class Meta:
        model = StripeEvent
        fields: list[str] = []


class StripeEventInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/stripe_event.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_process": self.object.is_open}


class ProcessAgainView(PermissionCheckedMixin, BaseObjectMixin, View):
    """Does now what the duty would do by itself in a while, so seeing the notice is permission enough. POST only."""

    model = StripeEvent
    permission_required = "view"
    http_method_names = ["post"]
    object: StripeEvent

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        event = self.object
        if not event.is_open:
            messages.info(request, _("This notice was acted on: there is nothing to do again."))
        else:
            self._process(event)
        return redirect(reverse("tour_stripe_events:inspect", args=[event.pk]))

    def _process(self, event: StripeEvent) -> None:
        event = process_notice(event.pk, at=timezone.now())
        if event.status == StripeEvent.Status.FAILED:
            messages.error(self.request, _("It failed again: %(error)s") % {"error": event.error})
        else:
            messages.success(self.request, _("Done. Status: %(status)s") % {"status": event.get_status_display()})


class StripeEventViewSet(ReadOnlyViewSet):
    model = StripeEvent
    name = "tour_stripe_events"
    url_prefix = "stripe-events"
    icon = "mail"
    menu_label = gettext_lazy("Stripe events")
    inspect_view_class = StripeEventInspectView
    filterset_class = StripeEventFilterSet
    search_fields = ["event_id", "type", "object_id"]
    list_display = [
        "event_id",
        "type",
        "status",
        FigureColumn("attempts", label=gettext_lazy("Attempts"), decimals=0),
        Column("error", label=gettext_lazy("Error"), accessor=lambda event: Truncator(event.error).chars(80)),
        MomentColumn("received_at", label=gettext_lazy("Received at"), sort_key="received_at"),
    ]
    list_export = ["event_id", "type", "status", "attempts", "error", "received_at", "processed_at"]
    inspect_view_fields = [
        "event_id",
        "type",
        "status",
        "attempts",
        "error",
        "received_at",
        "processed_at",
        "object_id",
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("process/<int:pk>/", self.construct_view(ProcessAgainView), name="process"),
        ]


class LedgerEntryFilterSet(WagtailFilterSet):
    kind = one_of(LedgerEntry.Kind, gettext_lazy("Kind"))
    occurred_at = between(gettext_lazy("Occurred between"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []


class LedgerEntryIndexView(ReadOnlyIndexView):
    related = ("registration",)


class LedgerEntryInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/ledger_entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = list(self.object.lines.select_related("attendee"))
        return {**super().get_context_data(**kwargs), "entry": self.object, "lines": lines}

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "account":
            return self.object.account_name
        return super().get_field_display_value(field_name, field)


class LedgerEntryViewSet(ReadOnlyViewSet):
    model = LedgerEntry
    name = "tour_ledger"
    url_prefix = "ledger"
    icon = "list-ul"
    menu_label = gettext_lazy("Ledger")
    index_view_class = LedgerEntryIndexView
    inspect_view_class = LedgerEntryInspectView
    filterset_class = LedgerEntryFilterSet
    search_fields = ["source", "registration__reference"]
    list_display = [
        "source",
        "kind",
        FigureColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        "currency",
        Column(
            "registration",
            label=gettext_lazy("Reference"),
            accessor=lambda entry: entry.registration.reference if entry.registration else "",
            sort_key="registration__reference",
        ),
        MomentColumn("occurred_at", label=gettext_lazy("Occurred at"), sort_key="occurred_at"),
        MomentColumn("recorded_at", label=gettext_lazy("Recorded at"), sort_key="recorded_at"),
    ]
    list_export = [
        "kind",
        "account",
        "source",
        "registration.reference",
        "amount",
        "currency",
        "occurred_at",
        "recorded_at",
    ]
    export_headings = {"registration.reference": gettext_lazy("Reference")}
    inspect_view_fields = [
        "kind",
        "account",
        "source",
        "registration",
        "payment",
        "refund",
        "amount",
        "currency",
        "occurred_at",
        "recorded_at",
    ]
