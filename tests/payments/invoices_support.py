"""A registration paid through the stand-in, and the figures of a document."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from events import actions as events
from payments import actions
from payments.models import (
    Invoice,
)
from payments.sandbox import Sandbox
from tests import factories

LATER = timedelta(minutes=10)


def paid_online(stripe: Sandbox, now: Any, *, seats: int = 1, price: str = "95.00", **facts: Any) -> tuple[Any, Any]:
    event = factories.event(price=price, starts_at=now + timedelta(days=60), **facts)
    made = events.register(event=event, order=factories.order(seats=seats), at=now)
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    made.refresh_from_db()
    payment.refresh_from_db()
    return made, payment


def figures_of(document: Invoice) -> tuple[Decimal, ...]:
    return (document.net, document.vat, document.rounding, document.gross, document.prepaid)


def euros(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)
