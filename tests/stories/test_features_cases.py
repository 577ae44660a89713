"""Feature 13: a purchaser finds cases and lessons by facets and words, in both languages, without JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.stories.conftest import Site


def found(page: Page) -> list[str]:
    return page.locator(".card h3").all_inner_texts()


def test_feature_13_a_purchaser_searches_without_javascript_and_passes_the_address_on(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(width=390, height=844, java_script_enabled=False)
    page.goto("/en/cases/")
    demo = {"Venlo city hall", "Lighting as a service in the library", "Workwear that comes back"}
    assert {*demo, "Spinning yarn backwards"} <= set(found(page))
    # Folded, the facets leave the first result in sight within two screens; open, within three.
    assert page.locator(".card").first.bounding_box()["y"] < 2 * 844
    page.get_by_text("Filters", exact=True).click()
    assert page.locator(".card").first.bounding_box()["y"] < 3 * 844
    shoot(page, "feature-13-facets")

    page.get_by_label("Extend use and lifetime").check()
    page.get_by_label("Optimise recycling").check()
    page.get_by_text("Product group", exact=True).click()
    page.get_by_role("group", name="Product group").get_by_label("Office furniture").check()
    page.get_by_text("CPV code", exact=True).click()
    page.get_by_label("Another code, or the beginning of one").fill("39130000-2")
    page.get_by_text("Procurement phase of a lesson", exact=True).click()
    page.get_by_label("Award and contract").check()
    page.get_by_role("button", name="Show the results").click()

    assert page.url == f"{site.url}/en/cases/?goal=3&goal=5&phase=award&group=furniture&cpv=3913"
    assert found(page) == ["Venlo city hall"]
    shoot(page, "feature-13-found")
    colleague = open_page()
    colleague.goto(page.url)
    assert found(colleague) == ["Venlo city hall"]
    colleague.goto(page.url.replace("/en/", "/nl/"))
    assert found(colleague) == ["Stadskantoor Venlo"]

    lesson = page.locator(".found-lessons a").first
    title = lesson.inner_text()
    lesson.click()
    assert page.locator(":target h3").inner_text() == title


def test_feature_13_what_is_not_found_is_noted_with_the_keyboard_alone(
    site: Site, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    page.goto("/en/cases/")
    page.locator("#q").focus()
    page.keyboard.type("drones")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/cases/?q=drones")
    assert found(page) == []
    button = page.get_by_role("button", name="Note what I looked for")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thank you: it is noted").wait_for()
    shoot(page, "feature-13-noted")

    page.goto("/admin/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", "tour-demo")
    page.click("button[type=submit]")
    page.goto("/admin/sought_in_vain/")
    assert "drones" in page.locator("main").inner_text()
    shoot(page, "feature-13-admin")
