"""What an editor does in the admin, as a person does it: typing, pressing, choosing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
from playwright.sync_api import Page, expect

#: Ends with the name of the workflow, which is in the site's own language.
SUBMIT, RESUBMIT = re.compile("^Submit to "), re.compile("^Resubmit to ")


def desk(open_page: Callable[..., Page], login: str) -> Page:
    page = open_page(1280, locale="en-GB")
    page.goto("/admin/login/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", "tour-demo")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """A choice below "More actions", at the foot of the form."""
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.locator("footer").get_by_role("button", name=name, exact=True).click()


def write(page: Page, name: str, text: str) -> None:
    """In a field of rich text."""
    page.locator(f"[data-contentpath={name}] [contenteditable=true]").click()
    page.keyboard.type(text)
    expect(page.locator(f"input[name={name}]")).to_have_value(re.compile(re.escape(text)))


def new_case(page: Page) -> None:
    """The empty form of a case below the Dutch list."""
    pages = page.request.get("/admin/api/main/pages/?limit=20&locale=nl").json()["items"]
    number = next(item["id"] for item in pages if item["meta"]["type"] == "cases.CaseIndexPage")
    page.goto(f"/admin/pages/add/cases/casepage/{number}/")


def add_part(page: Page, name: str, **facts: str) -> int:
    """One more lesson, figure, …, with these facts typed in. Its number in the form."""
    number = int(page.locator(f"#id_{name}-TOTAL_FORMS").input_value())
    page.locator(f"#id_{name}-ADD").click()
    for field, value in facts.items():
        box = page.locator(f"#id_{name}-{number}-{field}")
        if box.evaluate("element => element.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    return number


def translate(page: Page, dutch: str, english: str) -> None:
    """In the translator's editor, as a person does: press, type, save."""
    segment = page.locator(".js-translation-editor li.incomplete").filter(has_text=dutch).last
    segment.get_by_role("button", name="Translate").click()
    row = page.locator(".js-translation-editor li").filter(has=page.locator("textarea")).last
    row.locator("textarea").fill(english)
    row.get_by_role("button", name="Save").click()
    expect(page.locator(".js-translation-editor textarea")).to_have_count(0)
    expect(page.locator(".js-translation-editor")).to_contain_text(english)


def by_po_file(page: Page, folder: Path, slug: str) -> None:
    """The texts that are left, by an agency: out as a PO file and back."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PO file").click()
    file = polib.pofile(str(download.value.path()))
    for entry in file:
        entry.msgstr = entry.msgstr or (slug if entry.msgctxt == "slug" else f"EN {entry.msgid}"[:120])
    file.save(str(folder / "case.po"))
    page.locator("input[type=file][name=file]").first.set_input_files(folder / "case.po")
    expect(page.locator(".messages")).to_contain_text("texts taken from the file.")


def publish_english(page: Page) -> None:
    page.get_by_role("button", name="Publish in English").click()


def waits_for_translation(page: Page, title: str, words: str) -> Any:
    """The way to the English of this page on the admin's front page, when it stands there with these words."""
    page.goto("/admin/")
    return page.locator(".tour-waiting-list li li").filter(has_text=title).filter(has_text=words).get_by_role("link")
