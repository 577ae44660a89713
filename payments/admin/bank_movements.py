"""Movements of the bank account on screen: what became of each, and what a person can say of one that was not sure."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.read_only import FigureColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from payments import actions
from payments.actions.bank_matching import party_of
from payments.admin.lists import between
from payments.admin.ways import MovementForm, Ways
from payments.models import BankTransaction, LedgerEntry, Payment


def state_of(movement: Any) -> Any:
    """In words, of a movement with its state."""
    if not movement.is_booked:
        return _("Not booked: say what it is")
    return _("Not matched") if movement.in_suspense > 0 else _("Booked")


class MovementFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        method="in_state",
        empty_label=gettext_lazy("All"),
        choices=[
            ("to_name", gettext_lazy("To be named: not booked, or not matched")),
            ("not_booked", gettext_lazy("Not booked: say what it is")),
            ("unmatched", gettext_lazy("Not matched")),
            ("booked", gettext_lazy("Booked")),
        ],
    )
    booked_on = between(gettext_lazy("Booked between"))

    class Meta:
        model = BankTransaction
        fields: list[str] = []

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        only: dict[str, Q] = {
            "to_name": Q(is_booked=False) | Q(in_suspense__gt=0),
            "not_booked": Q(is_booked=False),
            "unmatched": Q(in_suspense__gt=0),
            "booked": Q(is_booked=True, in_suspense__lte=0),
        }
        return rows.filter(only[value])


class MovementIndexView(ReadOnlyIndexView):
    related = ("statement", "party")

    def get_base_queryset(self) -> Any:
        rows: Any = super().get_base_queryset()
        return rows.with_state()


class TakeBackForm(forms.Form):
    """Why a payment was for something else: kept with the entries, and shown to whoever looks later."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it taken back?"), max_length=250, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{payment.pk}_%s"


class MovementInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/bank_movement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        movement = BankTransaction.objects.with_state().get(pk=self.object.pk)
        form = None
        if self.request.user.has_perm("payments.change_banktransaction"):
            ways = Ways(movement)
            form = kwargs.pop("form", None) or (MovementForm(ways) if ways.ways else None)
        linked = movement.links.select_related("entry__registration", "entry__payment__pays", "linked_by")
        links = list(linked.order_by("pk"))
        for link in links:
            paid = link.entry.payment
            if paid and paid.status == Payment.Status.PAID and link.entry.kind == LedgerEntry.Kind.PAYMENT:
                link.take_back = TakeBackForm(payment=paid)
        told = {
            "movement": movement,
            "party": party_of(movement),
            "state": state_of(movement),
            "links": links,
            "sent_back": movement.sent_back.select_related(
                "entry__bank_link__transaction__statement", "said_by"
            ).order_by("pk"),
            "may_decide": self.request.user.has_perm("payments.change_banktransaction"),
            "movement_form": form,
        }
        return {**super().get_context_data(**kwargs), **told}


class SayView(PermissionCheckedMixin, BaseObjectMixin, View):
    """Carries out what a person says a movement is. POST only."""

    model = BankTransaction
    permission_required = "change"
    http_method_names = ["post"]
    object: BankTransaction

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = redirect(reverse("tour_bank_movements:inspect", args=[self.object.pk]))
        movement = BankTransaction.objects.with_state().get(pk=self.object.pk)
        ways = Ways(movement)
        if not ways.ways:
            told = _("Somebody has said already what this movement is, so nothing was done. It stands as: %(state)s.")
            messages.warning(request, told % {"state": state_of(movement)})
            return back
        form = MovementForm(ways, request.POST)
        if not form.is_valid():
            for name, errors in form.errors.items():
                # What was chosen and is gone says all of it; what was left out needs the name of its field.
                is_told = form.has_error(name, "gone")
                messages.error(request, errors[0] if is_told else f"{form.fields[name].label}: {errors[0]}")
            return back
        said = form.cleaned_data
        try:
            ways.carry_out(said, by=request.user)
        except (actions.CannotBook, actions.CannotDecide) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done, and noted."))
        return back


class TakeBackView(PermissionCheckedMixin, BaseObjectMixin, View):
    """Takes back what of a movement was assigned to a wrong invoice. POST only."""

    model = BankTransaction
    permission_required = "change"
    http_method_names = ["post"]
    object: BankTransaction

    def post(self, request: HttpRequest, *args: Any, payment: int, **kwargs: Any) -> HttpResponse:
        of_movement = Payment.objects.filter(ledger_entries__bank_link__transaction=self.object).distinct()
        paid = get_object_or_404(of_movement.select_related("registration", "pays"), pk=payment)
        form = TakeBackForm(request.POST, payment=paid)
        if not form.is_valid():
            messages.error(request, _("Say why it is taken back."))
        else:
            try:
                actions.take_back(payment=paid, by=request.user, remark=form.cleaned_data["reason"], at=timezone.now())
            except actions.CannotBook as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("Taken back: say now what it is for."))
        return redirect(reverse("tour_bank_movements:inspect", args=[self.object.pk]))


class BankTransactionViewSet(ReadOnlyViewSet):
    model = BankTransaction
    name = "tour_bank_movements"
    url_prefix = "bank-movements"
    icon = "order"
    menu_label = gettext_lazy("Bank movements")
    deeds = ("change",)
    index_view_class = MovementIndexView
    inspect_view_class = MovementInspectView
    filterset_class = MovementFilterSet
    search_fields = ["party__name", "party__text", "structured", "bank_reference"]
    list_display = [
        "booked_on",
        FigureColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        Column("party", label=gettext_lazy("Other side"), accessor=lambda row: getattr(row, "party", "")),
        Column("structured_text", label=gettext_lazy("Structured communication")),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        Column("statement", label=gettext_lazy("Statement")),
    ]
    list_export = ["booked_on", "valued_on", "amount", "currency", "structured", "code", "bank_reference", "reference"]
    inspect_view_fields = ["booked_on", "valued_on", "amount", "currency", "statement", "bank_reference", "code"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("say/<int:pk>/", self.construct_view(SayView), name="say"),
            path("take-back/<int:pk>/<int:payment>/", self.construct_view(TakeBackView), name="take_back"),
        ]
