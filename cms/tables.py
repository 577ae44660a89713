"""A table somebody hands in: a CSV or XLSX file read into rows, one dict each, by the columns it has to have."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from cms.cells import as_typed

MOST_ROWS = 5000
#: The widest of our own tables has some thirty.
MOST_COLUMNS = 100
#: Bytes an XLSX file may unpack to: some of it is read as a whole before its first row.
MOST_UNPACKED = 50 * 1024 * 1024
# How long a cell may be is for each column to say, with its row and name. Python's own limit would make a file that
# passes it unreadable; this one is above any file a screen takes.
csv.field_size_limit(2**24)


class UnreadableFile(Exception):
    """The file is not the table we asked for; the text says why."""


def read_table(name: str, content: bytes, *, columns: Collection[str], needed: Collection[str]) -> list[dict[str, str]]:
    """The rows of a CSV (UTF-8; comma or semicolon) or XLSX file whose first row names its columns.

    It has all those `needed` and none but `columns`, in any order. Cells are text without spaces around it; a day is
    written 2027-01-31. Raises UnreadableFile, also for more than MOST_ROWS rows or MOST_COLUMNS columns; no
    more than those is read, however much a small file says it holds.
    """
    try:
        lines = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
        rows = [[str(cell) for cell in _narrow(line)] for line in islice(lines, MOST_ROWS + 1)]
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(_("This file cannot be read. Save it as CSV (UTF-8) or XLSX.")) from error
    if not rows:
        raise UnreadableFile(_("The file is empty."))
    heading = [cell.strip().lower() for cell in rows[0]]
    if missing := [column for column in needed if column not in heading]:
        raise UnreadableFile(_("The file lacks these columns: %(columns)s.") % {"columns": ", ".join(missing)})
    if unknown := [column for column in heading if column and column not in columns]:
        raise UnreadableFile(_("We do not know these columns: %(columns)s.") % {"columns": ", ".join(unknown)})
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_("At most %(most)s rows at once.") % {"most": MOST_ROWS})
    if not any(cell.strip() for row in rows[1:] for cell in row):
        raise UnreadableFile(_("The file holds no rows below its heading."))
    return [dict(zip(heading, (as_typed(cell.strip()).strip() for cell in row), strict=False)) for row in rows[1:]]


def _csv(content: bytes) -> Iterator[list[str]]:
    text = content.decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    return csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")


def _xlsx(content: bytes) -> Iterator[list[str]]:
    with ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise UnreadableFile(_("The file is too large."))
    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    # Rows and columns that the file skips are made up on the way: not beyond what is refused.
    rows = sheet.iter_rows(
        max_row=MOST_ROWS + 1, max_col=min(sheet.max_column or 0, MOST_COLUMNS + 1), values_only=True
    )
    for row in rows:
        yield [_cell(value) for value in row]


def _narrow(line: Sequence[str]) -> Sequence[str]:
    if len(line) > MOST_COLUMNS:
        raise UnreadableFile(
            _("At most %(most)s columns: delete what stands beside the table, empty columns too.")
            % {"most": MOST_COLUMNS}
        )
    return line


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if isinstance(value, datetime) else str(value)
