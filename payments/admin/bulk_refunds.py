"""Cancelled visits: what still goes back, confirmed with its total on the button; and how far that is."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from events.models import Event
from payments import actions
from payments.cancelled_visits import cancelled_with_money, rows_of, totals
from payments.models import BulkRefund


class ConfirmForm(forms.Form):
    """The total as it was shown, and a tick."""

    total = forms.DecimalField(widget=forms.HiddenInput, max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    sure = forms.BooleanField(
        label=gettext_lazy("I have looked at the amounts; give this back. It cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box to confirm.")},
    )


class GiveBackView(PermissionCheckedMixin, View):
    """Of one cancelled visit: what would go back, to whom, by which way; and confirming it."""

    model = BulkRefund
    permission_required = "add"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, self._event(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = self._event(pk)
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._page(request, event, form)
        try:
            bulk = actions.confirm_bulk_refund(
                event=event, total=form.cleaned_data["total"], by=request.user, at=timezone.now()
            )
        except actions.CannotConfirm as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse("tour_bulk_refunds:event", args=[event.pk]))
        messages.success(request, _("Confirmed. It is carried out now; this page says how far it is."))
        return redirect(reverse("tour_bulk_refunds:inspect", args=[bulk.pk]))

    def _event(self, pk: int) -> Event:
        return get_object_or_404(Event, pk=pk, status=Event.Status.CANCELLED)

    def _page(self, request: HttpRequest, event: Event, form: ConfirmForm | None = None) -> HttpResponse:
        rows = rows_of(event)
        going = [row for row in rows if row.amount > 0 and not row.concerns]
        sums = totals(going)
        context = {
            "page_title": _("Give back: %(event)s") % {"event": event.name},
            "event": event,
            "by_stripe": [row for row in going if not row.by_bank],
            "by_bank": [row for row in going if row.by_bank],
            "held_back": [row for row in rows if row.concerns],
            "settled": [row for row in rows if not row.amount and not row.concerns],
            "totals": sums,
            "count": len(going),
            "form": form or ConfirmForm(),
            "under_way": BulkRefund.objects.unfinished().filter(event=event).first(),
        }
        template = "payments/admin/give_back.html"
        return TemplateResponse(request, template, context, status=422 if form is not None else 200)


class BulkRefundIndexView(ReadOnlyIndexView):
    results_template_name = "payments/admin/bulk_refunds_results.html"
    related = ("event", "confirmed_by")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        may_confirm = self.request.user.has_perm("payments.add_bulkrefund")
        waiting = list(cancelled_with_money()) if may_confirm else []
        return {**super().get_context_data(*args, **kwargs), "waiting": waiting}


class BulkRefundInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/bulk_refund.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.rows.select_related("registration").prefetch_related("refunds__payment")
        return {**super().get_context_data(**kwargs), "rows": list(rows)}


class BulkRefundViewSet(ReadOnlyViewSet):
    model = BulkRefund
    name = "tour_bulk_refunds"
    url_prefix = "refunds-of-cancelled-visits"
    icon = "resubmit"
    menu_label = gettext_lazy("Refunds of cancelled visits")
    deeds = ("add",)
    index_view_class = BulkRefundIndexView
    inspect_view_class = BulkRefundInspectView
    search_fields = ["event__name"]
    list_display = [
        "event",
        FigureColumn("total", label=gettext_lazy("Total")),
        Column("confirmed_by", label=gettext_lazy("Confirmed by")),
        MomentColumn("confirmed_at", label=gettext_lazy("Confirmed at"), sort_key="confirmed_at"),
        MomentColumn("finished_at", label=gettext_lazy("Finished at")),
    ]
    list_export = ["event", "total", "confirmed_by", "confirmed_at", "finished_at"]
    inspect_view_fields = ["event", "total", "confirmed_by", "confirmed_at", "finished_at"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("event/<int:pk>/", self.construct_view(GiveBackView), name="event"),
        ]
