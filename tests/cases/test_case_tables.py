"""Cases, lessons and figures come in from a table, judged before they are written, as drafts; and go out the same."""

import csv
import io
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.utils.translation import override
from wagtail.models import Locale

from cases.actions.case_table import CASE_COLUMNS, FIGURE_COLUMNS, LESSON_COLUMNS, case_table, read_cases
from cases.actions.importing import import_cases
from cases.actions.rich_text import rich
from cases.models import CaseIndexPage, CasePage, CaseParty, ImpactFigure, Lesson
from cms.cells import harmless
from cms.judging import OutcomeDiffers, fingerprint
from cms.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    factories.case_page(title="Eerste", both=False)
    return CaseIndexPage.objects.get(locale=Locale.get_default())


def chief():
    return get_user_model().objects.filter(username="chief").first() or factories.user("admin", "chief")


def judged(index, *rows, kind="cases", dry_run=False, **facts):
    return import_cases(kind=kind, rows=list(rows), index=index, by=chief(), dry_run=dry_run, **facts)


def draft(slug):
    return CasePage.objects.get(slug=slug).get_latest_revision_as_object()


FULL = {
    "slug": "stadskantoor",
    "title": "Een stadskantoor",
    "intro": "Kort.",
    "municipality": "Venlo",
    "country": "NL",
    "kind": "case",
    "buyer_kind": "local",
    "primary_strategy": "reuse",
    "licence": "cc-by-4.0",
    "product_groups": "building, lighting",
    "strategies": "reuse, rethink",
    "goals": "3, 2",
    "sdgs": "12",
    "cpv": "45213150-9 39130000",
    "buyers": "Gemeente Proef",
    "suppliers": "Bouwer Proef (architect); Leverancier Proef",
    "context": "Waarom.\n\nEn <toen>.",
    "approach": "<p>Hoe, <b>vet</b>.</p><script>x</script>",
    "checked_on": "2026-11-20",
    "sources": "Een rapport | https://example.org/r\nEen gesprek",
}


def address_book():
    for name in ("Gemeente Proef", "Bouwer Proef", "Leverancier Proef"):
        factories.organisation(name)


def test_a_row_becomes_a_draft_with_everything_it_says_and_nothing_public(index):
    address_book()

    (result,) = judged(index, FULL)

    page = CasePage.objects.get(slug="stadskantoor")
    case = draft("stadskantoor")
    assert (result.number, result.name, result.outcome, page.live) == (2, "stadskantoor", "new", False)
    assert (case.title, case.country, case.primary_strategy, case.licence) == (
        *("Een stadskantoor", "NL", "reuse", "cc-by-4.0"),
    )
    assert (case.strategies, case.goals, case.product_groups) == (
        ["rethink", "reuse"],
        [2, 3],
        ["building", "lighting"],
    )
    assert case.cpv == ["45213150", "39130000"]
    assert [(party.organisation.name, party.role, party.part) for party in case.parties.all()] == [
        ("Gemeente Proef", "buyer", ""),
        ("Bouwer Proef", "supplier", "architect"),
        ("Leverancier Proef", "supplier", ""),
    ]
    assert case.context == "<p>Waarom.</p><p>En &lt;toen&gt;.</p>"
    assert "<b>vet</b>" in case.approach and "script" not in case.approach
    assert [(source.name, source.url) for source in case.sources.all()] == [
        ("Een rapport", "https://example.org/r"),
        ("Een gesprek", ""),
    ]
    assert page.get_parent().pk == index.pk


def test_the_same_table_again_changes_nothing_and_makes_no_revision(index):
    address_book()
    judged(index, FULL)
    before = CasePage.objects.get(slug="stadskantoor").revisions.count()

    (result,) = judged(index, FULL)

    assert (result.outcome, list(result.changes)) == ("same", [])
    assert CasePage.objects.get(slug="stadskantoor").revisions.count() == before


def test_what_is_public_stays_as_it_is_beside_the_draft(index):
    page = CasePage.objects.get(title="Eerste")

    (result,) = judged(index, {"slug": page.slug, "title": "Anders"})

    page.refresh_from_db()
    assert (page.title, page.live, page.has_unpublished_changes) == ("Eerste", True, True)
    assert draft(page.slug).title == "Anders"
    assert (result.outcome, list(result.changes)) == ("changed", ["titel: Eerste → Anders"])


