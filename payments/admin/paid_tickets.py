"""The report "Paid tickets": one row per paid seat, on screen and as CSV and XLSX. The figures: payments.reports."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.mixins import Echo
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminDateInput
from wagtail.permissions import policy_registry

from events.admin.read_only import FigureColumn
from events.admin.spreadsheets import TidyExport, local
from events.models import Attendee, Event, TicketType
from payments.models import LedgerEntry
from payments.reports import PaidTicketFilters, TicketMoney, Totals, paid_tickets, totals

#: The first cell of the last row in both files.
TOTAL = "TOTAL"
#: Figures that are added up, named as in Totals and as annotated by paid_tickets().
FIGURES = tuple(field.name for field in fields(Totals) if field.name != "tickets")


@dataclass(frozen=True)
class ReportColumn:
    """One column: its name in the files (a contract, never translated), its label on screen, its value.

    `shown` is what the screen says where that differs from what the files say.
    """

    name: str
    label: Any
    value: Callable[[Any], Any]
    shown: Callable[[Any], Any] | None = None
    is_figure: bool = False

    def on_screen(self) -> Column:
        kind = FigureColumn if self.is_figure else Column
        return kind(self.name, label=self.label, accessor=self.shown or self.value)


COLUMNS = (
    ReportColumn("paid_on", gettext_lazy("Paid on"), lambda seat: local(seat.paid_at).date()),
    ReportColumn("event", gettext_lazy("Event"), lambda seat: seat.event.name),
    ReportColumn("event_date", gettext_lazy("Event date"), lambda seat: local(seat.event.starts_at).date()),
    ReportColumn("reference", gettext_lazy("Reference"), lambda seat: seat.registration.reference),
    ReportColumn("attendee", gettext_lazy("Attendee"), lambda seat: seat.name),
    ReportColumn("organisation", gettext_lazy("Organisation"), lambda seat: seat.registration.organisation_name),
    ReportColumn("ticket_type", gettext_lazy("Ticket type"), lambda seat: seat.ticket_type.name),
    ReportColumn("status", gettext_lazy("Status"), lambda seat: seat.money, lambda seat: TicketMoney(seat.money).label),
    ReportColumn("vat_country", gettext_lazy("VAT country"), lambda seat: seat.event.vat_country),
    ReportColumn("vat_rate", gettext_lazy("VAT rate (%)"), lambda seat: seat.vat_rate, is_figure=True),
    ReportColumn("net", gettext_lazy("Excl. VAT"), lambda seat: seat.net, is_figure=True),
    ReportColumn("vat", gettext_lazy("VAT"), lambda seat: seat.vat, is_figure=True),
    ReportColumn("gross", gettext_lazy("Incl. VAT"), lambda seat: seat.gross, is_figure=True),
    ReportColumn("fee", gettext_lazy("Fee"), lambda seat: seat.fee, is_figure=True),
    ReportColumn("refunded", gettext_lazy("Refunded"), lambda seat: seat.refunded, is_figure=True),
    ReportColumn("left", gettext_lazy("What is left"), lambda seat: seat.left, is_figure=True),
)


def a_day(label: Any) -> django_filters.DateFilter:
    """A day as 2026-03-31, whatever the language; centuries away is a typing error."""
    return django_filters.DateFilter(
        label=label,
        widget=AdminDateInput,
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))],
    )


class TicketTypeField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: TicketType) -> str:
        return f"{obj.event}: {obj.name}"


class TicketTypeFilter(django_filters.ModelChoiceFilter):
    field_class = TicketTypeField


class PaidTicketsForm(forms.Form):
    """The filters together: a period ends after it begins."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in (("paid_from", "paid_until"), ("event_from", "event_until")):
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, ValidationError(_("The last day should not come before the first.")))
        return cleaned


