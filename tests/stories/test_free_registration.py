"""A purchaser of a member organisation: from the home page over a case to two free seats, and one given back."""

import re

import pytest
from icalendar import Calendar
from playwright.sync_api import expect


def fill(page, address, colleague=None):
    page.locator("#id_first_name").fill("Noor")
    page.locator("#id_last_name").fill("Ünal-Peeters")
    page.locator("#id_email").fill(address)
    page.locator("#id_organisation_name").fill("Stad Voorbeeldegem")
    page.locator("#id_organisation_code").fill("greendeal-demo")
    if colleague:
        page.get_by_role("button", name="Collega toevoegen").click()
        page.locator("#id_colleagues-0-first_name").fill("Jan")
        page.locator("#id_colleagues-0-last_name").fill("Çelik")
        page.locator("#id_colleagues-0-email").fill(colleague)
    page.locator("#id_accept_terms").check()


@pytest.mark.parametrize(("device", "width"), [("desktop", 1280), ("phone", 390)])
def test_from_home_over_venlo_to_two_seats_and_one_given_back(site, open_page, shoot, device, width):
    page = open_page(width)
    address = f"noor.{device}@voorbeeldegem.example"
    page.goto("/nl/")
    shoot(page, f"{device}-1-home")
    page.get_by_role("link", name="Stadskantoor Venlo").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadskantoor Venlo")
    shoot(page, f"{device}-2-case")
    page.locator("section[aria-labelledby=visits]").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kantoormeubilair")
    shoot(page, f"{device}-3-event")
    before = site.event("Gent")["seats_left"]

    fill(page, address, colleague=f"jan.{device}@voorbeeldegem.example")
    page.get_by_role("button", name="Verder naar het overzicht").last.click()
    expect(page.get_by_text("gratis").first).to_be_visible()
    shoot(page, f"{device}-4-review")
    page.get_by_role("button", name="Gratis inschrijven").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent ingeschreven")
    shoot(page, f"{device}-5-registered")
    assert site.event("Gent")["seats_left"] == before - 2

    mail = site.wait_for_mails(address, 1)[0]
    calendar = Calendar.from_ical(mail["attachments"][0]["content"])
    assert "Kantoormeubilair" in str(calendar.walk("VEVENT")[0]["SUMMARY"])
    link = re.search(r"http://\S+/nl/r/\S+", mail["text"])
    assert link
    page.goto(link.group())
    page.get_by_label("Jan Çelik").check()
    page.get_by_role("button", name=re.compile("Annuleren")).click()
    expect(page.get_by_role("listitem").filter(has_text="Noor")).to_have_count(0)
    shoot(page, f"{device}-6-cancel")
    page.get_by_role("button", name=re.compile("^Ja")).click()
    expect(page.locator(".attendee-list .gone")).to_contain_text("Jan Çelik")
    shoot(page, f"{device}-7-cancelled")

    assert site.event("Gent")["seats_left"] == before - 1
    assert "Jan Çelik" in site.wait_for_mails(address, 2)[0]["text"]


def test_it_works_without_javascript(site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(site.event("Gent")["html_url"])

    fill(page, "zonder.script@voorbeeldegem.example", colleague="ook.zonder@voorbeeldegem.example")
    page.get_by_role("button", name="Verder naar het overzicht").last.click()
    page.get_by_role("button", name="Gratis inschrijven").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("U bent ingeschreven")


def test_it_works_with_the_keyboard_alone_on_a_narrow_screen(site, open_page):
    page = open_page(320, 640)
    page.goto(site.event("Gent")["html_url"])
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()

    def tab_to(selector):
        for _press in range(60):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{selector} shows no focus"
                return
            page.keyboard.press("Tab")
        pytest.fail(f"Tab never reached {selector}")

    tab_to("#id_first_name")
    page.keyboard.type("Mo")
    tab_to("#id_accept_terms")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_last_name")).to_be_focused()
    page.keyboard.type("Sow")
    for selector, text in [
        ("#id_email", "toetsenbord@voorbeeldegem.example"),
        ("#id_organisation_name", "Stad Voorbeeldegem"),
        ("#id_organisation_code", "GREENDEAL-DEMO"),
    ]:
        tab_to(selector)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Gratis inschrijven")).to_be_visible()
    tab_to("button[value=order]")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("U bent ingeschreven")


def test_both_languages_show_the_same_seats_and_lead_to_each_other(site, open_page):
    page = open_page()
    dutch, english = site.event("Eindhoven")["html_url"], site.event("Eindhoven", "en")["html_url"]

    for _round in range(2):
        page.goto(dutch)
        left = page.locator("dl.facts").inner_text()
        page.get_by_role("link", name="English").click()
        assert page.url == english
        figures = [
            re.search(r"(\d+) \S+(?: \S+)? (\d+)", text).groups() for text in re.findall(r"\d+ (?:of|van de) \d+", left)
        ]
        shown = re.findall(r"\d+ of \d+ left", page.locator("dl.facts").inner_text())
        assert [figure[0] for figure in figures] == [text.split()[0] for text in shown]
        page.get_by_role("link", name="Nederlands").click()
        assert page.url == dutch
        body = {
            "event": site.event("Eindhoven")["id"],
            "contact": {"first_name": "A", "last_name": "B", "email": "gelijk@example.org"},
            "organisation": {"name": "Stad Voorbeeldegem"},
            "attendees": [{"first_name": "A", "last_name": "B", "email": "gelijk@example.org"}],
            "organisation_code": "GREENDEAL-DEMO",
            "accept_terms": True,
        }
        assert site.call("POST", "/api/v1/registrations/", body)[0] in {201, 409}
