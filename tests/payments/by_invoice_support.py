"""A visit that takes orders by invoice, and what its documents say."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from events import actions as events
from events.billing import Billing
from events.models import Registration
from payments.actions.bookkeeping import book_payment
from payments.models import Invoice, Payment
from tests import factories
from tests.conftest import NOON

Status = Registration.Status


TOWN = Billing(
    name="Gemeente Proef, dienst aankoop",
    kind="public",
    street="Markt 1",
    postal_code="9000",
    city="Gent",
    email="facturen@example.org",
    enterprise_number="0198765470",
    purchase_order="BB-2027-0042",
)


def euro(amount: str) -> Decimal:
    return Decimal(amount)


def visit(at: Any = NOON, **facts: Any) -> Any:
    return factories.event(
        **{
            "price": "95.00",
            "invoice_until_days": 14,
            "starts_at": at + timedelta(days=60),
            "waiting_list": True,
            **facts,
        }
    )


def order(seats: int = 1, **facts: Any) -> Any:
    return factories.order(seats=seats, **{"billing_method": "invoice", "billing": TOWN, **facts})


def ordered(event: Any = None, seats: int = 1, at: Any = NOON, **facts: Any) -> Registration:
    return events.register(event=event or visit(at), order=order(seats, **facts), at=at)


def documents(registration: Registration) -> list[tuple[str, Decimal]]:
    return list(Invoice.objects.filter(registration=registration).order_by("pk").values_list("kind", "gross"))


def asked(registration: Registration) -> Decimal:
    """What its documents ask in all: invoices less credit notes."""
    return sum((gross if kind == "invoice" else -gross for kind, gross in documents(registration)), start=euro("0.00"))


def owed(registration: Registration) -> Decimal:
    return sum((seat.owed for seat in registration.attendees.all()), start=euro("0.00"))


def bank_pays(invoice: Invoice, amount: str, at: Any = NOON) -> Payment:
    """As a bank statement will bring it."""
    payment = Payment.objects.create(
        registration=invoice.registration,
        amount=euro(amount),
        status="paid",
        pays=invoice,
        created_at=at,
        paid_at=at,
        settled_at=at,
    )
    book_payment(payment, source=f"bank-{payment.pk}", occurred_at=at, at=at)
    return payment
