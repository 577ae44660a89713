"""Questions about the bank account: does it tie with the books, and what could unmatched money be for?"""

import re
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db.models import Count, Sum

from payments.models import BankParty, BankStatement, BankTransaction, Invoice, LedgerEntry
from payments.open_items import open_invoices

ZERO = Decimal("0.00")
#: From here on two names are alike, 1 being the same.
ALIKE = 0.7
MOST = 10


class Tie(NamedTuple):
    """What the last statement says, what keeps the books from saying the same, and the books. Euro.

    `closing` + `by_hand` - `not_booked` = `books` + `difference`; a difference is a statement that is missing.
    """

    closed_on: date | None
    closing: Decimal
    not_booked: Decimal
    not_booked_count: int
    by_hand: Decimal
    books: Decimal
    difference: Decimal


def tie(iban: str) -> Tie:
    """For this account as it stands now."""
    statements = BankStatement.objects.filter(iban=iban)
    last = statements.order_by("-closed_on", "-opened_on", "-pk").first()
    waiting = BankTransaction.objects.not_booked().aggregate(total=Sum("amount"), count=Count("pk"))
    bank = LedgerEntry.objects.filter(account=LedgerEntry.Account.BANK)
    books = bank.aggregate(total=Sum("amount"))["total"] or ZERO
    by_hand = bank.filter(bank_link__isnull=True).exclude(kind=LedgerEntry.Kind.OPENING)
    said = by_hand.aggregate(total=Sum("amount"))["total"] or ZERO
    closing = last.closing if last else ZERO
    not_booked = waiting["total"] or ZERO
    return Tie(
        closed_on=last.closed_on if last else None,
        closing=closing,
        not_booked=not_booked,
        not_booked_count=waiting["count"],
        by_hand=said,
        books=books,
        difference=closing + said - not_booked - books,
    )


class Suggestion(NamedTuple):
    """An open invoice this money could be for, and why: "number", "amount", "name"."""

    invoice: Any
    reasons: tuple[str, ...]


def suggestions(amount: Decimal, party: BankParty, *, on: date) -> list[Suggestion]:
    """Open invoices that fit, those with more reasons first. For a person to choose from, never to book by."""
    found = []
    digits = _digits(party.text)
    for invoice in open_invoices(on):
        reasons = []
        if _digits(invoice.number) and _digits(invoice.number) in digits and invoice.number[-4:] in party.text:
            reasons.append("number")
        if invoice.open_amount == amount:
            reasons.append("amount")
        if is_alike(party.name, invoice.buyer_name):
            reasons.append("name")
        if reasons:
            found.append(Suggestion(invoice, tuple(reasons)))
    return sorted(found, key=lambda told: (-len(told.reasons), told.invoice.due_on, told.invoice.pk))[:MOST]


def is_alike(one: str, other: str) -> bool:
    """The same name in other words: legal forms, order and punctuation aside."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    if first <= second or second <= first:
        return True
    return SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio() >= ALIKE


_FORMS = {"nv", "bv", "bvba", "vzw", "cv", "cvba", "sa", "sprl", "asbl", "srl", "de", "van", "het", "en", "the", "and"}


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if word not in _FORMS and len(word) > 1}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def invoice_numbered(number: str) -> Invoice | None:
    """An invoice by its number, however its letters were typed; None when there is none."""
    return Invoice.objects.invoices().filter(number__iexact=number.strip()).first()
