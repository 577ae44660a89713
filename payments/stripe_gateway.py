"""Stripe, in our own words. The only module of the product that imports stripe.

Amounts cross this edge as integer cents and leave it as Decimal. Every create carries a deterministic idempotency key,
so that a retry, a double click or a crash in between asks for the same thing once. Time-outs and retries are set here
because StripeClient of stripe 16 does not retry by itself and waits 80 seconds.
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings

log = logging.getLogger("payments")

TIMEOUT = (3, 10)  # seconds to connect, to answer
RETRIES = 2
#: Seconds a notice may be old.
TOLERANCE = 300


class GatewayError(Exception):
    """Stripe did not do what was asked."""


class GatewayDown(GatewayError):
    """No answer, or a failure on Stripe's side: trying again later may work."""


class GatewayRefused(GatewayError):
    """Stripe understood and refused; trying again will not help."""


class NotAtStripe(GatewayRefused):
    """Stripe has no such object."""


class BadSignature(Exception):
    """A notice that was not signed with our secret, or too long ago."""


class NoNotice(Exception):
    """Signed with our secret, and yet no notice of Stripe's."""


@dataclass(frozen=True)
class Line:
    """One line of the payment page; `amount` includes VAT."""

    name: str
    description: str
    amount: Decimal
    quantity: int


@dataclass(frozen=True)
class Checkout:
    """What Stripe knows of one Checkout session, fetched now. `amount` and `fee` in the currency's unit."""

    session_id: str
    url: str
    is_open: bool
    is_complete: bool
    is_paid: bool
    #: A delayed method that was refused after the session was complete.
    has_failed: bool
    amount: Decimal
    currency: str
    reference: str
    payment_pk: str
    intent_id: str
    charge_id: str
    paid_at: datetime | None
    fee: Decimal | None
    fee_source: str
    fee_currency: str


@dataclass(frozen=True)
class StripeRefund:
    """A refund as Stripe tells it. `status`: pending, requires_action, succeeded, failed or canceled."""

    refund_id: str
    status: str
    amount: Decimal
    currency: str
    charge_id: str
    intent_id: str
    #: The row of ours it carries out; empty for one made in Stripe's dashboard.
    refund_pk: str
    #: The money left our balance with Stripe, which it may before the refund has arrived.
    has_left: bool
    failure: str
    created_at: datetime


@dataclass(frozen=True)
class Notice:
    """A verified webhook notice: what happened to which object. A hint only; the object is fetched again."""

    event_id: str
    type: str
    #: Empty when it is about no single object.
    object_id: str


def is_configured() -> bool:
    return bool(settings.STRIPE_API_KEY)


def _client() -> stripe.StripeClient:
    bases: dict[str, Any] = {"base_addresses": {"api": settings.STRIPE_API_BASE}} if settings.STRIPE_API_BASE else {}
    return stripe.StripeClient(
        settings.STRIPE_API_KEY,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        **bases,
    )


def _translated(error: stripe.StripeError) -> GatewayError:
    text = error.user_message or str(error)
    if isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing":
        return NotAtStripe(text)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        # A wrong key is ours to mend and says nothing about what was asked: nothing is given up for it.
        log.error("Stripe does not accept our key: %s", text)
        return GatewayDown(text)
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError | stripe.APIError) and not isinstance(
        error, stripe.InvalidRequestError | stripe.IdempotencyError
    ):
        return GatewayDown(text)
    return GatewayRefused(text)


def create_checkout(
    *,
    lines: list[Line],
    currency: str,
    language: str,
    email: str,
    reference: str,
    payment_pk: int,
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    idempotency_key: str,
) -> Checkout:
    """Open a payment page. Raises GatewayDown or GatewayRefused.

    The registration is named in the session and in its payment, because Stripe copies no metadata between them. Which
    payment methods appear is set in Stripe's dashboard (its API takes no list of them since 2026-09-30.endive).
    """
    ours = {"registration": reference, "payment": str(payment_pk)}
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": line.quantity,
                "price_data": {
                    "currency": currency.lower(),
                    "unit_amount": int(line.amount * 100),
                    "tax_behavior": "inclusive",
                    "product_data": {"name": line.name, "description": line.description},
                },
            }
            for line in lines
        ],
        "locale": language,
        "customer_email": email,
        "client_reference_id": reference,
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "adaptive_pricing": {"enabled": False},
    }
    try:
        session = _client().v1.checkout.sessions.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )
    except stripe.StripeError as error:
        raise _translated(error) from error
    return _checkout(session)


