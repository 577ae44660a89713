"""Sites share a database, and a language may be prepared before it is shown: neither is told to the other's readers."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, Page, Site

from cms.models import HomePage, StandardPage
from tests import factories
from tests.cms.headless.asking import Caller, key, problem
from tests.cms.headless.making import API, READING, page

pytestmark = READING


@pytest.fixture
def elsewhere() -> StandardPage:
    """A live page of another site in the same database."""
    home = factories.ground()
    root = Page.get_first_root_node()
    other = root.add_child(instance=HomePage(title="Buren", slug="buren", locale=home.locale, hero="Hallo"))
    Site.objects.create(hostname="buren.example", port=80, root_page=other)
    Site.clear_site_root_paths_cache()
    made: StandardPage = other.add_child(instance=StandardPage(title="Van de buren", slug="blad", locale=home.locale))
    return made


def titles(client: Client, address: str, **headers: Any) -> set[str]:
    return {item["title"] for item in client.get(f"{API}{address}", **headers).json()["items"]}


def test_a_page_of_another_site_is_not_there_on_this_one(client: Client, elsewhere: StandardPage) -> None:
    page(title="Van ons")

    assert "Van ons" in titles(client, "/pages/?locale=nl")
    assert "Van de buren" not in titles(client, "/pages/?locale=nl")
    assert titles(client, "/pages/?locale=nl&q=buren") == set()
    assert problem(client.get(f"{API}/pages/{elsewhere.pk}/"))[0] == 404
    assert titles(client, "/pages/?locale=nl", headers={"host": "buren.example"}) == {"Buren", "Van de buren"}


def test_nor_can_it_be_written_from_here(elsewhere: StandardPage) -> None:
    administrator = Caller(key(factories.user("admin")))
    change = {"content": {"title": "Van ons nu"}}

    assert problem(administrator.get(f"/pages/{elsewhere.pk}/draft/"))[0] == 404
    assert problem(administrator.patch(f"/pages/{elsewhere.pk}/", change, **{"If-Match": "*"}))[0] == 404
    assert problem(administrator.post(f"/pages/{elsewhere.pk}/workflow/unpublish/"))[0] == 404
    new = {"type": "cms.StandardPage", "parent": elsewhere.pk, "content": {"title": "Nieuw"}}
    assert problem(administrator.post("/pages/", new))[2] == [(["body", "parent"], "unknown_id")]
    assert StandardPage.objects.get(pk=elsewhere.pk).live is True


def test_a_language_the_site_does_not_show_is_not_told(client: Client) -> None:
    home = factories.ground()
    french = Locale.objects.create(language_code="fr")
    made = page(title="Blad", slug="blad")
    home.copy_for_translation(french).save_revision().publish()
    twin = made.copy_for_translation(french)
    twin.title = "Feuille"
    twin.save_revision().publish()

    assert titles(client, "/pages/?title=Feuille") == set()
    assert problem(client.get(f"{API}/pages/{twin.pk}/"))[0] == 404
    told = client.get(f"{API}/pages/{made.pk}/").json()["translations"]
    assert [one["locale"] for one in told] == []
