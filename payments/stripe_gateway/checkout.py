"""Checkout sessions: opened, fetched, closed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from payments.stripe_gateway.client import GatewayDown, GatewayError, client, id_of, moment, money, noted, speaking


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
    with speaking():
        session = client().v1.checkout.sessions.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )
    return _checkout(session)


def fetch_checkout(session_id: str) -> Checkout:
    """The session with its payment and fee, as they are now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        session = client().v1.checkout.sessions.retrieve(
            session_id, params={"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
    return _checkout(session)


def expire_checkout(session_id: str) -> None:
    """Close an open payment page. Nothing when it is closed already. Raises GatewayDown."""
    try:
        with speaking():
            client().v1.checkout.sessions.expire(session_id, options={"idempotency_key": f"bpt-expire-{session_id}"})
    except GatewayDown:
        raise
    except GatewayError:
        pass  # it is closed: paid, or expired


def _checkout(session: Any) -> Checkout:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None) if not isinstance(intent, str) else None
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
        amount=money(session.amount_total),
        currency=(session.currency or "").upper(),
        reference=noted(metadata, "registration"),
        payment_pk=noted(metadata, "payment"),
        intent_id=id_of(intent),
        charge_id=id_of(charge),
        paid_at=_paid_at(charge),
        **fee_of(charge),
    )


def _paid_at(charge: Any) -> datetime | None:
    """When the money was on our balance: with a delayed method days after the charge was made."""
    if (transaction := _transaction_of(charge)) is not None:
        return moment(transaction.created)
    return moment(charge.created) if charge and hasattr(charge, "created") else None


def _transaction_of(charge: Any) -> Any:
    """The balance transaction of a charge, when it was fetched with it."""
    transaction = getattr(charge, "balance_transaction", None) if not isinstance(charge, str) else None
    return None if isinstance(transaction, str) else transaction


def fee_of(charge: Any) -> dict[str, Any]:
    """The fee of a charge whose balance transaction was fetched with it, as Checkout says it."""
    transaction = _transaction_of(charge)
    return {
        "fee": money(transaction.fee) if transaction is not None else None,
        "fee_source": id_of(getattr(charge, "balance_transaction", None)),
        "fee_currency": transaction.currency.upper() if transaction is not None else "",
    }
