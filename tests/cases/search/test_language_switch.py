"""Whoever changes the language in the middle of a search goes on with the same search."""

import re

import pytest

pytestmark = pytest.mark.django_db


def switch(client, address):
    """Where the language switch of this page leads."""
    said = client.get(address).content.decode()
    return re.search(r'<li class="language"><a href="([^"]*)"', said)[1].replace("&amp;", "&")


def test_words_and_filters_go_along(client, case):
    case(goals=[3])

    there = switch(client, "/nl/cases/?goal=3&q=stadskantoor")

    assert there == "/en/cases/?q=stadskantoor&goal=3"
    assert [item.case.title for item in client.get(there).context["found"]] == ["City hall"]


def test_what_the_page_does_not_know_and_the_page_number_stay_behind(client, case):
    case()

    assert switch(client, "/nl/cases/?sdg=12&utm_source=mail&page=2&goal=99") == "/en/cases/?sdg=12"
    assert switch(client, "/nl/cases/?utm_source=mail") == "/en/cases/"


def test_search_engines_are_told_the_address_without_it(client, case):
    case()

    said = client.get("/nl/cases/?q=stadskantoor").content.decode()

    assert re.findall(r'hreflang="en" href="([^"]*)"', said)[0].endswith("/en/cases/")
