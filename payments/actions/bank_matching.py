"""What a movement on the bank account is, as far as that is sure. What is not is left to a person, and listed.

Money in: a structured communication names its invoice; a payout of Stripe's is known by its name and its amount; the
rest is unmatched. Money out: the bank's own costs by the bank's own code; what we gave back by its amount together with
the account it went to, or the registration's reference in the text; one refund, or all of one registration or buyer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from payments.actions.agreeing import close_pages
from payments.actions.bookkeeping import book_movement, book_payment
from payments.actions.receipts import tell_received
from payments.actions.transfers import settle_transfer
from payments.dues import balance
from payments.going_back import GoingBack, going_back, surely, what_it_names
from payments.models import (
    BankLink,
    BankParty,
    BankTransaction,
    Concern,
    Invoice,
    LedgerEntry,
    Payment,
    Payout,
    Refund,
)
from payments.open_items import open_amount

Kind = LedgerEntry.Kind
ZERO = Decimal("0.00")
#: A payout is on the account a few days around the one Stripe names: weekends, holidays.
EARLY, LATE = timedelta(days=3), timedelta(days=7)


class Outcome(TextChoices):
    """What became of a movement when it was imported."""

    PAID = "paid", _("Pays its invoice")
    PARTLY = "partly", _("Pays a part of its invoice")
    OVER = "over", _("Pays its invoice, and more")
    NOTHING_OPEN = "nothing_open", _("Its invoice was paid or credited already")
    UNKNOWN = "unknown", _("Nobody knows what it is for")
    PAYOUT = "payout", _("Payout of Stripe")
    GIVEN_BACK = "given_back", _("Money given back")
    FEE = "fee", _("Cost of the bank")
    LISTED = "listed", _("Not booked: a person says what it is")


class Result(NamedTuple):
    """A movement, what it is, and the invoice, payout or registration it is about; `excess` is what is unmatched."""

    transaction: BankTransaction
    outcome: Outcome
    about: str = ""
    excess: Decimal = ZERO


def match(movement: BankTransaction, *, at: datetime) -> Result:
    """Book what a movement is, where that is sure. The caller holds the locks above it (see payments.actions.bank)."""
    return _match_credit(movement, at) if movement.amount > 0 else _match_debit(movement, at)


def party_of(movement: BankTransaction) -> BankParty:
    """Who was on the other side; an empty one when that was forgotten."""
    return BankParty.objects.filter(transaction=movement).first() or BankParty()


def link(movement: BankTransaction, entry: LedgerEntry, *, at: datetime, by: Any = None, remark: str = "") -> None:
    """This entry is in this movement."""
    BankLink.objects.create(transaction=movement, entry=entry, linked_at=at, linked_by=by, remark=remark[:500])


# --- Money in -----------------------------------------------------------------------------------------------------


def _match_credit(movement: BankTransaction, at: datetime) -> Result:
    if movement.structured:
        invoice = Invoice.objects.invoices().filter(payment_reference=movement.structured).first()
        if invoice is not None:
            # The communication of one that was replaced is as sure: the same seats, with an order number.
            return _match_invoice(movement, invoice.in_force, at)
    party = party_of(movement)
    if is_stripes(party):
        payout = sure_payout(movement, party)
        if payout is None:
            return Result(movement, Outcome.LISTED)  # perhaps told by Stripe later: asked again by the duty
        book_payout(movement, payout, at=at)
        return Result(movement, Outcome.PAYOUT, payout.payout_id)
    keep_unmatched(movement, movement.amount, Concern.Kind.UNKNOWN_MONEY, at=at)
    return Result(movement, Outcome.UNKNOWN, excess=movement.amount)


def _match_invoice(movement: BankTransaction, invoice: Invoice, at: datetime) -> Result:
    before = open_amount(invoice)
    payment = receive(movement, invoice, movement.amount, at=at)
    taken = payment.amount if payment else ZERO
    excess = movement.amount - taken
    if excess:
        keep_unmatched(movement, excess, Concern.Kind.OVERPAID, at=at, about=invoice.number)
    if not taken:
        return Result(movement, Outcome.NOTHING_OPEN, invoice.number, excess)
    if excess:
        return Result(movement, Outcome.OVER, invoice.number, excess)
    return Result(movement, Outcome.PARTLY if taken < before else Outcome.PAID, invoice.number)


def receive(
    movement: BankTransaction, invoice: Invoice, amount: Decimal, *, at: datetime, by: Any = None, remark: str = ""
) -> Payment | None:
    """So much of a movement pays this invoice: at most what is open of it and what its seats still owe.

    A payment with its lines per seat and its entry, and a letter to whoever reads the invoices; None when nothing is
    open. The seats are theirs already.
    """
    taken = min(amount, open_amount(invoice), balance(invoice.registration))
    if taken <= 0:
        return None
    payment = Payment.objects.create(
        registration=invoice.registration,
        account=Payment.Account.BANK,
        status=Payment.Status.PAID,
        amount=taken,
        pays=invoice,
        created_at=at,
        paid_at=movement.occurred_at,
        settled_at=at,
    )
    entry = book_payment(
        payment, source=f"bank-{movement.reference}-{payment.pk}", occurred_at=movement.occurred_at, at=at
    )
    link(movement, entry, at=at, by=by, remark=remark)
    tell_received(payment, invoice, more=amount - taken, at=at)
    if invoice.registration.payments.under_way().exists():
        # A payment page that is still open asks for what has come.
        transaction.on_commit(partial(close_pages, invoice.registration_id), robust=True)
    return payment


def keep_unmatched(
    movement: BankTransaction, amount: Decimal, kind: str, *, at: datetime, about: str = "", by: Any = None
) -> None:
    """It is booked, belongs to nobody yet, and a person is told. No name stands with the concern: that is forgotten."""
    entry = book_movement(
        Kind.UNMATCHED,
        f"bank-{movement.reference}",
        amount,
        movement.occurred_at,
        at=at,
        account=LedgerEntry.Account.BANK,
    )
    link(movement, entry, at=at, by=by)
    text = ", ".join(filter(None, [f"{amount} {movement.currency}", f"{movement.booked_on:%Y-%m-%d}", about]))
    Concern.raise_once(kind, movement.reference, text=text, at=at)


def is_stripes(party: BankParty) -> bool:
    return "STRIPE" in f"{party.name} {party.text}".upper()


def payouts_like(movement: BankTransaction) -> list[Payout]:
    """Payouts of this amount, around this day, that are on no statement yet."""
    arrived = LedgerEntry.objects.filter(kind=Kind.PAYOUT_ARRIVED).values("source")
    near = Payout.objects.filter(
        amount=movement.amount,
        currency=movement.currency,
        arrives_on__range=(movement.booked_on - LATE, movement.booked_on + EARLY),
    )
    dead = [Payout.Status.FAILED, Payout.Status.CANCELED]
    return list(near.exclude(status__in=dead).exclude(payout_id__in=arrived).order_by("arrives_on", "pk"))


def sure_payout(movement: BankTransaction, party: BankParty) -> Payout | None:
    """The one it must be: named in the text, or the only one of this amount around this day."""
    found = payouts_like(movement)
    named = [payout for payout in found if payout.payout_id in party.text]
    found = named or found
    return found[0] if len(found) == 1 else None


def book_payout(movement: BankTransaction, payout: Payout, *, at: datetime, by: Any = None) -> None:
    entry = book_movement(
        Kind.PAYOUT_ARRIVED,
        payout.payout_id,
        movement.amount,
        movement.occurred_at,
        at=at,
        account=LedgerEntry.Account.BANK,
    )
    link(movement, entry, at=at, by=by)


# --- Money out ----------------------------------------------------------------------------------------------------


def _match_debit(movement: BankTransaction, at: datetime) -> Result:
    if movement.is_fee:
        book_as(movement, Kind.SERVICE_FEE, at=at)
        return Result(movement, Outcome.FEE)
    several = surely(-movement.amount, party_of(movement), going_back())
    if not several:
        return Result(movement, Outcome.LISTED)
    give_back_in(movement, several, at=at)
    references = sorted({back.reference for back in several})
    return Result(movement, Outcome.GIVEN_BACK, ", ".join(filter(None, references)))


def book_as(movement: BankTransaction, kind: str, *, at: datetime, by: Any = None) -> None:
    """All of a movement is this: a cost of the bank, or nothing of the Tour's."""
    source = f"bank-{movement.reference}"
    account = LedgerEntry.Account.BANK
    entry = book_movement(kind, source, movement.amount, movement.occurred_at, at=at, account=account)
    link(movement, entry, at=at, by=by)


