"""What only `manage.py stripe_live_check` asks: paying with Stripe's test cards, looking, labelling what it made."""

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from payments.stripe_gateway.balance import Movement, movement_told
from payments.stripe_gateway.checkout import Checkout, fee_of
from payments.stripe_gateway.client import PAGE, client, id_of, moment, money, speaking

#: Stripe's test cards: one that pays, one that pays and is disputed at once.
Card = Literal["pm_card_visa", "pm_card_createDispute"]
LABEL = {"live_check": "1"}


def pay_with_card(checkout: Checkout, *, card: Card, idempotency_key: str) -> Checkout:
    """What a session would be, paid: a payment of its own with a test card, of the same amount and for the same row.

    Stripe lets nobody but a buyer in a browser pay a session, so the session itself stays open. Captured at once, so
    that its fee is known. Raises GatewayDown, GatewayRefused.
    """
    with speaking():
        intent = client().v1.payment_intents.create(
            params={
                "amount": int(checkout.amount * 100),
                "currency": checkout.currency.lower(),
                "payment_method": card,
                "confirm": True,
                "capture_method": "automatic",
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "metadata": {"registration": checkout.reference, "payment": checkout.payment_pk, **LABEL},
                "expand": ["latest_charge.balance_transaction"],
            },
            options={"idempotency_key": idempotency_key},
        )
    charge = intent.latest_charge
    paid_at = moment(charge.created) if charge is not None and not isinstance(charge, str) else None
    is_paid = intent.status == "succeeded"
    return replace(
        checkout,
        is_open=False,
        is_complete=is_paid,
        is_paid=is_paid,
        amount=money(intent.amount_received),
        intent_id=intent.id,
        charge_id=id_of(charge),
        paid_at=paid_at,
        **fee_of(charge),
    )


def fetch_movement(transaction_id: str) -> Movement:
    """A balance transaction. Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        return movement_told(client().v1.balance_transactions.retrieve(transaction_id))


def movement_of_refund(refund_id: str) -> str:
    """The balance transaction of a refund; empty when it has not left. Raises NotAtStripe, GatewayDown."""
    with speaking():
        return id_of(client().v1.refunds.retrieve(refund_id).balance_transaction)


def disputes_of(intent_id: str) -> list[str]:
    """Raises GatewayDown, GatewayRefused."""
    with speaking():
        page = client().v1.disputes.list(params={"payment_intent": intent_id, "limit": PAGE})
        return [dispute.id for dispute in page.data]


def label_session(session_id: str) -> None:
    """Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        client().v1.checkout.sessions.update(session_id, params={"metadata": LABEL})


def label_payment(intent_id: str) -> None:
    """Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        client().v1.payment_intents.update(intent_id, params={"metadata": LABEL})


def label_refund(refund_id: str) -> None:
    """Raises NotAtStripe, GatewayDown, GatewayRefused."""
    with speaking():
        client().v1.refunds.update(refund_id, params={"metadata": LABEL})


def give_all_back(intent_id: str, left: Decimal) -> None:
    """What is left of a payment, back to its card. Raises GatewayDown, GatewayRefused."""
    with speaking():
        client().v1.refunds.create(
            params={"payment_intent": intent_id, "amount": int(left * 100), "metadata": LABEL},
            options={"idempotency_key": f"bpt-live-check-undo-{intent_id}"},
        )
