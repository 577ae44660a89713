"""What the stories of finance share: who orders meanwhile, statements of the bank, files read back, pages looked at."""

import csv
import io
from decimal import Decimal
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.stories.test_trusted_registration import register

REPORTS = {
    "paid-tickets": ("net", "vat", "gross", "fee", "refunded", "disputed", "left"),
    "vat": ("base", "vat_in", "gross_in", "base_back", "vat_back", "base_left", "vat_left", "gross_left"),
    "fees": ("amount",),
    "refunds": ("amount",),
    "open-invoices": ("not_due", "days_30", "days_60", "days_90", "older", "open_amount"),
    "payouts": ("charges", "back", "disputes", "fees", "other", "gathered", "amount"),
    "deferred-income": ("seats", "net", "vat"),
    "free-seats": ("paid", "free", "net", "back", "vat", "fees", "notional", "subsidy"),
    "partners": ("revenue", "refunds", "fees", "net"),
}


def log_in(page: Page, name: str = "finance") -> None:
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("tour-demo")
    page.locator("button[type=submit]").first.click()
    page.wait_for_url("**/admin/")


def invoiced(site: Any, event: Any, name: str, seats: int = 1) -> tuple[str, dict[str, Any], str]:
    """(address, registration, structured communication) of an order by invoice whose mail has arrived."""
    billing = {
        "method": "invoice",
        "kind": "public",
        "name": f"Gemeente {name.title()}",
        "street": "Markt 1",
        "postal_code": "9000",
        "city": "Gent",
        "country": "BE",
        "email": f"facturen.{name}@example.org",
        "enterprise_number": "0133444581",
        "purchase_order": "BB-1",
    }
    address, answer = register(site, event, name, seats=seats, billing=billing)
    (mail,) = site.wait_for_mails(billing["email"], 1)
    digits = mail["text"].partition("+++")[2].partition("+++")[0].replace("/", "")
    assert len(digits) == 12, mail["text"]
    return address, answer, digits


def amounts(page: Page) -> dict[str, Decimal]:
    """The row of totals on the screen, by column."""
    cells = page.locator("table.listing tfoot [data-total]").all()
    read = {cell.get_attribute("data-total"): figure(cell.inner_text()) for cell in cells}
    return {name: value for name, value in read.items() if name and value is not None}


def figure(text: str) -> Decimal | None:
    """A figure as it is on a Dutch screen ("1.234,50"); None for no figure."""
    clean = text.replace("\xa0", "").replace("\u202f", "").replace(" ", "").replace(".", "").replace(",", ".")
    try:
        return Decimal(clean.replace("−", "-"))
    except ArithmeticError:
        return None


def read_csv(page: Page, slug: str, query: str = "") -> list[dict[str, str]]:
    answer = page.request.get(f"/admin/reports/{slug}/?export=csv&{query}")
    assert answer.ok, answer.text()
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))


def read_xlsx(page: Page, slug: str, query: str = "") -> list[dict[str, Any]]:
    answer = page.request.get(f"/admin/reports/{slug}/?export=xlsx&{query}")
    assert answer.ok, answer.text()
    head, *rows = load_workbook(io.BytesIO(answer.body())).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def no_serious_fault(page: Page) -> None:
    """Of axe; and nothing of the page sticks out of the screen."""
    # A message that is still coming into sight has another contrast than it will have; none is waited for.
    page.evaluate("""() => document.getAnimations()
        .filter((moving) => moving.effect.getComputedTiming().iterations !== Infinity)
        .forEach((moving) => moving.finish())""")
    found = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], node["target"], node["html"][:160])
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
    assert serious == [], (page.url, serious)
    too_wide = page.evaluate("""() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
            .map((part) => part.outerHTML.slice(0, 120))""")
    assert too_wide == [], (page.url, too_wide)