def fetch_checkout(session_id: str) -> Checkout:
    """The session with its payment and fee, as they are now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    try:
        session = _client().v1.checkout.sessions.retrieve(
            session_id, params={"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
    except stripe.StripeError as error:
        raise _translated(error) from error
    return _checkout(session)


def expire_checkout(session_id: str) -> None:
    """Close an open payment page. Nothing when it is closed already. Raises GatewayDown."""
    try:
        _client().v1.checkout.sessions.expire(session_id, options={"idempotency_key": f"bpt-expire-{session_id}"})
    except stripe.StripeError as error:
        translated = _translated(error)
        if isinstance(translated, GatewayDown):
            raise translated from error


def create_refund(
    *, intent_id: str, amount: Decimal, reference: str, refund_pk: int, idempotency_key: str
) -> StripeRefund:
    """Give (part of) a payment back. Raises GatewayDown or GatewayRefused."""
    try:
        refund = _client().v1.refunds.create(
            params={
                "payment_intent": intent_id,
                "amount": int(amount * 100),
                "reason": "requested_by_customer",
                "metadata": {"registration": reference, "refund": str(refund_pk)},
            },
            options={"idempotency_key": idempotency_key},
        )
    except stripe.StripeError as error:
        raise _translated(error) from error
    return _refund(refund)


def fetch_refund(refund_id: str) -> StripeRefund:
    """The refund as it is now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    try:
        return _refund(_client().v1.refunds.retrieve(refund_id))
    except stripe.StripeError as error:
        raise _translated(error) from error


def verified(body: bytes, signature: str) -> Notice:
    """The notice in a webhook's raw body. Raises BadSignature, and NoNotice for a signed body that is no event."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadSignature(str(error)) from error
    try:
        event = json.loads(text)
        event_id, kind = event["id"], event["type"]
        about = (event.get("data") or {}).get("object") or event.get("related_object") or {}
        object_id = about.get("id") or ""
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise NoNotice(f"{type(error).__name__}: {error}") from error
    for value in (event_id, kind, object_id):
        if not isinstance(value, str) or len(value) > 255 or "\x00" in value:
            raise NoNotice("An identifier is not what Stripe sends.")
    if not event_id or not kind:
        raise NoNotice("It has no identifier or no type.")
    return Notice(event_id, kind, object_id)


def _money(cents: int | None) -> Decimal:
    return Decimal(cents or 0) / 100


def _id(thing: Any) -> str:
    """The id of a reference, expanded or not."""
    if thing is None:
        return ""
    return thing if isinstance(thing, str) else str(thing.id)


def _noted(metadata: Any, key: str) -> str:
    """A value of ours in Stripe's metadata, which is an object of its own and no dict."""
    return str(metadata[key]) if key in metadata else ""


def _checkout(session: Any) -> Checkout:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None) if not isinstance(intent, str) else None
    transaction = getattr(charge, "balance_transaction", None) if not isinstance(charge, str) else None
    has_fee = transaction is not None and not isinstance(transaction, str)
    metadata = session.metadata or {}
    return Checkout(
        session_id=session.id,
        url=session.url or "",
        is_open=session.status == "open",
        is_complete=session.status == "complete",
        is_paid=session.status == "complete" and session.payment_status == "paid",
        has_failed=session.status == "complete"
        and session.payment_status == "unpaid"
        and getattr(intent, "status", "") in {"requires_payment_method", "canceled"},
        amount=_money(session.amount_total),
        currency=(session.currency or "").upper(),
        reference=_noted(metadata, "registration"),
        payment_pk=_noted(metadata, "payment"),
        intent_id=_id(intent),
        charge_id=_id(charge),
        paid_at=datetime.fromtimestamp(charge.created, UTC) if charge and hasattr(charge, "created") else None,
        fee=_money(transaction.fee) if transaction is not None and has_fee else None,
        fee_source=_id(transaction),
        fee_currency=transaction.currency.upper() if transaction is not None and has_fee else "",
    )


def _refund(refund: Any) -> StripeRefund:
    return StripeRefund(
        refund_id=refund.id,
        status=refund.status or "pending",
        amount=_money(refund.amount),
        currency=refund.currency.upper(),
        charge_id=_id(refund.charge),
        intent_id=_id(refund.payment_intent),
        refund_pk=_noted(refund.metadata or {}, "refund"),
        has_left=refund.balance_transaction is not None,
        failure=getattr(refund, "failure_reason", None) or "",
        created_at=datetime.fromtimestamp(refund.created, UTC),
    )
