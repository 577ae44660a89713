"""Sitemaps by the rules of sitemaps.org, and as the heads of the pages say the same."""

import re
from datetime import datetime

import pytest
from django.conf import settings
from lxml import etree
from wagtail.models import PageViewRestriction

from cms.models import StandardPage
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
needs_events = pytest.mark.skipif("events" not in settings.PLUGINS, reason="a visit needs the events chapter")


def page(slug, **facts):
    home = factories.ground()
    return home.add_child(instance=StandardPage(title=slug.title(), slug=slug, locale=home.locale, **facts))


def read(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return etree.fromstring(answer.content)


def listed(client, language="nl"):
    """{address: {hreflang: address}} of one language's sitemap."""
    return {
        url.findtext("s:loc", namespaces=NAMES): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link[@rel='alternate']", NAMES)
        }
        for url in read(client, f"/sitemap-{language}.xml").findall("s:url", NAMES)
    }


def test_robots_name_the_index_and_the_index_names_a_sitemap_for_each_language(client):
    factories.ground()

    robots = client.get("/robots.txt")

    assert robots["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in robots.content.decode().splitlines()
    index = read(client, "/sitemap.xml")
    assert etree.QName(index) == etree.QName(NAMES["s"], "sitemapindex")
    assert index.xpath("s:sitemap/s:loc/text()", namespaces=NAMES) == [
        "http://testserver/sitemap-nl.xml",
        "http://testserver/sitemap-en.xml",
    ]
    assert client.get("/sitemap-fr.xml").status_code == 404


def test_pairs_of_languages_are_reciprocal_and_as_the_pages_say_them(client):
    factories.english(page("over"), title="About", slug="about")
    page("alleen")

    dutch, english = listed(client, "nl"), listed(client, "en")

    pair = {"nl": "http://testserver/nl/over/", "en": "http://testserver/en/about/"}
    assert dutch["http://testserver/nl/over/"] == pair | {"x-default": pair["nl"]}
    assert english["http://testserver/en/about/"] == dutch["http://testserver/nl/over/"]
    assert dutch["http://testserver/nl/alleen/"] == {
        "nl": "http://testserver/nl/alleen/",
        "x-default": "http://testserver/nl/alleen/",
    }
    for address, alternates in (dutch | english).items():
        head = client.get(address).content.decode()
        assert re.findall(r'rel="canonical" href="([^"]+)"', head) == [address]
        assert dict(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', head)) == alternates


def test_drafts_and_private_pages_are_left_out(client):
    page("concept", live=False)
    private = page("besloten")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    below = private.add_child(instance=StandardPage(title="Eronder", slug="eronder", locale=private.locale))
    assert below.live

    assert list(listed(client)) == ["http://testserver/nl/"]


def test_each_page_has_the_day_it_was_published_last(client):
    page("over").save_revision().publish()

    days = read(client, "/sitemap-nl.xml").xpath("s:url[s:loc[contains(., 'over')]]/s:lastmod/text()", namespaces=NAMES)

    published = StandardPage.objects.get(slug="over").last_published_at
    assert [datetime.fromisoformat(day).date() for day in days] == [published.astimezone().date()]


@needs_events
def test_a_past_visit_stays_and_one_not_arranged_yet_is_left_out(client):
    factories.event_page(factories.event(), both=False)
    factories.event_page(factories.event(status="draft"), both=False)
    past = factories.event_page(factories.event(starts_at=datetime(2020, 1, 1, 9, tzinfo=factories.NOON.tzinfo)))

    visits = [address for address in listed(client) if "/programma/bezoek" in address]

    assert len(visits) == 2 and past.full_url in visits


@pytest.mark.parametrize("number", [1, 3])
def test_a_sitemap_asks_as_many_queries_for_one_page_as_for_three(client, number, django_assert_num_queries):
    for place in range(number):
        factories.english(page(f"over-{place}"), slug=f"about-{place}")
    client.get("/sitemap-nl.xml")

    with django_assert_num_queries(5 + 3 * ("events" in settings.PLUGINS)):
        assert len(listed(client)) == 1 + number
