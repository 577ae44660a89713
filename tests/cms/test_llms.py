"""A program that comes by finds what the site is and where its data are, in /llms.txt."""

import pytest
from django.conf import settings
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def links(text: str) -> list[str]:
    return [line.partition("](")[2].partition(")")[0] for line in text.splitlines() if line.startswith("- [")]


def test_it_names_the_site_in_both_languages_and_where_its_data_are(client: Client) -> None:
    factories.ground()

    answer = client.get("/llms.txt")

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("# Best Practice Tour\n\n> Kort. / Kort.\n")
    assert "[Thuis](http://testserver/nl/)" in text
    assert "[Home](http://testserver/en/)" in text
    assert "[Contract](http://testserver/api/v1/openapi.json)" in text


def test_what_it_names_is_there_and_only_what_is_installed(client: Client) -> None:
    factories.ground()
    found = links(client.get("/llms.txt").content.decode())

    for name in ("cases", "events"):
        assert (f"http://testserver/api/v1/{name}/" in found) == (name in settings.PLUGINS)
    for address in found:
        # A feed without its index page is a 404, an endpoint that wants to know more a 422, one for orders only a 405.
        assert client.get(address.removeprefix("http://testserver")).status_code in {200, 404, 405, 422}, address
