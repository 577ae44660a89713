"""The versions of the cost-price rule: read, and followed by a next one; never edited."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from cms.admin.amounts import AmountField, WholeField
from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from payments.actions.costing import make_rule
from payments.admin.lab.page import LabView
from payments.models import CostPriceRule

FACTS = ("bearing", "filled", "paying", "with_programme", "step", "note")


class RuleForm(forms.ModelForm[CostPriceRule]):
    """Filled in as the newest version is: the next one differs where somebody changes it."""

    class Meta:
        model = CostPriceRule
        fields = FACTS
        field_classes = {"filled": WholeField, "paying": WholeField, "step": AmountField}
        help_texts = {
            "bearing": gettext_lazy(
                "With all participants the price is what a seat costs. With those who pay it is higher: they carry the "
                "members’ free seats as well."
            )
        }
        widgets = {"bearing": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 3})}


class NewVersionView(LabView, FormView[RuleForm]):
    needs = "payments.add_costpricerule"
    template_name = "payments/admin/lab/rule_form.html"
    page_title = gettext_lazy("New version of the cost-price rule")
    header_icon = "decimal"
    form_class = RuleForm

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (reverse("lab_rules:index"), _("Cost-price rule"))]

    def get_initial(self) -> dict[str, Any]:
        newest = CostPriceRule.objects.values(*(name for name in FACTS if name != "note")).first()
        return {**super().get_initial(), **(newest or {})}

    def form_valid(self, form: RuleForm) -> HttpResponse:
        made = make_rule(at=timezone.now(), by=self.request.user, **form.cleaned_data)
        messages.success(
            self.request,
            _("Version %(version)s of the rule is made. New prices follow it.") % {"version": made.version},
        )
        return redirect("lab_rules:index")


class RuleIndexView(ReadOnlyIndexView):
    related = ("made_by",)
    add_item_label = gettext_lazy("New version")

    def get_add_url(self) -> str | None:
        may_add = self.request.user.has_perm(NewVersionView.needs)
        return reverse("lab_rules:add") if may_add else None

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        kwargs["accessor"] = str
        return super()._get_title_column(field_name, *args, **kwargs)


class RuleInspectView(ReadOnlyInspectView):
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "with_programme":
            return _("Yes") if self.object.with_programme else _("No")
        return super().get_field_display_value(field_name, field)


class CostPriceRuleViewSet(ReadOnlyViewSet):
    model = CostPriceRule
    name = "lab_rules"
    url_prefix = "revenue-lab/cost-price-rule"
    icon = "decimal"
    menu_label = gettext_lazy("Cost-price rule")
    deeds = ("add",)
    index_view_class = RuleIndexView
    index_results_template_name = "payments/admin/lab/list_results.html"
    inspect_view_class = RuleInspectView
    list_display: list[Any] = [
        "version",
        Column("bearing", label=gettext_lazy("The cost is borne by"), accessor="get_bearing_display"),
        FigureColumn("filled", label=gettext_lazy("Expected (%)"), decimals=0),
        FigureColumn("step", label=gettext_lazy("Rounded up to")),
        Column("note", label=gettext_lazy("Why")),
        MomentColumn("made_at", label=gettext_lazy("Made at")),
    ]
    list_export = ["version", *FACTS, "made_at", "made_by"]
    inspect_view_fields = ["version", *FACTS, "made_at", "made_by"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("new/", self.construct_view(NewVersionView), name="add")]
