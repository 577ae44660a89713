"""The price that the newest rule makes of a visit's costs: shown with its working, set by a person elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from cms.templatetags.cms_tags import money
from payments.actions.costing import derive_price
from payments.admin.lab.page import LabView
from payments.lab.refusal import CannotCompute
from payments.lab_figures import price_for_everyone
from payments.models import CostPrice, CostPriceRule, EventCosts
from payments.refusals import NoCosts

MAY_DERIVE = "payments.add_costprice"


class CostPriceView(LabView):
    """GET shows what was derived for a visit, one of them in full (`?price=`); POST derives with the newest rule."""

    needs = "payments.view_costprice"
    template_name = "payments/admin/lab/cost_price.html"
    header_icon = "decimal"

    @cached_property
    def costs(self) -> EventCosts:
        return get_object_or_404(EventCosts.objects.select_related("event"), pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return _("Cost price of %(visit)s") % {"visit": self.costs}

    def trail(self) -> list[tuple[str, str]]:
        costs = reverse("lab_costs:edit", args=[self.costs.pk])
        return [*super().trail(), (reverse("lab_costs:index"), _("Costs of visits")), (costs, str(self.costs))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = redirect("lab_costs:cost_price", self.costs.pk)
        rule = CostPriceRule.objects.first()
        if not request.user.has_perm(MAY_DERIVE):
            messages.error(request, _("You may see how a price follows from costs, not derive one."))
        elif rule is None:
            messages.error(request, _("There is no cost-price rule yet: write its first version."))
        else:
            try:
                made = derive_price(event=self.costs.event, rule=rule, at=timezone.now(), by=request.user)
            except (CannotCompute, NoCosts) as refusal:
                messages.error(request, str(refusal))
            else:
                told = {"price": money(made.price), "version": rule.version}
                messages.success(request, _("Derived: %(price)s excl. VAT, by version %(version)s of the rule.") % told)
        return back

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        derived = list(CostPrice.objects.filter(event=self.costs.event).select_related("rule", "made_by"))
        asked = self.request.GET.get("price", "")
        shown = next((price for price in derived if str(price.pk) == asked), derived[0] if derived else None)
        present = price_for_everyone(self.costs.event)
        return {
            **super().get_context_data(**kwargs),
            "costs": self.costs,
            "event": self.costs.event,
            "derived": derived,
            "shown": shown,
            "present": present,
            "difference": shown.price - present if shown and present is not None else None,
            "rule": CostPriceRule.objects.first(),
            "may_derive": self.request.user.has_perm(MAY_DERIVE),
        }
