"""What the tests of documents share: registrations that can be invoiced, the rules of VAT, a PDF taken apart."""

import io
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from pypdf import PdfReader

from events import actions as events
from events.models import Attendee, Registration
from payments.actions.bookkeeping import book_payment
from payments.models import Invoice, Payment
from tests import factories
from tests.conftest import NOON


def vat_rules() -> None:
    """The rules the migration brings, also after a test that emptied the database."""
    import_module("payments.migrations.0007_invoices").load_rules(apps, None)


def registration(*, price: str = "95.00", seats: int = 1, language: str = "nl", **facts: Any) -> Registration:
    """Held seats at this price, not paid."""
    order = {name: facts.pop(name) for name in ("organisation_name", "email") if name in facts}
    event = factories.event(price=price, **facts)
    return events.register(event=event, order=factories.order(seats=seats, language=language, **order), at=NOON)


def paid(made: Registration, *, settled: bool = True) -> Payment:
    """A payment of all it owes, booked, its seats confirmed."""
    payment = Payment.objects.create(
        registration=made,
        amount=made.total_incl_vat,
        status=Payment.Status.PAID,
        session_id=f"cs_{made.reference}",
        created_at=NOON,
        paid_at=NOON,
    )
    book_payment(payment, source=f"ch_{made.reference}", occurred_at=NOON, at=NOON)
    if settled:
        events.confirm(registration=made, at=NOON)
        Payment.objects.filter(pk=payment.pk).update(settled_at=NOON + timedelta(seconds=1))
    made.refresh_from_db()
    payment.refresh_from_db()
    return payment


def seats_of(made: Registration) -> list[Attendee]:
    return list(made.attendees.order_by("pk"))


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside a PDF."""
    return {name: contents[0] for name, contents in PdfReader(io.BytesIO(pdf)).attachments.items()}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def rows(document: Invoice) -> SimpleNamespace:
    """A document's rows, to build its XML from again."""
    return SimpleNamespace(lines=list(document.lines.order_by("position")), vat=list(document.vat_lines.all()))
