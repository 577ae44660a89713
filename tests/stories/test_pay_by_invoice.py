"""Feature 5, pay now or by invoice, statement by statement: a public buyer in Chromium, in both languages, on a phone.

Fields are found by their ids, so that the journey is the same in every language.
"""

import base64
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from payments.documents.checking import problems
from tests.payments.documents_support import attached

BUYER = {
    "billing_name": "Gemeente Nergenshuizen, dienst aankoop",
    "billing_street": "Markt 1",
    "billing_postal_code": "9000",
    "billing_city": "Gent",
    "enterprise_number": "0133.444.581",
    "vat_number": "BE 0133.444.581",
}


def fill(page: Page, address: str, **answers: str) -> None:
    page.locator("#id_first_name").fill("Ann-Sofie")
    page.locator("#id_last_name").fill("Van den Broeck")
    page.locator("#id_email").fill(address)
    page.locator("#id_organisation_name").fill("Gemeente Nergenshuizen")
    page.locator("#id_billing_1").check()
    page.locator("#id_billing_kind").select_option("public")
    for name, value in (BUYER | {"billing_email": f"facturen.{address}"} | answers).items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_accept_terms").check()


def review(page: Page) -> None:
    page.locator("button[name=step][value=review]").last.click()


def wrong_fields(page: Page) -> list[str]:
    return [link.get_attribute("href") for link in page.locator("#error-summary a").all()]


def test_who_pays_online_sees_the_fields_of_the_invoice_only_on_request(site: Any, open_page: Any) -> None:
    page = open_page(390, 844, java_script_enabled=False)
    page.goto(site.event("Gent", "nl")["html_url"])
    street, more = page.locator("#id_billing_street"), page.locator("#id_billing_more")

    expect(street).to_be_hidden()
    more.check()
    expect(street).to_be_visible()
    more.uncheck()
    page.locator("#id_billing_1").check()
    expect(street).to_be_visible()
    expect(more).to_be_hidden()
    page.locator("#id_vat_number").fill("BE 0133.444.582")
    page.locator("#id_billing_0").check()
    expect(street).to_be_hidden()
    review(page)
    # What has to be mended is shown, whatever was ticked.
    assert "#id_vat_number" in wrong_fields(page)
    expect(page.locator("#id_vat_number")).to_be_visible()


def no_serious_fault(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(f["id"], f["nodes"][0]["html"][:160]) for f in found if f["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize(
    ("language", "width", "scripts"), [("nl", 390, False), ("en", 390, True), ("nl", 1280, True), ("en", 1280, False)]
)
def test_5_a_public_body_orders_by_invoice(
    site: Any, open_page: Any, shoot: Any, language: str, width: int, scripts: bool
) -> None:
    name = f"invoice-{language}-{width}"
    address = f"{name}@example.org"
    page = open_page(width, 844, bypass_csp=True, java_script_enabled=scripts)
    page.goto(site.event("Gent", language)["html_url"])
    shoot(page, f"{name}-1-form")

    # "Public-body type requires PO unless 'volgt later'; BE VAT fails mod-97 -> error"
    fill(page, address, purchase_order="", vat_number="BE 0133.444.582")
    review(page)
    assert wrong_fields(page) == ["#id_vat_number", "#id_purchase_order"]
    shoot(page, f"{name}-2-errors")
    page.locator("#id_vat_number").fill(BUYER["vat_number"])
    page.locator("#id_po_follows").check()
    review(page)
    expect(page.locator("#order")).to_be_visible()
    page.locator("button[name=step][value=change]").click()
    page.locator("#id_po_follows").uncheck()
    page.locator("#id_purchase_order").fill("BB-2027-0042")
    review(page)
    expect(page.get_by_text("BB-2027-0042").first).to_be_visible()
    if scripts:
        no_serious_fault(page)
    shoot(page, f"{name}-3-review")
    page.locator("button[name=step][value=order]").click()

    expect(page.locator("#to-pay")).to_be_visible()
    if scripts:
        no_serious_fault(page)
    shoot(page, f"{name}-4-manage")
    # "invoice shows PO, seller and buyer numbers, VAT per rate; UBL export validates against EN 16931 rules"
    (mail,) = site.wait_for_mails(f"facturen.{address}", 1)
    (file,) = mail["attachments"]
    (ubl,) = attached(base64.b64decode(file["content"])).values()
    said = ubl.decode()
    for fact in ("BB-2027-0042", "0133444581", "BE0133444581", "0123456749", ">21.00<", ">19.95<", ">114.95<"):
        assert fact in said, fact
    assert problems(ubl) == []


@pytest.mark.parametrize(("language", "width"), [("nl", 390), ("en", 1280)])
def test_5_the_number_follows_later_and_the_bookkeeping_pays_online(
    site: Any, open_page: Any, shoot: Any, language: str, width: int
) -> None:
    name = f"invoice-later-{language}"
    address = f"{name}@example.org"
    page = open_page(width, 844, bypass_csp=True)
    page.goto(site.event("Gent", language)["html_url"])
    fill(page, address)
    page.locator("#id_po_follows").check()
    review(page)
    page.locator("button[name=step][value=order]").click()
    expect(page.locator("#purchase_order")).to_be_visible()
    shoot(page, f"{name}-1-waits")
    assert site.mails_to(f"facturen.{address}") == []
    (confirmation,) = site.wait_for_mails(address, 1)
    assert "BPT-" in confirmation["text"]

    page.locator("#purchase_order").fill("PO 77")
    page.locator("#purchase_order ~ *, form:has(#purchase_order) button").last.click()
    (mail,) = site.wait_for_mails(f"facturen.{address}", 1)
    link = re.search(rf"{site.url}/{language}/b/\S+", mail["text"]).group()

    bookkeeping = open_page(width, 844, bypass_csp=True)
    bookkeeping.goto(link)
    expect(bookkeeping.locator(".transfer svg")).to_be_visible()
    no_serious_fault(bookkeeping)
    shoot(bookkeeping, f"{name}-2-bookkeeping")
    bookkeeping.locator("form[action*='/pay/'] button").click()
    bookkeeping.locator("button[name=outcome][value=pay]").click()
    expect(bookkeeping).to_have_url(re.compile(rf"/{language}/b/"))
    expect(bookkeeping.locator(".transfer")).to_have_count(0)
    shoot(bookkeeping, f"{name}-3-paid")
    mails = site.wait_for_mails(f"facturen.{address}", 2)
    # The payment is confirmed; there is no second invoice.
    assert sorted(len(mail["attachments"]) for mail in mails) == [0, 1]
