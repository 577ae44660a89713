"""The member list from a table: judged row by row with all that is wrong, written as a whole or not at all."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cms.actions.address_book import known_country, known_organisation
from cms.judging import Found, Result, day, judge
from cms.models import Organisation
from cms.validators import normal_enterprise_number
from events.history import told
from events.models import EmailDomain, Membership, OrganisationCode, Scheme

#: Where a field of a model is called otherwise than its column.
COLUMN_OF = {"name": "organisation", "domain": "domains"}


@told("import_members")
def import_members(
    *, rows: list[dict[str, str]], dry_run: bool, at: datetime, by: Any = None, foreseen: str = ""
) -> list[Result]:
    """Make the member list agree with the table. A dry run writes nothing; nor does a table with a wrong row.

    An organisation is known by its enterprise number, else by its name; where the two name different ones the row is
    wrong. A column the file lacks, or a row ends before, changes nothing; an empty cell empties. Nothing is ever
    deleted: a membership ends by its last day. Raises OutcomeDiffers when the outcome is not the one whose fingerprint
    was `foreseen`.
    """
    with transaction.atomic():
        # One import at a time: two in opposite order would wait for each other's rows.
        list(Scheme.objects.select_for_update(no_key=True).order_by("pk"))
        return judge(rows, _write, named="organisation", dry_run=dry_run, foreseen=foreseen, column_of=dict(COLUMN_OF))


def _write(row: dict[str, str], found: Found) -> None:
    """Write what the row says, or note everything that is wrong with it. A column the file lacks changes nothing."""
    country, number, scheme = "BE", "", None
    with found.fault_of("country"):
        country = known_country(row.get("country", ""))
    with found.fault_of("enterprise_number"):
        number = normal_enterprise_number(row.get("enterprise_number", ""), country)
    with found.fault_of("scheme"):
        scheme = _scheme(row.get("scheme", ""))
    organisation = _organisation(row, country, number, found)
    _membership(organisation, scheme, row, found)
    for domain in row.get("domains", "").replace(",", " ").split():
        with found.fault_of("domains"):
            _domain(organisation, domain, found)
    if code := row.get("code"):
        with found.fault_of("code"):
            _code(organisation, code, found)


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


def _organisation(row: dict[str, str], country: str, number: str, found: Found) -> Organisation | None:
    """The one the row is about, written when it is new or changed; None when something is wrong with that."""
    name = " ".join(row.get("organisation", "").split())
    before, faults = len(found.changes), len(found.errors)
    known = None
    with found.fault_of("enterprise_number" if number else "organisation"):
        known = known_organisation(name, country, number)
    if known is not None and row.get("country") and known.country != country:
        with found.fault_of("country"):
            raise ValidationError(
                _("“%(name)s” is in %(country)s in the address book.")
                % {"name": known.name, "country": known.get_country_display()}
            )
    if len(found.errors) > faults:
        return None
    found.is_new = known is None
    organisation = known or Organisation(name=name, country=country)
    found.name = organisation.name
    facts = {"enterprise_number": number, "municipality": row.get("municipality", "")}
    for field_name, value in facts.items():
        if value:
            found.note(organisation, field_name, value)
    if found.is_new or len(found.changes) > before:
        with found.fault_of("organisation"):
            organisation.full_clean()
            organisation.save()
    return organisation if len(found.errors) == faults else None


def _membership(organisation: Organisation | None, scheme: Scheme | None, row: dict[str, str], found: Found) -> None:
    role = row.get("role") or Membership.Role.PURCHASER
    facts = {"organisation": organisation, "scheme": scheme, "role": role if role in Membership.Role else None}
    missing = [name for name, value in facts.items() if value is None]
    if facts["role"] is None:
        with found.fault_of("role"):
            raise ValidationError(_("The role is “purchaser” or “facilitator”."))
    known = None if missing else Membership.objects.filter(**facts).first()
    membership = known or Membership(**{name: value for name, value in facts.items() if value is not None})
    before = len(found.changes)
    for name in ("valid_from", "valid_until", "evidence"):
        if name in row:
            with found.fault_of(name):
                found.note(membership, name, row[name] if name == "evidence" else day(row[name]))
    if known is None and not found.is_new:
        found.changes.append(f"{Membership._meta.verbose_name}: + {scheme}")
    if known is None or len(found.changes) > before:
        with found.fault_of("valid_until"):
            membership.full_clean(exclude=missing)
            if not found.errors:
                membership.save()


def _domain(organisation: Organisation | None, written: str, found: Found) -> None:
    known = EmailDomain.objects.filter(domain=written.strip().lower().lstrip("@")).first()
    if known is None:
        domain = EmailDomain(domain=written)
        domain.full_clean(exclude=["organisation"])
        not_yet = _("not verified yet, so it proves nothing")
        found.changes.append(f"{EmailDomain._meta.verbose_name}: + {domain.domain} ({not_yet})")
        if organisation is not None:
            domain.organisation = organisation
            domain.save()
    elif organisation is not None and known.organisation_id != organisation.pk:
        raise ValidationError(_("%(domain)s belongs to %(other)s.") % {"domain": written, "other": known.organisation})


def _code(organisation: Organisation | None, written: str, found: Found) -> None:
    known = OrganisationCode.objects.written(written).first()
    if known is None:
        code = OrganisationCode(code=written)
        code.full_clean(exclude=["organisation"])
        found.changes.append(f"{OrganisationCode._meta.verbose_name}: + {code.code}")
        if organisation is not None:
            code.organisation = organisation
            code.save()
    elif organisation is not None and known.organisation_id != organisation.pk:
        raise ValidationError(_("The code %(code)s belongs to another organisation.") % {"code": written})