def give_back_in(movement: BankTransaction, several: Iterable[GoingBack], *, at: datetime, by: Any = None) -> None:
    """This movement is these together: what waited to be transferred is settled, each with an entry of its own."""
    for back in several:
        entry = back.told
        if isinstance(entry, Refund):
            told_by = movement.statement.statement_id
            entry = settle_transfer(refund=entry, occurred_at=movement.occurred_at, by=by, remark=told_by, at=at)
        link(movement, entry, at=at, by=by)


def above(movements: Iterable[BankTransaction]) -> tuple[list[int], list[int]]:
    """(events, registrations) that matching these may write below, in the order they are locked."""
    listed = list(movements)
    marks = [movement.structured for movement in listed if movement.amount > 0 and movement.structured]
    pairs = {
        *Invoice.objects.filter(payment_reference__in=marks).values_list(
            "registration__event", "registration", named=False
        ),
        *_given_back_by([movement for movement in listed if movement.amount < 0 and not movement.is_fee]),
    }
    return sorted({event for event, _registration in pairs}), sorted({registration for _event, registration in pairs})


def _given_back_by(movements: list[BankTransaction]) -> set[tuple[int, int]]:
    """(event, registration) of every refund these may settle: of whatever they name, whether it fits or not yet."""
    if not movements:
        return set()
    waiting = [back for back in going_back() if not back.is_noted]
    parties = BankParty.objects.filter(transaction__in=movements)
    named = [back.registration for party in parties for back in what_it_names(party, waiting)]
    return {(registration.event_id, registration.pk) for registration in named if registration}
