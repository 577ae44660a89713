"""Closing a month, and the screens of payouts and disputes."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from cms.templatetags.cms_tags import month
from payments.actions.closing import CannotClose, close_month
from payments.models import ClosedMonth, Dispute, LedgerEntry, Payout
from payments.movements import balance_on
from payments.stripe_words import CATEGORY, DISPUTE_REASON, DISPUTE_STATUS, said


class MonthForm(forms.Form):
    """A month as 2027-03."""

    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("Month"),
        widget=forms.TextInput(attrs={"placeholder": "2027-03", "inputmode": "numeric"}),
        help_text=gettext_lazy("Year and month, as 2027-03. Nothing can be booked in a closed month any more."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I have looked at the reports of this month; close it."))

    def clean_month(self) -> date:
        year, month = map(int, self.cleaned_data["month"].split("-"))
        if not 2000 <= year <= 2199:
            raise forms.ValidationError(_("This year is not one of the Tour's."))
        return date(year, month, 1)


class CloseMonthView(PermissionCheckedMixin, View):
    """Closes the month named. POST only."""

    model = ClosedMonth  # whose permissions are asked
    http_method_names = ["post"]
    permission_required = "add"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MonthForm(request.POST)
        if not form.is_valid():
            for name, errors in form.errors.items():
                messages.error(request, f"{form.fields[name].label}: {errors[0]}")
        else:
            try:
                closed = close_month(month=form.cleaned_data["month"], by=request.user, at=timezone.now())
            except CannotClose as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("%(month)s is closed.") % {"month": closed})
        return redirect(reverse("tour_closed_months:index"))


class ClosedMonthIndexView(ReadOnlyIndexView):
    results_template_name = "payments/admin/closed_months_results.html"
    related = ("closed_by",)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        balances = [(label, balance_on(today, account)) for account, label in LedgerEntry.Account.choices]
        may_close = self.request.user.has_perm("payments.add_closedmonth")
        form = MonthForm() if may_close else None
        return {**super().get_context_data(*args, **kwargs), "month_form": form, "balances": balances}


class ClosedMonthViewSet(ReadOnlyViewSet):
    model = ClosedMonth
    name = "tour_closed_months"
    url_prefix = "closed-months"
    icon = "lock"
    menu_label = gettext_lazy("Month close")
    deeds = ("add",)
    index_view_class = ClosedMonthIndexView
    list_display = [
        Column("month", label=gettext_lazy("Month"), accessor=lambda closed: month(closed.month)),
        FigureColumn("entries", label=gettext_lazy("Entries"), decimals=0),
        Column("closed_by", label=gettext_lazy("Closed by")),
        MomentColumn("closed_at", label=gettext_lazy("Closed at"), sort_key="closed_at"),
        Column("digest", label=gettext_lazy("Digest"), accessor=lambda closed: closed.digest[:12]),
    ]
    list_export = ["month", "entries", "totals", "closed_by", "closed_at", "digest"]
    inspect_view_fields = ["month", "entries", "totals", "closed_by", "closed_at", "digest"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("close/", self.construct_view(CloseMonthView), name="close")]


class PayoutInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/payout.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = list(self.object.items.select_related("entry__registration"))
        for item in items:
            item.what, item.kept = said(CATEGORY, item.category), -item.fee
        return {**super().get_context_data(**kwargs), "items": items}


class PayoutViewSet(ReadOnlyViewSet):
    model = Payout
    name = "tour_payouts"
    url_prefix = "payouts"
    icon = "upload"
    menu_label = gettext_lazy("Payouts")
    inspect_view_class = PayoutInspectView
    search_fields = ["payout_id"]
    list_display = [
        "payout_id",
        "status",
        FigureColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        FigureColumn("difference", label=gettext_lazy("Difference")),
        MomentColumn("arrives_on", label=gettext_lazy("In the bank on"), sort_key="arrives_on"),
        MomentColumn("reconciled_at", label=gettext_lazy("Added up at")),
    ]
    list_export = ["payout_id", "status", "amount", "currency", "difference", "arrives_on", "reconciled_at", "failure"]
    inspect_view_fields = [
        "payout_id",
        "status",
        "amount",
        "currency",
        "created_at",
        "arrives_on",
        "reconciled_at",
        "difference",
        "failure",
    ]


class DisputeIndexView(ReadOnlyIndexView):
    related = ("payment__registration",)


class DisputeInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/dispute.html"

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Stripe's codes in words."""
        words = {"status": DISPUTE_STATUS, "reason": DISPUTE_REASON}.get(field_name)
        if words is not None:
            return said(words, getattr(self.object, field_name))
        return super().get_field_display_value(field_name, field)


class DisputeViewSet(ReadOnlyViewSet):
    model = Dispute
    name = "tour_disputes"
    url_prefix = "disputes"
    icon = "warning"
    menu_label = gettext_lazy("Disputes")
    index_view_class = DisputeIndexView
    inspect_view_class = DisputeInspectView
    search_fields = ["dispute_id", "payment__registration__reference"]
    list_display = [
        "dispute_id",
        Column("reference", label=gettext_lazy("Reference"), accessor="payment.registration.reference"),
        Column("status", label=gettext_lazy("Status"), accessor=lambda row: said(DISPUTE_STATUS, row.status)),
        Column("reason", label=gettext_lazy("Reason"), accessor=lambda row: said(DISPUTE_REASON, row.reason)),
        FigureColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        MomentColumn("created_at", label=gettext_lazy("Opened at"), sort_key="created_at"),
    ]
    list_export = ["dispute_id", "status", "reason", "amount", "currency", "created_at"]
    inspect_view_fields = ["dispute_id", "payment", "status", "reason", "amount", "currency", "created_at"]
