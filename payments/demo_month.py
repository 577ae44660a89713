"""Demo content for finance: orders by invoice, the bank's statement and what goes otherwise. All of it invented.

Each is done by the deed that a person or a duty would use, so that the desk, the reports and the books agree; nothing
is written past them. What a screen of finance's shows is here once at least: an invoice paid in full, one paid in part,
one overdue, one that waits for its order number, money of nobody knows whom, a refund, a dispute and a payout.
"""

import json
import urllib.request
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone
from lxml import etree
from lxml.builder import ElementMaker

from cms.conf import configured
from events import actions as events
from events.billing import Billing, BuyerKind
from events.demo import demo_visit
from events.demo_content import PEOPLE
from events.models import Event, Registration
from payments import actions
from payments.models import Invoice, Payment, SellerSettings

#: The visit they go to: not the one of which the demo promises forty free seats, nor those with few.
VISIT = "pending"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
#: No bank has these accounts: their bank codes are not given out.
THEIRS = ["BE23999111222391", "BE93999222333467"]
OPENING = Decimal("2500.00")
COSTS = Decimal("-4.50")


@dataclass(frozen=True)
class Buyer:
    """An order by invoice, made so many days ago; `paid` is what the bank has of it, None for nothing."""

    name: str
    kind: str
    enterprise_number: str
    days_ago: int
    seats: int = 1
    purchase_order: str = ""
    paid: str | None = None
    #: The key of the visit they go to.
    visit: str = VISIT


#: Oldest first: documents are numbered in the order in which they are issued. Below 0200.000.000 no enterprise number
#: is given out, so these are nobody's.
BUYERS = [
    # To visits that are over, so that the revenue-model lab has past visits with people who paid.
    Buyer(
        "Poetsbedrijf Verzinsel bv (demo)",
        BuyerKind.BUSINESS,
        "0101020352",
        135,
        seats=3,
        paid="344.85",
        visit="cleaning",
    ),
    Buyer("Hotel Nergens nv (demo)", BuyerKind.BUSINESS, "0102131496", 120, seats=2, paid="229.90", visit="cleaning"),
    Buyer(
        "Kantoorgroep Proef nv (demo)", BuyerKind.BUSINESS, "0103242543", 100, seats=4, paid="459.80", visit="laptops"
    ),
    Buyer(
        "Ingenieurs Verzonnen bv (demo)", BuyerKind.BUSINESS, "0104353687", 84, seats=1, paid="114.95", visit="laptops"
    ),
    Buyer("Textielhuis Fictie nv (demo)", BuyerKind.BUSINESS, "0105464734", 60, seats=2, paid="229.90", visit="past"),
    Buyer("Stad Verzonnen (demo)", BuyerKind.PUBLIC, "0144555635", 45, seats=2, purchase_order="BB-2026-118"),
    Buyer("Drukkerij Voorbeeld bv (demo)", BuyerKind.BUSINESS, "0155666786", 20, paid="145.20"),
    Buyer("Zorgpunt Nergens vzw (demo)", BuyerKind.BUSINESS, "0166777840", 18, paid="120.00"),
    Buyer("Intercommunale Proef (demo)", BuyerKind.PUBLIC, "0177888991", 2),
]


def load(*, at: datetime) -> None:
    """The orders by invoice, and yesterday's statement of the bank. Asks nothing of the stand-in; not safe to run twice."""
    people = cycle(reversed(PEOPLE))
    for number, buyer in enumerate(BUYERS):
        _order(visit(buyer.visit), buyer, number, people, at - timedelta(days=buyer.days_ago))
    _statement(at)


def visit(key: str = VISIT) -> Event:
    return demo_visit(key)


def _order(event: Event, buyer: Buyer, number: int, people: Any, at: datetime) -> Registration:
    places = [next(people) for _seat in range(buyer.seats)]
    first_name, last_name = places[0]
    mailbox = f"factuurklant{number + 1}@example.org"
    return events.register(
        event=event,
        order=events.Order(
            contact=events.Contact(first_name, last_name, mailbox, buyer.name),
            attendees=tuple(
                events.Attending(first, last, f"factuurklant{number + 1}.{place}@example.org")
                for place, (first, last) in enumerate(places)
            ),
            language="nl",
            billing_method=Registration.Billing.INVOICE,
            billing=Billing(
                name=buyer.name,
                kind=buyer.kind,
                street=f"Verzonnenlaan {number + 1}",
                postal_code="3000",
                city="Leuven",
                email=mailbox,
                enterprise_number=buyer.enterprise_number,
                purchase_order=buyer.purchase_order,
                po_follows=buyer.kind == BuyerKind.PUBLIC and not buyer.purchase_order,
            ),
        ),
        at=at,
    )


