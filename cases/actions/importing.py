"""Cases from a table: judged row by row with all that is wrong, written as drafts, as a whole or not at all.

Nothing goes live by it: a new case is a draft, an existing one gets a draft beside what is public, and both go the way
of any draft. Nothing is ever deleted: a lesson or figure that the table lacks stays.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from cases import cpv
from cases.actions.case_table import CHOICES, FIELD_OF, FIGURE_COLUMNS, LISTS, RICH, ROLES, TEXTS
from cases.actions.drafts import Drafts
from cases.actions.party_cells import Party, read_parties, single_spaced
from cases.actions.rich_text import change_of, rich
from cases.models import CaseIndexPage, CasePage, CaseParty, CaseSource, ImpactFigure
from cases.obstacles import lacks_of_figure
from cms.judging import Found, Result, Row, day, judge

#: Of the parts of a case that the rows before named: how many rows did, and how many parts had that name at first.
Met = dict[tuple[int, str], tuple[int, int]]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def import_cases(
    *, kind: str, rows: list[Row], index: CaseIndexPage, by: Any, dry_run: bool, foreseen: str = ""
) -> list[Result]:
    """Make the drafts below this index page agree with a table of "cases", "lessons" or "figures".

    A case is known by its slug, a lesson by its title and a figure by what it says; of several that say the same the
    first row is about the first. A column the file lacks changes nothing; an empty cell empties. A row that changes
    what this person could not change in its editor, for want of permission or for a lock, is wrong. Raises
    cms.judging.OutcomeDiffers when the outcome is not the one `foreseen`.
    """
    write, named = {
        "cases": (_write_case, "slug"),
        "lessons": (_write_lesson, "title"),
        "figures": (_write_figure, "label"),
    }[kind]
    met: Met = {}
    drafts = Drafts(index, by)
    with transaction.atomic():
        # One import at a time: two in opposite order would wait for each other's pages.
        CaseIndexPage.objects.select_for_update(no_key=True, of=("self",)).get(pk=index.pk)
        results = judge(
            rows, lambda row, found: write(row, found, drafts, met), named=named, dry_run=dry_run, foreseen=foreseen
        )
        if not dry_run and all(result.outcome != "wrong" for result in results):
            drafts.save()
        return results


def _write_case(row: Row, found: Found, drafts: Drafts, _met: Met) -> None:
    slug = row.get("slug", "")
    found.about.add(slug.casefold())
    with found.fault_of("slug"):
        if not _SLUG.fullmatch(slug) or len(slug) > 255:
            raise ValidationError(
                _("“%(slug)s” is no address: write small letters, digits and hyphens, as in “city-hall”.")
                % {"slug": slug}
            )
    known = drafts.fresh(slug)
    found.is_new = known is None
    case = known or CasePage(slug=slug, locale=drafts.index.locale, live=False)
    for name in TEXTS:
        _take(row, name, case, found, lambda written, field: _text(written, field))
    for name in CHOICES:
        _take(row, name, case, found, _choice)
    for name in LISTS:
        _take(row, name, case, found, _choices)
    for name in RICH:
        _take_rich(row, name, case, found)
    _take(row, "cpv", case, found, lambda written, _field: _codes(written))
    _take(row, "checked_on", case, found, lambda written, _field: day(written))
    _take_parties(row, case, found)
    _take_sources(row, case, found)
    _check(case, found, set(TEXTS) | set(LISTS) | {"sdgs"})
    _refuse_what_is_not_theirs(case, found, drafts, "slug")
    _save(case, found, drafts)


def _write_lesson(row: Row, found: Found, drafts: Drafts, met: Met) -> None:
    case = _case_of(row, found, drafts)
    if case is None:
        return
    with _part(case, case.lessons, "title", row, found, drafts, met) as lesson:
        _take(row, "phase", lesson, found, _choice)
        for name in ("text", "conditions", "pitfalls", "when_not"):
            _take(row, name, lesson, found, _text)


def _write_figure(row: Row, found: Found, drafts: Drafts, met: Met) -> None:
    case = _case_of(row, found, drafts)
    if case is None:
        return
    with _part(case, case.figures, "label", row, found, drafts, met) as figure:
        _take_figure(row, figure, found, drafts.by)
        _refuse_half_filled(figure, case, found)


def _take_figure(row: Row, figure: ImpactFigure, found: Found, by: Any) -> None:
    readers: dict[str, Callable[[str, Any], Any]] = {
        **dict.fromkeys(("quantity", "direction", "status", "method"), _choice),
        "value": lambda written, _field: _number(written),
        "source_year": lambda written, _field: _year(written),
        "verified_on": lambda written, _field: day(written),
    }
    for name in FIGURE_COLUMNS[2:]:
        _take(row, name, figure, found, readers.get(name, _text))
    if any(
        change.startswith(str(ImpactFigure._meta.get_field("verified_on").verbose_name)) for change in found.changes
    ):
        figure.verified_by = by if figure.verified_on else None


def _case_of(row: Row, found: Found, drafts: Drafts) -> CasePage | None:
    slug = row.get("case", "")
    case = drafts.shared(slug)
    if case is None:
        with found.fault_of("case"):
            raise ValidationError(_("There is no case “%(slug)s”: import the cases first.") % {"slug": slug})
    return case


@contextmanager
def _part(
    case: CasePage, several: Any, known_by: str, row: Row, found: Found, drafts: Drafts, met: Met
) -> Iterator[Any]:
    """The lesson or figure this row is about, to be filled: the one of that name, else a new one.

    A case may have two of one name, and a draft some without: the second row of a name is about the second of them.
    Every row about a case fills the same draft of it: what a row with a fault did is undone, so that the rows after it
    are judged as if it were not there.
    """
    name = row.get(known_by, "")
    namesakes = [part for part in several.get_object_list() if getattr(part, known_by) == name]
    place, before = met.get((case.pk, name), (0, len(namesakes)))
    met[case.pk, name] = place + 1, before
    if name:
        found.about.add((case.pk, name, min(place, max(before - 1, 0))))
    elif case.live and place >= before:
        with found.fault_of(known_by):
            raise ValidationError(_("This cell may not be empty."))
    if place < len(namesakes):
        part = namesakes[place]
    else:
        found.is_new = True
        part = several.model(locale=case.locale, **{known_by: name})
        with found.fault_of(known_by):
            _text(name, part._meta.get_field(known_by))
    several.add(part)
    before_the_row = dict(part.__dict__)
    yield part
    _refuse_what_is_not_theirs(case, found, drafts, "case")
    if found.errors and found.is_new:
        several.remove(part)
    elif found.errors:
        part.__dict__ |= before_the_row
    elif found.is_new or found.changes:
        drafts.change(case)


def _refuse_half_filled(figure: ImpactFigure, case: CasePage, found: Found) -> None:
    """A draft may have a figure half-typed; what is written for a live page is complete, as the page itself asks."""
    if not case.live or found.errors or not (found.is_new or found.changes):
        return
    number = 1 + next(place for place, part in enumerate(case.figures.all()) if part is figure)
    with found.fault_of("label"):
        if not figure.label:
            raise ValidationError(_("This cell may not be empty."))
        if lacks := lacks_of_figure(number, figure):
            raise ValidationError(lacks)


def _take(row: Row, column: str, to: Any, found: Found, read: Callable[[str, Any], Any]) -> None:
    """Set the field of this column to what the row says; a row without the column leaves it."""
    if column not in row:
        return
    name = FIELD_OF.get(column, column)
    with found.fault_of(column):
        found.note(to, name, read(row[column], to._meta.get_field(name)))


def _take_rich(row: Row, column: str, case: CasePage, found: Found) -> None:
    """As _take. What reads the same to an editor stays as it is, with the keys of its paragraphs."""
    if column not in row:
        return
    before, wanted = getattr(case, column), rich(row[column])
    if rich(before) != wanted:
        setattr(case, column, wanted)
        found.changes.append(f"{case._meta.get_field(column).verbose_name}: {change_of(before, wanted)}")


def _text(written: str, field: "Field[Any, Any]") -> str:
    most = field.max_length
    if most and len(written) > most:
        raise ValidationError(
            _("At most %(most)s signs; these are %(number)s.") % {"most": most, "number": len(written)}
        )
    if field.choices and written and written not in dict(field.flatchoices):
        raise _not_one_of(written, [str(value) for value, _label in field.flatchoices])
    if written:
        field.run_validators(written)
    return written


def _choice(written: str, field: "Field[Any, Any]") -> str:
    known = [str(value) for value, _label in field.flatchoices]
    if written and written not in known:
        raise _not_one_of(written, known)
    if not written and field.has_default():
        return str(field.get_default())
    return written


def _choices(written: str, field: Any) -> list[Any]:
    base = field.base_field
    known = {str(value): value for value, _label in base.flatchoices}
    several = [part.strip() for part in re.split(r"[,;\n]", written) if part.strip()]
    for value in several:
        if value not in known:
            raise _not_one_of(value, list(known))
    wanted = {known[value] for value in several}
    return [value for value in known.values() if value in wanted]


def _not_one_of(written: str, known: list[str]) -> ValidationError:
    return ValidationError(
        _("“%(written)s” is none of: %(known)s.") % {"written": written, "known": ", ".join(filter(None, known))}
    )


def _codes(written: str) -> list[str]:
    return list(dict.fromkeys(cpv.normal_code(code) for code in re.split(r"[\s,;]+", written) if code))


def _number(written: str) -> Decimal | None:
    """With a dot or a comma, without thousands. Raises ValidationError in words."""
    if not written:
        return None
    try:
        number = Decimal(written.replace(",", "."))
    except InvalidOperation as error:
        raise ValidationError(_("“%(written)s” is no number: write it as 1234.5.") % {"written": written}) from error
    field = ImpactFigure._meta.get_field("value")
    field.run_validators(number)
    return number


def _year(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and 1900 <= int(written[:5]) <= 2100):
        raise ValidationError(_("“%(written)s” is no year: four digits.") % {"written": written})
    return int(written)


def _take_parties(row: Row, case: CasePage, found: Found) -> None:
    """Each role's organisations as the row has them, in that order; they stand in the address book already."""
    for column, role in ROLES.items():
        if column not in row:
            continue
        with found.fault_of(column):
            before = [
                (party.organisation, single_spaced(party.part)) for party in case.parties.all() if party.role == role
            ]
            wanted = read_parties(row[column], before)
            for _organisation, part in wanted:
                _text(part, CaseParty._meta.get_field("part"))
            if wanted == before:
                continue
            case.parties.set(
                [
                    *(party for party in case.parties.all() if party.role != role),
                    *(
                        CaseParty(organisation=organisation, part=part, role=role, locale=case.locale)
                        for organisation, part in wanted
                    ),
                ]
            )
            found.changes.append(f"{column}: {_parties_said(before)} → {_parties_said(wanted)}")


