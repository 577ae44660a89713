"""CSV and XLSX as this house writes them: harmless text, local times, money as numbers with two decimals."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from wagtail.admin.views.mixins import SpreadsheetExportMixin

# A worksheet cannot hold these; openpyxl raises on them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: A cell that starts like this is run as a formula by the spreadsheet that opens it.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """What a stranger typed, as text that no spreadsheet runs: an apostrophe goes before a formula's first sign.

    Also where the sign comes after spaces, and in XLSX too, so that saving that file as CSV brings nothing to life.
    """
    text = _UNWRITABLE.sub("", text)
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) else text


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
