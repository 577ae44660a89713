"""Telling whoever reads the invoices that money came for an open one: what was received, and what is open still.

By bank or online, once per payment. Seats that are paid before they are certain need no such letter: their payer has a
confirmation and an invoice.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from events import letters
from payments.actions.writing import letter_facts
from payments.models import Invoice, Payment
from payments.open_items import open_amount


def tell_received(payment: Payment, invoice: Invoice, *, more: Decimal, at: datetime) -> None:
    """Owe the letter about a payment of an open invoice that was just booked; `more` came with it than was open."""
    _tell("payment_received", payment, invoice, at, more=str(more))


def tell_taken_back(payment: Payment, invoice: Invoice, *, at: datetime) -> None:
    """Owe the letter that a payment which was confirmed turned out to be for something else."""
    _tell("payment_taken_back", payment, invoice, at)


def _tell(kind: str, payment: Payment, invoice: Invoice, at: datetime, **noted: str) -> None:
    facts: dict[str, Any] = (
        letter_facts(invoice)
        | noted
        | {
            "received": str(payment.amount),
            "open": str(open_amount(invoice)),
            "iban": invoice.seller_iban,
            "payee": invoice.seller_name,
        }
    )
    letters.write(
        kind,
        payment.registration,
        occasion=f"payment-{payment.pk}",
        facts=facts,
        recipient=invoice.buyer_email,
        at=at,
    )
