"""Features 14 and 19: one visit told in two languages, and found by search engines, feeds and calendars."""

import re
import urllib.request
from collections.abc import Callable

import feedparser
import ics
from playwright.sync_api import Page

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
