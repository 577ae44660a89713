"""Payouts: pulled with everything they gathered, added up to the cent, matched with the ledger; differences are told.

With automatic payouts, the balance transactions of a payout add up to it (docs.stripe.com/payouts/reconciliation). Each
is booked on its reporting category.
"""

import logging
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from payments import stripe_gateway as gateway
from payments.actions.bookkeeping import book_fee, book_movement
from payments.actions.closing import CURRENCY
from payments.models import Concern, LedgerEntry, Payment, Payout, PayoutItem

log = logging.getLogger("payments")
Kind = LedgerEntry.Kind
ZERO = Decimal("0.00")

#: Reporting category -> the kinds of entry it may be, and whether the entry is named by the source or the transaction.
BY_SOURCE = {
    "charge": (Kind.PAYMENT, Kind.UNMATCHED),
    "refund": (Kind.REFUND,),
    "partial_capture_reversal": (Kind.REFUND,),
    "refund_failure": (Kind.REFUND_FAILED,),
    "payout_reversal": (Kind.PAYOUT_FAILED,),
}
BY_TRANSACTION = {"dispute": (Kind.DISPUTE,), "dispute_reversal": (Kind.DISPUTE_WON,)}


def sync_payout(payout_id: str, *, at: datetime) -> Payout:
    """Fetch a payout and what it gathered, and make our records agree. Safe to call any number of times.

    One in another currency is mirrored and told to a person, and not booked.

    Raises GatewayDown, GatewayRefused, NotAtStripe.
    """
    told = gateway.fetch_payout(payout_id)
    movements = list(gateway.movements_of(payout_id)) if told.is_complete else []
    with transaction.atomic():
        payout, _is_new = Payout.objects.update_or_create(
            payout_id=told.payout_id,
            defaults={
                "status": told.status,
                "amount": told.amount,
                "currency": told.currency,
                "created_at": told.created_at,
                "arrives_on": timezone.localtime(told.arrives_at, timezone.get_default_timezone()).date(),
                "failure": told.failure[:250],
            },
        )
        Payout.objects.select_for_update(no_key=True).get(pk=payout.pk)
        if told.currency != CURRENCY:
            text = f"{payout.amount:.2f} {payout.currency}"
            Concern.raise_once(Concern.Kind.PAYOUT_DIFFERS, payout.payout_id, text=text, at=at)
            return payout
        _book_payout(payout, told.failed_at or at, at)
        if told.is_complete:
            _gather(payout, movements, at)
    return payout


def _book_payout(payout: Payout, failed_at: datetime, at: datetime) -> None:
    """Out of the balance when it is made, back in when the bank sends it back."""
    if payout.status == Payout.Status.CANCELED:
        return
    book_movement(Kind.PAYOUT, payout.payout_id, -payout.amount, payout.created_at, at=at)
    if payout.status == Payout.Status.FAILED:
        book_movement(Kind.PAYOUT_FAILED, payout.payout_id, payout.amount, failed_at, at=at)
        text = f"{payout.amount:.2f} {payout.currency}: {payout.failure}"
        Concern.raise_once(Concern.Kind.PAYOUT_FAILED, payout.payout_id, text=text, at=at)


def _gather(payout: Payout, movements: list[gateway.Movement], at: datetime) -> None:
    unknown = []
    for movement in movements:
        entry = _entry_of(movement, at)
        if entry is None:
            unknown.append(f"{movement.category} {movement.source or movement.transaction_id} {movement.net}")
        PayoutItem.objects.update_or_create(
            transaction_id=movement.transaction_id,
            defaults={
                "payout": payout,
                "category": movement.category,
                "source": movement.source,
                "amount": movement.amount,
                "fee": movement.fee,
                "net": movement.net,
                "occurred_at": movement.occurred_at,
                "entry": entry,
            },
        )
    payout.difference = payout.amount - sum((movement.net for movement in movements), start=ZERO)
    payout.reconciled_at = at
    payout.save(update_fields=["difference", "reconciled_at"])
    faults = [f"difference {payout.difference}"] if payout.difference else []
    if faults := [*faults, *(f"not in our books: {what}" for what in unknown)]:
        log.error("Payout %s: %s", payout.payout_id, "; ".join(faults))
        Concern.raise_once(Concern.Kind.PAYOUT_DIFFERS, payout.payout_id, text="; ".join(faults), at=at)


def _entry_of(movement: gateway.Movement, at: datetime) -> LedgerEntry | None:
    """The entry of our ledger a movement is. A fee of Stripe's that belongs to no payment is booked now."""
    if movement.category in BY_SOURCE:
        entry = LedgerEntry.objects.filter(kind__in=BY_SOURCE[movement.category], source=movement.source).first()
        if entry is not None and entry.payment is not None and movement.category == "charge":
            _book_late_fee(entry.payment, movement, at)
        return entry
    if movement.category in BY_TRANSACTION:
        kinds = BY_TRANSACTION[movement.category]
        return LedgerEntry.objects.filter(kind__in=kinds, source=movement.transaction_id).first()
    if movement.category == "fee":
        return book_movement(Kind.SERVICE_FEE, movement.transaction_id, movement.net, movement.occurred_at, at=at)
    return None


def book_service_fees(*, since: datetime, at: datetime) -> int:
    """Book Stripe's own fees since then; those of a payout that is still to come too, so that they are in their month.

    Returns how many were new. Raises GatewayDown, GatewayRefused.
    """
    told = [fee for fee in gateway.service_fees_since(since) if fee.category == "fee" and fee.currency == CURRENCY]
    known = LedgerEntry.objects.filter(kind=Kind.SERVICE_FEE, source__in=[fee.transaction_id for fee in told])
    new = len(told) - known.count()
    for fee in told:
        book_movement(Kind.SERVICE_FEE, fee.transaction_id, fee.net, fee.occurred_at, at=at)
    return new


def _book_late_fee(payment: Payment, movement: gateway.Movement, at: datetime) -> None:
    """Stripe's fee was not known yet when the payment was."""
    if payment.fee is None and payment.status in Payment.CAME:
        Payment.objects.filter(pk=payment.pk, fee__isnull=True).update(fee=movement.fee)
        book_fee(payment, fee=movement.fee, source=movement.transaction_id, occurred_at=movement.occurred_at, at=at)
