"""The organiser's day in Chromium: somebody on the phone, approvals, a message, a move, a cancellation of many."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.stories.test_trusted_registration import register


def log_in(page: Page, name: str = "organiser") -> None:
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("tour-demo")
    page.locator("button[type=submit]").first.click()
    page.wait_for_url("**/admin/")


def tick(page: Page, *answers: dict[str, Any]) -> None:
    for answer in answers:
        page.locator(f"input[name=chosen][aria-label='{answer['reference']}']").check()


def asked(page: Page, deed: str, **facts: str) -> None:
    """Choose the deed on the ticked ones, and come to the question."""
    page.locator("select[name=deed]").select_option(deed)
    for name, value in facts.items():
        field = page.locator(f"[name={name}]").locator("visible=true")
        field.select_option(value) if name == "to" else field.fill(value)
    page.locator("button[name=step][value=ask]").click()


def row(page: Page, answer: dict[str, Any]) -> Any:
    return page.locator("table.listing tr").filter(has_text=answer["reference"])


def test_the_organiser_registers_somebody_on_the_phone_and_does_one_thing_for_many(site, open_page, shoot):
    page, event = open_page(1280), site.event("Leuven")
    cockpit = f"/admin/events/cockpit/{event['id']}/"
    log_in(page)

    page.goto(cockpit)
    page.get_by_role("link", name="Register somebody").click()
    page.locator("#id_first_name").fill("Truus")
    page.locator("#id_last_name").fill("Telefoon")
    page.locator("#id_email").fill("truus@example.org")
    page.locator("#id_organisation_name").fill("Gemeente Bel")
    page.locator("#id_people").fill("Truus; Telefoon; truus@example.org\n?")
    page.locator("#id_accept_terms").check()
    shoot(page, "desk-1-phone")
    page.locator("form button[type=submit]", has_text="Register").click()
    expect(page.locator(".messages")).to_contain_text("BPT-")
    assert site.wait_for_mails("truus@example.org", 1)[0]["subject"].startswith("U bent ingeschreven")

    one, two, three = (register(site, event, f"desk{number}")[1] for number in range(3))
    page.goto(cockpit)
    tick(page, one, two)
    asked(page, "message", subject="Parkeren", text="Parkeer achteraan.")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Write to the contacts of 2 registrations.")
    shoot(page, "desk-2-message")
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.locator(".messages")).to_contain_text("Done for 2 registrations.")
    assert site.wait_for_mails("desk0@example.org", 2)[0]["subject"].startswith("Parkeren: ")
    assert len(site.mails_to("desk2@example.org")) == 1

    tick(page, one)
    asked(page, "cancel")
    expect(page.get_by_role("alert")).to_contain_text("Write the reason: the contacts read it.")
    expect(page.locator(f"input[aria-label='{one['reference']}']")).to_be_checked()
    shoot(page, "desk-3-reason-missing")
    asked(page, "cancel", text="De zaal is te klein.")
    page.get_by_role("button", name="No, back").click()
    expect(page.locator("textarea[name=text]")).to_have_value("De zaal is te klein.")
    asked(page, "cancel")
    page.get_by_role("button", name="Yes, do it").click()
    assert "De zaal is te klein." in site.wait_for_mails("desk0@example.org", 3)[0]["text"]
    expect(row(page, one)).to_contain_text("Cancelled")

    tick(page, one, two)
    asked(page, "move", to=str(site.event("Gent")["id"]), text="Zoals gevraagd.")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Move 1 registration, 1 seat, to ")
    expect(page.locator(".help-warning")).to_contain_text(one["reference"])
    shoot(page, "desk-4-move")
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.locator(".messages")).to_contain_text(f"nothing to do for 1 registration: {one['reference']}.")
    expect(row(page, two)).to_have_count(0)
    expect(row(page, three)).to_have_count(1)


def test_the_organiser_approves_one_and_refuses_another_with_a_word_for_each(site, open_page, shoot):
    page, event = open_page(1280), site.event("Leuven")
    log_in(page)

    def requires_approval(is_wanted: bool) -> None:
        page.goto(f"/admin/events/edit/{event['id']}/")
        page.locator("#id_requires_approval").set_checked(is_wanted)
        page.locator("footer button[type=submit], .footer button[type=submit]").first.click()
        page.wait_for_url("**/admin/events/")

    requires_approval(True)
    yes, no = register(site, event, "mag")[1], register(site, event, "magniet")[1]
    assert (yes["status"], no["status"]) == ("awaiting_approval", "awaiting_approval")

    page.goto(f"/admin/events/cockpit/{event['id']}/")
    expect(page.get_by_role("link", name="2 registrations wait for your approval")).to_be_visible()
    tick(page, yes)
    asked(page, "approve", text="Tot dan!")
    shoot(page, "desk-5-approve")
    page.get_by_role("button", name="Yes, do it").click()
    expect(row(page, yes)).to_contain_text("Confirmed")
    assert "Tot dan!" in site.wait_for_mails("mag@example.org", 2)[0]["text"]

    row(page, no).get_by_role("link").first.click()
    page.get_by_role("link", name="Do not approve").first.click()
    shoot(page, "desk-6-reject")
    page.locator("[name=remark], [name=text]").first.fill("Enkel voor steden.")
    page.locator("main form button[type=submit]").first.click()
    assert "Enkel voor steden." in site.wait_for_mails("magniet@example.org", 2)[0]["text"]
    requires_approval(False)