def _parties_said(several: list[Party]) -> str:
    return "; ".join(f"{organisation} ({part})" if part else str(organisation) for organisation, part in several) or "–"


def _take_sources(row: Row, case: CasePage, found: Found) -> None:
    if "sources" not in row:
        return
    with found.fault_of("sources"):
        wanted = []
        for line in filter(None, (line.strip() for line in row["sources"].splitlines())):
            name, _bar, url = (part.strip() for part in line.rpartition("|")) if "|" in line else (line, "", "")
            _text(name, CaseSource._meta.get_field("name"))
            _text(url, CaseSource._meta.get_field("url"))
            wanted.append((name, url))
        before = [(source.name, source.url) for source in case.sources.all()]
        if wanted != before:
            case.sources.set([CaseSource(name=name, url=url) for name, url in wanted])
            found.changes.append(f"sources: {len(before)} → {len(wanted)}")


def _check(case: CasePage, found: Found, named: set[str]) -> None:
    """The constraints that hold of a draft too: no more goals than five."""
    if not case.title and not any(error.startswith("title:") for error in found.errors):
        with found.fault_of("title"):
            raise ValidationError(_("This cell may not be empty."))
    with found.fault_of("sdgs"):
        case.validate_constraints(exclude=named - {"sdgs"})


def _refuse_what_is_not_theirs(case: CasePage, found: Found, drafts: Drafts, column: str) -> None:
    """Asked of a row that means to change a case that is there; a list may be handed in whole for one row of it."""
    if case.pk is not None and (found.is_new or found.changes or found.errors):
        with found.fault_of(column):
            drafts.refuse(case)


def _save(case: CasePage, found: Found, drafts: Drafts) -> None:
    """A draft, when anything is another than before. What is public stays as it is."""
    if found.errors or not (found.is_new or found.changes):
        return
    if case.pk is None:
        drafts.index.refresh_from_db()  # the tree counts its children
        case.owner = drafts.by  # who may only add edits what is theirs
        drafts.index.add_child(instance=case)
    case.save_revision(user=drafts.by, log_action=True, clean=False)
