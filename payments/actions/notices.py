"""Stripe's notices: kept first, acted on afterwards, and again until it worked."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from payments import stripe_gateway as gateway
from payments.actions.checkout import sync_checkout
from payments.actions.disputes import sync_dispute, sync_warning
from payments.actions.payouts import sync_payout
from payments.actions.refunds import sync_refund
from payments.models import Concern, StripeEvent

log = logging.getLogger("payments")

#: What fails is tried again after 4 minutes, 8, 16 ... and then every six hours.
LONGEST_PAUSE = timedelta(hours=6)

#: Each handler fetches the object again and returns None when it is not ours.
HANDLERS: dict[str, Callable[..., Any]] = {
    "checkout.session.completed": sync_checkout,
    "checkout.session.async_payment_succeeded": sync_checkout,
    "checkout.session.async_payment_failed": sync_checkout,
    "checkout.session.expired": sync_checkout,
    "refund.created": sync_refund,
    "refund.updated": sync_refund,
    "refund.failed": sync_refund,
    "charge.dispute.created": sync_dispute,
    "charge.dispute.updated": sync_dispute,
    "charge.dispute.closed": sync_dispute,
    "charge.dispute.funds_withdrawn": sync_dispute,
    "charge.dispute.funds_reinstated": sync_dispute,
    "radar.early_fraud_warning.created": sync_warning,
    "payout.paid": sync_payout,
    "payout.failed": sync_payout,
    "payout.reconciliation_completed": sync_payout,
}


def receive_notice(*, body: bytes, signature: str, at: datetime) -> StripeEvent:
    """Keep a notice whose signature is ours and have it processed. A repeated delivery finds the first one's row.

    Raises BadSignature or NoNotice; nothing is kept then.
    """
    notice = gateway.verified(body, signature)
    with transaction.atomic():
        event, is_new = _kept(notice, at)
        if is_new or event.status == StripeEvent.Status.FAILED:
            transaction.on_commit(partial(_enqueue, event.pk), robust=True)
    return event


def _kept(notice: gateway.Notice, at: datetime) -> tuple[StripeEvent, bool]:
    """Its row, and whether it is new. Test money is no business of a key of real money, nor the other way round."""
    is_ours = notice.is_live == gateway.is_live()
    return StripeEvent.objects.get_or_create(
        event_id=notice.event_id,
        defaults={
            "type": notice.type[:100],
            "object_id": notice.object_id,
            "status": StripeEvent.Status.RECEIVED if is_ours else StripeEvent.Status.IGNORED,
            "received_at": at,
            "next_attempt_at": at,
        },
    )


def hear_what_was_missed(*, since: datetime, at: datetime) -> int:
    """Ask Stripe for its own log of notices and act on those that never reached us. Returns how many there were.

    Raises GatewayDown, GatewayRefused.
    """
    missed = 0
    # Oldest first: an object is fetched anew each time, so the order changes no outcome; it reads better in the log.
    for notice in reversed(list(gateway.notices_since(since, sorted(HANDLERS)))):
        event, is_new = _kept(notice, at)
        if is_new:
            missed += 1
            process_notice(event.pk, at=at)
    return missed


def _enqueue(event_pk: int) -> None:
    from payments.tasks import process  # noqa: PLC0415  (tasks call this module)

    process.enqueue(event_pk)


def process_notice(event_pk: int, *, at: datetime) -> StripeEvent:
    """Act on a kept notice. What fails is noted, and tried again by the duty; what is done stays done.

    No lock is held: every handler is safe to run twice at once.
    """
    event = StripeEvent.objects.get(pk=event_pk)
    if event.status in {StripeEvent.Status.PROCESSED, StripeEvent.Status.IGNORED}:
        return event
    handler = HANDLERS.get(event.type)
    event.attempts += 1
    try:
        done = handler(event.object_id, at=at) if handler and event.object_id else None
    except Exception as error:
        log.exception("Stripe event %s failed", event.event_id)
        event.status = StripeEvent.Status.FAILED
        event.error = f"{type(error).__name__}: {error}"
        event.next_attempt_at = at + min(timedelta(minutes=2) * 2 ** min(event.attempts, 10), LONGEST_PAUSE)
    else:
        event.status = StripeEvent.Status.IGNORED if done is None else StripeEvent.Status.PROCESSED
        event.error = ""
        event.processed_at = at
        Concern.objects.open().filter(kind=Concern.Kind.NOTICE, source=event.event_id).update(resolved_at=at)
    event.save(update_fields=["status", "error", "attempts", "next_attempt_at", "processed_at"])
    return event


def tell_given_up(*, at: datetime) -> int:
    """A matter for a person about each notice that is not tried again by itself, once. Returns how many were new."""
    told = Concern.objects.filter(kind=Concern.Kind.NOTICE, source=OuterRef("event_id"))
    new = list(StripeEvent.objects.given_up(at=at).filter(~Exists(told)))
    for event in new:
        text = f"{event.type}: {event.error}"
        log.error("Stripe event %s is given up: %s", event.event_id, text)
        Concern.raise_once(Concern.Kind.NOTICE, event.event_id, text=text, at=at)
    return len(new)
