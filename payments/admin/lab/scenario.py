"""A season that is still to come, drawn many times: what may be left to find, what moves it, and at which price."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.curves import Axis, Crossing, Curves, Series, curves
from cms.swings import Swings, swings
from payments.admin.lab.page import LabPages, LabView
from payments.admin.lab.scenario_form import ScenarioForm
from payments.admin.lab.study_result import euro, whole_euro
from payments.decision_paper import assumption, percent
from payments.lab.refusal import CannotCompute
from payments.scenarios import Drawn, covering, drawn, safe_price, upcoming

#: Named in the sentence above the bars.
NAMED = 3
SEASONS = Axis(gettext_lazy("share of the seasons"), lambda value: f"{round(value * 100)} %")
SUBSIDY = Axis(gettext_lazy("subsidy that is enough"), whole_euro)


class ScenarioView(LabView):
    """The form, and below it what its figures give. Nothing is kept: the address says it all."""

    template_name = "payments/admin/lab/scenario.html"
    page_title = gettext_lazy("Scenarios")
    header_icon = "calendar-alt"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sent = self.request.GET if "rows" in self.request.GET else None
        planned = upcoming(timezone.now()) if sent is None else []
        form = ScenarioForm(sent, planned)
        context |= {
            "scenario": form,
            "percentages": [one for one in planned if one.percentage],
            "planned": planned,
            "columns": [field.label for field in form.rows[0].fields.values()] if form.rows else [],
        }
        if sent is None or "more" in sent:
            return context
        if form.problems:
            return context | {"problems": form.problems}
        try:
            made = drawn(form.asked())
        except CannotCompute as error:
            return context | {"problems": [str(error)]}
        return context | self._result(form, made)

    def _result(self, form: ScenarioForm, made: Drawn) -> dict[str, Any]:
        said, found = form.question.cleaned_data, made.simulation
        query = self.request.GET.urlencode()
        price, why = None, ""
        try:
            price = safe_price(made, float(said["risk"]))
        except CannotCompute as error:
            why = str(error)
        return {
            "made": made,
            "p_loss": percent(found.p_loss),
            "p_loss_interval": " – ".join(percent(end) for end in found.p_loss_interval),
            "figures": _figures(made),
            "quantiles": _quantiles(made),
            "subsidy": _subsidy(made),
            "swings": _swings(made),
            "matters": [assumption(one.name) for one in made.swings[:NAMED] if one.size],
            "safe_price": price,
            "safe_price_risk": percent(price.p_loss) if price else "",
            "no_safe_price": why,
            "risk": percent(said["risk"]),
            "covering": covering(made.planned, said["cover"], said["paying"], said["free"]),
            "cover": percent(said["cover"]),
            "file_url": f"{reverse('lab_scenario:file')}?{query}",
            "paper_url": f"{reverse('lab_paper:index')}?{urlencode({'scenario': query})}",
        }


def _figures(made: Drawn) -> list[tuple[str, str]]:
    found = made.simulation
    return [
        (_("Result on average"), euro(found.mean)),
        (_("Standard error of that average"), euro(found.standard_error)),
        (_("Revenue on average, less fees"), euro(found.mean_revenue)),
        (_("Cost on average"), euro(found.mean_cost)),
        (_("Participants on average"), number_format(round(found.mean_participants, 1), 1)),
    ]


def _quantiles(made: Drawn) -> list[tuple[str, str, str]]:
    """(share of the seasons, subsidy that is enough in it, result below which it stays)."""
    found = made.simulation
    return [
        (percent(level), euro(subsidy), euro(result))
        for (level, subsidy), (_level, result) in zip(found.subsidy, found.result, strict=True)
    ]


def _subsidy(made: Drawn) -> Curves | None:
    levels = made.simulation.subsidy
    middle = next(value for level, value in levels if level == 0.5)
    return curves(
        "subsidy",
        _("How much subsidy is enough, in which share of the seasons"),
        SEASONS,
        SUBSIDY,
        [Series(_("subsidy that is enough"), list(levels))],
        crossings=[Crossing(_("half of the seasons: %(amount)s") % {"amount": euro(middle)}, 0.5, middle)],
        said=_("The further to the right, the surer; what is left over in a good season is not subtracted."),
    )


def _swings(made: Drawn) -> Swings | None:
    if not made.swings:
        return None
    return swings(
        "season",
        _("What moves the result: each at its low and its high, the others as is likely"),
        (_("Assumption"), _("Result at its low"), _("Result at its high")),
        [(assumption(one.name), one.at_low, one.at_high) for one in made.swings],
        middle=made.likely,
        said=whole_euro,
    )


class SeasonFileView(LabView):
    """The season as JSON: `manage.py revenue_lab season` makes the same figures of it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ScenarioForm(request.GET)
        if form.problems:
            return HttpResponse("\n".join(form.problems), status=400, content_type="text/plain; charset=utf-8")
        response = HttpResponse(form.asked().season, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="season.json"'
        return response


class ScenarioPages(LabPages):
    name = "lab_scenario"
    url_prefix = "revenue-lab/scenarios"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Scenarios")
    view_class = ScenarioView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("season.json", self.construct_view(SeasonFileView), name="file")]
