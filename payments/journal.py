"""The journal: each entry of the ledger as postings for the bookkeeping. Debit and credit of an entry are equal."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from payments.models import JournalAccounts, LedgerEntry

Kind = LedgerEntry.Kind
ZERO = Decimal("0.00")


class Posting(NamedTuple):
    """One line of the journal; either `debit` or `credit` is above zero."""

    account: str
    debit: Decimal
    credit: Decimal


def postings(entry: LedgerEntry, accounts: JournalAccounts) -> Iterator[Posting]:
    """An entry annotated with `net` and `vat` of its lines, as postings that balance.

    The money's own account moves by the amount; against it stand income and VAT, costs, money on
    its way from Stripe to the bank, or the account of
    money nobody matched yet.
    """
    if entry.kind == Kind.MOVED:
        return  # between two visits: no account knows of it
    money = accounts.bank if entry.account == LedgerEntry.Account.BANK else accounts.stripe
    yield _posting(money, entry.amount)
    net, vat = getattr(entry, "net", ZERO), getattr(entry, "vat", ZERO)
    match Kind(entry.kind):
        case Kind.PAYMENT | Kind.REFUND | Kind.REFUND_FAILED if net or vat:
            yield _posting(accounts.revenue, -net)
            if vat:
                yield _posting(accounts.vat, -vat)
        case Kind.FEE | Kind.DISPUTE_FEE | Kind.SERVICE_FEE:
            yield _posting(accounts.fees, -entry.amount)
        case Kind.DISPUTE | Kind.DISPUTE_WON if net or vat:
            yield _posting(accounts.disputes, -entry.amount)
        case Kind.PAYOUT | Kind.PAYOUT_FAILED | Kind.PAYOUT_ARRIVED:
            yield _posting(accounts.transit, -entry.amount)
        case _:
            yield _posting(accounts.suspense, -entry.amount)


def _posting(account: str, amount: Decimal) -> Posting:
    return Posting(account, max(amount, ZERO), max(-amount, ZERO))
