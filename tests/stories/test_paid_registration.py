"""A paying guest: two seats, a declined and then a good payment, and finance who sees both to the cent."""

import base64
import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import expect

REPORT = "/admin/reports/paid-tickets/"


def order(page, url, address, colleague=None):
    """From the event page to the stand-in's payment page."""
    page.goto(url)
    page.locator("#id_first_name").fill("Sam")
    page.locator("#id_last_name").fill("O'Neill")
    page.locator("#id_email").fill(address)
    page.locator("#id_organisation_name").fill("Example Ltd & Sons")
    if colleague:
        page.get_by_role("button", name="Add a colleague").click()
        page.locator("#id_colleagues-0-first_name").fill("Kim")
        page.locator("#id_colleagues-0-last_name").fill("Novák")
        page.locator("#id_colleagues-0-email").fill(colleague)
    page.locator("#id_accept_terms").check()
    page.get_by_role("button", name="Continue to the overview").last.click()
    page.get_by_role("button", name="Order with obligation to pay").click()
    expect(page.get_by_text("DEMO").first).to_be_visible()


def pay(page, outcome):
    page.locator(f"button[name=outcome][value={outcome}]").click()


def by_api(seats, code="", key=""):
    people = [{"first_name": "P", "last_name": f"{key}-{n}", "email": f"p{key}.{n}@example.org"} for n in range(seats)]
    return {
        "locale": "en",
        "contact": {"first_name": "P", "last_name": "Q", "email": people[0]["email"]},
        "organisation": {"name": "Example Ltd"},
        "attendees": people,
        "organisation_code": code,
        "accept_terms": True,
    }


