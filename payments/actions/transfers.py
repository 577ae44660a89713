"""Giving back by bank what came by bank: decided here, done at the bank, booked when a person or a statement says so.

Decided by the same rule as every refund (payments.actions.refunds); a concern keeps it in sight until it was done.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.actions.steps import lock_registration
from events.locks import lock_event
from payments.actions.bookkeeping import book_refund
from payments.actions.crediting import credit_refund
from payments.models import BankParty, Concern, LedgerEntry, Payment, Refund


class NotToTransfer(Exception):
    """Refused: it was done already, or goes back another way. `str()` is a translated sentence."""


@transaction.atomic
def settle_transfer(*, refund: Refund, occurred_at: datetime, by: Any, remark: str, at: datetime) -> LedgerEntry:
    """A refund was transferred: booked from the bank account, credited, and its concern resolved. Once.

    Locks event, registration and payment. Raises NotToTransfer.
    """
    registration = refund.payment.registration
    lock_event(registration.event_id)
    lock_registration(registration.pk)
    Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=refund.payment_id)
    waiting = Refund.objects.to_transfer().filter(pk=refund.pk)
    if not waiting.update(status=Refund.Status.SUCCEEDED):
        raise NotToTransfer(_("This was given back already."))
    refund.refresh_from_db()
    source = f"refund-{refund.pk}"
    entry = book_refund(refund, source=source, occurred_at=occurred_at, at=at, account=LedgerEntry.Account.BANK)
    if entry is None:
        raise NotToTransfer(_("This was given back already."))
    Concern.objects.open().filter(kind=Concern.Kind.TRANSFER, source=str(refund.pk)).update(
        resolved_at=at, resolved_by=by, remark=remark[:500]
    )
    credit_refund(refund=refund, at=at)
    return entry


def party_to_pay_back(refund: Refund) -> BankParty:
    """Whose account the money came from; an empty one when the statement did not say, or it was forgotten."""
    came = BankParty.objects.filter(transaction__links__entry__payment=refund.payment_id).first()
    return came or BankParty()
