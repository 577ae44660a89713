"""Capability 10, the reading half: ETag, 304, Cache-Control, scripts of other origins, and what a cache must forget."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from wagtail.contrib.frontend_cache.backends.base import BaseBackend

from cms.headless.delivery import version_in
from cms.headless.purging import addresses
from cms.models import StandardPage
from tests import factories
from tests.cms.headless.making import API, READING, page, private

pytestmark = READING


def test_who_has_the_answer_already_gets_a_304(client: Client) -> None:
    made = page()
    address = f"{API}/pages/{made.pk}/"
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    weak = client.get(address, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
    other = client.get(address, headers={"If-None-Match": '"other"'})
    head = client.head(address, headers={"If-None-Match": first["ETag"]})

    assert [one.status_code for one in (first, again, weak, other, head)] == [200, 304, 304, 200, 304]
    assert (again.content, again["ETag"], again["Cache-Control"]) == (b"", first["ETag"], "public, max-age=60")
    assert first.json()["etag"] == version_in(first["ETag"]) == f"{made.pk}-0"


def test_the_tag_changes_with_all_that_the_answer_shows(client: Client) -> None:
    above = page(title="Boven")
    made = page(under=above)
    address = f"{API}/pages/{made.pk}/"
    tags = [client.get(address)["ETag"]]

    made.save_revision().publish()
    tags.append(client.get(address)["ETag"])
    StandardPage.objects.filter(pk=above.pk).update(title="Anders")
    tags.append(client.get(address)["ETag"])
    factories.english(above)
    twin = factories.english(StandardPage.objects.get(pk=made.pk))
    tags.append(client.get(address)["ETag"])
    private(twin)
    tags.append(client.get(address)["ETag"])

    assert len(set(tags)) == 4  # the last is the third again: a private translation is not there
    assert tags[4] == tags[2]


def test_a_draft_that_is_not_public_changes_nothing(client: Client) -> None:
    made = page(title="Open")
    address = f"{API}/pages/{made.pk}/"
    before = client.get(address)
    made.title = "Nog niet"
    made.save_revision()

    after = client.get(address)

    assert (after["ETag"], after.json()) == (before["ETag"], before.json())


@pytest.mark.parametrize("where", ["pages/", "navigation/", "settings/", "vocabularies/", "redirects/", "openapi.json"])
def test_every_list_has_a_tag(client: Client, where: str) -> None:
    factories.ground()

    first = client.get(f"{API}/{where}")

    assert client.get(f"{API}/{where}", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_errors_are_not_kept(client: Client) -> None:
    factories.ground()

    for address in ("pages/999/", "pages/?bogus=1"):
        answer = client.get(f"{API}/{address}")
        assert (answer["Cache-Control"], "ETag" in answer) == ("private, no-store", False)


def test_scripts_of_other_origins_may_read_and_ask_first(client: Client, settings: LazySettings) -> None:
    made = page()
    address = f"{API}/pages/{made.pk}/"
    elsewhere = {"Origin": "https://front.example"}

    answer = client.get(address, headers=elsewhere)
    asked = client.options(address, headers=elsewhere | {"Access-Control-Request-Method": "GET"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]

    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"API_ORIGINS": ["https://front.example"]}
    ours = client.get(address, headers=elsewhere)
    others = client.get(address, headers={"Origin": "https://other.example"})
    assert ours["Access-Control-Allow-Origin"] == "https://front.example"
    assert "Access-Control-Allow-Origin" not in others
    assert "Origin" in others["Vary"]


def test_a_session_is_nothing_here(client: Client) -> None:
    hidden = private(page())
    client.force_login(factories.user("admin"))

    answer = client.get(f"{API}/pages/{hidden.pk}/")

    assert answer.status_code == 404
    assert "Cookie" not in answer["Vary"]


@pytest.fixture
def forgotten(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses a cache in front of the site was told to forget."""
    told: list[str] = []

    class Told(BaseBackend):
        def purge(self, url: str) -> None:
            told.append(url)

    monkeypatch.setattr("tests.cms.headless.test_delivery.Cache", Told, raising=False)
    settings.WAGTAILFRONTENDCACHE = {"told": {"BACKEND": "tests.cms.headless.test_delivery.Cache"}}
    return told


def test_publishing_moving_and_taking_off_make_a_cache_forget(
    client: Client, forgotten: list[str], at_once: Any
) -> None:
    above = page(slug="boven")
    made = page(slug="onder", under=above)
    with at_once():
        made.save_revision().publish()

    published = set(forgotten)
    assert {
        "http://testserver/nl/boven/onder/",
        "http://testserver/nl/boven/",
        f"http://testserver{API}/pages/{made.pk}/",
        f"http://testserver{API}/pages/{made.pk}/breadcrumbs/",
        f"http://testserver{API}/pages/{above.pk}/children/",
        f"http://testserver{API}/pages/",
        f"http://testserver{API}/navigation/",
    } <= published
    forgotten.clear()
    with at_once():
        StandardPage.objects.get(pk=made.pk).unpublish()
    assert f"http://testserver{API}/pages/{made.pk}/" in forgotten
    forgotten.clear()
    StandardPage.objects.filter(pk=made.pk).update(live=True)
    below = page(slug="diep", under=StandardPage.objects.get(pk=made.pk))
    forgotten.clear()
    with at_once():
        StandardPage.objects.get(pk=made.pk).move(factories.ground(), "last-child")
    assert {
        "http://testserver/nl/boven/onder/",
        "http://testserver/nl/onder/",
        "http://testserver/nl/boven/onder/diep/",
        "http://testserver/nl/onder/diep/",
        f"http://testserver{API}/pages/{below.pk}/",
    } <= set(forgotten)


def test_without_a_cache_nothing_is_asked(at_once: Any, django_assert_num_queries: Any) -> None:
    made = page()

    assert addresses(made)[0] == made.full_url