def _statement(at: datetime) -> None:
    """Yesterday's: what the buyers paid, somebody we cannot place, and what the bank charges."""
    rows = [
        (Decimal(buyer.paid), buyer.name, _asked(buyer).payment_reference, "PMNT/RCDT/ESCT")
        for buyer in BUYERS
        if buyer.paid
    ]
    rows.append((Decimal("145.20"), "J. Iemand (demo)", "bezoek laptops", "PMNT/RCDT/ESCT"))
    rows.append((COSTS, "Bank (demo)", "Kosten", "PMNT/MDOP/CHRG"))
    day = timezone.localdate(at) - timedelta(days=1)
    actions.import_statement(content=camt(rows, day), file_name=f"demo-{day}.xml", by=None, at=at)


def _asked(buyer: Buyer) -> Invoice:
    return Invoice.objects.invoices().get(buyer_name=buyer.name)


def camt(rows: list[tuple[Decimal, str, str, str]], day: date) -> bytes:
    """CAMT.053.001.08 of one day on the seller's account; a row is amount, who, what they wrote, the bank's code."""
    e = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
    closing = OPENING + sum(amount for amount, *_rest in rows)
    entries = [_entry(e, number, day, *row) for number, row in enumerate(rows, start=1)]
    statement = e.Stmt(
        e.Id(f"DEMO-{day}"),
        e.Acct(e.Id(e.IBAN(SellerSettings.load().iban)), e.Ccy("EUR")),
        _balance(e, "OPBD", OPENING, day - timedelta(days=1)),
        _balance(e, "CLBD", closing, day),
        *entries,
    )
    return bytes(etree.tostring(e.Document(e.BkToCstmrStmt(statement)), xml_declaration=True, encoding="UTF-8"))


def _balance(e: Any, code: str, amount: Decimal, day: date) -> Any:
    return e.Bal(e.Tp(e.CdOrPrtry(e.Cd(code))), *_money(e, amount), e.Dt(e.Dt(str(day))))


def _money(e: Any, amount: Decimal) -> list[Any]:
    return [e.Amt(str(abs(amount)), Ccy="EUR"), e.CdtDbtInd("DBIT" if amount < 0 else "CRDT")]


def _entry(e: Any, number: int, day: date, amount: Decimal, name: str, text: str, code: str) -> Any:
    domain, family, sub = code.split("/")
    side = "Cdtr" if amount < 0 else "Dbtr"
    account = [e(f"{side}Acct", e.Id(e.IBAN(THEIRS[number % 2])))] if amount > 0 else []
    return e.Ntry(
        *_money(e, amount),
        e.Sts(e.Cd("BOOK")),
        e.BookgDt(e.Dt(str(day))),
        e.AcctSvcrRef(f"DEMO{day:%Y%m%d}{number:03d}"),
        e.BkTxCd(e.Domn(e.Cd(domain), e.Fmly(e.Cd(family), e.SubFmlyCd(sub)))),
        e.NtryDtls(
            e.TxDtls(e.RltdPties(e(side, e.Pty(e.Nm(name))), *account), e.RmtInf(e.Ustrd(text))),
        ),
    )


def dispute(payment: Payment) -> None:
    """The buyer's bank takes this payment back for now, as a cardholder's complaint does."""
    _stand_in("open_dispute", payment_intent=payment.payment_intent_id)


def pay_out() -> None:
    """What stands with the stand-in goes to the bank."""
    _stand_in("create_payout")


def _stand_in(what: str, **said: str) -> None:
    """Tell the stand-in what a buyer's bank or Stripe itself would do. Raises URLError when it does not answer."""
    request = urllib.request.Request(  # noqa: S310  (our own stand-in's address, from the settings)
        f"{configured.STRIPE_API_BASE}/_sandbox/{what}",
        data=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass
