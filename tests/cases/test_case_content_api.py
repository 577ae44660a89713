"""Cases in the content API: chosen fields with renditions at a constant number of queries, facets, strict questions."""

from typing import Any

import pytest
from django.test import Client

from cases.models import CaseImage, CaseParty, Lesson
from tests import factories
from tests.cms.headless.making import API, READING, conforms, image

pytestmark = READING
FIELDS = "title,strategies,goals,cpv,images(fill-300x200),lessons,translations"


def full_case(picture: Any, *, lessons: int = 2, **facts: Any) -> Any:
    made = factories.case_page(cpv=["39130000"], goals=[3], **facts)
    locale = made.locale
    for number in range(lessons):
        made.lessons.add(Lesson(title=f"Les {number}", text="Doe dit.", phase="award", locale=locale))
    made.images.add(CaseImage(image=picture, alternative="Een poort", credit="Wij", locale=locale))
    made.save()
    return made


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_list_with_images_lessons_and_translations_takes_ten_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    picture = image()
    for _ in range(number):
        full_case(picture)
    address = f"{API}/cases/?fields={FIELDS}"
    client.get(address)

    with django_assert_num_queries(10):
        answer = client.get(address)

    told = answer.json()
    conforms(answer, "/api/v1/cases/")

    assert (told["total"], len(told["items"])) == (number, number)
    for item in told["items"]:
        assert list(item["images"][0]["image"]["renditions"]) == ["fill-300x200"]
        assert [lesson["phase"] for lesson in item["lessons"]] == ["award", "award"]
        assert [one["locale"] for one in item["translations"]] == ["en"]


@pytest.mark.parametrize("number", [1, 3, 20])
def test_the_same_through_the_list_of_pages_with_every_field(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    picture = image()
    for _ in range(number):
        full_case(picture)
    some = f"{API}/pages/?type=cases.CasePage&locale=nl&fields={FIELDS}"
    every = f"{API}/pages/?type=cases.CasePage&locale=nl&fields=*"
    client.get(some)
    client.get(every)

    with django_assert_num_queries(9):
        assert len(client.get(some).json()["items"]) == number
    # And parties, figures, documents, sources.
    with django_assert_num_queries(13):
        answer = client.get(every)
    assert len(answer.json()["items"]) == number
    conforms(answer, "/api/v1/pages/")
    conforms(client.get(f"{API}/cases/?facets=phase,strategy"), "/api/v1/cases/")


def test_a_case_tells_its_parts(client: Client) -> None:
    made = full_case(image(), lessons=1)
    [lesson] = made.lessons.all()
    buyer = factories.organisation("Stad Proef", municipality="Proef")
    made.parties.add(CaseParty(organisation=buyer, role="buyer", locale=made.locale))
    made.save()

    told = client.get(f"{API}/pages/{made.pk}/?fields=lessons,parties,phases,municipality").json()

    assert told == {
        "id": made.pk,
        "type": "cases.CasePage",
        "municipality": "Venlo",
        "parties": [
            {
                "role": "buyer",
                "part": "",
                "organisation": {
                    "name": "Stad Proef",
                    "kind": "private",
                    "municipality": "Proef",
                    "country": "BE",
                    "website": "",
                },
            }
        ],
        "lessons": [
            {
                "phase": "award",
                "title": "Les 0",
                "text": "Doe dit.",
                "conditions": "",
                "pitfalls": "",
                "when_not": "",
                "anchor": lesson.anchor,
            }
        ],
        "phases": ["award"],
    }


def test_facets_count_what_one_more_choice_would_give(client: Client) -> None:
    factories.case_page(strategies=["reuse"], both=False)
    factories.case_page(strategies=["reuse", "recycle"], both=False)

    told = client.get(f"{API}/cases/?locale=en&facets=strategy").json()
    dutch = client.get(f"{API}/cases/?facets=strategy,country&strategy=recycle").json()

    assert told == {"items": [], "total": 0, "next": None, "facets": []}
    [strategy, country] = sorted(dutch["facets"], key=lambda one: one["name"], reverse=True)
    assert [(one["value"], one["count"], one["chosen"]) for one in strategy["options"]] == [
        ("reuse", 2, False),
        ("recycle", 1, True),
    ]
    assert [(one["value"], one["count"]) for one in country["options"]] == [("BE", 1)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("municipality=Gent", ["Gents"]),
        ("municipality__contains=en", ["Gents", "Venloos"]),
        ("municipality__in=Gent,Brugge", ["Gents"]),
        ("strategies__in=recycle,refuse", ["Gents"]),
        ("goals=3", ["Venloos"]),
        ("goals__isnull=true", ["Gents"]),
        ("checked_on__gte=2027-01-01&checked_on__lte=2027-01-31", ["Gents"]),
        ("checked_on__isnull=true", ["Venloos"]),
        ("title__contains=VENLO", ["Venloos"]),
        ("kind=visit-report", []),
        ("order=title", ["Gents", "Venloos"]),
        ("order=-title", ["Venloos", "Gents"]),
        ("municipality__contains=en&order=municipality", ["Gents", "Venloos"]),
    ],
)
def test_cases_are_narrowed_and_ordered_by_their_own_fields(client: Client, asked: str, found: list[str]) -> None:
    factories.case_page(title="Venloos", both=False, goals=[3])
    factories.case_page(title="Gents", both=False, municipality="Gent", strategies=["recycle"], checked_on="2027-01-15")

    told = client.get(f"{API}/cases/?{asked}").json()

    assert sorted(item["title"] for item in told["items"]) == sorted(found)
    if "order" in asked:
        assert [item["title"] for item in told["items"]] == found


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("bogus=1", "bogus"),
        ("municipality__gt=A", "municipality__gt"),
        ("municipality__regex=.*", "municipality__regex"),
        ("context__contains=x", "context__contains"),
        ("lessons__text__contains=x", "lessons__text__contains"),
        ("owner=1", "owner"),
        ("kind=bogus", "kind"),
        ("checked_on__gte=gisteren", "checked_on__gte"),
        ("checked_on__gte=2027-02-30", "checked_on__gte"),
        ("first_published_at__gte=0001-01-01", "first_published_at__gte"),
        ("goals__in=1,x", "goals__in"),
        ("goals__isnull=1", "goals__isnull"),
        ("order=owner", "order"),
        ("order=title,bogus", "order"),
        ("facets=bogus", "facets"),
        ("fields=bogus", "fields"),
        ("fields=title(fill-300x200)", "fields"),
        ("offset=99999999999999999999", "offset"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("q=((((", "q"),
        ("q=%F0%9F%92%A9%27%22;--", "q"),
    ],
)
def test_what_is_not_known_is_a_422_that_names_it(client: Client, asked: str, parameter: str) -> None:
    factories.case_page()

    answer = client.get(f"{API}/cases/?{asked}")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["loc"][:2] == ["query", parameter]
