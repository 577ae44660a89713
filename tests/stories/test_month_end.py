"""Finance's month: what waits, the bank, a refund, the reports, the chain, the close; in Dutch, in Chromium.

The journey, before it was built:

1. Finance logs in. The front page and the menu say what waits: matters to look into, open invoices, refunds, the bank.
2. A statement is imported: looked at first, then booked. It pays one invoice exactly, one in part, and has money that
   nobody knows. That money is assigned; to the wrong invoice; it is taken back, and assigned to the right one.
3. A registration that was paid by bank is cancelled; finance transfers the money and says so.
4. Stripe pays out: the payout ties. Another is sent back by the bank: it waits to be looked into.
5. Each report says the same on screen, in CSV and in XLSX, to the cent.
6. The money of one registration is followed from invoice to bank.
7. The month is closed. What the bank tells late of that month is booked in the next.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.payments.statements_support import camt, entry
from tests.stories.conftest import until
from tests.stories.finance_support import (
    REPORTS,
    amounts,
    invoiced,
    log_in,
    no_serious_fault,
    read_csv,
    read_xlsx,
)
from tests.stories.test_trusted_registration import register

#: One journey, step after step: all of it on one worker.
pytestmark = pytest.mark.xdist_group("month end")

PRICE = "114.95"
NOW = datetime.now(ZoneInfo("Europe/Brussels")).date()
TODAY = NOW.isoformat()
LAST_MONTH = NOW.replace(day=1) - timedelta(days=5)
DUTCH = {"locale": "nl-BE", "bypass_csp": True}


@pytest.fixture(scope="module")
def bank(site: Any) -> dict[str, Any]:
    """Five orders by invoice, and one that is paid through Stripe; by name: (address, registration, communication)."""
    event = site.event("Gent")
    names = ("exact", "deels", "fout", "juist", "laat")
    made: dict[str, Any] = {name: invoiced(site, event, f"maand{name}") for name in names}
    address, answer = register(site, event, "maandkaart")
    session = answer["checkout_url"].rsplit("/", 1)[1]
    site.call("POST", f"{site.stripe_url}/_sandbox/pay", {"session": session, "outcome": "pay"})
    site.wait_for_mails(address, 1)
    made["kaart"] = (address, answer, "")
    return made


@pytest.fixture
def desk(open_page: Any) -> Any:
    page = open_page(1280, 900, **DUTCH)
    log_in(page)
    return page


def bring(page: Any, content: bytes, name: str) -> None:
    """Upload, to the page that says what importing will do."""
    page.goto("/admin/bank-statements/")
    page.get_by_role("link", name="Een rekeningafschrift inlezen").click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/xml", "buffer": content})
    page.locator("form button[type=submit]", has_text="Bekijk").click()


def say(page: Any, label: str, **more: str) -> None:
    page.get_by_label(label).check()
    for name, value in more.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Uitvoeren").click()


def test_1_finance_sees_what_waits(desk: Any, bank: Any, shoot: Any) -> None:
    shoot(desk, "month-01-home")
    no_serious_fault(desk)
    for name, path in (
        ("concerns", "/admin/money-matters/"),
        ("open-invoices", "/admin/reports/open-invoices/"),
        ("bulk-refunds", "/admin/refunds-of-cancelled-visits/"),
        ("bank", "/admin/bank-statements/"),
    ):
        assert desk.goto(path).status == 200, path
        shoot(desk, f"month-02-{name}")
        no_serious_fault(desk)
    desk.goto("/admin/reports/open-invoices/")
    for name in ("exact", "deels", "fout", "juist", "laat"):
        expect(desk.get_by_text(f"Gemeente Maand{name}").first).to_be_visible()


def test_2_the_bank_pays_one_exactly_one_in_part_and_one_nobody_knows(
    site: Any, desk: Any, bank: Any, shoot: Any
) -> None:
    content = camt(
        entry(PRICE, structured=bank["exact"][2], name="Gemeente Maandexact", day=TODAY),
        entry("100.00", structured=bank["deels"][2], name="Gemeente Maanddeels", day=TODAY),
        entry(PRICE, text="bezoek circulair", name="Kas van elders", day=TODAY),
        name="M-002",
        opened=TODAY,
        closed=TODAY,
    )
    bring(desk, content, "uittreksel.xml")
    for said in ("Betaalt de factuur", "Betaalt een deel van de factuur", "Niemand weet waarvoor het is"):
        expect(desk.locator("table.listing").get_by_text(said, exact=True)).to_be_visible()
    shoot(desk, "month-03-look")
    no_serious_fault(desk)
    desk.get_by_role("button", name="Inlezen en boeken").click()
    shoot(desk, "month-04-statement")
    no_serious_fault(desk)

    full = site.wait_for_mails("facturen.maandexact@example.org", 2)[0]
    assert full["subject"].startswith("Wij ontvingen uw betaling van factuur ")
    assert "Er staat niets meer open" in full["text"] and full["attachments"] == []
    part = site.wait_for_mails("facturen.maanddeels@example.org", 2)[0]
    assert re.search(r"Nog open: €\s14,95", part["text"])

    row = desk.locator("table.listing tr", has_text="Kas van elders")
    row.get_by_role("link").first.click()
    shoot(desk, "month-05-unknown")
    no_serious_fault(desk)
    say(desk, re.compile("Gemeente Maandfout"), remark="Zelfde bedrag.")
    expect(desk.get_by_text("Uitgevoerd en genoteerd.")).to_be_visible()
    shoot(desk, "month-06-assigned")

    desk.get_by_text("Dit was voor iets anders: terugnemen").click()
    desk.locator("[name=reason]").fill("Zij belden: het is voor een ander.")
    shoot(desk, "month-07-take-back")
    no_serious_fault(desk)
    desk.get_by_role("button", name="Terugnemen").click()
    expect(desk.get_by_text("Teruggenomen: zeg nu waarvoor het is.")).to_be_visible()
    expect(desk.get_by_text("Zij belden: het is voor een ander.")).to_have_count(2)
    shoot(desk, "month-08-taken-back")
    no_serious_fault(desk)
    assert "staat opnieuw open" in site.wait_for_mails("facturen.maandfout@example.org", 3)[0]["subject"]
    say(desk, re.compile("Gemeente Maandjuist"), remark="Nu juist.")
    expect(desk.get_by_text("Uitgevoerd en genoteerd.")).to_be_visible()

    desk.goto("/admin/bank-statements/")
    shoot(desk, "month-09-ties")
    no_serious_fault(desk)


def test_3_a_refund_by_bank_is_carried_out(site: Any, desk: Any, bank: Any, shoot: Any) -> None:
    _address, answer, _digits = bank["exact"]
    site.call(
        "POST",
        f"/api/v1/registrations/{answer['reference']}/cancel/",
        {},
        Authorization=f"Bearer {answer['manage_token']}",
    )
    desk.goto("/admin/money-matters/")
    row = desk.locator("table.listing tr", has_text=answer["reference"])
    expect(row).to_contain_text("Terug te betalen via overschrijving")
    shoot(desk, "month-10-to-transfer")
    row.get_by_role("link").first.click()
    shoot(desk, "month-11-concern")
    no_serious_fault(desk)
    desk.locator("form [name=remark]").fill("Overgeschreven.")
    desk.locator("form [name=decision]").first.check()
    desk.locator("form[action*=decide] button[type=submit]").click()
    desk.goto("/admin/reports/refunds/")
    expect(desk.locator("table.listing tr", has_text=answer["reference"]).first).to_contain_text(
        f"-{PRICE}".replace(".", ",")
    )


def test_4_a_payout_ties_and_one_that_came_back_is_looked_into(site: Any, desk: Any, bank: Any, shoot: Any) -> None:
    assert site.call("POST", f"{site.stripe_url}/_sandbox/charge_fee", {"cents": 150})[0] == 200
    status, good = site.call("POST", f"{site.stripe_url}/_sandbox/create_payout", {})
    assert status == 200, good

    def told(payout: str) -> Any:
        desk.goto("/admin/reports/payouts/")
        found = desk.locator("table.listing tr", has_text=payout)
        return found if found.count() else None

    row = until(lambda: told(good["id"]))
    expect(row).to_contain_text("ja")
    _address, answer = register(site, site.event("Gent"), "maandterug")
    session = answer["checkout_url"].rsplit("/", 1)[1]
    site.call("POST", f"{site.stripe_url}/_sandbox/pay", {"session": session, "outcome": "pay"})
    _status, bad = site.call("POST", f"{site.stripe_url}/_sandbox/create_payout", {})
    site.call("POST", f"{site.stripe_url}/_sandbox/fail_payout", {"payout": bad["id"]})

    def waits() -> Any:
        desk.goto("/admin/money-matters/")
        return desk.get_by_text("Een uitbetaling is mislukt").count()

    until(waits)
    shoot(desk, "month-12-payout-failed")
    desk.goto("/admin/payouts/")
    shoot(desk, "month-13-payouts")
    no_serious_fault(desk)
    desk.locator("table.listing tr", has_text=good["id"]).get_by_role("link").first.click()
    shoot(desk, "month-14-payout")
    no_serious_fault(desk)


@pytest.mark.parametrize("slug", REPORTS)
def test_5_a_report_says_the_same_on_screen_in_csv_and_in_xlsx(desk: Any, bank: Any, shoot: Any, slug: str) -> None:
    figures = REPORTS[slug]
    assert desk.goto(f"/admin/reports/{slug}/").status == 200
    shoot(desk, f"month-20-{slug}")
    no_serious_fault(desk)

    *rows, last = read_csv(desk, slug)
    *_rows, total = read_xlsx(desk, slug)

    assert rows
    for name in figures:
        added = sum(Decimal(row[name]) for row in rows)
        assert Decimal(last[name]) == Decimal(str(total[name])).quantize(Decimal("0.01")) == added, name
    assert amounts(desk) == {name: Decimal(last[name]) for name in figures}


def test_6_the_money_of_a_registration_is_followed_from_end_to_end(desk: Any, bank: Any, shoot: Any) -> None:
    for name, links in (
        ("exact", ("Betaling", "Bankverrichting", "Factuur", "Creditnota", "Terugbetaling")),
        ("kaart", ("Betaling", "Balansverrichting", "Uitbetaling", "Factuur")),
    ):
        desk.goto(f"/admin/registrations/?q={bank[name][1]['reference']}")
        desk.locator("table.listing tr", has_text=bank[name][1]["reference"]).get_by_role("link").first.click()
        chain = desk.locator(".tour-chain").first
        for link in links:
            expect(chain.get_by_text(link, exact=False).first).to_be_visible()
        shoot(desk, f"month-30-chain-{name}")
        no_serious_fault(desk)


def test_7_the_month_is_closed_and_what_is_told_late_is_booked_in_the_next(desk: Any, bank: Any, shoot: Any) -> None:
    desk.goto("/admin/closed-months/")
    desk.locator("[name=month]").fill(f"{LAST_MONTH:%Y-%m}")
    desk.locator("[name=sure]").check()
    shoot(desk, "month-40-close")
    no_serious_fault(desk)
    desk.locator("form[action*=close] button[type=submit]").click()
    expect(desk.get_by_text(f"{LAST_MONTH:%Y-%m} is afgesloten").first).to_be_visible()
    shoot(desk, "month-41-closed")

    day = LAST_MONTH.isoformat()
    content = camt(
        entry(PRICE, structured=bank["laat"][2], name="Gemeente Maandlaat", day=day),
        name="M-001",
        opening="885.05",
        opened=day,
        closed=day,
    )
    bring(desk, content, "vorige maand.xml")
    desk.get_by_role("button", name="Inlezen en boeken").click()

    first = NOW.replace(day=1).isoformat()
    late = [row for row in read_csv(desk, "journal") if row["reference"] == bank["laat"][1]["reference"]]
    assert late and {row["booked_on"] for row in late} == {first}
    assert not [row for row in read_csv(desk, "vat", f"until={day}") if row["month"] != "TOTAL"]
    desk.goto("/admin/bank-statements/")
    shoot(desk, "month-42-tied")


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/money-matters/",
        "/admin/bank-statements/",
        "/admin/bank-statements/import/",
        "/admin/bank-movements/",
        "/admin/closed-months/",
        "/admin/partnerships/",
        "/admin/outbox/",
        "/admin/invoices/",
        "/admin/payments/",
        "/admin/ledger/",
        *(f"/admin/reports/{slug}/" for slug in REPORTS),
    ],
)
def test_8_the_pages_fit_a_phone_and_their_charts_can_be_read(open_page: Any, bank: Any, shoot: Any, path: str) -> None:
    page = open_page(390, 844, **DUTCH)
    log_in(page)
    assert page.goto(path).status == 200
    shoot(page, f"phone-{path.strip('/').replace('/', '-')}")
    no_serious_fault(page)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.tour-chart text')]
            .filter((text) => text.getClientRects().length)
            .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    )
    assert all(size >= 12 for size in sizes), sizes
    if path in {"/admin/reports/open-invoices/", "/admin/reports/deferred-income/", "/admin/reports/free-seats/"}:
        assert sizes


def test_9_refunds_of_a_visit_the_lowering_of_a_price_and_the_bookkeepings_page_have_no_serious_fault(
    site: Any, desk: Any, open_page: Any, bank: Any, shoot: Any
) -> None:
    event = site.event("Hasselt")
    address, answer = register(site, event, "maandweg")
    session = answer["checkout_url"].rsplit("/", 1)[1]
    site.call("POST", f"{site.stripe_url}/_sandbox/pay", {"session": session, "outcome": "pay"})
    site.wait_for_mails(address, 1)
    organiser = open_page(1280, 900, **DUTCH)
    log_in(organiser, "organiser")
    organiser.goto(f"/admin/events/edit/{event['id']}/")
    organiser.locator("#id_status").select_option("cancelled")
    organiser.locator("footer button[type=submit], .footer button[type=submit]").first.click()
    # What this buyer paid goes back, beside what others of the demonstration paid for the same visit.
    expect(organiser.get_by_text(re.compile(r"€\s*[0-9.]+,[0-9]{2}")).first).to_be_visible()
    shoot(organiser, "month-49-foreseen")
    no_serious_fault(organiser)
    organiser.get_by_role("button", name="Ja, opslaan").click()
    organiser.wait_for_url("**/admin/events/")
    assert desk.goto(f"/admin/refunds-of-cancelled-visits/event/{event['id']}/").status == 200
    shoot(desk, "month-50-give-back")
    no_serious_fault(desk)

    organiser.goto(f"/admin/registrations/?q={bank['deels'][1]['reference']}")
    row = organiser.locator("table.listing tr", has_text=bank["deels"][1]["reference"])
    href = row.get_by_role("link").first.get_attribute("href")
    pk = re.search(r"(\d+)/?$", href).group(1)
    assert organiser.goto(f"/admin/registrations/lower/{pk}/").status == 200
    shoot(organiser, "month-51-lower")
    no_serious_fault(organiser)

    mail = site.mails_to("facturen.maanddeels@example.org")[0]
    link = re.search(rf"{site.url}/nl/b/\S+", mail["text"]).group()
    for width in (390, 1280):
        bookkeeping = open_page(width, 844, **DUTCH)
        bookkeeping.goto(link)
        shoot(bookkeeping, f"month-52-billing-{width}")
        no_serious_fault(bookkeeping)
