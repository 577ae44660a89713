"""A whole registration by keyboard alone, in Dutch, on a phone's width: no mouse, and the focus never out of sight.

The journey. Nora opens a free visit, skips to the content, tabs to the form and fills it in for herself. She adds Jan
with Enter, on the row that waits for his name. She ticks the terms with Space and goes on with Enter; the overview
shows her two free seats, and Enter orders them. On her own page she ticks Jan's name with Space, goes on, reads whose
seat it is about and confirms. Each stop shows where the focus is, and no key throws it back to the start of the page.
"""

import pytest
from playwright.sync_api import expect

MOST_STOPS = 80
#: Where the focus is, and what makes it stand out there.
SHOWS_FOCUS = """() => {
  const place = document.activeElement, style = getComputedStyle(place);
  return {
    tag: place.tagName,
    name: (place.getAttribute("aria-label") || place.innerText || place.id || "").trim().slice(0, 60),
    isShown: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
  };
}"""


class Keyboard:
    """Somebody at the keys: every stop of the Tab key is looked at."""

    def __init__(self, page):
        self.page = page
        self.stops = 0

    def press(self, key):
        self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.type(text)

    def look(self):
        """Where the focus is; it has to be somewhere, shown, and on the screen."""
        stop = self.page.evaluate(SHOWS_FOCUS)
        assert stop["tag"] not in {"BODY", "HTML"}, f"lost after {self.stops} stops on {self.page.url}"
        assert stop["isShown"], f"{stop} on {self.page.url}"
        expect(self.page.locator(":focus")).to_be_in_viewport()  # the page may still be on its way there

    def tab_to(self, selector):
        for _stop in range(MOST_STOPS):
            self.press("Tab")
            self.stops += 1
            self.look()
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"Tab never reached {selector}")

    def fill(self, **fields):
        for name, text in fields.items():
            self.tab_to(f"#id_{name}")
            self.write(text)


def test_two_free_seats_are_taken_and_one_is_given_back_by_keyboard_alone(site, open_page, shoot):
    page = open_page(390, 844)
    keys = Keyboard(page)
    event = site.event("Leuven")
    page.goto(event["html_url"])

    keys.press("Tab")
    keys.look()
    expect(page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    keys.fill(first_name="Nora", last_name="Toets", email="nora.toets@voorbeeldegem.example")
    keys.fill(organisation_name="Stad Voorbeeldegem")
    keys.tab_to("button[name=step][value=more]")
    shoot(page, "keys-1-form")
    keys.press("Enter")
    expect(page.locator("#id_colleagues-0-first_name")).to_be_focused()
    keys.look()
    keys.write("Jan")
    keys.fill(**{"colleagues-0-last_name": "Klavier", "colleagues-0-email": "jan.klavier@voorbeeldegem.example"})
    keys.tab_to("#id_accept_terms")
    keys.press("Space")
    expect(page.locator("#id_accept_terms")).to_be_checked()
    keys.tab_to("button[name=step][value=review]")
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk uw inschrijving na")
    expect(page.get_by_text("Uw plaatsen zijn meteen zeker.")).to_be_visible()
    keys.tab_to("button[name=step][value=order]")
    shoot(page, "keys-2-overview")
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("U bent ingeschreven")
    assert site.event("Leuven")["seats_left"] == event["seats_left"] - 2
    second = page.locator("input[name=attendees]").nth(1).get_attribute("id")
    keys.tab_to(f"#{second}")
    keys.press("Space")
    keys.tab_to("form[method=get] button")
    shoot(page, "keys-3-manage")
    keys.press("Enter")

    expect(page.locator("main").get_by_role("listitem")).to_have_text(["Jan Klavier"])
    keys.tab_to("main form[method=post] button")
    shoot(page, "keys-4-cancel")
    keys.press("Enter")

    expect(page.locator(".attendee-list .gone")).to_contain_text("Jan Klavier")
    assert site.event("Leuven")["seats_left"] == event["seats_left"] - 1
    keys.tab_to("main a")
    assert keys.stops > 40


def test_changing_something_leads_to_the_form_and_not_to_the_top_of_the_page(site, open_page):
    page = open_page(390, 844)
    keys = Keyboard(page)
    page.goto(site.event("Leuven")["html_url"])
    keys.tab_to("#id_first_name")
    keys.write("Nora")
    keys.fill(last_name="Toets", email="nora.wijzigt@voorbeeldegem.example", organisation_name="Stad Voorbeeldegem")
    keys.tab_to("#id_accept_terms")
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk uw inschrijving na")

    keys.tab_to("button[value=change]")
    keys.press("Enter")

    expect(page.locator("#register-heading")).to_be_in_viewport()
    keys.press("Tab")
    keys.look()
    expect(page.locator("#id_first_name")).to_be_focused()
    expect(page.locator("#id_first_name")).to_have_value("Nora")
