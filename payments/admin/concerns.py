"""The queue: matters of money a person has to decide or look into."""

from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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

from cms.admin.read_only import MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from cms.templatetags.cms_tags import brief
from payments.actions.bank_decisions import CONCERNS
from payments.actions.concerns import ON_THE_BANK, CannotDecide, choices, decide
from payments.actions.transfers import party_to_pay_back
from payments.admin.lists import between, one_of
from payments.admin.matters import tell
from payments.bank_questions import is_alike
from payments.billing import billing_of
from payments.models import BankTransaction, Concern, Refund

#: The same on the front page, in the menu and above the list.
PAGE_TITLE = gettext_lazy("Matters to look into")
DECISIONS = {
    "give_back": gettext_lazy("Give the money back through Stripe"),
    "give_seat": gettext_lazy("Give the seats after all"),
    "by_hand": gettext_lazy("Paid back by bank transfer"),
    "transferred": gettext_lazy("It was transferred"),
    "looked_into": gettext_lazy("Looked into, nothing more to do"),
}


def open_to(user: Any, concern: Concern) -> list[str]:
    """The decisions this person may take: what books on the bank account is for who may read and name its movements."""
    if not user.has_perm("payments.change_concern"):
        return []
    may_book = user.has_perm("payments.change_banktransaction")
    return [name for name in choices(concern) if may_book or name not in ON_THE_BANK]


class DecisionForm(forms.Form):
    """One of the decisions there are for this concern, and why."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the file: why. Name nobody: this is kept when people are forgotten."),
    )

    def __init__(self, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision = self.fields["decision"]
        decision.choices = [(name, DECISIONS[name]) for name in names]  # type: ignore[attr-defined]
        decision.error_messages["invalid_choice"] = _("this cannot be decided here. Choose one of those shown.")


class ConcernFilterSet(WagtailFilterSet):
    kind = one_of(Concern.Kind, gettext_lazy("Kind"))
    raised_at = between(gettext_lazy("Raised between"))

    class Meta:
        model = Concern
        fields: list[str] = []


class AboutColumn(Column):
    """What a matter is about, in words: a fact of it, and a second one below."""

    cell_template_name = "payments/admin/matter_cell.html"

    def __init__(self, name: str, *, below: str = "", **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.below = below

    def get_value(self, instance: Any) -> Any:
        return getattr(instance.matter, self.name)

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        told = super().get_cell_context_data(instance, parent_context)
        below = getattr(instance.matter, self.below) if self.below else ""
        href = instance.matter.href if self.name == "step" else ""
        return {**told, "below": below, "href": href}


class ConcernIndexView(ReadOnlyIndexView):
    page_title = PAGE_TITLE
    related = ("payment__registration__event", "resolved_by")

    def get_base_queryset(self) -> Any:
        """What is still open first."""
        return super().get_base_queryset().order_by(F("resolved_at").desc(nulls_first=True), "-raised_at", "-pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        concerns = list(context["object_list"])
        for concern, matter in zip(concerns, tell(concerns, self.request.user), strict=True):
            concern.matter = matter
        return context


class ConcernInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/concern.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decisions = open_to(self.request.user, self.object)
        form = DecisionForm(decisions) if decisions else None
        (matter,) = tell([self.object], self.request.user)
        told = {"decision_form": form, "matter": matter, **self._bank()}
        return {**super().get_context_data(**kwargs), **told}

    def _bank(self) -> dict[str, Any]:
        """Where money on the bank account is decided about, and to whom a transfer goes."""
        concern = self.object
        if concern.kind in CONCERNS and self.request.user.has_perm("payments.view_banktransaction"):
            return {"movement": BankTransaction.objects.filter(reference=concern.source).first()}
        if concern.kind == Concern.Kind.TRANSFER and concern.resolved_at is None:
            refund = Refund.objects.select_related("payment__registration").get(pk=int(concern.source))
            if not self.request.user.has_perm("payments.view_banktransaction"):
                return {"transfer": refund, "party": None}
            party = party_to_pay_back(refund)
            buyer = billing_of(refund.payment.registration).name
            # An invoice is paid by whom it names; another account may be a mistake, or somebody's fraud.
            is_another = bool(party.name) and not is_alike(party.name, buyer)
            return {"transfer": refund, "party": party, "buyer": buyer, "is_another": is_another}
        return {}


class DecideView(PermissionCheckedMixin, BaseObjectMixin, View):
    """Carries out what was decided. POST only."""

    model = Concern
    permission_required = "change"
    http_method_names = ["post"]
    object: Concern

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        concern = self.object
        back = redirect(reverse("tour_concerns:inspect", args=[concern.pk]))
        if concern.resolved_at is not None:
            told = {"when": brief(concern.resolved_at), "who": concern.resolved_by or _("the site itself")}
            messages.warning(request, _("This was decided already, by %(who)s, %(when)s: nothing was done.") % told)
            return back
        form = DecisionForm(open_to(request.user, concern), request.POST)
        if not form.is_valid():
            for name, errors in form.errors.items():
                messages.error(request, f"{form.fields[name].label}: {errors[0]}")
            return back
        try:
            decide(concern=concern, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotDecide as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done, and noted."))
        return back


class ConcernViewSet(ReadOnlyViewSet):
    model = Concern
    name = "tour_concerns"
    url_prefix = "money-matters"
    icon = "warning"
    menu_label = PAGE_TITLE
    deeds = ("change",)
    index_view_class = ConcernIndexView
    inspect_view_class = ConcernInspectView
    filterset_class = ConcernFilterSet
    search_fields = [
        "source",
        "text",
        "payment__registration__reference",
        "payment__registration__organisation_name",
        "payment__registration__event__name",
    ]
    list_display = [
        "kind",
        AboutColumn("who", label=gettext_lazy("About"), below="reference"),
        AboutColumn("visit", label=gettext_lazy("Visit")),
        AboutColumn("amount", label=gettext_lazy("Amount"), below="day", classname="tour-figure"),
        AboutColumn("how", label=gettext_lazy("How it stands")),
        AboutColumn("step", label=gettext_lazy("Next step")),
        MomentColumn("raised_at", label=gettext_lazy("Raised at"), sort_key="raised_at"),
        MomentColumn("resolved_at", label=gettext_lazy("Resolved at"), sort_key="resolved_at"),
    ]
    list_export = ["kind", "source", "text", "raised_at", "resolved_at", "remark"]
    inspect_view_fields = ["raised_at", "resolved_at", "resolved_by", "remark", "source"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("decide/<int:pk>/", self.construct_view(DecideView), name="decide"),
        ]