def test_two_paid_seats_from_the_page_to_finances_report(site, open_page, shoot):
    page = open_page()
    event = site.event("Gent", "en")
    order(page, event["html_url"], "sam@example.org", colleague="kim@example.org")
    shoot(page, "paid-1-stand-in")
    pay(page, "fail")
    expect(page.locator("button[value=pay]")).to_be_visible()
    pay(page, "pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
    shoot(page, "paid-2-registered")
    reference = page.locator(".reference").first.inner_text()

    def confirmations():
        mails = site.mails_to("sam@example.org")
        return [mail for mail in mails if any(file["filename"].endswith(".ics") for file in mail["attachments"])]

    mails = site.wait_for_mails("sam@example.org", 3)
    mail = confirmations()
    invoice = next(mail for mail in mails if mail["subject"].startswith("Invoice F"))
    assert base64.b64decode(invoice["attachments"][0]["content"]).startswith(b"%PDF-")
    assert len(mail) == 1 and "€229.90" in mail[0]["text"]
    assert Calendar.from_ical(mail[0]["attachments"][0]["content"])["METHOD"] == "PUBLISH"

    page.goto("/admin/login/")
    page.locator("input[name=username]").fill("finance")
    page.locator("input[name=password]").fill("tour-demo")
    page.locator("button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    admin = page.context.request
    page.goto(REPORT)
    shoot(page, "paid-3-report")
    screen = page.locator("main").inner_text()

    rows = list(csv.reader(io.StringIO(admin.get(f"{REPORT}?export=csv").text())))
    header, lines, total = rows[0], rows[1:-1], rows[-1]
    assert header == [
        "paid_on",
        "event",
        "event_date",
        "reference",
        "attendee",
        "organisation",
        "ticket_type",
        "status",
        "vat_country",
        "vat_rate",
        "net",
        "vat",
        "gross",
        "fee",
        "refunded",
        "disputed",
        "left",
    ]
    mine = [dict(zip(header, line, strict=True)) for line in lines if line[3] == reference]
    assert [(row["attendee"], row["net"], row["vat"], row["gross"]) for row in mine] == [
        ("Sam O'Neill", "95.00", "19.95", "114.95"),
        ("Kim Novák", "95.00", "19.95", "114.95"),
    ]
    assert sum(Decimal(row["fee"]) for row in mine) == Decimal("3.70")
    assert total[0] == "TOTAL"
    totals = {
        name: Decimal(total[header.index(name)])
        for name in ("net", "vat", "gross", "fee", "refunded", "disputed", "left")
    }
    for name, figure in totals.items():
        assert figure == sum(Decimal(line[header.index(name)]) for line in lines)
        shown = f"{figure:.2f}"
        assert shown in screen.replace(",", "") or shown.replace(".", ",") in screen.replace(".", ""), name
    sheet = load_workbook(io.BytesIO(admin.get(f"{REPORT}?export=xlsx").body())).active
    last = [cell.value for cell in list(sheet.rows)[-1]]
    for name, figure in totals.items():
        assert Decimal(str(last[header.index(name)])).quantize(Decimal("0.01")) == figure


def test_a_slow_payment_is_followed_until_it_arrives(site, open_page, shoot):
    page = open_page()
    order(page, site.event("Gent", "en")["html_url"], "slow@example.org")
    session = re.search(r"cs_test_\w+", page.url).group()
    pay(page, "pay_late")
    expect(page.get_by_text("being processed")).to_be_visible()
    shoot(page, "paid-4-processing")
    manage = page.url

    assert site.call("POST", f"{site.stripe_url}/_sandbox/settle", {"session": session})[0] == 200
    site.wait_for_mails("slow@example.org", 2)
    page.goto(manage)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")


def test_somebody_who_leaves_the_payment_page_finds_the_same_one_again(site, open_page, shoot):
    page = open_page(390, 844)
    order(page, site.event("Gent", "en")["html_url"], "later@example.org")
    first = page.url
    pay(page, "abandon")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your places are held")
    shoot(page, "paid-5-held-phone")

    page.get_by_role("button", name="Pay now").click()

    assert page.url == first


def test_a_visitor_who_never_comes_back_is_registered_by_the_notice_alone(site):
    body = by_api(1, key="gone") | {"event": site.event("Gent")["id"]}
    status, made = site.call("POST", "/api/v1/registrations/", body)
    assert (status, made["status"], made["total_incl_vat"]) == (201, "held", "114.95")
    session = re.search(r"cs_test_\w+", made["checkout_url"]).group()
    assert site.call("POST", f"{site.stripe_url}/_sandbox/pay", {"session": session, "outcome": "pay"})[0] == 200

    site.wait_for_mails("pgone.0@example.org", 2)

    token = {"Authorization": f"Bearer {made['manage_token']}"}
    read = site.call("GET", f"/api/v1/registrations/{made['reference']}/", **token)
    assert (read[0], read[1]["status"]) == (200, "confirmed")


def test_fifty_posts_at_once_for_five_seats_take_exactly_five(site):
    event = site.event("Mechelen")
    assert event["seats_left"] == 5
    bodies = [
        by_api(1, code="GREENDEAL-DEMO" if n % 5 == 0 else "", key=f"x{n}") | {"event": event["id"]} for n in range(50)
    ]

    with ThreadPoolExecutor(50) as clients:
        answers = list(clients.map(lambda body: site.call("POST", "/api/v1/registrations/", body), bodies))

    outcomes = [answer[1]["status"] if answer[0] == 201 else answer[0] for answer in answers]
    seated = sum(outcome in {"held", "confirmed"} for outcome in outcomes)
    assert (seated, sum(outcome == "waiting" for outcome in outcomes)) == (5, 45)
    assert site.event("Mechelen")["seats_left"] == 0


@pytest.mark.parametrize("path", ["/nl/", "/en/"])
def test_the_pages_stand_when_many_look_at_once(site, path):
    with ThreadPoolExecutor(20) as clients:
        statuses = list(clients.map(lambda _n: _status(site.url + path), range(40)))

    assert statuses == [200] * 40


def _status(url):
    import urllib.request  # noqa: PLC0415

    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.status
