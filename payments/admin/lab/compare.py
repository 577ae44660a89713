"""Visits under several revenue models side by side: as they were booked first, then as each model would have it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.spreadsheets import TidyExport, local
from cms.charts import Chart, stacked_bars
from cms.templatetags.cms_tags import brief
from events.models import Event
from payments.admin.lab.page import LabPages, LabView, Rows, once
from payments.admin.lab.season import in_experiment, is_to_come, percent
from payments.admin.lab.sentences import asks
from payments.admin.report import TOTAL
from payments.experiment_findings import running_until
from payments.lab.break_even import cents
from payments.lab.outcome import Outcome
from payments.lab.refusal import CannotCompute
from payments.lab_comparison import Compared, as_was_booked, still_open, under
from payments.lab_figures import Known, visits_of
from payments.models import EventCosts, RevenueModel

MOST_MODELS = 6
MOST_VISITS = 24

#: Measure -> (label, decimals): the rows of a comparison, in order.
MEASURES: dict[str, tuple[Any, int]] = {
    "participants": (gettext_lazy("Participants"), 0),
    "paying": (gettext_lazy("Paying"), 0),
    "revenue": (gettext_lazy("Revenue excl. VAT"), 2),
    "support": (gettext_lazy("Support"), 2),
    "fees": (gettext_lazy("Payment fees"), 2),
    "cost": (gettext_lazy("Cost"), 2),
    "result": (gettext_lazy("Result"), 2),
    "coverage": (gettext_lazy("Coverage (%)"), 2),
    "contribution": (gettext_lazy("Contribution per seat"), 2),
    "break_even_seats": (gettext_lazy("Break-even seats"), 0),
    "break_even_paying": (gettext_lazy("Of which paying"), 0),
    "margin": (gettext_lazy("Margin of safety (%)"), 2),
    "subsidy_needed": (gettext_lazy("Left to be found"), 2),
}
COLUMNS = ("visit", "date", "is_forecast", "model", *MEASURES, "payers", "assumptions")


class VisitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, event: Any) -> str:
        label = f"{event.name}, {brief(local(event.starts_at).date())}"
        return _("%(visit)s (forecast)") % {"visit": label} if event.starts_at > timezone.now() else label


class CompareForm(forms.Form):
    """Which visits, under which models. Its address is all there is to it: it can be sent to a colleague."""

    visit = VisitsField(
        label=gettext_lazy("Visits"),
        help_text=gettext_lazy("A visit to come is a forecast: with whoever registered until now."),
        queryset=Event.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one visit.")},
    )
    model = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Revenue models"),
        help_text=gettext_lazy("At most six. Archived models are not offered."),
        queryset=RevenueModel.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one revenue model.")},
    )

    def __init__(self, *args: Any, asked_models: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An address that was sent keeps working when one of its models is archived.
        known = Q(is_archived=False) | Q(pk__in=[pk for pk in asked_models if pk.isdecimal() and len(pk) < 10])
        self._offer("visit", Event.objects.exclude(status=Event.Status.DRAFT).order_by("-starts_at", "pk"))
        self._offer("model", RevenueModel.objects.filter(known))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def clean_visit(self) -> list[Event]:
        visits = list(self.cleaned_data["visit"])
        if len(visits) > MOST_VISITS:
            raise forms.ValidationError(_("Tick at most %(most)s visits."), params={"most": MOST_VISITS})
        return visits

    def clean_model(self) -> list[RevenueModel]:
        models = list(self.cleaned_data["model"])
        if len(models) > MOST_MODELS:
            raise forms.ValidationError(_("Tick at most %(most)s revenue models."), params={"most": MOST_MODELS})
        return models


def measured(outcome: Outcome) -> dict[str, Any]:
    """The measures of an outcome as they are written: money in cents, coverage as a percentage."""
    values: dict[str, Any] = {name: getattr(outcome, name) for name in MEASURES}
    values["coverage"], values["margin"] = percent(outcome.coverage), percent(outcome.margin)
    values["contribution"] = None if outcome.contribution is None else cents(outcome.contribution)
    return values


class CompareView(TidyExport, LabView):
    template_name = "payments/admin/lab/compare.html"
    page_title = gettext_lazy("Compare revenue models")
    header_icon = "sliders"
    list_export = list(COLUMNS)
    #: The files have links of their own, beside what they hold.
    show_export_buttons = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("export")
        if not wanted:
            return super().get(request, *args, **kwargs)
        problems = self._problems() if self.is_export else [_("Export as csv or xlsx.")]
        if problems:
            return HttpResponse("\n".join(problems), status=400, content_type="text/plain; charset=utf-8")
        response: HttpResponse = self.as_spreadsheet(Rows(self.file_rows()), wanted)
        return response

    # --- What is asked, and the answer ------------------------------------------------------------------------------

    @cached_property
    def form(self) -> CompareForm:
        is_asked = any(name in self.request.GET for name in ("visit", "model", "export"))
        asked_models = self.request.GET.getlist("model")
        return CompareForm(self.request.GET if is_asked else None, asked_models=asked_models)

    @cached_property
    def known(self) -> list[Known]:
        return visits_of([event.pk for event in self.form.cleaned_data["visit"]])

    @cached_property
    def models(self) -> list[RevenueModel]:
        found: list[RevenueModel] = self.form.cleaned_data["model"]
        return found

    @cached_property
    def columns(self) -> list[Compared]:
        """As booked, then each model. Raises CannotCompute where the visits themselves have no answer."""
        plans = [(model.name, model.as_plan()) for model in self.models]
        return [as_was_booked(_("As booked"), self.known), *under(plans, self.known)]

    def _problems(self) -> Sequence[str]:
        """Why there is no answer; empty when there is one."""
        if not self.form.is_valid():
            return once(error for errors in self.form.errors.values() for error in errors)
        try:
            _found = self.columns
        except CannotCompute as refusal:
            return [str(refusal)]
        return []

    # --- The page ---------------------------------------------------------------------------------------------------

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**super().get_context_data(**kwargs), "form": self.form}
        if not self.form.is_bound:
            return context
        if problems := self._problems():
            return {**context, "problems": problems}
        found = [column for column in self.columns if column.season]
        costs = dict(EventCosts.objects.filter(event__in=[one.event for one in self.known]).values_list("event", "pk"))
        running = running_until([one.event.pk for one in self.known])
        tables = [
            {
                "event": one.event,
                "costs": costs.get(one.event.pk),
                "is_forecast": self._is_forecast(one),
                "in_experiment": in_experiment(running[one.event.pk]) if one.event.pk in running else "",
                "table": self._table([column.outcomes[place] for column in found]),
            }
            for place, one in enumerate(self.known)
        ]
        return {
            **context,
            "names": [column.name for column in found],
            "season": self._table([column.season for column in found if column.season]),
            "tables": tables,
            "has_forecast": any(table["is_forecast"] for table in tables),
            "still_open": self._still_open(found),
            "refused": [column for column in self.columns if column.refusal],
            "chart": self._chart(found),
            "about": [
                (model.name, asks(model.as_plan()), column.season.assumptions)
                for model, column in zip(self.models, self.columns[1:], strict=True)
                if column.season
            ],
            "files": [("CSV", self.csv_export_url), ("XLSX", self.xlsx_export_url)],
        }

    def _still_open(self, found: list[Compared]) -> str:
        """What was ordered and not paid for, of the visits as they were booked."""
        return still_open(found[0].season) if found and found[0].season else ""

    def _is_forecast(self, known: Known) -> bool:
        return is_to_come(known.event)

    def _table(self, outcomes: list[Outcome]) -> dict[str, Any]:
        """The measures a row, the models a column; who pays what below them."""
        values = [measured(outcome) for outcome in outcomes]
        rows = [(label, f"{decimals}g", [one[name] for one in values]) for name, (label, decimals) in MEASURES.items()]
        return {"rows": rows, "payers": [outcome.payers for outcome in outcomes]}

    def _chart(self, found: list[Compared]) -> Chart | None:
        series = [_("Participants"), _("Support"), _("Left to be found")]
        bars = [
            (column.name, [column.season.revenue, column.season.support, column.season.subsidy_needed])
            for column in found
            if column.season
        ]
        return stacked_bars("models", _("Who carries these visits, excl. VAT"), series, bars)

    # --- Files ------------------------------------------------------------------------------------------------------

    def get_filename(self) -> str:
        return f"revenue-models-{timezone.localdate():%Y-%m-%d}"

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    def file_rows(self) -> Iterator[dict[str, Any]]:
        """A row for each visit under each model, then a row for all visits under each."""
        found = [column for column in self.columns if column.season]
        for place, one in enumerate(self.known):
            about = {
                "visit": one.event.name,
                "date": one.visit.day,
                "is_forecast": "yes" if self._is_forecast(one) else "no",
            }
            for column in found:
                yield self._file_row(about, column.name, column.outcomes[place])
        for column in found:
            if column.season:
                yield self._file_row({"visit": TOTAL, "date": "", "is_forecast": ""}, column.name, column.season)

    def _file_row(self, about: dict[str, Any], model: str, outcome: Outcome) -> dict[str, Any]:
        payers = "; ".join(f"{seats} x {_plain(price)}" for price, seats in outcome.payers)
        taken_for_granted = filter(None, [*outcome.assumptions, still_open(outcome)])
        said = {"payers": payers, "assumptions": " ".join(taken_for_granted)}
        return {**about, "model": model, **measured(outcome), **said}


def _plain(price: Decimal) -> str:
    return f"{price:.2f}"


class ComparePages(LabPages):
    name = "lab_compare"
    url_prefix = "revenue-lab/compare"
    icon = "sliders"
    menu_label = gettext_lazy("Compare models")
    view_class = CompareView
