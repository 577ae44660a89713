"""A case goes past a reviewer: written, sent in, sent back with a word, mended, approved, and live for everybody."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.stories.conftest import Site, until
from tests.stories.editing_support import RESUBMIT, SUBMIT, desk, new_case, press, write

TITLE = "Stoelen die terugkeren"


def test_a_case_is_sent_in_sent_back_mended_approved_and_live(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    editor = desk(open_page, "editor")
    new_case(editor)
    editor.fill("input[name=title]", TITLE)
    editor.fill("input[name=municipality]", "Gent")
    editor.check("input[name=strategies][value=reuse]")
    editor.check("input[name=product_groups][value=furniture]")
    write(editor, "context", "De stad had stoelen nodig.")
    editor.get_by_role("button", name="Save draft").click()
    editor.wait_for_url("**/edit/**")
    expect(editor.locator("main")).to_contain_text("The case lacks: approach.")
    press(editor, SUBMIT)
    # The approach was forgotten: the form says so and keeps what was typed.
    expect(editor.locator("input[name=title]")).to_have_value(TITLE)
    shoot(editor, "review-1-lacks")
    write(editor, "approach", "Er werd terugname gevraagd.")
    press(editor, SUBMIT)
    expect(editor.locator("body")).to_contain_text("submitted for moderation")
    shoot(editor, "review-2-sent-in")
    assert site.wait_for_mails("reviewer@example.org", 1)[0]["subject"]

    reviewer = desk(open_page, "reviewer")
    expect(reviewer.locator("main")).to_contain_text(TITLE)
    shoot(reviewer, "review-3-dashboard")
    reviewer.get_by_role("link", name=TITLE).first.click()
    press(reviewer, "Request changes")
    reviewer.locator("dialog textarea, .modal textarea").first.fill("Zeg ook hoeveel stoelen het waren.")
    reviewer.locator("dialog, .modal").get_by_role("button", name="Request changes").click()
    expect(reviewer.locator("body")).to_contain_text("changes")
    shoot(reviewer, "review-4-sent-back")
    mails: list[dict[str, Any]] = until(
        lambda: [mail for mail in site.mails_to("editor@example.org") if TITLE in mail["text"]]
    )
    assert "Zeg ook hoeveel stoelen het waren." in mails[0]["text"]

    match = re.search(r"/admin/pages/(\d+)/", mails[0]["text"])
    assert match
    editor.goto(f"/admin/pages/{match[1]}/edit/")
    expect(editor.locator("main")).to_contain_text("Zeg ook hoeveel stoelen het waren.")
    shoot(editor, "review-5-to-mend")
    editor.fill("textarea[name=intro]", "Honderd stoelen, met terugname.")
    press(editor, RESUBMIT)
    expect(editor.locator("body")).to_contain_text("submitted")
    assert editor.request.get("/nl/cases/stoelen-die-terugkeren/").status == 404

    reviewer.goto(f"/admin/pages/{match[1]}/edit/")
    shoot(reviewer, "review-6-to-approve")
    press(reviewer, "Approve and Publish")
    expect(reviewer.locator("body")).to_contain_text(TITLE)
    visitor = open_page()
    visitor.goto("/nl/cases/stoelen-die-terugkeren/")
    expect(visitor.locator("h1")).to_have_text(TITLE)
    expect(visitor.locator("main")).to_contain_text("Honderd stoelen, met terugname.")
    shoot(visitor, "review-7-live")
