"""Giving money back: decided and written down first, carried out by a task, mirrored when Stripe tells more."""

import logging
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction

from events import letters
from events.models import Registration
from payments import stripe_gateway as gateway
from payments.actions.bookkeeping import book_failed_refund, book_refund, plan_payment
from payments.dues import ZERO, Share, allot, balance, open_shares, turned
from payments.models import Payment, Refund, RefundLine

log = logging.getLogger("payments")

_STATUS = {
    "succeeded": Refund.Status.SUCCEEDED,
    "failed": Refund.Status.FAILED,
    "canceled": Refund.Status.FAILED,
}


@transaction.atomic
def give_back(*, registration: Registration, reason: str, at: datetime) -> list[Refund]:
    """Owe back what is in hand beyond what the seats owe, newest payment first, and tell the contact so.

    Asked again it finds nothing left. The payments are locked; in the deeds of events, after event and registration.
    """
    payments = list(
        Payment.objects.select_for_update(of=("self",), no_key=True)
        .filter(registration=registration, status=Payment.Status.PAID)
        .order_by("-paid_at", "-pk")
    )
    for payment in payments:
        plan_payment(payment)
    left = -balance(registration)
    refunds = []
    for payment in payments:
        amount = min(left, payment.amount - sum((back.amount for back in payment.refunds.all()), start=ZERO))
        if amount <= 0:
            continue
        parts = allot(turned(open_shares(registration)), amount)
        refunds.append(_decide(payment, reason, amount, parts, at))
        left -= amount
    return refunds


def _decide(payment: Payment, reason: str, amount: Decimal, parts: list[Share], at: datetime) -> Refund:
    refund = Refund.objects.create(
        payment=payment, reason=reason, amount=amount, currency=payment.currency, created_at=at
    )
    RefundLine.objects.bulk_create(
        [RefundLine(refund=refund, attendee=part.seat, net=part.net, vat=part.vat) for part in parts]
    )
    letters.write(
        "refund",
        payment.registration,
        occasion=f"refund-{refund.pk}",
        facts={"amount": str(amount), "currency": payment.currency, "reason": reason},
        at=at,
    )
    transaction.on_commit(partial(_enqueue, refund.pk), robust=True)
    return refund


def _enqueue(refund_id: int) -> None:
    from payments.tasks import carry_out  # noqa: PLC0415  (tasks call this module)

    carry_out.enqueue(refund_id)


def carry_out_refund(refund_id: int, *, at: datetime) -> Refund:
    """Ask Stripe to give the money back. Asking again, after a crash or a time-out, asks for the same refund.

    Raises GatewayDown; a refusal is written on the refund, for a person to look at.
    """
    refund = Refund.objects.select_related("payment__registration").get(pk=refund_id)
    if refund.status != Refund.Status.DECIDED:
        return refund
    try:
        told = gateway.create_refund(
            intent_id=refund.payment.payment_intent_id,
            amount=refund.amount,
            reference=refund.payment.registration.reference,
            idempotency_key=refund.idempotency_key,
        )
    except gateway.GatewayRefused as error:
        Refund.objects.filter(pk=refund.pk, status=Refund.Status.DECIDED).update(
            status=Refund.Status.FAILED, note=str(error)[:250]
        )
        log.error("Refund %s refused: %s", refund.pk, error)
        refund.refresh_from_db()
        return refund
    return _mirror(refund.pk, told, at)


def sync_refund(refund_id: str, *, at: datetime) -> Refund | None:
    """Fetch a refund from Stripe and make ours agree. None when we did not ask for it.

    Raises GatewayDown, GatewayRefused, NotAtStripe.
    """
    ours = Refund.objects.filter(refund_id=refund_id).first()
    if ours is None:
        return None
    return _mirror(ours.pk, gateway.fetch_refund(refund_id), at)


@transaction.atomic
def _mirror(pk: int, told: gateway.StripeRefund, at: datetime) -> Refund:
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=pk)
    Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment_id)
    refund = Refund.objects.select_related("payment__registration").get(pk=pk)
    refund.refund_id = told.refund_id
    refund.status = _STATUS.get(told.status, Refund.Status.PENDING)
    refund.note = told.failure[:250]
    refund.save(update_fields=["refund_id", "status", "note"])
    if refund.status == Refund.Status.SUCCEEDED:
        book_refund(refund, source=told.refund_id, occurred_at=told.created_at, at=at)
    elif refund.status == Refund.Status.FAILED:
        # The money did not arrive: we owe it again, and somebody has to find another way.
        book_failed_refund(refund, source=told.refund_id, occurred_at=at, at=at)
        log.error("Refund %s failed: %s", refund.pk, told.failure)
    return refund
