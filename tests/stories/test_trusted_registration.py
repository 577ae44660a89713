"""The boss approves, a colleague replaces, the line moves up, and the organiser sees it all from the cockpit."""

import re

from playwright.sync_api import expect


def link(mail, part):
    found = re.search(rf"http://\S+/{part}/\S+", mail["text"])
    assert found, mail["text"]
    return found.group()


def register(site, event, name, *, seats=1, **more):
    """(address, the API's answer) of a registration made by somebody else meanwhile."""
    address = f"{name}@example.org"
    people = [
        {"first_name": "An", "last_name": f"Nr {place}", "email": f"{name}{place}@example.org"}
        for place in range(seats)
    ]
    body = {
        "event": event["id"],
        "locale": "nl",
        "contact": {"first_name": "An", "last_name": name.title(), "email": address},
        "organisation": {"name": "Stad Proef"},
        "attendees": people,
        "accept_terms": True,
    }
    status, answer = site.call("POST", "/api/v1/registrations/", body | more)
    assert status == 201, answer
    return address, answer


def test_the_boss_approves_by_link_and_then_it_is_paid(site, open_page, shoot):
    page = open_page(390)
    event = site.event("Gent")
    page.goto(event["html_url"])
    page.locator("#id_first_name").fill("Mia")
    page.locator("#id_last_name").fill("Maes")
    page.locator("#id_email").fill("mia@kmo.example")
    page.locator("#id_organisation_name").fill("Kmo Proef")
    page.get_by_text("Mijn leidinggevende moet eerst goedkeuren").click()
    page.locator("#id_approver_name").fill("Baas Janssens")
    page.locator("#id_approver_email").fill("baas@kmo.example")
    page.locator("#id_accept_terms").check()
    shoot(page, "trust-1-form")
    page.get_by_role("button", name="Verder naar het overzicht").last.click()
    expect(page.get_by_text("We vragen Baas Janssens")).to_be_visible()
    expect(page.get_by_text("we houden 50% van de prijs in")).to_be_visible()
    shoot(page, "trust-2-review")
    page.get_by_role("button", name="Goedkeuring vragen: na goedkeuring besteld met betalingsverplichting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wacht op goedkeuring")
    shoot(page, "trust-3-awaiting")

    request = site.wait_for_mails("baas@kmo.example", 1)[0]
    page.goto(link(request, "approval"))
    expect(page.get_by_text("114,95").first).to_be_visible()
    shoot(page, "trust-4-approver")
    page.get_by_role("button", name="Goedkeuren", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Goedgekeurd")
    mails = site.wait_for_mails("mia@kmo.example", 2)
    assert mails[0]["subject"].startswith("Goedgekeurd, nu nog te betalen")
    page.goto(link(mails[0], "r"))
    expect(page.get_by_role("button", name="Nu betalen")).to_be_visible()
    shoot(page, "trust-5-payable")


def test_a_colleague_takes_the_place_through_the_link_in_the_mail(site, open_page, shoot):
    page = open_page(1280)
    address, _answer = register(site, site.event("Leuven"), "wissel", seats=2)
    page.goto(link(site.wait_for_mails(address, 1)[0], "r"))
    page.get_by_role("link", name=re.compile(r"Naam wijzigen ?: An Nr 1")).click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("alert")).to_be_focused()
    shoot(page, "trust-6-name-error")
    page.locator("#id_first_name").fill("Cas")
    page.locator("#id_last_name").fill("Claes")
    page.locator("#id_email").fill("cas.wissel@example.org")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".attendee-list")).to_contain_text("Cas Claes")
    shoot(page, "trust-7-manage")
    cancelled = site.wait_for_mails("wissel1@example.org", 2)[0]
    assert "METHOD:CANCEL" in cancelled["attachments"][0]["content"]
    own = site.wait_for_mails("cas.wissel@example.org", 1)[0]
    page.goto(link(own, "seat"))
    shoot(page, "trust-8-seat")
    page.get_by_role("button", name="Ik kan niet komen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw plaats is vrijgegeven")


def test_the_organiser_runs_a_visit_from_the_cockpit_and_the_line_moves_up(site, open_page, shoot):
    page = open_page(1280)
    event = site.event("Sint-Niklaas")
    _waiting, answer = register(site, event, "wachter")
    assert answer["status"] == "waiting" and answer["place_in_line"] >= 1

    page.goto("/admin/login/")
    page.get_by_label("Username", exact=False).or_(page.get_by_label("Gebruikersnaam")).first.fill("organiser")
    page.locator("input[name=password]").fill("tour-demo")
    page.locator("button[type=submit]").first.click()
    page.goto(f"/admin/events/cockpit/{event['id']}/")
    shoot(page, "trust-9-cockpit")
    capacity = page.locator(".tour-boxes dd").first.inner_text()
    page.goto(f"/admin/events/edit/{event['id']}/")
    shoot(page, "trust-10-edit")
    seats = int(capacity.split("/")[1])
    page.locator("#id_capacity").fill(str(seats + 1))
    page.locator(
        "form .action-save, form button.action-save, footer button[type=submit], .footer button[type=submit]"
    ).first.click()
    expect(page.locator(".help-warning li").first).to_be_visible()
    shoot(page, "trust-11-foreseen")
    page.locator("button[name=foreseen][value=yes]").click()
    page.goto(f"/admin/events/cockpit/{event['id']}/")
    expect(page.locator(".tour-boxes dd").first).to_have_text(f"{seats + 1} / {seats + 1}")

    row = page.locator("table.listing tr").filter(has_text=answer["reference"])
    row.get_by_role("link").first.click()
    expect(page.locator("#history")).to_be_visible()
    shoot(page, "trust-12-registration")
    page.locator("a[href*='/letter/']").first.click()
    expect(page.frame_locator("iframe.tour-letter").get_by_text("wachtlijst").first).to_be_visible()
    shoot(page, "trust-13-letter")
