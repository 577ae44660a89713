"""Webhook, page and sweep at the same moment, in real threads, against a real server: one of everything."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from events import actions as events
from events.models import Letter
from payments import actions, duties
from payments.models import LedgerEntry, Payment, Refund
from payments.sandbox import Sandbox
from tests import factories
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_twelve_tellers_at_once_make_one_payment_one_letter_and_one_fact(stripe: Sandbox, now, mailoutbox):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=20))
    registration = events.register(event=event, order=factories.order(seats=2), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    sync = lambda: actions.sync_checkout(payment.session_id, at=timezone.now())  # noqa: E731
    sweep = lambda: duties.sweep_payments(at=timezone.now() + timedelta(minutes=5))  # noqa: E731

    results = at_once([sync] * 10 + [sweep] * 2)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert Payment.objects.get().status == "paid"
    assert list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount")) == [
        ("payment", Decimal("229.90")),
        ("fee", Decimal("-3.70")),
    ]
    assert Letter.objects.filter(kind="confirmed").count() == 1
    # One to the contact and one to the colleague, each with their own calendar file.
    assert len([mail for mail in mailoutbox if mail.attachments]) == 2


def test_many_tellers_of_a_late_payment_give_it_back_once(stripe: Sandbox, now):
    event = factories.event(price="95.00", capacity=1, starts_at=now + timedelta(days=20))
    late = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=late, at=now)
    late.refresh_from_db()
    after = late.hold_expires_at
    # Paid in the session's last moment, while somebody else takes the seat the moment its hold has run out.
    stripe.pay(payment.session_id)
    events.register(event=event, order=factories.order(), at=after)

    results = at_once([lambda: actions.sync_checkout(payment.session_id, at=after)] * 8)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert list(Refund.objects.values_list("status", "amount")) == [("succeeded", Decimal("114.95"))]
    assert stripe.balance_cents() == -197


def test_two_clicks_on_pay_open_one_payment_page(stripe: Sandbox, now):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=20))
    registration = events.register(event=event, order=factories.order(), at=now)

    results = at_once([lambda: actions.start_checkout(registration=registration, at=timezone.now())] * 5)

    assert {result.session_id for result in results} == {Payment.objects.get().session_id}
