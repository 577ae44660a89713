"""Case pages: every part shown, rings drawn from the data, figures that say how they are known."""

import re
from datetime import date
from decimal import Decimal

import pytest
from modelsearch.index import insert_or_update_object

from cases.models import CasePage, CaseParty, CaseSource, ImpactFigure, Lesson
from cases.taxonomy import RUNGS, Strategy, rings
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    page = factories.case_page(
        title="Stadskantoor",
        both=False,
        goals=[2, 3, 4],
        product_groups=["building", "lighting"],
        cpv=["45213150", "45999999"],
        buyer_kind="local",
        markets=["construction"],
        contract_forms=["take-back"],
        primary_strategy="reuse",
        sdgs=[12, 9],
        effort="Twee mensen, een jaar.",
        cost="Vijftig miljoen.",
        next_steps="<p>Nog een gebouw.</p>",
        travel="Tien minuten van het station.",
        licence="cc-by-4.0",
    )
    nl = {"locale": page.locale}
    page.parties.add(CaseParty(organisation=factories.organisation("Gemeente Proef"), role="buyer", **nl))
    page.parties.add(
        CaseParty(organisation=factories.organisation("Bouwer Proef"), role="supplier", part="architect", **nl)
    )
    page.lessons.add(
        Lesson(
            phase="award",
            title="Vraag restwaarde",
            text="Met waarborg.",
            conditions="Met een bank.",
            pitfalls="Vaag over slijtage.",
            when_not="Zonder bedrag.",
            **nl,
        )
    )
    page.figures.add(
        ImpactFigure(
            label="Restwaarde",
            value=Decimal("18.000"),
            unit="%",
            status="expected",
            source_name="C2C ExpoLAB",
            source_url="https://example.org/bron",
            year=2016,
            note="Na tien jaar.",
            quantity="residual",
            direction="achieved",
            baseline="De aankoopprijs.",
            functional_unit="Een bureau.",
            period="Tot 2026.",
            method="supplier",
            verified_on=date(2027, 1, 12),
            **nl,
        )
    )
    page.sources.add(CaseSource(name="Bron A", url="https://example.org/a"))
    page.save_revision().publish()
    # The worker indexes a page after its transaction; here tasks run at once, before the page's parts are saved.
    insert_or_update_object(page)
    return CasePage.objects.get(pk=page.pk)


def test_a_case_page_shows_all_its_parts(client, case):
    text = client.get(case.get_url()).content.decode()

    for part in (
        "Stadskantoor",
        "Kort.",
        "Gemeente Proef",
        "Bouwer Proef",
        "architect",
        "Venlo",
        "Waarom.",
        "Hoe.",
        "Vraag restwaarde",
        "Met een bank.",
        "Vaag over slijtage.",
        "Zonder bedrag.",
        "18 %",
        "De aankoopprijs.",
        "Een bureau.",
        "Tot 2026.",
        "45213150 ",
        "45999999<",
        "Twee mensen, een jaar.",
        "Vijftig miljoen.",
        "Nog een gebouw.",
        "Tien minuten van het station.",
        "https://example.org/bron",
        "2016",
        "Na tien jaar.",
        "https://example.org/a",
    ):
        assert part in text, part


def test_a_case_page_says_in_words_what_it_is_filed_under(client, case):
    english = factories.english(case, slug="city-hall")

    text = client.get(english.get_url()).content.decode()

    for part in (
        "Local government",
        "Purchase with take-back",
        "Narrow",
        "Slow",
        "Substitute",
        "Indoor lighting",
        "Office building design, construction and management (2016, under revision)",
        "45213150 Office block construction",
        "Construction",
        "9 Industry, innovation and infrastructure",
        "Mainly: Reuse.",
        "CC BY 4.0",
        "Residual value: achieved",
        "Supplier&#x27;s statement",
        "Seen in the source on 12 January 2027",
    ):
        assert part in text, part
    assert "Close" not in text
    assert "Visit report" not in text


def test_a_product_group_without_european_criteria_says_so_and_a_visit_report_says_what_it_is(client):
    english = factories.case_page(product_groups=["lighting"]).get_translations().get()
    CasePage.objects.filter(pk=english.pk).update(kind="visit-report")

    text = client.get(english.get_url()).content.decode()

    assert "None at present for this product group" in text
    assert "Visit report" in text


def test_a_lesson_has_the_same_place_on_the_page_in_both_languages(client, case):
    english = factories.english(case, slug="city-hall")

    places = [
        re.findall(r'id="(lesson-[0-9a-f]{8})"', client.get(p.get_url()).content.decode()) for p in (case, english)
    ]

    assert places[0] == places[1] == [case.lessons.get().anchor]


def test_a_ring_is_drawn_for_each_strategy_and_leaks_more_down_the_ladder():
    figure = rings(["recycle", "rethink", "unknown"])

    assert [ring.slug for ring in figure] == ["rethink", "recycle"]
    shares = [round(ring.gap / (ring.gap + ring.drawn), 3) for ring in figure]
    assert shares == [round(0.05 + 0.045 * RUNGS[slug], 3) for slug in ("rethink", "recycle")] == [0.095, 0.41]
    assert rings([]) == []
    assert len({ring.radius for ring in rings(Strategy.values)}) == 10


def test_the_same_strategy_has_the_same_colour_in_every_case():
    colours = {ring.slug: ring.colour for ring in rings(Strategy.values)}

    assert all(ring.colour == colours[ring.slug] for ring in rings(["reuse", "recycle"]))


def test_html_in_a_case_is_shown_as_text(client):
    page = factories.case_page(title="<script>alert(1)</script>", both=False)

    text = client.get(page.get_url()).content.decode()

    assert "<script>alert" not in text and "&lt;script&gt;alert" in text


@pytest.mark.parametrize("count", [1, 20])
def test_the_case_list_takes_a_constant_number_of_queries(client, count, django_assert_num_queries):
    for _case in range(count):
        factories.case_page(both=False)
    client.get("/nl/cases/")

    with django_assert_num_queries(24):
        text = client.get("/nl/cases/").content.decode()

    assert text.count('class="card"') == count


def test_the_home_page_shows_the_latest_cases(client):
    case = factories.case_page(both=False)

    assert case.title in client.get("/nl/").content.decode()


def test_the_home_page_says_so_when_there_are_no_cases_yet(client):
    factories.case_page(both=False).unpublish()

    assert "Aan de eerste cases wordt geschreven." in client.get("/nl/").content.decode()


def test_a_case_is_found_by_a_lesson_and_by_its_buyer(client, case):
    for question in ("restwaarde", "gemeente proef"):
        assert "Stadskantoor</a>" in client.get("/nl/zoeken/", {"q": question}).content.decode()


def test_parts_keep_their_order_in_both_languages_when_code_adds_them():
    page = factories.case_page(title="Volgorde", both=False)
    titles = [f"Les {letter}" for letter in "dbca"]
    for title in titles:
        page.lessons.add(Lesson(phase="award", title=title, text="Tekst.", locale=page.locale))
    page.save_revision().publish()

    twin = factories.english(CasePage.objects.get(pk=page.pk), title="Order", slug="order")

    for case in (CasePage.objects.get(pk=page.pk), twin):
        assert [(lesson.sort_order, lesson.title) for lesson in case.lessons.all()] == list(enumerate(titles))
