"""What finance's reports share: columns with a contract, a last row of totals, CSV and XLSX that equal the screen.

A file streams: its rows are read and written a thousand at a time, so that a year of seats costs no more memory than a
day. The last row adds up what was written above it, so a file adds up also when money comes in while it is made.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from openpyxl import Workbook
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.mixins import Echo
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminDateInput
from wagtail.permissions import policy_registry

from cms.admin.read_only import FigureColumn
from cms.admin.spreadsheets import TidyExport, begin_sheet, in_bold
from cms.charts import Chart
from payments.models import LedgerEntry

#: The first cell of the last row in both files.
TOTAL = "TOTAL"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZERO = Decimal("0.00")


class TwoLines(Column):
    """A value, and below it smaller what belongs to it: so that a report fits the screen it is read on."""

    cell_template_name = "payments/admin/two_lines_cell.html"

    def __init__(self, name: str, *, below: Callable[[Any], Any], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.below = below

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"below": self.below(instance)}


@dataclass(frozen=True)
class ReportColumn:
    """One column: its name in the files (a contract, never translated), its label on screen, its value.

    `shown` is what the screen says where that differs from what the files say, `below` what stands under it there.
    One with `only_in_files` is on screen below another column, or not at all.
    """

    name: str
    label: Any
    value: Callable[[Any], Any]
    shown: Callable[[Any], Any] | None = None
    below: Callable[[Any], Any] | None = None
    is_figure: bool = False
    #: Never broken over two lines.
    is_day: bool = False
    #: 2 for money, 0 for a count.
    decimals: int = 2
    only_in_files: bool = False

    def on_screen(self) -> Column:
        accessor = self.shown or self.value
        if self.is_figure:
            return FigureColumn(self.name, label=self.label, accessor=accessor, decimals=self.decimals)
        if self.below:
            return TwoLines(self.name, label=self.label, accessor=accessor, below=self.below)
        return Column(self.name, label=self.label, accessor=accessor, classname="tour-day" if self.is_day else None)


def a_day(label: Any) -> django_filters.DateFilter:
    """A day as 2026-03-31, whatever the language; centuries away is a typing error."""
    return django_filters.DateFilter(
        label=label,
        widget=AdminDateInput,
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))],
    )


class PeriodsForm(forms.Form):
    """The filters together: a period ends after it begins."""

    periods: ClassVar[tuple[tuple[str, str], ...]] = (("since", "until"),)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in self.periods:
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, ValidationError(_("The last day should not come before the first.")))
        return cleaned


class ReportFilterSet(WagtailFilterSet):
    def asked(self) -> Any:
        """The valid form as whatever the report's question takes."""
        return self.form.cleaned_data

    def problems(self) -> list[str]:
        """ "Paid from: Enter a valid date." for each filter that cannot be used."""
        return [
            f"{self.form.fields[name].label}: {error}" if name in self.form.fields else str(error)
            for name, errors in self.form.errors.items()
            for error in errors
        ]


class FiguresTable(Table):
    """A table with a last row of totals, under the columns that have one."""

    template_name = "payments/admin/figures_table.html"
    totals: dict[str, Any]
    counted: str

    def footer(self) -> list[tuple[Column, Any]]:
        return [(column, self.totals.get(name)) for name, column in self.columns.items()][1:]