def test_a_dry_run_and_a_table_with_a_wrong_row_write_nothing(index):
    address_book()
    judged(index, FULL, dry_run=True)

    results = judged(index, FULL, {"slug": "x", "title": ""})

    assert [result.outcome for result in results] == ["new", "wrong"]
    assert CasePage.objects.count() == 1


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("slug", "Geen Slug", "slug: ‘Geen Slug’ is geen adres"),
        ("title", "", "title: Deze cel mag niet leeg zijn."),
        ("title", "x" * 300, "title: Hoogstens 255 tekens; dit zijn er 300."),
        ("product_groups", "building, papier", "product_groups: ‘papier’ is geen van: "),
        ("goals", "7", "goals: ‘7’ is geen van: 1, 2, 3, 4, 5."),
        ("sdgs", "1, 2, 3, 4, 5, 6", "sdgs: Hoogstens vijf"),
        ("cpv", "12", "cpv: "),
        ("checked_on", "20/11/2026", "checked_on: ‘20/11/2026’ is geen dag"),
        ("buyers", "Niemand", "buyers: ‘Niemand’ staat niet in het adresboek"),
        ("sources", "Naam | geen adres", "sources: "),
        ("country", "ZZ", "country: ‘ZZ’ is geen van: "),
        ("intro", "a\x00b", "NUL"),
    ],
)
def test_what_is_wrong_is_said_with_its_column(index, column, cell, said):
    address_book()

    (result,) = judged(index, {**FULL, column: cell})

    assert result.outcome == "wrong" and len(result.errors) == 1
    assert said in result.errors[0], result.errors


def test_all_that_is_wrong_with_a_row_is_said_at_once(index):
    (result,) = judged(index, {**FULL, "goals": "9", "checked_on": "x"})

    assert sorted(error.partition(":")[0] for error in result.errors) == ["buyers", "checked_on", "goals", "suppliers"]


def test_lessons_and_figures_join_the_case_they_name_and_are_known_by_their_title(index):
    page = CasePage.objects.get(title="Eerste")
    lesson = {"case": page.slug, "title": "Vraag restwaarde", "phase": "award", "text": "Met waarborg."}
    figure = {"case": page.slug, "label": "Restwaarde", "value": "18,5", "unit": "%", "status": "expected"}
    figure |= {"source_name": "Rapport", "source_year": "2016"}

    judged(index, lesson, {**lesson, "title": "Nog een"}, kind="lessons")
    judged(index, figure, kind="figures")
    changed = judged(index, {**lesson, "text": "Anders."}, kind="lessons")

    case = draft(page.slug)
    assert [(part.title, part.phase, part.text) for part in case.lessons.all()] == [
        ("Vraag restwaarde", "award", "Anders."),
        ("Nog een", "award", "Met waarborg."),
    ]
    assert [(part.label, part.value, part.year) for part in case.figures.all()] == [
        ("Restwaarde", Decimal("18.5"), 2016)
    ]
    assert [result.outcome for result in changed] == ["changed"]
    assert page.lessons.count() == 0


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("lessons", {"case": "weg", "title": "x"}, "case: Er is geen case ‘weg’"),
        ("lessons", {"title": ""}, "title: Deze cel mag niet leeg zijn."),
        ("lessons", {"title": "x", "phase": "nooit"}, "phase: ‘nooit’ is geen van: needs"),
        ("figures", {"label": "x", "value": "veel"}, "value: ‘veel’ is geen getal"),
        ("figures", {"label": "x", "value": "1e99"}, "value: "),
        ("figures", {"label": "x", "source_year": "16"}, "source_year: ‘16’ is geen jaar"),
        ("figures", {"label": "x", "source_url": "rapport"}, "source_url: "),
    ],
)
def test_a_wrong_lesson_or_figure_is_said_with_its_column(index, kind, row, said):
    (result,) = judged(index, {"case": CasePage.objects.get().slug, **row}, kind=kind)

    assert result.outcome == "wrong" and said in result.errors[0], result.errors


