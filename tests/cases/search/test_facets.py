"""Facets narrow the cases: AND across them, OR within one, each option counted as what ticking it would give."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import PageViewRestriction

from cases import duties
from cases.models import CasePage, SearchText
from cases.search import texts
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def titles(response: Any) -> list[str]:
    return [item.case.title for item in response.context["found"]]


def counts(response: Any, name: str) -> dict[str, int]:
    facet = next(facet for facet in response.context["answer"].facets if facet.name == name)
    return {option.value: option.number for option in facet.options}


@pytest.fixture
def three(case):
    case("award", title="Kantoor", goals=[3, 4], strategies=["reuse"], product_groups=["building"], country="NL")
    case(
        "needs", title="Licht", goals=[3], strategies=["reuse", "repair"], product_groups=["lighting"], cpv=["31520000"]
    )
    case(title="Garen", goals=[2], strategies=["recycle"], product_groups=["textile"], cpv=["19210000"], sdgs=[12])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Garen", "Licht", "Kantoor"]),
        ("goal=3", ["Licht", "Kantoor"]),
        ("goal=2&goal=4", ["Garen", "Kantoor"]),
        ("goal=3&strategy=repair", ["Licht"]),
        ("goal=2&strategy=repair", []),
        ("goal=3&strategy=repair&strategy=reuse&country=NL", ["Kantoor"]),
        ("phase=award&phase=needs", ["Licht", "Kantoor"]),
        ("phase=end", []),
        ("cpv=31", ["Licht"]),
        ("cpv=31520000-7", ["Licht"]),
        ("cpv=3152&cpv=192", ["Garen", "Licht"]),
        ("cpv=3153", []),
        ("sdg=12", ["Garen"]),
        ("goal=99&strategy=nonsense", ["Garen", "Licht", "Kantoor"]),
        ("q=licht&goal=3", ["Licht"]),
        ("q=licht&goal=2", []),
    ],
)
def test_facets_combine_by_and_across_and_or_within(client, three, query, expected):
    assert titles(client.get(f"/nl/cases/?{query}")) == expected


def test_an_option_counts_what_ticking_it_would_give_with_its_own_facet_left_out(client, three):
    page = client.get("/nl/cases/?goal=3&strategy=repair")

    assert counts(page, "goal") == {"3": 1}
    assert counts(page, "strategy") == {"reuse": 2, "repair": 1}
    assert counts(page, "country") == {"BE": 1}
    assert counts(client.get("/nl/cases/?q=garen"), "goal") == {"2": 1}


def test_a_choice_that_finds_nothing_stays_in_sight_so_that_it_can_be_undone(client, three):
    assert counts(client.get("/nl/cases/?goal=2&strategy=repair"), "goal") == {"2": 0, "3": 1}


def test_a_phase_lists_its_lessons_in_both_languages_with_a_link_to_the_lesson(client, case):
    dutch = case("award", "award", "use")
    english = dutch.get_translations().get()

    for page in (dutch, english):
        response = client.get(f"{page.get_parent().get_url()}?phase=award")
        links = re.findall(r'href="([^"]*#lesson-[0-9a-f]{8})"', response.content.decode())
        wanted = [f"{page.get_url()}#{lesson.anchor}" for lesson in page.specific.lessons.filter(phase="award")]
        assert (len(links), links) == (2, wanted)
        assert client.get(links[0]).status_code == 200


def test_words_bring_the_lessons_about_them(client, case):
    page = case("award", "use")
    lesson = page.lessons.get(phase="use")

    found = client.get("/nl/cases/?q=leerles+use").context["found"]

    assert [item.lessons for item in found] == [[lesson]]


def test_a_search_has_one_address_without_empty_fields(client, case):
    case()

    answer = client.get("/nl/cases/?q=&cpv=&strategy=repair&strategy=reuse&goal=")

    assert (answer.status_code, answer["Location"]) == (302, "/nl/cases/?strategy=reuse&strategy=repair")
    assert client.get("/nl/cases/?q=&cpv=")["Location"] == "/nl/cases/"


@pytest.mark.parametrize(
    ("query", "is_kept_out"), [("", False), ("?page=1", False), ("?goal=3", True), ("?q=licht", True)]
)
def test_search_engines_are_sent_from_a_search_to_the_index(client, case, query, is_kept_out):
    case(goals=[3])

    text = client.get(f"/nl/cases/{query}").content.decode()

    assert ('name="robots" content="noindex"' in text) is is_kept_out
    assert re.findall(r'rel="canonical" href="([^"]*)"', text) == ["http://testserver/nl/cases/"]


def test_what_is_no_cpv_code_is_said_so_beside_the_field(client, case):
    case(cpv=["31520000"])

    response = client.get("/nl/cases/?q=&cpv=abc")

    assert 'id="id_cpv" name="cpv" inputmode="numeric" maxlength="10" value="abc"' in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    assert titles(response) == ["Stadskantoor"]


def test_html_in_a_search_is_shown_as_text(client, case):
    case()

    text = client.get("/nl/cases/", {"q": '"><script>alert(1)</script>', "cpv": '"><b>'}).content.decode()

    assert "<script>alert" not in text and "<b>" not in text


@pytest.mark.parametrize("written", ["'", "\\", "|&!():*<->", "de", "het een", "' | cpv31", "x" * 300, "1e9", "0", "ß"])
def test_nothing_that_is_typed_breaks_the_search(client, case, written):
    case("award")

    assert client.get("/nl/cases/", {"q": written}).status_code == 200


@pytest.mark.parametrize(
    ("query", "count", "queries"),
    [
        ("", 1, 24),
        ("", 3, 24),
        ("?goal=3&phase=award", 1, 24),
        ("?goal=3&phase=award", 3, 24),
        # Fewer than three found: the words like them are looked up too.
        ("?q=stadskantoor", 1, 27),
        ("?q=stadskantoor", 3, 26),
        ("?q=stadskantoor", 6, 26),
        ("?q=stadskntoor+leerles", 1, 29),
        ("?q=stadskntoor+leerles", 3, 29),
        ("?q=onvindbaar", 1, 24),
        ("?q=onvindbaar", 3, 24),
    ],
)
def test_a_search_takes_a_constant_number_of_queries(client, case, query, count, queries, django_assert_num_queries):
    for number in range(count):
        case("award", "use", goals=[3], cpv=[f"3152{number}000"])
    client.get(f"/nl/cases/{query}")

    with django_assert_num_queries(queries):
        found = titles(client.get(f"/nl/cases/{query}"))

    assert len(found) == (0 if "onvindbaar" in query else count)


def test_results_are_paged_and_the_next_page_keeps_the_search(client, case):
    for _number in range(25):
        case(goals=[3])

    first = client.get("/nl/cases/?goal=3&q=stadskantoor")
    address = re.findall(r'rel="next" href="([^"]*)"', first.content.decode())[0].replace("&amp;", "&")
    second = client.get(f"/nl/cases/{address}")

    assert (len(titles(first)), address, len(titles(second))) == (24, "?q=stadskantoor&goal=3&page=2", 1)


def test_a_case_is_found_once_it_is_published_and_no_more_when_it_is_taken_off(
    client, case, django_capture_on_commit_callbacks
):
    page = case(title="Fietsenstalling")
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Regenton"
        page.save_revision().publish()
    assert titles(client.get("/nl/cases/?q=regenton")) == ["Regenton"]
    assert titles(client.get("/nl/cases/?q=fietsenstalling")) == []

    with django_capture_on_commit_callbacks(execute=True):
        CasePage.objects.get(pk=page.pk).unpublish()

    assert SearchText.objects.filter(page=page).count() == 0
    assert titles(client.get("/en/cases/?q=regenton")) == []


def test_a_case_for_some_people_only_is_found_by_nobody(client, case):
    page = case("award", title="Geheim")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    response = client.get("/nl/cases/?q=geheim")

    assert (titles(response), counts(client.get("/nl/cases/"), "phase") if titles(response) else {}) == ([], {})
    texts.refresh_all()
    assert SearchText.objects.filter(page=page).count() == 0


def test_a_duty_and_a_command_make_findable_what_was_forgotten(client):
    factories.case_page(title="Vergeten")
    assert titles(client.get("/nl/cases/?q=vergeten")) == []

    assert duties.refresh_search(at=NOON) == "1 case(s) made findable"
    assert duties.refresh_search(at=NOON) is None
    assert titles(client.get("/nl/cases/?q=vergeten")) == ["Vergeten"]

    SearchText.objects.all().delete()
    call_command("refresh_case_search")
    assert titles(client.get("/nl/cases/?q=vergeten")) == ["Vergeten"]


def told(response: Any) -> list[str]:
    """What is said above the results of what was asked and left out."""
    notice = re.search(r'<div class="notice wrong" role="status">(.*?)</div>', response.content.decode(), re.DOTALL)
    return [unescape(said) for said in re.findall(r"<p>(.*?)</p>", notice[1])] if notice else []


def test_a_choice_that_does_not_exist_is_said_to_be_left_out(client, case):
    case(goals=[3])

    answer = client.get("/en/cases/?country=zz&goal=99&goal=3&sdg=<b>")

    assert told(answer) == [
        "Green Deal goals: “99” is not one of the choices and was left out.",
        "Country: “zz” is not one of the choices and was left out.",
        "Sustainable Development Goals: “<b>” is not one of the choices and was left out.",
    ]
    assert titles(answer) == ["City hall"]
    assert told(client.get("/en/cases/?goal=3")) == []


def test_words_without_a_letter_are_said_to_be_left_out(client, case):
    case()

    answer = client.get("/en/cases/?q=🪑")

    assert told(answer) == ["“🪑” has no letter or figure to look for and was left out."]
    assert titles(answer) == ["City hall"]
