"""What a person says a bank movement is, where that was not sure. Each once, with who said so."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import money
from payments.actions.bank import lock_above
from payments.actions.bank_matching import (
    Kind,
    book_as,
    book_payout,
    give_back_in,
    keep_unmatched,
    link,
    payouts_like,
    receive,
)
from payments.actions.bookkeeping import book_movement
from payments.going_back import GoingBack, going_back, total
from payments.models import BankTransaction, Concern, Invoice, LedgerEntry, Payment, Payout, SentBack
from payments.models.bank import AGAIN, SENT_BACK

ZERO = Decimal("0.00")
#: The concerns that are about money on the bank account; their source is the movement's reference.
CONCERNS = (Concern.Kind.UNKNOWN_MONEY, Concern.Kind.OVERPAID)


class CannotBook(Exception):
    """Refused; `str()` is a translated sentence for whoever decided."""


def _locked(movement: BankTransaction) -> Any:
    """The movement with its state as it is now, its row locked: two people cannot say two things of it."""
    BankTransaction.objects.select_for_update(of=("self",), no_key=True).get(pk=movement.pk)
    return BankTransaction.objects.with_state().get(pk=movement.pk)


@contextmanager
def _not_booked(movement: BankTransaction) -> Iterator[Any]:
    with transaction.atomic():
        locked = _locked(movement)
        if locked.is_booked:
            raise CannotBook(_("Somebody has said already what this movement is."))
        yield locked


def _in_suspense(movement: Any) -> Decimal:
    held: Decimal = movement.in_suspense
    if held <= 0:
        raise CannotBook(_("Nothing of this movement is unmatched any more."))
    return held


def _dealt_with(movement: BankTransaction, amount: Decimal, source: str, occurred_at: datetime, at: datetime) -> Any:
    account = LedgerEntry.Account.BANK
    return book_movement(Kind.MATCHED, _free(Kind.MATCHED, source), -amount, occurred_at, at=at, account=account)


def _free(kind: str, source: str) -> str:
    """The name of the entry, or the next one: after money was taken back the same can be said of the movement again.

    Its row is locked: nobody else takes the name meanwhile.
    """
    said = LedgerEntry.objects.filter(Q(source=source) | Q(source__startswith=f"{source}{AGAIN}"), kind=kind).count()
    return f"{source}{AGAIN}{said + 1}" if said else source


def _resolve(movement: BankTransaction, by: Any, remark: str, at: datetime) -> None:
    Concern.objects.open().filter(kind__in=CONCERNS, source=movement.reference).update(
        resolved_at=at, resolved_by=by, remark=remark[:500]
    )


@transaction.atomic
def assign(*, movement: BankTransaction, invoice: Invoice, by: Any, remark: str, at: datetime) -> Payment:
    """What is unmatched of a movement pays this invoice, as far as it is open; the rest stays unmatched.

    Raises CannotBook when nothing is unmatched, or nothing is open.
    """
    lock_above([], also=[(invoice.registration.event_id, invoice.registration_id)])
    locked = _locked(movement)
    held = _in_suspense(locked)
    payment = receive(locked, invoice, held, at=at, by=by, remark=remark)
    if payment is None:
        raise CannotBook(_("Nothing is open of %(invoice)s.") % {"invoice": invoice.number})
    source = f"bank-{locked.reference}-{payment.pk}"
    entry = _dealt_with(locked, payment.amount, source, locked.occurred_at, at)
    link(locked, entry, at=at, by=by, remark=remark)
    if payment.amount == held:
        _resolve(locked, by, remark, at)
    return payment


@transaction.atomic
def note_sent_back(*, movement: BankTransaction, by: Any, remark: str, at: datetime) -> LedgerEntry:
    """All that is unmatched was transferred back to where it came from. The statement that shows it is matched with it.

    Raises CannotBook.
    """
    locked = _locked(movement)
    entry: LedgerEntry = _dealt_with(locked, _in_suspense(locked), f"{SENT_BACK}{locked.reference}", at, at)
    SentBack.objects.create(transaction=locked, entry=entry, said_by=by, remark=remark[:500])
    _resolve(locked, by, remark, at)
    return entry


@transaction.atomic
def note_not_ours(*, movement: BankTransaction, by: Any, remark: str, at: datetime) -> None:
    """It has nothing to do with the Tour: a movement that is not booked, or what is unmatched of one.

    Raises CannotBook.
    """
    locked = _locked(movement)
    if not locked.is_booked:
        book_as(locked, Kind.OTHER, at=at, by=by)
        return
    held = _in_suspense(locked)
    source = f"bank-{locked.reference}"
    entry = _dealt_with(locked, held, f"{source}-other", locked.occurred_at, at)
    link(locked, entry, at=at, by=by, remark=remark)
    source = _free(Kind.OTHER, source)
    other = book_movement(Kind.OTHER, source, held, locked.occurred_at, at=at, account=LedgerEntry.Account.BANK)
    link(locked, other, at=at, by=by, remark=remark)
    _resolve(locked, by, remark, at)


def note_fee(*, movement: BankTransaction, by: Any, at: datetime) -> None:
    """The bank kept it for itself. Raises CannotBook."""
    with _not_booked(movement) as locked:
        if locked.amount > 0:
            raise CannotBook(_("A cost is money out."))
        book_as(locked, Kind.SERVICE_FEE, at=at, by=by)


def note_unmatched(*, movement: BankTransaction, by: Any, at: datetime) -> None:
    """Money in that is no payout after all: kept as unmatched, to be assigned. Raises CannotBook."""
    with _not_booked(movement) as locked:
        if locked.amount < 0:
            raise CannotBook(_("Only money in can be kept for an invoice."))
        keep_unmatched(locked, locked.amount, Concern.Kind.UNKNOWN_MONEY, at=at, by=by)


def note_payout(*, movement: BankTransaction, payout: Payout, by: Any, at: datetime) -> None:
    """It is this payout of Stripe's: of the same amount, around the same day. Raises CannotBook."""
    with _not_booked(movement) as locked:
        if payout not in payouts_like(locked):
            raise CannotBook(_("This payout is on a statement already, or is of another amount or day."))
        book_payout(locked, payout, at=at, by=by)


def note_given_back(*, movement: BankTransaction, keys: Collection[str], by: Any, at: datetime) -> None:
    """Money out that gives back these together: refunds that wait to be transferred, and what somebody said was.

    Named by their GoingBack.key. Raises CannotBook when one does not wait any more, or they are not exactly the amount.
    """
    with transaction.atomic():
        lock_above([], also=_above(_chosen(keys)))
        with _not_booked(movement) as locked:
            several = _chosen(keys)
            if locked.amount >= 0 or not keys or len(several) < len(set(keys)):
                raise CannotBook(_("This was given back already: look at what still waits, and choose again."))
            if total(several) != -locked.amount:
                raise CannotBook(
                    _("What you chose comes to %(chosen)s; the movement is %(moved)s. Choose what comes to it exactly.")
                    % {"chosen": money(total(several)), "moved": money(-locked.amount)}
                )
            give_back_in(locked, several, at=at, by=by)


def _chosen(keys: Collection[str]) -> list[GoingBack]:
    return [back for back in going_back() if back.key in keys]


def _above(several: list[GoingBack]) -> list[tuple[int, int]]:
    return [(back.registration.event_id, back.registration.pk) for back in several if back.registration]