def test_what_goes_out_comes_back_without_a_change(index):
    address_book()
    judged(index, FULL)
    judged(index, {"case": "stadskantoor", "title": "Les", "phase": "award", "text": "A\nB"}, kind="lessons")
    judged(index, {"case": "stadskantoor", "label": "Cijfer", "value": "1234.500"}, kind="figures")

    for kind, columns in (("cases", CASE_COLUMNS), ("lessons", LESSON_COLUMNS), ("figures", FIGURE_COLUMNS)):
        text = io.StringIO()
        csv.writer(text).writerows(case_table(kind, index))
        rows = read_cases(kind, "x.csv", text.getvalue().encode())
        assert tuple(rows[0]) == columns
        results = judged(index, *rows, kind=kind)
        assert [(result.outcome, result.changes) for result in results] == [("same", [])] * len(results)


def out_and_in(index, kind, *, dry_run=False):
    """What becomes of each row when the table that goes out comes in again."""
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in row] for row in case_table(kind, index)])
    rows = read_cases(kind, "x.csv", text.getvalue().encode())
    return [(result.outcome, [*result.errors, *result.changes]) for result in judged(index, *rows, kind=kind)]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Bouwer Proef", "eigenaar van de installatie (toen Philips Lighting)"),
        ("Bouwer Proef (Gent)", ""),
        ("Bouwer Proef (Gent)", "architect"),
        ("Bouwer Proef", "Gent"),
        ("Bouwer Proef", "ontwerp; bouw (fase 1) en (fase 2)"),
        ("Bouwer Proef", "a) ontwerp (b"),
        ("Bouwer; Proef", "met \\ en \\;"),
        ("Bouwer Proef", "twee  spaties"),
    ],
)
def test_any_name_and_role_come_back_as_they_went_out(index, name, part):
    for known in {"Bouwer Proef", "Bouwer Proef (Gent)", name}:
        factories.organisation(known)
    case = CasePage.objects.get()
    case.parties.add(
        CaseParty(organisation=Organisation.objects.get(name=name), role="supplier", part=part, locale=case.locale)
    )
    case.save_revision()

    assert out_and_in(index, "cases") == [("same", [])]


def test_a_role_with_brackets_inside_is_read_into_a_new_case(index):
    address_book()

    judged(index, {**FULL, "suppliers": "Bouwer Proef (eigenaar (toen Philips Lighting)); Leverancier Proef"})

    assert [(party.organisation.name, party.part) for party in draft("stadskantoor").suppliers] == [
        ("Bouwer Proef", "eigenaar (toen Philips Lighting)"),
        ("Leverancier Proef", ""),
    ]


def test_what_reads_the_same_to_an_editor_is_no_change(index):
    case = CasePage.objects.get()
    case.intro = "Kort.\r\nEn bondig."
    case.context = '<p data-block-key="a1b2c">Waarom, <a linktype="page" id="7">zie daar</a>.</p>'
    case.next_steps = '<p data-block-key="d3e4f"></p>'
    case.save_revision()
    row = {"slug": case.slug, "title": case.title, "intro": "Kort.\nEn bondig.", "next_steps": ""}

    assert out_and_in(index, "cases") == [("same", [])]
    assert [result.outcome for result in judged(index, row)] == ["same"]
    assert "data-block-key" in draft(case.slug).context


def test_a_change_of_rich_text_is_told_in_words_and_keeps_its_links(index):
    case = CasePage.objects.get()
    case.context = '<p data-block-key="a1b2c">Zij wilden, <a linktype="page" id="7">zie daar</a>, &amp; niet duur.</p>'
    case.save_revision()
    row = {"slug": case.slug, "title": case.title}

    (result,) = judged(index, {**row, "context": case.context.replace("duur", "zwaar")})
    (marked,) = judged(index, {**row, "approach": "<p><b>Hoe.</b></p>"})

    assert list(result.changes) == ["context: … zie daar, & niet duur. → … zie daar, & niet zwaar."]
    assert '<a id="7" linktype="page">zie daar</a>' in draft(case.slug).context
    assert len(marked.changes) == 1 and "<" not in marked.changes[0]


