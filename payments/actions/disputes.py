"""Disputes and warnings of fraud, mirrored from Stripe: a person is told, and the ledger follows the money only."""

from datetime import datetime

from django.db import transaction

from payments import stripe_gateway as gateway
from payments.actions.bookkeeping import book_dispute
from payments.models import Concern, Dispute, Payment


def _payment(intent_id: str, charge_id: str) -> Payment | None:
    """Ours, locked; None when the payment is not of this site."""
    payments = Payment.objects.select_for_update(of=("self",), no_key=True)
    found = payments.filter(payment_intent_id=intent_id).first() if intent_id else None
    return found or (payments.filter(charge_id=charge_id).first() if charge_id else None)


def sync_dispute(dispute_id: str, *, at: datetime) -> Dispute | None:
    """Fetch a dispute and make our records agree: its status, and each amount it moved, once. None when not ours.

    Safe to call any number of times, in any order. Raises GatewayDown, GatewayRefused, NotAtStripe.
    """
    told = gateway.fetch_dispute(dispute_id)
    with transaction.atomic():
        payment = _payment(told.intent_id, told.charge_id)
        if payment is None:
            return None
        dispute, _is_new = Dispute.objects.update_or_create(
            dispute_id=told.dispute_id,
            defaults={
                "payment": payment,
                "status": told.status,
                "reason": told.reason,
                "amount": told.amount,
                "currency": told.currency,
                "created_at": told.created_at,
            },
        )
        for movement in told.movements:
            book_dispute(payment, movement, at=at)
        _tell(told, payment, at)
    return dispute


def _tell(told: gateway.StripeDispute, payment: Payment, at: datetime) -> None:
    """A matter for a person, and a new one when it turns serious after the first was resolved: taken, or lost."""
    text = f"{told.amount:.2f} {told.currency}, {told.reason}, {told.status}"
    kind = Concern.Kind.DISPUTE
    if told.status.startswith("warning") and not told.movements:
        Concern.raise_once(kind, f"{told.dispute_id}/inquiry", payment=payment, text=text, at=at)
        return
    taken = Concern.raise_once(kind, told.dispute_id, payment=payment, text=text, at=at)
    if told.status == "lost" and taken.resolved_at is not None:
        Concern.raise_once(kind, f"{told.dispute_id}/lost", payment=payment, text=text, at=at)


def sync_warning(warning_id: str, *, at: datetime) -> Concern | None:
    """An issuer thinks a payment was fraud: a person looks, and may cancel before it is disputed.

    None when the payment is not ours. Raises GatewayDown, GatewayRefused, NotAtStripe.
    """
    told = gateway.fetch_warning(warning_id)
    with transaction.atomic():
        payment = _payment(told.intent_id, told.charge_id)
        if payment is None:
            return None
        return Concern.raise_once(Concern.Kind.FRAUD_WARNING, told.warning_id, payment=payment, text=told.kind, at=at)
