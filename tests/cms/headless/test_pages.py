"""Capability 1 and 2: lists with chosen fields, one page, and its components."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.cms.headless.making import API, READING, image, page, private

pytestmark = READING


def body_with(picture: Any) -> list[tuple[str, Any]]:
    told = {"image": picture, "alternative": "Een hal", "caption": "", "credit": "Wij"}
    return [("text", "<p>Lees <b>dit</b>.</p>"), ("image", told)]


def test_one_page_says_all_its_fields(client: Client) -> None:
    home = factories.ground()
    picture = image()
    made = page(title="Over ons", slug="over-ons", intro="Kort.", both=True, body=body_with(picture))
    english = made.get_translations().get()

    told = client.get(f"{API}/pages/{made.pk}/").json()

    keys = {entry.pop("id") for entry in told["body"]}
    assert len(keys) == 2
    rendition = told["body"][1]["value"]["image"]["renditions"].pop("width-800")
    assert (rendition["width"], rendition["height"]) == (640, 480)
    assert rendition["url"].startswith("http://testserver/media/images/")
    here = f"http://testserver{API}/pages/{made.pk}/"
    assert told == {
        "id": made.pk,
        "type": "cms.StandardPage",
        "title": "Over ons",
        "slug": "over-ons",
        "locale": "nl",
        "html_url": "http://testserver/nl/over-ons/",
        "api_url": here,
        "seo_title": "",
        "search_description": "",
        "first_published_at": None,
        "last_published_at": None,
        "etag": f"{made.pk}-0",
        "parent": {"id": home.pk, "title": "Thuis", "html_url": "http://testserver/nl/"},
        "translations": [
            {
                "locale": "en",
                "id": english.pk,
                "title": english.title,
                "html_url": f"http://testserver/en/{english.slug}/",
                "api_url": f"http://testserver{API}/pages/{english.pk}/",
            }
        ],
        "components": {
            name: f"{here}{name}/"
            for name in ("breadcrumbs", "navigation", "translations", "children", "link-integrity")
        },
        "intro": "Kort.",
        "body": [
            {"type": "text", "value": "<p>Lees <b>dit</b>.</p>"},
            {
                "type": "image",
                "value": {
                    "image": {
                        "id": picture.pk,
                        "title": "Foto",
                        "alt": "Foto",
                        "width": 640,
                        "height": 480,
                        "renditions": {},
                    },
                    "alternative": "Een hal",
                    "caption": "",
                    "credit": "Wij",
                },
            },
        ],
        "in_footer": False,
    }


def test_only_the_fields_asked_for_are_there_with_the_renditions_asked_for(client: Client) -> None:
    made = page(title="Over ons", body=body_with(image()))

    told = client.get(f"{API}/pages/{made.pk}/?fields=title,body(fill-300x200,width-400)").json()

    assert list(told) == ["id", "type", "title", "body"]
    renditions = told["body"][1]["value"]["image"]["renditions"]
    assert {spec: (made["width"], made["height"]) for spec, made in renditions.items()} == {
        "fill-300x200": (300, 200),
        "width-400": (400, 300),
    }


@pytest.mark.parametrize(
    "asked",
    [
        "fields=bogus",
        "fields=title(fill-300x200)",
        "fields=body(fill-9000x9000)",
        "fields=body(original)",
        "fields=title,,slug",
        "fields=title;slug",
        "fields=title&fields=slug",
        f"fields={'a' * 3000}",
        "expand=bogus",
        "bogus=1",
        "locale=nl",
    ],
)
def test_what_cannot_be_asked_of_a_page_is_a_422_that_names_the_parameter(client: Client, asked: str) -> None:
    answer = client.get(f"{API}/pages/{page().pk}/?{asked}")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["loc"] == ["query", asked.partition("=")[0]]


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_list_of_any_length_asks_the_database_as_often(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    picture = image()
    for _ in range(number):
        page(both=True, body=body_with(picture))
    address = f"{API}/pages/?locale=nl&type=cms.StandardPage&fields=title,body(fill-300x200),translations,parent"
    client.get(address)

    # The site, restrictions, the number, the pages, pages they refer to, images, renditions.
    with django_assert_num_queries(7):
        told = client.get(address).json()

    assert (told["total"], len(told["items"])) == (number, number)
    assert {len(item["translations"]) for item in told["items"]} == {1}


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_list_of_pages_of_any_type_too(client: Client, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        page(both=True)
    address = f"{API}/pages/?fields=*&limit=50"
    client.get(address)

    # The site, restrictions, the number, the pages, one for each of two types, pages they refer to.
    with django_assert_num_queries(7):
        told = client.get(address).json()

    assert told["total"] == 2 + 2 * number


def test_a_list_says_where_it_goes_on_with_the_same_question(client: Client) -> None:
    for _ in range(3):
        page()

    first = client.get(f"{API}/pages/?type=cms.StandardPage&fields=title&limit=2").json()
    rest = client.get(first["next"]).json()

    assert first["next"] == (f"http://testserver{API}/pages/?type=cms.StandardPage&fields=title&limit=2&offset=2")
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_components_come_along_when_asked_and_stand_at_addresses_of_their_own(client: Client) -> None:
    home = factories.ground()
    above = page(title="Boven", show_in_menus=True, both=True)
    made = page(title="Onder", under=above)
    page(title="Voet", in_footer=True)

    told = client.get(f"{API}/pages/{made.pk}/?fields=title&expand=breadcrumbs,navigation,translations").json()

    components = told["components"]
    assert [one["title"] for one in components["breadcrumbs"]["items"]] == [home.title, "Boven"]
    assert [(one["title"], one["is_current"]) for one in components["navigation"]["menu"]] == [("Boven", True)]
    assert [one["title"] for one in components["navigation"]["footer"]] == ["Voet"]
    assert [one["locale"] for one in components["translations"]["items"]] == ["nl"]
    for name, component in components.items():
        assert client.get(f"{API}/pages/{made.pk}/{name}/").json() == component
    both = client.get(f"{API}/pages/{above.pk}/?expand=breadcrumbs,translations").json()
    assert len(both["components"]["translations"]["items"]) == 2
    children = client.get(f"{API}/pages/{above.pk}/children/").json()
    assert [one["title"] for one in children["items"]] == ["Onder"]


@pytest.mark.parametrize("number", [0, 10**9, 2**31, 2**63, 10**20, 10**40])
def test_a_page_that_is_not_there_is_a_404_whatever_its_number(client: Client, number: int) -> None:
    factories.ground()

    for address in (f"{API}/pages/{number}/", f"{API}/pages/{number}/breadcrumbs/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_private_page_is_not_there_and_neither_is_what_stands_below_it(client: Client) -> None:
    hidden = private(page(title="Besloten"))
    below = page(under=hidden)

    assert [client.get(f"{API}/pages/{made.pk}/").status_code for made in (hidden, below)] == [404, 404]
    assert client.get(f"{API}/pages/?type=cms.StandardPage").json()["total"] == 0