class PaidTicketsFilterSet(WagtailFilterSet):
    paid_from = a_day(gettext_lazy("Paid from"))
    paid_until = a_day(gettext_lazy("Paid until"))
    event_from = a_day(gettext_lazy("Event from"))
    event_until = a_day(gettext_lazy("Event until"))
    event = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Event"),
        queryset=Event.objects.order_by("-starts_at", "-pk"),
        empty_label=gettext_lazy("All"),
    )
    ticket_type = TicketTypeFilter(
        label=gettext_lazy("Ticket type"),
        queryset=TicketType.objects.select_related("event").order_by(
            "-event__starts_at", "-event__pk", "sort_order", "pk"
        ),
        empty_label=gettext_lazy("All"),
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"), choices=TicketMoney, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Attendee
        fields: list[str] = []
        form = PaidTicketsForm

    def asked(self) -> PaidTicketFilters:
        """The valid form as filters."""
        cleaned = self.form.cleaned_data
        return PaidTicketFilters(
            paid_from=cleaned["paid_from"],
            paid_until=cleaned["paid_until"],
            event_from=cleaned["event_from"],
            event_until=cleaned["event_until"],
            event=cleaned["event"].pk if cleaned["event"] else None,
            ticket_type=cleaned["ticket_type"].pk if cleaned["ticket_type"] else None,
            status=cleaned["status"] or None,
        )

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
    totals: Totals

    def footer(self) -> list[tuple[Column, Any]]:
        return [(column, getattr(self.totals, name, None)) for name, column in self.columns.items()][1:]


class PaidTicketsReport(TidyExport, ReportView):
    page_title = gettext_lazy("Paid tickets")
    header_icon = "doc-full-inverse"
    model = Attendee
    permission_required = "view"
    index_url_name = "paid_tickets"
    index_results_url_name = "paid_tickets_results"
    results_template_name = "payments/admin/paid_tickets_results.html"
    filterset_class = PaidTicketsFilterSet
    table_class = FiguresTable
    columns = [column.on_screen() for column in COLUMNS]
    list_export = [column.name for column in COLUMNS]

    @cached_property
    def permission_policy(self) -> Any:
        """Whoever may read the ledger may read this."""
        return policy_registry.get_by_type(LedgerEntry)

    def get_filtered_queryset(self) -> "QuerySet[Attendee]":
        """Nothing for a filter that cannot be used: everything would look like an answer to it."""
        return paid_tickets(self.filters.asked()) if self.filters.is_valid() else Attendee.objects.none()

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
        table.totals = totals(self.object_list) if self.filters.is_valid() else Totals()
        return table

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        problems = [] if self.filters.is_valid() else self.filters.problems()
        return {**super().get_context_data(*args, **kwargs), "problems": problems}

    # --- Files ------------------------------------------------------------------------------------------------------
    # The last row adds up what was written above it, so a file adds up also when money comes in while it is made.

    def get_filename(self) -> str:
        return f"paid-tickets-{timezone.localdate():%Y-%m-%d}"

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {column.name: column.value(item) for column in COLUMNS}

    def file_rows(self, seats: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """Each seat's row, then the totals."""
        sums = {name: getattr(Totals(), name) for name in FIGURES}
        for seat in seats:
            row = self.to_row_dict(seat)
            for name in FIGURES:
                sums[name] += row[name]
            yield row
        yield {column.name: sums.get(column.name, "") for column in COLUMNS} | {COLUMNS[0].name: TOTAL}

    def stream_csv(self, queryset: "QuerySet[Attendee]") -> Iterator[bytes]:
        writer = csv.DictWriter(Echo(), fieldnames=self.list_export)
        yield writer.writerow({name: name for name in self.list_export})
        for row in self.file_rows(queryset.iterator(chunk_size=1000)):
            yield self.write_csv_row(writer, row)

    def write_xlsx(self, queryset: "QuerySet[Attendee]", output: Any) -> None:
        workbook = Workbook(write_only=True, iso_dates=True)
        sheet = workbook.create_sheet(title="paid tickets")
        sheet.freeze_panes = "A2"
        bold = Font(bold=True)

        def in_bold(cells: Iterable[Any]) -> Iterator[Any]:
            for cell in cells:
                cell.font = bold
                yield cell

        sheet.append(in_bold(WriteOnlyCell(sheet, name) for name in self.list_export))
        for row in self.file_rows(queryset.iterator(chunk_size=1000)):
            cells = self.generate_xlsx_row(sheet, row)
            sheet.append(in_bold(cells) if row[COLUMNS[0].name] == TOTAL else cells)
        workbook.save(output)
