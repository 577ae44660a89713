"""The member list as a table: a CSV or XLSX file read into rows, and the list written as the same rows."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from events.cells import as_typed
from events.models import Membership

#: The columns of the file, import and export alike.
COLUMNS = (
    "organisation",
    "enterprise_number",
    "municipality",
    "country",
    "scheme",
    "role",
    "valid_from",
    "valid_until",
    "evidence",
    "domains",
    "code",
)
MOST_ROWS = 5000


class UnreadableFile(Exception):
    """The file is no table of ours; the text says why."""


def read_table(name: str, content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV (UTF-8; comma or semicolon) or XLSX file. Raises UnreadableFile."""
    try:
        lines = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
        rows = [[str(cell) for cell in line] for line in lines]
    except Exception as error:
        raise UnreadableFile(_("This file cannot be read. Save it as CSV (UTF-8) or XLSX.")) from error
    if not rows:
        raise UnreadableFile(_("The file is empty."))
    heading = [cell.strip().lower() for cell in rows[0]]
    if missing := [column for column in ("organisation", "scheme") if column not in heading]:
        raise UnreadableFile(_("The file lacks these columns: %(columns)s.") % {"columns": ", ".join(missing)})
    if unknown := [column for column in heading if column and column not in COLUMNS]:
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
    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def member_table() -> Iterable[list[str]]:
    """The whole list as rows, heading first: what import_members reads back without a change."""
    yield list(COLUMNS)
    memberships = Membership.objects.select_related("organisation", "scheme").prefetch_related(
        "organisation__email_domains", "organisation__codes"
    )
    for membership in memberships.order_by("organisation__name", "scheme__slug", "role"):
        organisation = membership.organisation
        codes = [code.code for code in organisation.codes.all()]
        yield [
            organisation.name,
            organisation.enterprise_number,
            organisation.municipality,
            organisation.country,
            membership.scheme.slug,
            membership.role,
            membership.valid_from.isoformat() if membership.valid_from else "",
            membership.valid_until.isoformat() if membership.valid_until else "",
            membership.evidence,
            " ".join(domain.domain for domain in organisation.email_domains.all()),
            codes[0] if codes else "",
        ]
