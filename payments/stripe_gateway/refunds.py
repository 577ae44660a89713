"""Refunds: asked for, fetched, listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from payments.stripe_gateway.client import PAGE, client, id_of, made_at, moment, money, noted, speaking

#: The balance transaction of a refund that came back.
BOUNCED = "failure_balance_transaction"


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
    #: When it came back to our balance; None when it did not, or Stripe did not say.
    failed_at: datetime | None
    created_at: datetime


def create_refund(
    *, intent_id: str, amount: Decimal, reference: str, refund_pk: int, idempotency_key: str
) -> StripeRefund:
    """Give (part of) a payment back. Raises GatewayDown or GatewayRefused."""
    with speaking():
        refund = client().v1.refunds.create(
            params={
                "payment_intent": intent_id,
                "amount": int(amount * 100),
                "reason": "requested_by_customer",
                "metadata": {"registration": reference, "refund": str(refund_pk)},
            },
            options={"idempotency_key": idempotency_key},
        )
    return _refund(refund)


def fetch_refund(refund_id: str) -> StripeRefund:
    """The refund as it is now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        return _refund(client().v1.refunds.retrieve(refund_id, params={"expand": [BOUNCED]}))


def refunds_of(intent_id: str) -> Iterator[StripeRefund]:
    """All refunds of a payment, whoever made them, newest first. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        page = client().v1.refunds.list(
            params={"payment_intent": intent_id, "limit": PAGE, "expand": [f"data.{BOUNCED}"]}
        )
        for refund in page.auto_paging_iter():
            yield _refund(refund)


def _refund(refund: Any) -> StripeRefund:
    return StripeRefund(
        refund_id=refund.id,
        status=refund.status or "pending",
        amount=money(refund.amount),
        currency=refund.currency.upper(),
        charge_id=id_of(refund.charge),
        intent_id=id_of(refund.payment_intent),
        refund_pk=noted(refund.metadata or {}, "refund"),
        has_left=refund.balance_transaction is not None,
        failure=getattr(refund, "failure_reason", None) or "",
        failed_at=made_at(getattr(refund, BOUNCED, None)),
        created_at=moment(refund.created),
    )
