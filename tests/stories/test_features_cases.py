"""Features 12 and 13: a case says what its figures rest on, and a purchaser finds cases and lessons by facets and
words, in both languages, without JavaScript.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from cases.models import CasePage, Lesson
from tests import factories
from tests.cases.case_forms import COMPLETE_FIGURE, case_form
from tests.stories.conftest import Site


def found(page: Page) -> list[str]:
    return page.locator(".card h3").all_inner_texts()


@pytest.mark.django_db
def test_feature_12_a_figure_without_its_source_status_and_year_is_not_published(client: Client) -> None:
    client.force_login(factories.user("admin"))
    draft = factories.case_page(title="Stadskantoor", both=False, live=False)
    draft.save_revision()

    def publish(figure: dict[str, str]) -> bool:
        posted = case_form(draft, figures=[figure]) | {"action-publish": "1"}
        client.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), posted)
        return CasePage.objects.get(pk=draft.pk).live

    assert [publish(COMPLETE_FIGURE | {fact: ""}) for fact in ("source_name", "status", "year")] == [False] * 3
    assert publish(COMPLETE_FIGURE)
    shown = client.get(CasePage.objects.get(pk=draft.pk).url).content.decode()
    assert all(fact in shown for fact in ("Restwaarde", "C2C ExpoLAB", "2016"))


@pytest.mark.django_db
def test_feature_12_the_filter_on_contracts_lists_the_lessons_of_phase_4_in_both_languages(client: Client) -> None:
    case = factories.case_page(title="Stadskantoor", both=False)
    case.lessons.add(
        Lesson(phase="award", title="Vraag restwaarde", text="Met waarborg.", locale=case.locale),
        Lesson(phase="use", title="Meet het", text="Elk jaar.", locale=case.locale),
    )
    case.save_revision().publish()
    twin = CasePage.objects.get(pk=case.pk).copy_for_translation(factories.english_locale())
    twin.title, twin.slug = "City hall", "city-hall"
    lessons = list(twin.lessons.all())
    for lesson in lessons:
        lesson.title = {"award": "Ask for residual value", "use": "Measure it"}[lesson.phase]
    twin.lessons.set(lessons)
    twin.save_revision().publish()

    listed = {
        address: [
            (item.case.title, [lesson.title for lesson in item.lessons])
            for item in client.get(f"{address}?phase=award").context["found"]
        ]
        for address in ("/nl/cases/", "/en/cases/")
    }

    assert listed == {
        "/nl/cases/": [("Stadskantoor", ["Vraag restwaarde"])],
        "/en/cases/": [("City hall", ["Ask for residual value"])],
    }


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