class FiguresReport(TidyExport, ReportView):
    """A subclass names its `report_columns`, its `figures`, its file, and answers `question` and `sums`."""

    report_columns: ClassVar[tuple[ReportColumn, ...]] = ()
    #: Names of the columns that are added up.
    figures: ClassVar[tuple[str, ...]] = ()
    file_name: ClassVar[str] = ""
    nothing_found: ClassVar[Any] = ""
    header_icon = "doc-full-inverse"
    model: Any = LedgerEntry
    permission_required = "view"
    results_template_name = "payments/admin/figures_results.html"
    table_class = FiguresTable

    def question(self, asked: Any) -> "QuerySet[Any]":
        """The rows for these filters."""
        raise NotImplementedError

    def sums(self, rows: "QuerySet[Any]") -> dict[str, Any]:
        """The totals of the figures over all rows, counted by the database, by name."""
        raise NotImplementedError

    def chart(self, rows: Any, totals: dict[str, Any]) -> Chart | None:
        """What a person would rather look at; None where a table says it best. Not in the files."""
        return None

    def counted(self, totals: dict[str, Any]) -> str:
        """What the row of totals says it is about ("12 seats"); empty for nothing."""
        return ""

    @cached_property
    def columns(self) -> list[Column]:
        return [column.on_screen() for column in self.report_columns if not column.only_in_files]

    @property
    def list_export(self) -> list[str]:
        return [column.name for column in self.report_columns]

    @cached_property
    def permission_policy(self) -> Any:
        """Whoever may read the ledger may read this."""
        return policy_registry.get_by_type(LedgerEntry)

    def get_filtered_queryset(self) -> "QuerySet[Any]":
        """Nothing for a filter that cannot be used: everything would look like an answer to it."""
        if not self.filters.is_valid():
            return self.model.objects.none()
        return self.question(self.filters.asked())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("export")
        if wanted and (problems := self._why_no_file(wanted)):
            text = "\n".join(problems)
            return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
        if self.is_export:
            response: HttpResponse = self.as_spreadsheet(self.get_filtered_queryset(), wanted)
            return response
        return super().get(request, *args, **kwargs)

    def _why_no_file(self, wanted: str) -> list[str]:
        if not self.is_export:
            return [_("Export as csv or xlsx.")]
        return [] if self.filters.is_valid() else self.filters.problems()

    def get_table(self, object_list: Any) -> FiguresTable:
        table: FiguresTable = super().get_table(object_list)
        is_valid = self.filters.is_valid()
        table.totals = self.sums(self.object_list) if is_valid else {}
        table.counted = self.counted(table.totals)
        return table

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        problems = [] if self.filters.is_valid() else self.filters.problems()
        query = self.request.GET.copy()
        query.pop("p", None)
        files = [(kind.upper(), f"{self.index_url}?{_with(query, kind)}") for kind in ("csv", "xlsx")]
        context = super().get_context_data(*args, **kwargs)
        chart = None if problems else self.chart(self.object_list, context["table"].totals)
        told = {"chart": chart, "problems": problems, "files": files, "nothing_found": self.nothing_found}
        return {**context, **told}

    # --- Files ------------------------------------------------------------------------------------------------------

    def get_filename(self) -> str:
        return f"{self.file_name}-{timezone.localdate():%Y-%m-%d}"

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {column.name: column.value(item) for column in self.report_columns}

    def file_rows(self, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """Each row, then the totals."""
        counts = {column.name for column in self.report_columns if column.is_figure and not column.decimals}
        sums: dict[str, Any] = {name: 0 if name in counts else ZERO for name in self.figures}
        for item in rows:
            row = self.to_row_dict(item)
            for name in self.figures:
                sums[name] += row[name] or 0
            yield row
        first = self.report_columns[0].name
        yield {column.name: sums.get(column.name, "") for column in self.report_columns} | {first: TOTAL}

    def stream_csv(self, queryset: "QuerySet[Any]") -> Iterator[bytes]:
        writer = csv.DictWriter(Echo(), fieldnames=self.list_export)
        yield writer.writerow({name: name for name in self.list_export})
        for row in self.file_rows(queryset.iterator(chunk_size=1000)):
            yield self.write_csv_row(writer, row)

    def write_xlsx_response(self, queryset: "QuerySet[Any]") -> FileResponse:
        """Made in a file and not in memory: a year of seats is tens of megabytes."""
        output = _on_disk()
        self.write_xlsx(queryset, output)
        output.seek(0)
        return FileResponse(output, as_attachment=True, content_type=XLSX, filename=f"{self.get_filename()}.xlsx")

    def write_xlsx(self, queryset: "QuerySet[Any]", output: Any) -> None:
        workbook = Workbook(write_only=True, iso_dates=True)
        sheet = workbook.create_sheet(title=self.file_name.replace("-", " ")[:31])
        first = self.report_columns[0].name
        rows = self.file_rows(queryset.iterator(chunk_size=1000))
        for row in begin_sheet(sheet, self.list_export, rows, dict.values):
            cells = self.generate_xlsx_row(sheet, row)
            sheet.append(in_bold(cells) if row[first] == TOTAL else cells)
        workbook.save(output)


def _on_disk() -> IO[bytes]:
    """A file without a name; whoever has it closes it, here the response."""
    return TemporaryFile()


def _with(query: Any, kind: str) -> str:
    query = query.copy()
    query["export"] = kind
    return str(query.urlencode())
