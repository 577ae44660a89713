"""A program that comes by finds what the site is and where its data are, in /llms.txt."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Site

from tests import factories

pytestmark = pytest.mark.django_db


def links(text: str) -> list[str]:
    return [line.partition("](")[2].partition(")")[0] for line in text.splitlines() if line.startswith("- [")]


def test_it_names_the_site_in_both_languages_and_where_its_data_are(client: Client) -> None:
    factories.ground()

    answer = client.get("/llms.txt")

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("# Tour\n\n> Kort. / Kort.\n")
    assert "[Thuis](http://testserver/nl/)" in text
    assert "[Home](http://testserver/en/)" in text
    assert "[Contract](http://testserver/api/v1/openapi.json)" in text


def test_what_it_names_is_there_and_only_what_is_installed(client: Client) -> None:
    factories.ground()
    found = links(client.get("/llms.txt").content.decode())

    for name in ("cases", "events"):
        assert (f"http://testserver/api/v1/{name}/" in found) == (name in settings.PLUGINS)
    for address in found:
        # A feed without its index page is a 404; everything else opens as it is.
        expected = {200, 404} if address.endswith((".xml", ".ics", ".json")) else {200}
        assert client.get(address.removeprefix("http://testserver")).status_code in expected, address


def test_it_is_headed_by_the_site_s_own_name_and_says_nothing_where_there_is_nothing_to_say(client: Client) -> None:
    home = factories.ground()
    for page in home.get_translations(inclusive=True):
        page.intro = ""
        page.save()
    Site.objects.update(site_name="Stad Proef")

    assert client.get("/llms.txt").content.decode().startswith("# Stad Proef\n\nEverything public")


def test_all_addresses_are_of_the_site_that_is_asked(client: Client, settings) -> None:
    factories.ground()
    settings.WAGTAILADMIN_BASE_URL = "http://elsewhere.example"
    found = links(client.get("/llms.txt").content.decode())

    assert {urlsplit(address).netloc for address in found} == {"testserver"}
