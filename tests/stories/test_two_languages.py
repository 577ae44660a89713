"""An editor's case in two languages: Dutch first, its English made, overtaken by the Dutch, and brought up to date."""

import re

from playwright.sync_api import Page, expect

from tests.stories.conftest import until
from tests.stories.editing_support import by_po_file, desk, publish_english, translate, waits_for_translation


def a_dutch_case(page: Page) -> str:
    """A case published in Dutch, as a copy of one of the demonstration. The address of its form."""
    page.goto("/admin/localize/reports/translations/")
    page.get_by_role("link", name="Garen terugspinnen").click()
    page.goto(re.sub(r"/edit/.*", "/copy/", page.url))
    page.locator("#id_new_title").fill("Garen op proef")
    page.locator("#id_new_slug").fill("garen-op-proef")
    page.locator("#id_publish_copies").check()
    page.locator("form[action*=copy] [type=submit]").click()
    page.get_by_role("link", name="Garen op proef", exact=True).first.click()
    page.wait_for_url("**/edit/")
    return page.url


def change_the_introduction(page: Page, form: str, text: str) -> None:
    page.goto(form)
    page.locator("#id_intro").fill(text)
    page.get_by_role("button", name="More actions").or_(page.locator("[data-w-dropdown-target=toggle]")).last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("has been published")


def test_a_case_is_translated_overtaken_and_brought_up_to_date(site, open_page, shoot, tmp_path):
    page = desk(open_page, "editor")
    form = a_dutch_case(page)

    expect(page.locator(".tour-languages")).to_contain_text("English: Missing")
    missing = waits_for_translation(page, "Garen op proef", "Missing")
    shoot(page, "languages-1-missing")
    missing.click()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/edit/")

    publish_english(page)
    expect(page.locator(".messages")).to_contain_text("texts are not translated yet")
    shoot(page, "languages-2-refused")
    translate(page, "Garen op proef", "Yarn on trial")
    by_po_file(page, tmp_path, "yarn-on-trial")
    publish_english(page)
    expect(page.locator(".messages")).to_contain_text("“Yarn on trial” is published.")
    expect(page.locator(".tour-translation")).to_contain_text("English: Up to date")
    shoot(page, "languages-3-published")
    reader = open_page(1280)
    reader.goto("/en/cases/yarn-on-trial/")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Yarn on trial")

    change_the_introduction(page, form, "Helemaal anders ingeleid.")
    # The worker does it, a moment later.
    until(lambda: waits_for_translation(page, "Garen op proef", "Out of date").count() == 1)
    shoot(page, "languages-4-out-of-date")
    page.goto(form)
    expect(page.locator(".tour-languages")).to_contain_text("English: Out of date (1")
    shoot(page, "languages-5-the-dutch-form")
    reader.reload()
    expect(reader.locator("main")).not_to_contain_text("Helemaal anders")

    page.locator(".tour-languages .tour-language").click()
    page.wait_for_url("**/edit/")
    translate(page, "Helemaal anders ingeleid.", "Introduced quite differently.")
    publish_english(page)
    expect(page.locator(".tour-translation")).to_contain_text("English: Up to date")
    reader.reload()
    expect(reader.locator("main")).to_contain_text("Introduced quite differently.")
    assert waits_for_translation(page, "Garen op proef", "").count() == 0
    shoot(page, "languages-6-up-to-date")
