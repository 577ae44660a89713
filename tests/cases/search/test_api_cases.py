"""GET /api/v1/cases/: the search of the site as JSON, strict about what is asked."""

import pytest

pytestmark = pytest.mark.django_db


def get(client, query: str):
    return client.get(f"/api/v1/cases/?{query}")


def test_a_case_tells_what_it_is_filed_under_and_where_its_lessons_are(client, case):
    page = case(
        "use",
        "award",
        goals=[4, 3],
        strategies=["reuse"],
        product_groups=["furniture"],
        markets=["furniture"],
        buyer_kind="local",
        cpv=["39130000"],
        sdgs=[12],
        country="NL",
    )
    url = f"http://testserver{page.get_url()}"

    assert get(client, "locale=nl").json() == {
        "items": [
            {
                "id": page.pk,
                "title": "Stadskantoor",
                "intro": "Kort.",
                "kind": "case",
                "municipality": "Venlo",
                "country": "NL",
                "buyer_kind": "local",
                "goals": [3, 4],
                "strategies": ["reuse"],
                "product_groups": ["furniture"],
                "markets": ["furniture"],
                "cpv": ["39130000"],
                "sdgs": [12],
                "phases": ["award", "use"],
                "lessons": [
                    {"title": f"Leerles {lesson.phase}", "phase": lesson.phase, "html_url": f"{url}#{lesson.anchor}"}
                    for lesson in page.lessons.all()
                ],
                "html_url": url,
            }
        ],
        "total": 1,
        "next": None,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("strategy=reuse&phase=award&cpv=391&q=stadskantoor", ["Stadskantoor"]),
        ("strategy=reuse&strategy=recycle", ["Garen", "Stadskantoor"]),
        ("strategy=reuse&phase=end", []),
        ("cpv=39130000-2", ["Stadskantoor"]),
        ("q=yarn", ["Garen"]),
        ("q=garn", ["Garen"]),
        ("locale=en&q=garen", ["Yarn"]),
        ("goal=2&market=textile&buyer=industry&country=BE&sdg=9&group=textile", ["Garen"]),
    ],
)
def test_the_parameters_of_the_contract_narrow_as_on_the_site(client, case, query, found):
    case("award", strategies=["reuse"], cpv=["39130000"])
    case(
        title="Garen",
        english="Yarn",
        strategies=["recycle"],
        goals=[2],
        markets=["textile"],
        buyer_kind="industry",
        sdgs=[9],
        product_groups=["textile"],
    )

    assert [item["title"] for item in get(client, query).json()["items"]] == found


def test_only_the_lessons_that_answer_are_given(client, case):
    case("award", "use")

    assert [lesson["phase"] for lesson in get(client, "phase=use").json()["items"][0]["lessons"]] == ["use"]


@pytest.mark.parametrize(
    "query",
    ["bogus=1", "limit=0", "limit=101", "offset=-1", "locale=fr", "strategy=x", "phase=contract", "cpv=a", "cpv=3",
     "goal=6", "goal=x", "sdg=18", "country=XX", "buyer=me", "market=x", "group=x", f"q={'x' * 201}", "page=2"],
)  # fmt: skip
def test_what_we_do_not_know_is_a_422_never_ignored(client, case, query):
    case()
    answer = get(client, query)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["loc"][:2] == ["query", query.partition("=")[0]]


def test_the_list_is_paged_and_the_next_page_keeps_the_search(client, case):
    for _number in range(3):
        case(strategies=["reuse"])

    first = get(client, "locale=en&q=city&strategy=reuse&limit=2").json()
    second = client.get(first["next"].removeprefix("http://testserver")).json()

    assert first["next"] == "http://testserver/api/v1/cases/?locale=en&q=city&strategy=reuse&limit=2&offset=2"
    assert (len(first["items"]), first["total"], len(second["items"]), second["next"]) == (2, 3, 1, None)


@pytest.mark.parametrize(
    ("query", "count", "queries"),
    [
        ("", 1, 7),
        ("", 3, 7),
        ("q=stadskantoor&phase=award", 1, 10),
        ("q=stadskantoor&phase=award", 3, 9),
        ("q=stadskantoor&phase=award", 6, 9),
    ],
)
def test_the_list_takes_a_constant_number_of_queries(client, case, query, count, queries, django_assert_num_queries):
    for _number in range(count):
        case("award", "use")
    get(client, query)

    with django_assert_num_queries(queries):
        assert len(get(client, query).json()["items"]) == count


def test_drafts_are_not_given(client, case):
    case().unpublish()

    assert get(client, "").json() == {"items": [], "total": 0, "next": None}
