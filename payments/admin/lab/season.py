"""The lab's front page: a season as it was, visit by visit, in figures that finance's reports have too."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import django_filters
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import policy_registry

from cms.admin.spreadsheets import local
from cms.charts import Chart, stacked_bars
from cms.templatetags.cms_tags import brief
from events.models import Event
from payments.admin.lab.page import LabPages, Rows
from payments.admin.report import TOTAL, FiguresReport, PeriodsForm, ReportColumn, ReportFilterSet, a_day
from payments.lab.break_even import cents
from payments.lab_comparison import Booked, as_it_was, still_open, together
from payments.lab_figures import seasons, year
from payments.models import RevenueModel


class SeasonFilterSet(ReportFilterSet):
    """A year, or a period of one's own, which then counts; without either the year it is, or the last with a visit."""

    year = django_filters.ChoiceFilter(label=_("Year"), empty_label=_("This year"))
    since = a_day(_("From"))
    until = a_day(_("Until"))

    class Meta:
        model = RevenueModel
        fields: list[str] = []
        form = PeriodsForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = seasons()
        self.filters["year"].extra["choices"] = [(str(number), str(number)) for number in self.known]

    def asked(self) -> tuple[date | None, date | None]:
        said = self.form.cleaned_data
        if said["since"] or said["until"]:
            return said["since"], said["until"]
        this = timezone.localdate().year
        return year(int(said["year"] or (this if this in self.known or not self.known else self.known[0])))


def is_to_come(event: Event) -> bool:
    """Whether what is said of it is a forecast: with whoever registered until now."""
    return event.starts_at > timezone.now()


def about(event: Event, running_until: date | None) -> str:
    """ "12 Feb 2027 · forecast · in a running experiment until 1 Mar 2027"."""
    said = [brief(local(event.starts_at).date())]
    if is_to_come(event):
        said.append(gettext("forecast"))
    if running_until:
        said.append(in_experiment(running_until))
    return " · ".join(said)


def in_experiment(look_on: date) -> str:
    """Of a visit that is in a running experiment: the day of its look, or that it has come."""
    if look_on <= timezone.localdate():
        return gettext("in an experiment whose look has come")
    return gettext("in a running experiment until %(day)s") % {"day": brief(look_on)}


def _yes(answer: Any) -> str:
    return "" if answer is None else "yes" if answer else "no"


def _of(name: str) -> Any:
    return lambda row: getattr(row.outcome, name)


def _in_cents(name: str) -> Any:
    def value(row: Booked) -> Any:
        found = getattr(row.outcome, name)
        return None if found is None else cents(found)

    return value


def percent(share: Any) -> Any:
    """0.875 as 87.50; None stays None."""
    return None if share is None else cents(share * 100)


def _figure(name: str, label: Any, value: Any, **facts: Any) -> ReportColumn:
    return ReportColumn(name, label, value, is_figure=True, **facts)


class SeasonReport(FiguresReport):
    page_title = _("A season as it was")
    header_icon = "sliders"
    model = RevenueModel
    index_url_name = "lab_season:index"
    index_results_url_name = "lab_season:results"
    results_template_name = "payments/admin/lab/season_results.html"
    filterset_class = SeasonFilterSet
    file_name = "season"
    nothing_found = _("No visits in this period.")
    report_columns = (
        ReportColumn(
            "event",
            _("Visit"),
            lambda row: row.event.name if row.event else TOTAL,
            below=lambda row: about(row.event, row.running_until),
        ),
        ReportColumn(
            "event_date",
            _("Date"),
            lambda row: local(row.event.starts_at).date() if row.event else "",
            only_in_files=True,
        ),
        ReportColumn(
            "is_forecast", _("Forecast"), lambda row: _yes(row.event and is_to_come(row.event)), only_in_files=True
        ),
        ReportColumn("running_until", _("In a running experiment"), lambda row: row.running_until, only_in_files=True),
        _figure("participants", _("Participants"), _of("participants"), decimals=0),
        _figure("paying", _("Paying"), _of("paying"), decimals=0),
        _figure("revenue", _("Revenue excl. VAT"), _of("revenue")),
        _figure("fees", _("Payment fees"), _of("fees")),
        _figure("cost_planned", _("Planned cost with programme share"), lambda row: row.planned),
        _figure("cost_visit", _("Cost of the visit"), lambda row: row.own, only_in_files=True),
        _figure("cost_programme", _("Programme share"), lambda row: row.programme, only_in_files=True),
        _figure("cost", _("Cost with programme share"), _of("cost")),
        _figure("result", _("Result"), _of("result")),
        _figure("coverage", _("Coverage (%)"), lambda row: percent(row.outcome.coverage)),
        _figure("contribution", _("Contribution per seat"), _in_cents("contribution")),
        _figure("break_even_seats", _("Break-even seats"), _of("break_even_seats"), decimals=0),
        _figure("break_even_paying", _("Of which paying"), _of("break_even_paying"), decimals=0, only_in_files=True),
        _figure("margin", _("Margin of safety (%)"), lambda row: percent(row.outcome.margin)),
        _figure("subsidy_needed", _("Left to be found"), _of("subsidy_needed")),
    )
    figures = tuple(column.name for column in report_columns if column.is_figure)

    @cached_property
    def permission_policy(self) -> Any:
        """Whoever may read the models, not the ledger."""
        return policy_registry.get_by_type(RevenueModel)

    def get_filtered_queryset(self) -> Any:
        return self.question(self.filters.asked()) if self.filters.is_valid() else Rows()

    def question(self, asked: tuple[date | None, date | None]) -> Any:
        return Rows(as_it_was(*asked))

    def sums(self, rows: Any) -> dict[str, Any]:
        return self.to_row_dict(together(rows))

    def file_rows(self, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """Each row, then the season: its ratios are those of the sums, which nobody could add up."""
        known = list(rows)
        yield from map(self.to_row_dict, known)
        yield self.to_row_dict(together(known))

    def chart(self, rows: Any, totals: dict[str, Any]) -> Chart | None:
        bars = [(row.event.name, [row.outcome.revenue, row.outcome.subsidy_needed]) for row in rows]
        series = [_("Brought in by participants"), _("Left to be found")]
        return stacked_bars("season", _("Who carried each visit, excl. VAT"), series, bars, last=True)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if not self.filters.is_valid():
            return context
        since, until = self.filters.asked()
        days = "&".join(f"{name}={day:%Y-%m-%d}" for name, day in (("since", since), ("until", until)) if day)
        told = {
            "since": since,
            "until": until,
            "seats_report": f"{reverse('free_seats_report')}?{days}",
            "fees_report": f"{reverse('fees_report')}?{days}",
            "has_forecast": any(is_to_come(row.event) for row in self.object_list),
            "still_open": still_open(together(self.object_list).outcome),
        }
        return {**context, **told}


class SeasonPages(LabPages):
    name = "lab_season"
    url_prefix = "revenue-lab"
    icon = "view"
    menu_label = _("A season as it was")
    view_class = SeasonReport

    def get_urlpatterns(self) -> list[URLPattern]:
        results = self.construct_view(self.view_class, results_only=True)
        return [*super().get_urlpatterns(), path("results/", results, name="results")]
