"""Wagtail's own checker of accessibility works for whoever is logged in, under the strict policy and in the preview.

The pages are the demonstration's: what the checker finds there is a fault of the page. That it would find one is seen
by putting one in before it looks.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.conftest import Site
from tests.stories.editing_support import desk

PAGES = ("/nl/", "/en/", "/nl/cases/", "/nl/programma/")
#: A heading that says nothing, as if an editor had left one.
FAULT = """addEventListener('DOMContentLoaded', () => {
    document.querySelector('main').append(document.createElement('h2'));
})"""


def count(page: Page) -> Locator:
    """How many faults the checker found. Empty until it has looked."""
    return page.locator("wagtail-userbar #checker-trigger [data-content-checker-count]")


def pages_of(page: Page, kind: str) -> list[tuple[int, str]]:
    """(number, address) of the demonstration's Dutch pages of this kind; there are some."""
    items = page.request.get("/admin/api/main/pages/?limit=20&locale=nl").json()["items"]
    found = [(item["id"], item["meta"]["html_url"]) for item in items if item["meta"]["type"] == kind]
    assert found
    return found


def test_it_runs_on_the_public_pages_and_finds_nothing(site: Site, open_page: Callable[..., Page]) -> None:
    page = desk(open_page, "editor")
    cases, visits = pages_of(page, "cases.CasePage"), pages_of(page, "events.EventPage")

    for address in (*PAGES, *(url for _number, url in (*cases, *visits[:2]))):
        page.goto(address)
        expect(count(page), address).to_have_text("0")


def test_it_would_find_a_heading_that_says_nothing(site: Site, chromium: Browser) -> None:
    """In a window of its own: Wagtail writes what it finds to the console as an error."""
    with chromium.new_context(base_url=site.url) as context:
        page = desk(lambda *_size, **_options: context.new_page(), "editor")
        page.add_init_script(FAULT)

        page.goto("/nl/")

        expect(count(page)).to_have_text("1")


def test_it_runs_in_the_editor_on_the_preview_of_a_case(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    page = desk(open_page, "editor")
    number, _address = pages_of(page, "cases.CasePage")[0]
    page.goto(f"/admin/pages/{number}/edit/")

    page.get_by_role("button", name="Toggle checks").click()

    # It has counted the words of the preview, so it has seen it.
    expect(page.locator("[data-content-word-count]")).to_have_text(re.compile(r"^\d+$"))
    expect(page.locator("h2 [data-content-checker-count]")).to_have_text("0")
    shoot(page, "checks-panel")


def test_nobody_who_is_not_logged_in_is_sent_any_of_it(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page()

    page.goto("/nl/")

    assert page.locator("wagtail-userbar").count() == 0
