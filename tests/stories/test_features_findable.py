"""Features 14 and 19: one visit told in two languages, and found by search engines, feeds and calendars."""

import re
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import feedparser
import ics
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from events import actions
from tests import factories
from tests.linked import things
from tests.stories.conftest import Site


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read().decode()


def pairs(html: str) -> dict[str, str]:
    return dict(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', html))


def test_features_14_and_19_one_visit_is_found_in_two_languages_with_the_same_facts(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/nl/")
    page.goto(page.locator(".stop a").last.get_attribute("href"))
    shoot(page, "feature-14-dutch")
    dutch = page.content()
    page.locator(".language a[hreflang=en]").click()
    english = page.content()
    shoot(page, "feature-14-english")

    assert set(pairs(dutch)) == {"nl", "en", "x-default"} and pairs(dutch) == pairs(english)
    (told, other) = (things(html, "EducationEvent")[0] for html in (dutch, english))
    facts = ("@id", "startDate", "endDate", "eventStatus", "location")
    assert {name: told[name] for name in facts} == {name: other[name] for name in facts}
    assert told["name"] != other["name"]
    assert page.locator("nav.crumb a").count() == 2
    link = page.get_by_role("link", name="Put it in my calendar").get_attribute("href")
    (entry,) = ics.Calendar(read(f"{site.url}{link}")).events
    assert entry.begin.isoformat() == told["startDate"]
    feed = feedparser.parse(read(f"{site.url}/en/visits/atom.xml"))
    assert (feed.bozo, other["url"] in [one.link for one in feed.entries]) == (False, True)
    assert f"<loc>{other['url']}</loc>" in read(f"{site.url}/sitemap-en.xml")


@pytest.mark.django_db
def test_feature_14_a_date_changed_once_is_another_on_both_pages_and_they_share_their_seats(client: Client) -> None:
    now = timezone.now().replace(microsecond=0)
    event = factories.event(capacity=5, starts_at=now + timedelta(days=30))
    page = factories.event_page(event)
    twin = page.get_translations().get()

    event.starts_at, event.ends_at = now + timedelta(days=40), now + timedelta(days=40, hours=4)
    event.save()
    actions.register(event=event, order=factories.order(seats=2), at=now)

    told = [things(client.get(one.get_url()).content.decode(), "EducationEvent")[0] for one in (page, twin)]
    expected = timezone.localtime(event.starts_at).isoformat()
    assert [one["startDate"] for one in told] == [expected, expected]
    left = [client.get(f"/api/v1/events/?locale={code}").json()["items"][0]["seats_left"] for code in ("nl", "en")]
    assert left == [3, 3]


@pytest.mark.django_db
def test_feature_14_pages_name_each_other_while_both_are_live_and_a_missing_one_is_a_notice(client: Client) -> None:
    page = factories.event_page(factories.event(starts_at=timezone.now() + timedelta(days=30)))
    twin = page.get_translations().get().specific
    dutch, english = (pairs(client.get(one.get_url()).content.decode()) for one in (page, twin))
    assert dutch == english
    assert (dutch["nl"], dutch["en"]) == (page.full_url, twin.full_url)

    twin.unpublish()

    html = client.get(page.get_url()).content.decode()
    assert "en" not in pairs(html)
    (notice,) = set(re.findall(r'href="([^"]+)" lang="en"', html))
    answer = client.get(notice)
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
    assert "This page is not available in English yet" in answer.content.decode()
