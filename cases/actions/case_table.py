"""Cases as tables: a file read into rows, and the cases written as the same rows. Three tables, for a case has many
lessons and figures: the cases themselves, their lessons, and their figures, each row naming its case by its slug.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cases.actions.party_cells import written_parties
from cases.models import CaseIndexPage, CasePage, CaseParty
from cms.judging import Row
from cms.models import Organisation
from cms.tables import read_table

#: One value each, as it stands on the page.
TEXTS = ("title", "intro", "municipality", "country", "year", "travel", "effort", "cost")
#: One of the field's choices.
CHOICES = ("kind", "buyer_kind", "primary_strategy", "licence")
#: Several of the field's choices, by their slugs or numbers, with commas between them.
LISTS = ("product_groups", "strategies", "goals", "contract_forms", "markets", "sdgs")
RICH = ("context", "approach", "next_steps")
ROLES = {
    "buyers": CaseParty.Role.BUYER,
    "suppliers": CaseParty.Role.SUPPLIER,
    "partners": CaseParty.Role.PARTNER,
}
CASE_COLUMNS = ("slug", *TEXTS, *CHOICES, *LISTS, "cpv", *ROLES, *RICH, "checked_on", "sources")
LESSON_COLUMNS = ("case", "phase", "title", "text", "conditions", "pitfalls", "when_not")
FIGURE_COLUMNS = (
    *("case", "label", "value", "unit", "quantity", "direction", "status", "baseline", "functional_unit", "period"),
    *("method", "note", "source_name", "source_url", "source_year", "verified_on"),
)
NEEDED = {"cases": ("slug", "title"), "lessons": ("case", "title"), "figures": ("case", "label")}
COLUMNS = {"cases": CASE_COLUMNS, "lessons": LESSON_COLUMNS, "figures": FIGURE_COLUMNS}


def read_cases(kind: str, name: str, content: bytes) -> list[Row]:
    """The rows of a file of this kind: cases, lessons or figures. Raises cms.tables.UnreadableFile."""
    return read_table(name, content, columns=COLUMNS[kind], needed=NEEDED[kind])


def case_table(kind: str, index: CaseIndexPage) -> Iterable[list[str]]:
    """The cases below this index page as rows, heading first: what the import reads back without a change.

    As they are being edited, drafts included. A constant number of queries.
    """
    yield list(COLUMNS[kind])
    pages = (
        CasePage.objects.child_of(index)
        .order_by("slug")
        .prefetch_related("parties__organisation", "lessons", "figures", "sources", "latest_revision")
    )
    for case in _as_edited(list(pages)):
        yield from WRITTEN[kind](case)


def _as_edited(pages: list[CasePage]) -> list[CasePage]:
    """Each page, or its draft where it has one, to be read only: Wagtail's own way asks the database for each part."""
    drafts = {
        page.pk: CasePage.from_serializable_data(page.latest_revision.content, check_fks=False)
        for page in pages
        if page.has_unpublished_changes and page.latest_revision
    }
    known = Organisation.objects.in_bulk(
        {party.organisation_id for draft in drafts.values() for party in draft.parties.all()}
    )
    for draft in drafts.values():
        # A draft keeps nobody in the address book: who was taken out of it is no longer a party.
        parties = [party for party in draft.parties.all() if party.organisation_id in known]
        for party in parties:
            party.organisation = known[party.organisation_id]
        draft.parties.set(parties)
    for page in pages:
        if page.pk in drafts:
            # The import finds a page where it is, not where it will be once its draft is published.
            drafts[page.pk].slug = page.slug
    return [drafts.get(page.pk, page) for page in pages]


def _case_row(case: CasePage) -> Iterable[list[str]]:
    parties: dict[str, list[tuple[str, str]]] = {role: [] for role in ROLES.values()}
    for party in case.parties.all():
        parties[party.role].append((party.organisation.name, party.part))
    yield [
        case.slug,
        *(getattr(case, name) for name in (*TEXTS, *CHOICES)),
        *(", ".join(map(str, getattr(case, name))) for name in LISTS),
        ", ".join(case.cpv),
        *(written_parties(parties[role]) for role in ROLES.values()),
        *(getattr(case, name) for name in RICH),
        case.checked_on.isoformat() if case.checked_on else "",
        "\n".join(
            f"{source.name} | {source.url}" if source.url or "|" in source.name else source.name
            for source in case.sources.all()
        ),
    ]


def _rows_of(parts: str, columns: Sequence[str]) -> Callable[[CasePage], Iterable[list[str]]]:
    def rows(case: CasePage) -> Iterable[list[str]]:
        for part in getattr(case, parts).all():
            yield [case.slug, *(_cell(getattr(part, FIELD_OF.get(name, name))) for name in columns[1:])]

    return rows


#: Where a column is called otherwise than its field.
FIELD_OF = {"source_year": "year"}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return (
        value.isoformat()
        if hasattr(value, "isoformat")
        else format(value, "f")
        if hasattr(value, "quantize")
        else str(value)
    )


WRITTEN: dict[str, Callable[[CasePage], Iterable[list[str]]]] = {
    "cases": _case_row,
    "lessons": _rows_of("lessons", LESSON_COLUMNS),
    "figures": _rows_of("figures", FIGURE_COLUMNS),
}
