"""Invoices to be paid by bank, and statements that are imported."""

from datetime import timedelta
from decimal import Decimal

from events import actions as events
from events.models import Registration
from payments import actions
from payments.models import Payout
from tests import factories
from tests.payments.statements_support import camt

PRICE = Decimal("114.95")


def open_invoice(at, *, seats=1, event=None):
    event = event or factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(seats=seats), at=at)
    Registration.objects.filter(pk=registration.pk).update(
        status="confirmed", confirmed_at=at, hold_expires_at=None, billing_method="invoice"
    )
    registration.refresh_from_db()
    factories.billing(registration)
    return actions.issue_invoice(registration=registration, at=at)


def bring(at, *entries, **facts):
    return actions.import_statement(content=camt(*entries, **facts), file_name="s.xml", by=None, at=at)


def outcomes(imported):
    return [(result.outcome, result.about) for result in imported.results]


def payout(number=1, amount="250.00", arrives="2027-01-20", status="paid"):
    from datetime import date  # noqa: PLC0415

    from tests.conftest import NOON  # noqa: PLC0415

    return Payout.objects.create(
        payout_id=f"po_{number}",
        status=status,
        amount=Decimal(amount),
        created_at=NOON,
        arrives_on=date.fromisoformat(arrives),
    )