def test_the_same_slug_twice_is_wrong_at_both_rows_and_each_names_the_other(index):
    with override("en"):
        results = judged(
            index,
            {"slug": "dubbel", "title": "Een"},
            {"slug": "ander", "title": "Twee"},
            {"slug": "dubbel", "title": "Drie"},
        )

    assert [(result.outcome, list(result.errors)) for result in results] == [
        ("wrong", ["slug: Row 4 is about the same: keep one of the two."]),
        ("new", []),
        ("wrong", ["slug: Row 2 is about the same: keep one of the two."]),
    ]
    assert not CasePage.objects.filter(slug="dubbel").exists()


def test_the_same_figure_twice_is_wrong_unless_the_case_has_two(index):
    case = CasePage.objects.get()
    for value in (1, 2):
        case.figures.add(ImpactFigure(label="Twee keer", value=value, locale=case.locale))
    case.save_revision()
    row = {"case": case.slug, "label": "Een keer", "value": "1", "status": "measured", "source_name": "x"}
    row["source_year"] = "2020"

    assert out_and_in(index, "figures") == [("same", [])] * 2
    with override("en"):
        results = judged(index, row, {**row, "value": "2"}, kind="figures")
    assert [list(result.errors) for result in results] == [
        ["label: Row 3 is about the same: keep one of the two."],
        ["label: Row 2 is about the same: keep one of the two."],
    ]


@pytest.mark.parametrize("live", [True, False])
def test_a_half_filled_draft_of_a_figure_or_lesson_comes_back_as_it_went_out(index, live):
    case = CasePage.objects.get()
    CasePage.objects.update(live=live)
    for label in ("", "Half", ""):
        case.figures.add(ImpactFigure(label=label, unit="kg", locale=case.locale))
    case.lessons.add(Lesson(locale=case.locale))
    case.save_revision()

    assert out_and_in(index, "figures") == [("same", [])] * 3
    assert out_and_in(index, "lessons") == [("same", [])]


def test_a_half_filled_figure_is_taken_for_a_draft_and_refused_for_a_live_page_as_the_page_would(index):
    live = CasePage.objects.get()
    judged(index, {"slug": "concept", "title": "Concept"})
    half = {"label": "Half", "value": "3"}

    (taken,) = judged(index, {"case": "concept", "label": "", "unit": "kg"}, kind="figures")
    (taken_too,) = judged(index, {"case": "concept", **half}, kind="figures")
    with override("en"):
        (refused,) = judged(index, {"case": live.slug, **half}, kind="figures")

    assert (taken.outcome, taken_too.outcome) == ("new", "new")
    assert [(figure.label, figure.unit, figure.value) for figure in draft("concept").figures.all()] == [
        ("", "kg", None),
        ("Half", "", 3),
    ]
    assert list(refused.errors) == ["label: Figure 1 (Half) lacks: status, source, year of the source."]


def test_a_dry_run_says_nothing_in_the_log_of_pages_that_are_taken_back(index, caplog):
    with caplog.at_level("INFO", logger="wagtail"):
        judged(index, {"slug": "nieuw", "title": "Nieuw"}, dry_run=True)
        assert caplog.records == []
        judged(index, {"slug": "nieuw", "title": "Nieuw"})

    assert any("Page created" in record.message for record in caplog.records)


def test_a_table_that_changed_meanwhile_is_not_written(index):
    address_book()
    foreseen = fingerprint(judged(index, FULL, dry_run=True))
    judged(index, {**FULL, "title": "Intussen"})

    with pytest.raises(OutcomeDiffers):
        judged(index, FULL, foreseen=foreseen)

    assert draft("stadskantoor").title == "Intussen"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("een\n\ntwee", "<p>een</p><p>twee</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p></p>", ""),
    ],
)
def test_plain_text_becomes_paragraphs(written, kept):
    assert rich(written) == kept


@pytest.mark.parametrize("number", [1, 3])
def test_taking_out_asks_as_many_queries_for_one_case_as_for_three(index, number, django_assert_num_queries):
    for _case in range(number - 1):
        factories.case_page(both=False)

    with django_assert_num_queries(5):
        list(case_table("cases", index))
