"""A refund or a payout that fails is booked on the day its money came back, whenever we hear of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from events import actions as events
from payments import actions, duties
from payments.actions.closing import booking_day, close_month, first_of, local_day, next_month
from payments.models import LedgerEntry
from payments.sandbox import Sandbox
from tests import factories

pytestmark = pytest.mark.django_db
DAY = 86400


def paid(stripe, now):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=300))
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    return registration


def refund_fails(stripe, now):
    events.cancel(registration=paid(stripe, now), at=now)
    duties.carry_out_refunds(at=now)
    stripe.advance_clock(2 * DAY)
    return stripe.fail_refund(next(iter(stripe.state.objects["refund"])))


def payout_fails(stripe, now):
    paid(stripe, now)
    payout = stripe.create_payout()
    actions.sync_payout(payout["id"], at=now)
    stripe.advance_clock(2 * DAY)
    return stripe.fail_payout(payout["id"])


STORIES = {"refund_failed": (refund_fails, "114.95"), "payout_failed": (payout_fails, "112.98")}


def came_back(stripe, failed):
    movement = stripe.state.objects["balance_transaction"][failed["failure_balance_transaction"]]
    return datetime.fromtimestamp(movement["created"], UTC)


@pytest.mark.parametrize("kind", list(STORIES))
def test_heard_days_later_it_is_booked_on_the_day_it_happened(stripe: Sandbox, now, kind):
    story, amount = STORIES[kind]
    then = came_back(stripe, story(stripe, now))

    duties.hear_what_was_missed(at=now + timedelta(days=20))

    entry = LedgerEntry.objects.get(kind=kind)
    assert then - now >= timedelta(days=2)
    assert (entry.amount, entry.occurred_at, entry.booked_on) == (Decimal(amount), then, local_day(then))


@pytest.mark.parametrize("kind", list(STORIES))
def test_of_a_month_that_is_closed_it_is_booked_on_the_first_open_day(stripe: Sandbox, now, kind):
    story, _amount = STORIES[kind]
    then = came_back(stripe, story(stripe, now))
    later = now + timedelta(days=70)
    by = factories.user("Finance")
    for moment in (now, then):
        close_month(month=first_of(local_day(moment)), by=by, at=later)

    actions.hear_what_was_missed(since=now - timedelta(days=1), at=later)

    entry = LedgerEntry.objects.get(kind=kind)
    assert (entry.occurred_at, entry.booked_on) == (then, next_month(local_day(then)))
    assert entry.booked_on == booking_day(then)


def test_found_by_the_list_of_refunds_it_is_booked_on_that_day_too(stripe: Sandbox, now):
    events.cancel(registration=paid(stripe, now), at=now)
    stripe.switches.set(timeout_next=3, timeout_prefix="/v1/refunds")
    duties.carry_out_refunds(at=now)
    failed = stripe.fail_refund(next(iter(stripe.state.objects["refund"])))

    duties.carry_out_refunds(at=now + timedelta(days=20))

    assert LedgerEntry.objects.get(kind="refund_failed").occurred_at == came_back(stripe, failed)
