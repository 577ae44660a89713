"""What moved on Stripe's balance beside our own payments: payouts, disputes, warnings; and the log of its notices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from payments.stripe_gateway.client import PAGE, Notice, client, id_of, made_at, moment, money, speaking


@dataclass(frozen=True)
class Movement:
    """A balance transaction. Amounts signed as Stripe signs them: money in is positive, `net` is amount less fee.

    `category` is Stripe's reporting category (charge, refund, dispute, fee, ...), the one to book on; `source` names
    what it is about ("ch_…", "re_…", "dp_…").
    """

    transaction_id: str
    category: str
    type: str
    source: str
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    occurred_at: datetime
    description: str


@dataclass(frozen=True)
class StripePayout:
    """`status`: pending, in_transit, paid, failed or canceled. `is_complete`: what it gathered can be listed."""

    payout_id: str
    status: str
    amount: Decimal
    currency: str
    arrives_at: datetime
    created_at: datetime
    is_complete: bool
    transaction_id: str
    failure: str
    #: When the bank's money was on our balance again; None when it was not sent back, or Stripe did not say.
    failed_at: datetime | None


@dataclass(frozen=True)
class StripeDispute:
    """A dispute with what it moved so far. `status` as Stripe names it (needs_response, won, lost, ...)."""

    dispute_id: str
    status: str
    reason: str
    amount: Decimal
    currency: str
    intent_id: str
    charge_id: str
    created_at: datetime
    movements: tuple[Movement, ...]


@dataclass(frozen=True)
class Warning:
    """An issuer's early warning of fraud."""

    warning_id: str
    intent_id: str
    charge_id: str
    kind: str


def fetch_payout(payout_id: str) -> StripePayout:
    """The payout as it is now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        payout = client().v1.payouts.retrieve(payout_id, params={"expand": ["failure_balance_transaction"]})
    return _payout(payout)


def payouts_since(since: datetime) -> Iterator[StripePayout]:
    """Payouts made since then, newest first. Raises GatewayDown, GatewayRefused."""
    with speaking():
        page = client().v1.payouts.list(params={"created": {"gte": int(since.timestamp())}, "limit": PAGE})
        for payout in page.auto_paging_iter():
            yield _payout(payout)


def movements_of(payout_id: str) -> Iterator[Movement]:
    """What an automatic payout gathered, itself left out. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        page = client().v1.balance_transactions.list(params={"payout": payout_id, "limit": PAGE})
        for transaction in page.auto_paging_iter():
            if transaction.type != "payout":
                yield movement_told(transaction)


def service_fees_since(since: datetime) -> Iterator[Movement]:
    """What Stripe charged for itself since then, newest first. Raises GatewayDown, GatewayRefused."""
    with speaking():
        page = client().v1.balance_transactions.list(
            params={"created": {"gte": int(since.timestamp())}, "type": "stripe_fee", "limit": PAGE}
        )
        for transaction in page.auto_paging_iter():
            yield movement_told(transaction)


def fetch_dispute(dispute_id: str) -> StripeDispute:
    """The dispute as it is now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        dispute = client().v1.disputes.retrieve(dispute_id)
    return StripeDispute(
        dispute_id=dispute.id,
        status=dispute.status,
        reason=dispute.reason,
        amount=money(dispute.amount),
        currency=dispute.currency.upper(),
        intent_id=id_of(dispute.payment_intent),
        charge_id=id_of(dispute.charge),
        created_at=moment(dispute.created),
        movements=tuple(movement_told(transaction) for transaction in dispute.balance_transactions),
    )


def fetch_warning(warning_id: str) -> Warning:
    """The warning as it is now. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        warning = client().v1.radar.early_fraud_warnings.retrieve(warning_id)
    return Warning(
        warning_id=warning.id,
        intent_id=id_of(getattr(warning, "payment_intent", None)),
        charge_id=id_of(warning.charge),
        kind=warning.fraud_type,
    )


def notices_since(since: datetime, kinds: list[str]) -> Iterator[Notice]:
    """What Stripe told, or tried to tell, of these kinds (at most 20) since then. It keeps its notices for 30 days.

    Raises GatewayDown, GatewayRefused.
    """
    with speaking():
        page = client().v1.events.list(
            params={"created": {"gte": int(since.timestamp())}, "types": kinds, "limit": PAGE}
        )
        for event in page.auto_paging_iter():
            about: Any = event.data.object
            yield Notice(event.id, event.type, str(about["id"]) if "id" in about else "", event.livemode)


def _payout(payout: Any) -> StripePayout:
    return StripePayout(
        payout_id=payout.id,
        status=payout.status,
        amount=money(payout.amount),
        currency=payout.currency.upper(),
        arrives_at=moment(payout.arrival_date),
        created_at=moment(payout.created),
        is_complete=payout.reconciliation_status == "completed",
        transaction_id=id_of(payout.balance_transaction),
        failure=payout.failure_message or payout.failure_code or "",
        failed_at=made_at(payout.failure_balance_transaction),
    )


def movement_told(transaction: Any) -> Movement:
    """A balance transaction in our words."""
    return Movement(
        transaction_id=transaction.id,
        category=transaction.reporting_category,
        type=transaction.type,
        source=id_of(transaction.source),
        amount=money(transaction.amount),
        fee=money(transaction.fee),
        net=money(transaction.net),
        currency=transaction.currency.upper(),
        occurred_at=moment(transaction.created),
        description=transaction.description or "",
    )
