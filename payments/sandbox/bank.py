"""Builds the objects of the money side: refunds, balance transactions, payouts, the balance.

As in `objects.py`: plain JSON-ready dicts in full shape, integer cents, Unix seconds.
"""

from __future__ import annotations

from .objects import JSON, new_id


def example_fee(amount: int) -> int:
    """1.5 % + 25 cents, half a cent rounds up: the stand-in's own example, real fees differ."""
    return (amount * 15 + 500) // 1000 + 25


def refund(charge: JSON, amount: int, params: JSON, *, at: int) -> JSON:
    """A `refund`, succeeded at once."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": at,
        "currency": charge["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": {"type": "card", "card": {"type": "refund"}}
        if charge["payment_method_details"]["type"] == "card"
        else None,
        "metadata": {k: v for k, v in (params.get("metadata") or {}).items() if v != ""},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def balance_transaction(
    *,
    amount: int,
    fee: int,
    kind: str,
    category: str,
    source: str | None,
    description: str | None,
    at: int,
    currency: str = "eur",
) -> JSON:
    """A `balance_transaction`; `net` is `amount - fee`. Everything is available at once in the stand-in."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees (example of the stand-in: 1.5 % + 0.25)",
            "type": "stripe_fee",
        }
    ]
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": at,
        "balance_type": "payments",
        "created": at,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source,
        "status": "available",
        "type": kind,
    }


def payout(amount: int, *, at: int) -> JSON:
    """An automatic `payout`, already arrived and reconciled."""
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": at,
        "automatic": True,
        "balance_transaction": None,
        "created": at,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "trace_id": None,
        "type": "bank_account",
    }


def balance(cents: int) -> JSON:
    entry = {"amount": cents, "currency": "eur", "source_types": {"card": cents}}
    nothing = {"amount": 0, "currency": "eur", "source_types": {"card": 0}}
    return {"object": "balance", "available": [entry], "livemode": False, "pending": [nothing]}
