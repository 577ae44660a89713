"""The member list as a table: read, judged row by row, written as a whole or not at all, and given back the same."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from cms.models import Organisation
from cms.validators import normal_enterprise_number
from events.history import told
from events.models import EmailDomain, Membership, OrganisationCode, Scheme

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


class Result(NamedTuple):
    """What becomes of one row of the file; `number` counts from 2, as a spreadsheet does below its heading."""

    number: int
    organisation: str
    #: "new", "changed", "same" or "wrong".
    outcome: str
    errors: list[str]
    #: What is or would be another value than before, old and new.
    changes: Sequence[str] = ()


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
    return [dict(zip(heading, (cell.strip() for cell in row), strict=False)) for row in rows[1:]]


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


@told("import_members")
def import_members(*, rows: list[dict[str, str]], dry_run: bool, at: datetime, by: Any = None) -> list[Result]:
    """Make the member list agree with the table. A dry run writes nothing; nor does a table with a wrong row.

    An organisation is known by its enterprise number, else by its name. A column the file lacks, or a row ends before,
    changes nothing; an empty cell empties. Nothing is ever deleted: a membership ends by its last day.
    """
    with transaction.atomic():
        # One import at a time: two in opposite order would wait for each other's rows.
        list(Scheme.objects.select_for_update(no_key=True).order_by("pk"))
        results = [_row(number, row) for number, row in enumerate(rows, start=2) if any(row.values())]
        if dry_run or any(result.outcome == "wrong" for result in results):
            transaction.set_rollback(True)
    return results


def _row(number: int, row: dict[str, str]) -> Result:
    name = row.get("organisation", "").replace("\x00", "")
    found = Found()
    try:
        if any("\x00" in cell for cell in row.values()):
            raise ValidationError(_("A cell holds a sign that cannot be kept (NUL)."))
        with transaction.atomic():
            _write(row, found)
    except ValidationError as error:
        return Result(number, name, "wrong", list(error.messages))
    outcome = "new" if found.is_new else "changed" if found.changes else "same"
    return Result(number, name, outcome, [], found.changes)


@dataclass
class Found:
    """What one row turned out to change: "evidence: a list -> a letter"."""

    is_new: bool = False
    changes: list[str] = field(default_factory=list)

    def note(self, row: Any, name: str, value: Any) -> None:
        """Set a field to its new value, and remember it when that is another one."""
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            label = row._meta.get_field(name).verbose_name
            self.changes.append(f"{label}: {_said(before)} → {_said(value)}")


def _said(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


def _write(row: dict[str, str], found: Found) -> None:
    """Raises ValidationError with everything that is wrong with the row. A column the file lacks changes nothing."""
    country = (row.get("country") or "BE").upper()
    enterprise_number = normal_enterprise_number(row.get("enterprise_number", ""), country)
    scheme = _scheme(row.get("scheme", ""))
    role = row.get("role") or Membership.Role.PURCHASER
    if role not in Membership.Role:
        raise ValidationError(_("The role is “purchaser” or “facilitator”."))
    organisation = _organisation(row, country, enterprise_number, found)
    _membership(organisation, scheme, role, row, found)
    for domain in row.get("domains", "").replace(",", " ").split():
        known = EmailDomain.objects.filter(domain=domain.strip().lower().lstrip("@")).first()
        if known is None:
            known = EmailDomain(organisation=organisation, domain=domain)
            known.full_clean()
            known.save()
            found.changes.append(f"{EmailDomain._meta.verbose_name}: + {known.domain}")
        elif known.organisation_id != organisation.pk:
            raise ValidationError(
                _("%(domain)s belongs to %(other)s.") % {"domain": domain, "other": known.organisation}
            )
    if code := row.get("code"):
        written = OrganisationCode.objects.written(code).first()
        if written is None:
            written = OrganisationCode(organisation=organisation, code=code)
            written.full_clean()
            written.save()
            found.changes.append(f"{OrganisationCode._meta.verbose_name}: + {written.code}")
        elif written.organisation_id != organisation.pk:
            raise ValidationError(_("The code %(code)s belongs to another organisation.") % {"code": code})


def _scheme(written: str) -> Scheme:
    """By its slug, as the export writes it, or by its name as people do."""
    schemes = list(Scheme.objects.order_by("slug"))
    for scheme in schemes:
        if written == scheme.slug or written.casefold() in (scheme.name_nl.casefold(), scheme.name_en.casefold()):
            return scheme
    known = ", ".join(f"{scheme.slug} ({scheme.name})" for scheme in schemes)
    raise ValidationError(
        _("There is no scheme “%(written)s”. There are: %(known)s.") % {"written": written, "known": known or "–"}
    )


def _organisation(row: dict[str, str], country: str, enterprise_number: str, found: Found) -> Organisation:
    known = None
    name = row.get("organisation", "")
    if enterprise_number:
        known = Organisation.objects.filter(enterprise_number=enterprise_number).first()
    known = known or Organisation.objects.filter(name__iexact=name).first()
    found.is_new = known is None
    organisation = known or Organisation(name=name, country=country)
    before = len(found.changes)
    facts = {"enterprise_number": enterprise_number, "municipality": row.get("municipality", "")}
    for field_name, value in facts.items():
        if value:
            found.note(organisation, field_name, value)
    if found.is_new or len(found.changes) > before:
        organisation.full_clean()
        organisation.save()
    return organisation


def _membership(organisation: Organisation, scheme: Scheme, role: str, row: dict[str, str], found: Found) -> None:
    known = Membership.objects.filter(organisation=organisation, scheme=scheme, role=role).first()
    membership = known or Membership(organisation=organisation, scheme=scheme, role=role)
    before = len(found.changes)
    for name in ("valid_from", "valid_until", "evidence"):
        if name in row:
            found.note(membership, name, row[name] if name == "evidence" else _day(row[name]))
    if known is None and not found.is_new:
        found.changes.append(f"{Membership._meta.verbose_name}: + {scheme}")
    if known is None or len(found.changes) > before:
        membership.full_clean()
        membership.save()


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ValidationError(_("“%(day)s” is no day: write it as 2027-01-31.") % {"day": written}) from error


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
