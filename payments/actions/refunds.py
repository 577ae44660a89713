"""Giving money back: decided and written down first, carried out by a task, mirrored when Stripe tells more."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Case, When

from events import letters
from events.models import Registration
from payments import stripe_gateway as gateway
from payments.actions.bookkeeping import book_failed_refund, book_refund, plan_payment, plan_refund
from payments.actions.crediting import credit_refund
from payments.dues import ZERO, Share, allot, balance, open_shares, turned
from payments.models import Concern, Payment, Refund, RefundLine

log = logging.getLogger("payments")

_STATUS = {
    "succeeded": Refund.Status.SUCCEEDED,
    "failed": Refund.Status.FAILED,
    "canceled": Refund.Status.FAILED,
}
#: A refund only goes down this list: what is told late, or told again, moves nothing back. One that Stripe refused
#: never entered it: FAILED without a `refund_id` is our word, and gives way to Stripe's.
_ORDER = [Refund.Status.DECIDED, Refund.Status.PENDING, Refund.Status.SUCCEEDED, Refund.Status.FAILED]


#: Stripe keeps an idempotency key for 24 hours at least. After this a refund is looked for before it is asked again:
#: asked for a second time it might be made a second time.
KEY_IS_SURE = timedelta(hours=23)


@transaction.atomic
def give_back(*, registration: Registration, reason: str, at: datetime) -> list[Refund]:
    """Owe back what is in hand beyond what the seats owe, and tell the contact so.

    Newest payment first, and those that Stripe can give back before those that came by bank.

    Asked again it finds nothing left. The payments are locked; in the deeds of events, after event and registration.
    """
    payments = list(
        Payment.objects.select_for_update(of=("self",), no_key=True)
        .filter(registration=registration, status=Payment.Status.PAID)
        .order_by(Case(When(payment_intent_id="", then=1), default=0), "-paid_at", "-pk")
    )
    for payment in payments:
        plan_payment(payment)
    left = -balance(registration)
    refunds = []
    for payment in payments:
        amount = min(left, payment.amount - given(payment))
        if amount <= 0:
            continue
        parts = allot(turned(open_shares(registration)), amount)
        refunds.append(_decide(payment, reason, amount, parts, at))
        left -= amount
    if refunds:
        _tell(refunds, reason, at)
    return refunds


def given(payment: Payment) -> Decimal:
    """What went back of it, or is on its way back."""
    return sum((back.amount for back in payment.refunds.exclude(status=Refund.Status.FAILED)), start=ZERO)


@transaction.atomic
def give_back_mismatch(*, payment: Payment, at: datetime) -> Refund:
    """Give back what is left of what came in place of what was asked. Done twice it changes nothing."""
    payment = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    made = payment.refunds.exclude(status=Refund.Status.FAILED).first()
    amount = (payment.received_amount or payment.amount) - given(payment)
    if made is not None and amount <= 0:
        return made
    refund = _decide(payment, Refund.Reason.MISMATCH, amount, [], at)
    _tell([refund], Refund.Reason.MISMATCH, at)
    Payment.objects.filter(pk=payment.pk).update(settled_at=at)
    return refund


def _decide(payment: Payment, reason: str, amount: Decimal, parts: list[Share], at: datetime) -> Refund:
    currency = payment.received_currency or payment.currency
    refund = Refund.objects.create(payment=payment, reason=reason, amount=amount, currency=currency, created_at=at)
    RefundLine.objects.bulk_create(
        [RefundLine(refund=refund, attendee=part.seat, net=part.net, vat=part.vat) for part in parts]
    )
    if payment.account == Payment.Account.BANK:
        # Stripe cannot give back what it never had: a person transfers it, and says so, or a statement does.
        text = f"{amount} {payment.currency}, {payment.registration.reference}"
        Concern.raise_once(Concern.Kind.TRANSFER, str(refund.pk), payment=payment, text=text, at=at)
    else:
        transaction.on_commit(partial(_enqueue, refund.pk), robust=True)
    return refund


def _tell(refunds: Sequence[Refund], reason: str, at: datetime) -> None:
    """One letter for what goes back at once, by whatever ways, with its total. Not empty; of one registration."""
    first = refunds[0]
    by_transfer = sum((back.amount for back in refunds if back.payment.account == Payment.Account.BANK), start=ZERO)
    letters.write(
        "refund",
        first.payment.registration,
        occasion=f"refund-{first.pk}",
        facts={
            "amount": str(sum((back.amount for back in refunds), start=ZERO)),
            "by_transfer": str(by_transfer),
            "currency": first.currency,
            "reason": reason,
        },
        at=at,
    )


def _enqueue(refund_id: int) -> None:
    from payments.tasks import carry_out  # noqa: PLC0415  (tasks call this module)

    carry_out.enqueue(refund_id)


def carry_out_refund(refund_id: int, *, at: datetime) -> Refund:
    """Ask Stripe to give the money back. Asking again, after a crash or a time-out, asks for the same refund.

    Raises GatewayDown; a refusal is written on the refund, for a person to look at.
    """
    refund = Refund.objects.select_related("payment__registration").get(pk=refund_id)
    if refund.status != Refund.Status.DECIDED or refund.payment.account == Payment.Account.BANK:
        return refund
    try:
        told = _made_before(refund, at) or gateway.create_refund(
            intent_id=refund.payment.payment_intent_id,
            amount=refund.amount,
            reference=refund.payment.registration.reference,
            refund_pk=refund.pk,
            idempotency_key=refund.idempotency_key,
        )
    except gateway.GatewayRefused as error:
        with transaction.atomic():
            Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=refund.payment_id)
            if Refund.objects.filter(pk=refund.pk, status=Refund.Status.DECIDED).update(
                status=Refund.Status.FAILED, note=str(error)[:250]
            ):
                _cannot_give_back(refund, str(error), at)
        refund.refresh_from_db()
        return refund
    return _agree_with(told, at) or refund


def _made_before(refund: Refund, at: datetime) -> gateway.StripeRefund | None:
    """What Stripe made of it when it was asked so long ago that its key no longer tells; its answer was lost."""
    if at < refund.created_at + KEY_IS_SURE:
        return None
    made = gateway.refunds_of(refund.payment.payment_intent_id)
    return next((told for told in made if told.refund_pk == str(refund.pk)), None)


def sync_refund(refund_id: str, *, at: datetime) -> Refund | None:
    """Fetch a refund from Stripe and make ours agree: one we asked for, or one made in Stripe's dashboard.

    None when it is of a payment that is not ours. Raises GatewayDown, GatewayRefused, NotAtStripe.
    """
    return _agree_with(gateway.fetch_refund(refund_id), at)


@transaction.atomic
def _agree_with(told: gateway.StripeRefund, at: datetime) -> Refund | None:
    """Make ours agree with what Stripe says of a refund. None when it is of a payment that is not ours."""
    payments = Payment.objects.select_for_update(of=("self",), no_key=True)
    payment = payments.filter(payment_intent_id=told.intent_id).first() if told.intent_id else None
    if payment is None:
        return None
    return _mirror(_ours(told, payment) or _made_outside(told, payment, at), told, at)


def _ours(told: gateway.StripeRefund, payment: Payment) -> Refund | None:
    """The row we know it by, or the one whose answer we never got: it names that itself."""
    rows = Refund.objects.select_related("payment__registration")
    if known := rows.filter(refund_id=told.refund_id).first():
        return known
    asked = rows.filter(payment=payment, refund_id__isnull=True).exclude(status=Refund.Status.SUCCEEDED)
    return asked.filter(pk=int(told.refund_pk)).first() if told.refund_pk.isdigit() else None


def _made_outside(told: gateway.StripeRefund, payment: Payment, at: datetime) -> Refund:
    outside = Refund.objects.create(
        payment=payment,
        reason=Refund.Reason.OUTSIDE,
        amount=told.amount,
        currency=told.currency,
        refund_id=told.refund_id,
        created_at=told.created_at,
    )
    plan_refund(outside)
    if _STATUS.get(told.status) != Refund.Status.FAILED:
        _tell([outside], Refund.Reason.OUTSIDE, at)
    return outside


def _mirror(refund: Refund, told: gateway.StripeRefund, at: datetime) -> Refund:
    """The caller holds the payment's lock, and read the refund under it."""
    status = _STATUS.get(told.status, Refund.Status.PENDING)
    was_refused = refund.status == Refund.Status.FAILED and refund.refund_id is None
    if was_refused or _ORDER.index(status) > _ORDER.index(Refund.Status(refund.status)):
        refund.status = status
        refund.note = told.failure[:250]
    refund.refund_id = told.refund_id
    refund.save(update_fields=["refund_id", "status", "note"])
    if told.has_left and book_refund(refund, source=told.refund_id, occurred_at=told.created_at, at=at):
        credit_refund(refund=refund, at=at)
    if status == Refund.Status.FAILED:
        # The money did not arrive: we owe it again, and somebody has to find another way.
        book_failed_refund(refund, source=told.refund_id, occurred_at=told.failed_at or at, at=at)
        _cannot_give_back(refund, told.failure, at)
    elif was_refused:
        _made_after_all(refund, at)
    return refund


def _made_after_all(refund: Refund, at: datetime) -> None:
    """Stripe made what we thought it refused. The matter is closed; opened again where somebody gave it back too."""
    about = Concern.objects.filter(kind=Concern.Kind.REFUND_FAILED, source=str(refund.pk))
    if about.open().update(resolved_at=at) or not about.exists():
        return
    text = f"{refund.refund_id}: {refund.amount} {refund.currency}"
    Concern.raise_again(Concern.Kind.REFUND_FAILED, str(refund.pk), text=text, at=at)


def _cannot_give_back(refund: Refund, why: str, at: datetime) -> None:
    log.error("Refund %s failed: %s", refund.pk, why)
    Concern.raise_once(Concern.Kind.REFUND_FAILED, str(refund.pk), payment=refund.payment, text=why, at=at)
