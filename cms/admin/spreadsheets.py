"""CSV and XLSX as this house writes them: harmless text, local times, money as numbers with two decimals."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TypeVar

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from wagtail.admin.views.mixins import ExcelDateFormatter, SpreadsheetExportMixin

from cms.cells import harmless

Row = TypeVar("Row")

#: So many rows are looked at for the width of the columns, and kept in memory meanwhile.
LOOKED_AT = 200
NARROWEST, WIDEST = 8, 60


def local(moment: datetime) -> datetime:
    """On the clock of the Tour, whatever time zone the reader of the admin chose: a file means the same to everyone."""
    return moment.astimezone(timezone.get_default_timezone())


def said_in(language: str | None, stream: Iterable[bytes]) -> Iterator[bytes]:
    """A streamed answer is made after the request, when its language is forgotten; each piece is made in it here."""
    pieces = iter(stream)
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def begin_sheet(
    sheet: Any, heading: Sequence[str], rows: Iterable[Row], cells: Callable[[Row], Iterable[Any]]
) -> Iterator[Row]:
    """Write the heading, in bold and in sight however far one scrolls, over columns as wide as the first rows need.

    Gives all the rows back, those that were looked at first. `sheet` is a new one that is only written to: its widths
    come before its rows.
    """
    remaining = iter(rows)
    first = list(islice(remaining, LOOKED_AT))
    for number, column in enumerate(zip(heading, *(cells(row) for row in first), strict=True), start=1):
        longest = max(_width(value) for value in column)
        sheet.column_dimensions[get_column_letter(number)].width = max(NARROWEST, min(longest + 2, WIDEST))
    sheet.freeze_panes = "A2"
    sheet.append(in_bold(WriteOnlyCell(sheet, name) for name in heading))
    return chain(first, remaining)


def in_bold(cells: Iterable[Any]) -> Iterator[Any]:
    for cell in cells:
        cell.font = Font(bold=True)
        yield cell


def _width(value: Any) -> int:
    """How many signs it takes on screen, about."""
    if isinstance(value, datetime):
        return len("2027-01-31 12:00")
    text = f"{value:.2f}" if isinstance(value, Decimal) else str(value)
    return max((len(line) for line in text.splitlines()), default=0)


class TidyExport(SpreadsheetExportMixin):
    """Wagtail's own export with the house's rules. CSV is for machines: ISO times, a dot in numbers."""

    custom_value_preprocess = {
        # Before date: a datetime is one.
        datetime: {
            "csv": lambda value: local(value).isoformat(timespec="minutes"),
            "xlsx": lambda value: local(value).replace(tzinfo=None),
        },
        date: {"csv": date.isoformat, "xlsx": None},
        Decimal: {"csv": lambda value: f"{value:.2f}", "xlsx": None},
    }

    def write_csv_response(self, queryset: Any) -> StreamingHttpResponse:
        response: StreamingHttpResponse = super().write_csv_response(queryset)
        response.streaming_content = said_in(get_language(), response.streaming_content)  # type: ignore[arg-type]
        return response

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        written = super().preprocess_field_value(field, value, export_format)
        # Our own figures may start with a minus sign; what a person typed may not.
        return harmless(written) if isinstance(written, str) and not isinstance(value, Decimal) else written

    def write_xlsx(self, queryset: Any, output: Any) -> None:
        workbook = Workbook(write_only=True, iso_dates=True)
        sheet = workbook.create_sheet(title="Sheet1")
        heading = [self.get_heading(queryset, field) for field in self.list_export]
        date_format = ExcelDateFormatter().get()
        for row in begin_sheet(sheet, heading, map(self.to_row_dict, queryset), dict.values):
            sheet.append(self.generate_xlsx_row(sheet, row, date_format=date_format))
        workbook.save(output)

    def generate_xlsx_row(
        self, worksheet: Any, row_dict: dict[str, Any], date_format: str | None = None
    ) -> Iterator[Any]:
        cells = super().generate_xlsx_row(worksheet, row_dict, date_format=date_format)
        for value, cell in zip(row_dict.values(), cells, strict=True):
            if isinstance(value, Decimal):
                cell.number_format = "0.00"
            elif isinstance(value, date) and not isinstance(value, datetime):
                cell.number_format = "yyyy-mm-dd"
            yield cell
