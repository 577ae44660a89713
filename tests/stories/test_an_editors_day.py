"""An editor's day: a case drafted, refused, reviewed, public, its English made and kept up; a visit's page planned."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.stories.conftest import Site, until
from tests.stories.editing_support import (
    SUBMIT,
    add_part,
    by_po_file,
    desk,
    new_case,
    press,
    publish_english,
    translate,
    waits_for_translation,
    write,
)

TITLE = "Tapijt dat terugkeert"
FIGURE = {"label": "Tapijt hergebruikt", "value": "120", "unit": "m²", "status": "measured", "source_name": "Rapport"}
UNSOURCED = {"label": "Afval vermeden", "value": "300", "unit": "kg", "status": "expected", "year": "2025"}
LESSONS = [
    {"phase": "needs", "title": "Vraag of het nodig is", "text": "Leg niet wat niet moet liggen."},
    {"phase": "tender", "title": "Vraag tegels", "text": "Een tegel vervangt u alleen."},
    {"phase": "award", "title": "Leg terugname vast", "text": "Met een termijn en een prijs."},
]


def draft(editor: Page) -> None:
    new_case(editor)
    editor.fill("input[name=title]", TITLE)
    editor.fill("textarea[name=intro]", "Een school legde tegels met terugname.")
    editor.fill("input[name=municipality]", "Aalst")
    editor.check("input[name=strategies][value=reuse]")
    editor.check("input[name=product_groups][value=furniture]")
    write(editor, "context", "De school had een nieuwe vloer nodig.")
    write(editor, "approach", "Ze vroeg tegels die teruggaan.")
    for lesson in LESSONS:
        add_part(editor, "lessons", **lesson)
    add_part(editor, "figures", **FIGURE, year="2025")
    add_part(editor, "figures", **UNSOURCED)
    # The form may save by itself meanwhile; pressing "Save draft" in that very moment would make the page twice.
    with suppress(PlaywrightTimeout):
        editor.wait_for_function("location.pathname.includes('/edit/')", timeout=5_000)
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.locator("#id_figures-1-value")).to_have_value("300")


def test_from_a_first_draft_to_a_case_in_two_languages_and_a_planned_page(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    editor = desk(open_page, "editor")
    draft(editor)
    form = re.sub(r"/edit/.*", "/edit/", editor.url)
    shoot(editor, "day-1-draft")

    # A figure without a source is not published, by whatever button; what was typed stays.
    press(editor, "Publish")
    expect(editor.locator("main")).to_contain_text("Figure 2 (Afval vermeden) lacks: source.")
    expect(editor.locator("#id_figures-1-value")).to_have_value("300")
    assert editor.request.get("/nl/cases/tapijt-dat-terugkeert/").status == 404
    shoot(editor, "day-2-refused")
    editor.fill("#id_figures-1-source_name", "Raming van de school")

    press(editor, SUBMIT)
    expect(editor.locator("body")).to_contain_text("submitted for moderation")
    reviewer = desk(open_page, "reviewer")
    reviewer.goto(form)
    shoot(reviewer, "day-3-to-review")
    press(reviewer, "Approve and Publish")
    expect(reviewer.locator("body")).to_contain_text(TITLE)
    visitor = open_page(1280)
    visitor.goto("/nl/cases/tapijt-dat-terugkeert/")
    expect(visitor.locator(".lesson")).to_have_count(3)
    expect(visitor.locator("main")).to_contain_text("Raming van de school")
    shoot(visitor, "day-4-public")

    until(lambda: waits_for_translation(editor, TITLE, "Missing").count() == 1)
    waits_for_translation(editor, TITLE, "Missing").click()
    editor.get_by_role("button", name="Submit").click()
    editor.wait_for_url("**/edit/")
    translate(editor, TITLE, "Carpet that comes back")
    by_po_file(editor, tmp_path, "carpet-that-comes-back")
    shoot(editor, "day-5-translating")
    publish_english(editor)
    expect(editor.locator(".messages")).to_contain_text("“Carpet that comes back” is published.")
    visitor.goto("/en/cases/carpet-that-comes-back/")
    expect(visitor.locator(".lesson")).to_have_count(3)
    titles = visitor.locator(".lesson h3").all_inner_texts()
    assert titles == [f"EN {lesson['title']}" for lesson in LESSONS]

    editor.goto(form)
    editor.fill("textarea[name=intro]", "Twee scholen legden tegels met terugname.")
    press(editor, "Publish")
    expect(editor.locator(".messages")).to_contain_text("has been published")
    until(lambda: waits_for_translation(editor, TITLE, "Out of date").count() == 1)
    shoot(editor, "day-6-out-of-date")
    waits_for_translation(editor, TITLE, "Out of date").click()
    editor.wait_for_url("**/edit/")
    translate(editor, "Twee scholen legden tegels met terugname.", "Two schools laid tiles with take-back.")
    publish_english(editor)
    expect(editor.locator(".tour-translation")).to_contain_text("English: Up to date")

    plan_a_visits_page(editor, shoot)


def plan_a_visits_page(editor: Page, shoot: Callable[[Page, str], None]) -> None:
    editor.goto("/admin/localize/reports/translations/")
    editor.get_by_role("link", name="Laptops die terugkomen").first.click()
    editor.wait_for_url("**/edit/**")
    editor.fill("textarea[name=intro]", "Vanaf volgende maand met een tweede werkplaats.")
    editor.get_by_role("button", name="Toggle status").click()
    editor.get_by_role("button", name="Set schedule").click()
    day = timezone.localdate() + timedelta(days=30)
    editor.locator("#id_go_live_at").fill(f"{day:%Y-%m-%d} 08:00")
    editor.keyboard.press("Tab")
    shoot(editor, "day-7-schedule")
    # By the keyboard: the calendar of the field lies over the button.
    editor.get_by_role("button", name="Save schedule").press("Enter")
    press(editor, re.compile("^Schedule to publish"))
    expect(editor.locator(".messages")).to_contain_text("scheduled for publishing")
    shoot(editor, "day-8-scheduled")
    assert "tweede werkplaats" not in editor.request.get("/nl/programma/laptops-die-terugkomen/").text()
