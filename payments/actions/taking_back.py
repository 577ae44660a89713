"""Taking back what was assigned to a wrong invoice: the ledger says the opposite, and the money is unmatched again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from payments.actions.bank import lock_above
from payments.actions.bank_decisions import CannotBook
from payments.actions.bank_matching import Kind, link
from payments.actions.bookkeeping import book_movement, book_taken_back
from payments.actions.receipts import tell_taken_back
from payments.models import BankLink, BankTransaction, Concern, Invoice, LedgerEntry, Payment, Refund


@transaction.atomic
def take_back(*, payment: Payment, by: Any, remark: str, at: datetime) -> BankTransaction:
    """A payment by bank was for something else: its invoice is open again, its money to be assigned anew. Once.

    Booked on the movement's own day, or on the first open day when that month is closed. Locks event, registration,
    movement and payment. Raises CannotBook when it was taken back already, some of it was given back or is to be, it is
    on no statement, or no reason is given.
    """
    if not remark.strip():
        raise CannotBook(_("Say why it is taken back."))
    if payment.account != Payment.Account.BANK or payment.pays is None:
        raise CannotBook(_("Only what came by bank can be taken back."))
    lock_above([], also=[(payment.registration.event_id, payment.registration_id)])
    came = BankLink.objects.filter(entry__payment=payment, entry__kind=Kind.PAYMENT, entry__amount__gt=0)
    linked = came.select_related("entry").order_by("pk").first()
    if linked is None:
        raise CannotBook(_("It is on no statement."))
    movement = BankTransaction.objects.select_for_update(of=("self",), no_key=True).get(pk=linked.transaction_id)
    locked = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    if locked.status != Payment.Status.PAID:
        raise CannotBook(_("This was taken back already."))
    if locked.refunds.exclude(status=Refund.Status.FAILED).exists():
        raise CannotBook(_("Some of it was given back, or is to be: it cannot be taken back any more."))
    if locked.pays is None:
        raise CannotBook(_("Only what came by bank can be taken back."))
    invoice: Invoice = locked.pays.in_force
    locked.status, locked.note = Payment.Status.TAKEN_BACK, remark[:250]
    locked.save(update_fields=["status", "note"])
    entry = book_taken_back(linked.entry, locked, at=at)
    link(movement, entry, at=at, by=by, remark=remark)
    held = book_movement(
        Kind.UNMATCHED, entry.source, locked.amount, movement.occurred_at, at=at, account=LedgerEntry.Account.BANK
    )
    link(movement, held, at=at, by=by, remark=remark)
    _look_again(movement, invoice, at)
    tell_taken_back(locked, invoice, at=at)
    return movement


def _look_again(movement: BankTransaction, invoice: Invoice, at: datetime) -> None:
    """Somebody has to say what the money is for: the matter that was resolved is open again, or there is a new one."""
    # Who resolved it, and why, stands with the entries of the movement.
    text = f"{movement.amount} {movement.currency}, {movement.booked_on:%Y-%m-%d}, {invoice.number}"
    Concern.raise_again(Concern.Kind.UNKNOWN_MONEY, movement.reference, text=text, at=at)
