"""Capability 3 and 4: from a public address to the page, and the page's own address as JSON."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from cms.models import StandardPage
from tests import factories
from tests.cms.headless.making import API, READING, page, private

pytestmark = READING


@pytest.mark.parametrize("where", ["resolve", "resolve/"])
def test_an_address_in_either_language_gives_its_page(client: Client, where: str) -> None:
    above = page(slug="boven", both=True)
    made = page(slug="onder", under=above, both=True)
    english = made.get_translations().get()

    for one in (made, english):
        told = client.get(f"{API}/{where}", {"path": one.get_url(), "fields": "title,html_url"})
        assert told.status_code == 200
        assert told.json() == {
            "kind": "page",
            "locale": one.locale.language_code,
            "html_url": one.full_url,
            "arguments": {},
            "page": {"id": one.pk, "type": "cms.StandardPage", "title": one.title, "html_url": one.full_url},
        }


@pytest.mark.parametrize("written", ["/nl/onder/", "/nl/onder", "/nl/onder/?utm=1#x", "http://testserver/nl/onder/"])
def test_it_is_written_in_more_than_one_way(client: Client, written: str) -> None:
    made = page(slug="onder")

    told = client.get(f"{API}/resolve/", {"path": written})

    assert told.json()["page"]["id"] == made.pk


def test_the_home_page_and_the_address_without_a_language(client: Client) -> None:
    home = factories.ground()

    assert client.get(f"{API}/resolve/?path=/nl/").json()["page"]["id"] == home.pk
    assert client.get(f"{API}/resolve/?path=/en/").json()["locale"] == "en"
    assert client.get(f"{API}/resolve/?path=/").json() == {
        "kind": "redirect",
        "locale": "nl",
        "redirect_to": "http://testserver/nl/",
        "is_permanent": False,
    }


def test_a_moved_page_leads_to_where_it_is_now(client: Client) -> None:
    made = page(slug="oud", both=False)
    Redirect.objects.create(old_path="/nl/vroeger", redirect_page=made, is_permanent=True)
    Redirect.objects.create(old_path="/nl/weg", redirect_link="https://example.org/", is_permanent=False)

    moved = client.get(f"{API}/resolve/?path=/nl/vroeger/").json()
    away = client.get(f"{API}/resolve/?path=/nl/weg/").json()
    listed = client.get(f"{API}/redirects/").json()

    assert moved == {"kind": "redirect", "locale": "nl", "redirect_to": made.full_url, "is_permanent": True}
    assert (away["redirect_to"], away["is_permanent"]) == ("https://example.org/", False)
    assert listed == {
        "items": [
            {"old_path": "/nl/vroeger", "redirect_to": made.full_url, "is_permanent": True},
            {"old_path": "/nl/weg", "redirect_to": "https://example.org/", "is_permanent": False},
        ],
        "total": 2,
        "next": None,
    }


def test_a_new_slug_leaves_a_redirect_that_resolves(client: Client, at_once) -> None:  # type: ignore[no-untyped-def]
    made = page(slug="oud")
    with at_once():
        made.slug = "nieuw"
        made.save_revision().publish()

    told = client.get(f"{API}/resolve/?path=/nl/oud/").json()

    assert told["redirect_to"] == "http://testserver/nl/nieuw/"


def test_other_addresses_of_the_site_are_said_to_be_views(client: Client) -> None:
    factories.ground()
    address = reverse("cms:search")

    told = client.get(f"{API}/resolve/?path={address}").json()

    assert told == {
        "kind": "view",
        "locale": "nl",
        "html_url": f"http://testserver{address}",
        "view": "cms:search",
    }


def test_what_exists_in_the_other_language_only_is_said_with_the_404(client: Client) -> None:
    made = page(title="Alleen Nederlands", slug="alleen")

    answer = client.get(f"{API}/resolve/?path=/en/alleen/")

    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert [(one["id"], one["locale"], one["html_url"]) for one in told["known"]] == [
        (made.pk, "nl", "http://testserver/nl/alleen/")
    ]


def test_a_private_or_absent_page_is_the_same_404(client: Client) -> None:
    private(page(title="Geheim", slug="geheim"))

    hidden = client.get(f"{API}/resolve/?path=/nl/geheim/")
    absent = client.get(f"{API}/resolve/?path=/nl/er-niet/")
    other = client.get(f"{API}/resolve/?path=/en/geheim/")

    assert (hidden.status_code, hidden.json()) == (404, absent.json())
    assert other.json() == client.get(f"{API}/resolve/?path=/en/er-niet/").json()


def test_the_pages_own_address_gives_the_same_answer_to_who_wants_json(client: Client) -> None:
    made = page(slug="onder", both=True)

    told = client.get("/nl/onder/?expand=breadcrumbs", headers={"Accept": "application/json"})
    same = client.get(f"{API}/pages/{made.pk}/?expand=breadcrumbs")
    again = client.get(
        "/nl/onder/?expand=breadcrumbs", headers={"Accept": "application/json", "If-None-Match": told["ETag"]}
    )

    assert (told.status_code, told.json(), told["ETag"]) == (200, same.json(), same["ETag"])
    assert "Accept" in told["Vary"]
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("application/json", True),
        ("application/json, text/plain, */*", True),
        ("text/html;q=0.5, application/json", True),
        ("application/json;q=0.5, text/html", False),
        ("*/*", False),
        ("", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/html, application/json", False),
        ("application/json;q=0, */*", False),
        ("application/*", True),
        ("garbage", False),
        ("application/json;q=x", True),
    ],
)
def test_html_stays_what_whoever_takes_anything_gets(client: Client, accept: str, is_json: bool) -> None:
    page(slug="onder")

    answer = client.get("/nl/onder/", headers={"Accept": accept})

    assert (answer.status_code, "json" in answer["Content-Type"]) == (200, is_json)
    assert "Accept" in [name.strip() for name in answer["Vary"].split(",")]


def test_a_private_page_as_json_is_a_404_and_no_login_page(client: Client) -> None:
    private(page(title="Geheim", slug="geheim"))

    answer = client.get("/nl/geheim/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "Geheim" not in answer.content.decode()
    assert client.get("/nl/geheim/?bogus=1").status_code == 302


def test_an_unknown_parameter_at_the_pages_own_address_is_a_422_for_json_only(client: Client) -> None:
    page(slug="onder")

    as_json = client.get("/nl/onder/?bogus=1", headers={"Accept": "application/json"})

    assert (as_json.status_code, as_json["Content-Type"]) == (422, "application/problem+json")
    assert client.get("/nl/onder/?bogus=1").status_code == 200
    assert StandardPage.objects.count() == 1
