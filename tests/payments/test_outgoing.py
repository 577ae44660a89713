"""Money that came or went is told as it is booked: once, with what the ledger says."""

from datetime import timedelta

import pytest

from cms.models import WebhookDelivery
from cms.plugins import announced_kinds
from events import actions as events
from payments import actions
from payments.models import LedgerEntry
from tests import factories
from tests.cms.outgoing.receiver import endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def money_matters(db):
    return endpoint("http://127.0.0.1:9/hooks", kinds=[kind for kind in announced_kinds() if kind[:4] == "paym"])


def told():
    found = WebhookDelivery.objects.order_by("pk")
    return [(delivery.kind, delivery.payload["data"]["amount"]) for delivery in found]


def test_a_payment_and_its_refund_are_told_once_with_what_the_ledger_says(stripe, now):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=20))
    registration = events.register(event=event, order=factories.order(seats=2), at=now)
    session = actions.start_checkout(registration=registration, at=now).session_id
    stripe.pay(session)
    for _time in range(2):
        actions.sync_checkout(session, at=now)
    assert told() == [("payment.received", "229.90")]

    events.cancel(registration=registration, at=now + timedelta(minutes=1))
    refund = registration.payments.get().refunds.get()
    for _time in range(2):
        actions.carry_out_refund(refund.pk, at=now + timedelta(minutes=2))
    assert told() == [("payment.received", "229.90"), ("payment.refunded", "229.90")]

    entry = LedgerEntry.objects.get(kind="refund")
    assert WebhookDelivery.objects.latest("pk").payload["data"] == {
        "registration": registration.reference,
        "event": event.pk,
        "payment": entry.payment_id,
        "refund": refund.pk,
        "amount": "229.90",
        "currency": "EUR",
        "api_url": f"http://testserver/api/v1/registrations/{registration.reference}/",
    }
