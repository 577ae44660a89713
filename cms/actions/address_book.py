"""The address book from a table: who is in it already, and what becomes of each row."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from cms.countries import COUNTRIES
from cms.judging import Found, Result, Row, judge
from cms.models import Organisation
from cms.tables import read_table
from cms.validators import normal_enterprise_number

#: The columns of the file, import and export alike.
COLUMNS = ("name", "kind", "municipality", "country", "website", "enterprise_number", "vat_number")
NEEDED = ("name",)
#: Of the lock that keeps two imports from each other.
ONE_AT_A_TIME = 7_310_001
#: What a name may have or lack and still be the same one.
LEGAL_FORMS = frozenset(
    [
        *("ag", "asbl", "bv", "bvba", "commv", "cv", "cvba", "gmbh", "ivzw", "ltd", "nv", "sa", "sarl"),
        *("sas", "scrl", "sprl", "srl", "vof", "vzw"),
    ]
)


def read_organisations(name: str, content: bytes) -> list[Row]:
    """The rows of a file that is an address book. Raises cms.tables.UnreadableFile."""
    return read_table(name, content, columns=COLUMNS, needed=NEEDED)


def organisation_table() -> Iterable[list[str]]:
    """The whole address book as rows, heading first: what import_organisations reads back without a change."""
    yield list(COLUMNS)
    for organisation in Organisation.objects.order_by("name", "pk"):
        yield [str(getattr(organisation, column)) for column in COLUMNS]


def import_organisations(*, rows: list[Row], by: Any, dry_run: bool, foreseen: str = "") -> list[Result]:
    """Make the address book agree with the table. A dry run writes nothing; nor does a table with a wrong row.

    An organisation is known by its enterprise number, else by its name. A column the file lacks changes nothing; an
    empty cell empties. Nobody is taken out. A row that changes one is wrong when this person may add but not change.
    Raises cms.judging.OutcomeDiffers when the outcome is not the one whose fingerprint was `foreseen`.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return judge(rows, lambda row, found: _write(row, found, by), named="name", dry_run=dry_run, foreseen=foreseen)


def _write(row: Row, found: Found, by: Any) -> None:
    name = " ".join(row.get("name", "").split())
    country, number, known = "BE", "", None
    wrong: list[str] = []
    with found.fault_of("country"):
        country = known_country(row.get("country", ""))
    if found.errors:
        wrong = ["country", "enterprise_number"]  # each country has numbers of its own
    else:
        with found.fault_of("enterprise_number"):
            number = normal_enterprise_number(row.get("enterprise_number", ""), country)
            known = known_organisation(name, country, number)
        if found.errors:
            wrong = ["enterprise_number"]
    found.about.add((country, number.casefold()) if number else name.casefold())
    found.is_new = known is None
    organisation = known or Organisation()
    facts = {**{column: row[column] for column in COLUMNS if column in row}, "name": name}
    facts |= {"country": country} if "country" in row or known is None else {}
    facts |= {"enterprise_number": number} if "enterprise_number" in row else {}
    if not facts.get("kind", "x"):
        facts["kind"] = Organisation.Kind.PRIVATE
    for column, value in facts.items():
        if column not in wrong:
            found.note(organisation, column, value)
    if known and (found.changes or found.errors) and not by.has_perm("cms.change_organisation"):
        with found.fault_of("name"):
            raise ValidationError(_("This organisation is in the address book already, and you may not change it."))
    if found.is_new or found.changes:
        with found.fault_of("name"):
            organisation.full_clean(exclude=wrong)
            if not found.errors:
                organisation.save()
    if organisation.pk:
        found.about.add(organisation.pk)


def known_country(written: str) -> str:
    """BE for nothing. Raises ValidationError for another than those the site knows."""
    country = written.upper() or "BE"
    if country not in dict(COUNTRIES):
        raise ValidationError(_("“%(written)s” is no country of ours: write BE or NL.") % {"written": written})
    return country


def known_organisation(name: str, country: str, number: str) -> Organisation | None:
    """The one in the address book by its number, else by its name; None for a new one.

    Raises ValidationError where the two say different things, or too little.
    """
    holder = Organisation.objects.filter(country=country, enterprise_number__iexact=number).first() if number else None
    if holder is not None:
        if name and _essence(name) != _essence(holder.name):
            raise ValidationError(
                _(
                    "%(number)s belongs to “%(holder)s”. Correct the number, or write that name; if it is called "
                    "“%(name)s” by now, change its name in the address book first."
                )
                % {"number": _dotted(number), "holder": holder.name, "name": name}
            )
        return holder
    namesakes = list(Organisation.objects.filter(name__iexact=name).order_by("pk")) if name else []
    if number and namesakes:
        unnumbered = [known for known in namesakes if not known.enterprise_number]
        if not unnumbered:
            raise ValidationError(
                _(
                    "“%(name)s” has the number %(number)s in the address book. Correct the row, or change the number "
                    "there first."
                )
                % {"name": namesakes[0].name, "number": _dotted(namesakes[0].enterprise_number)}
            )
        namesakes = unnumbered
    if len(namesakes) > 1:
        raise ValidationError(
            _("More than one organisation is called “%(name)s”: give its enterprise number.") % {"name": name}
        )
    return namesakes[0] if namesakes else None


def _essence(name: str) -> list[str]:
    """The words of a name, whatever its case, spaces, signs and legal form: "N.V. De Kade" is "de kade"."""
    words = re.findall(r"\w+", name.casefold().replace(".", ""))
    return [word for word in words if word not in LEGAL_FORMS] or words


def _dotted(number: str) -> str:
    """A Belgian enterprise number as people write it."""
    is_belgian = len(number) == 10 and number.isdigit()
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if is_belgian else number
