"""What went back once does not go back again, by whatever way; and a matter that turns serious is told anew."""

from datetime import timedelta
from decimal import Decimal

import pytest

from events import actions as events
from events import letters
from events.models import Registration
from payments import actions, duties
from payments.actions.concerns import CannotDecide
from payments.actions.refunds import give_back_mismatch
from payments.dues import balance
from payments.models import Concern, LedgerEntry, Payment, Refund
from tests import factories

pytestmark = pytest.mark.django_db
PRICE = Decimal("114.95")


@pytest.fixture
def event(now):
    return factories.event(price="95.00", starts_at=now + timedelta(days=40))


def paid(event, now, stripe, **order):
    registration = events.register(event=event, order=factories.order(**order), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    return Registration.objects.get(pk=registration.pk)


def test_what_was_decided_another_way_since_is_not_transferred_by_hand_too(event, now, stripe):
    registration = paid(event, now, stripe, seats=2)
    first, _second = registration.attendees.order_by("pk")
    events.cancel(registration=registration, attendee_ids=[first.pk], at=now)
    failed = Refund.objects.get()
    Refund.objects.filter(pk=failed.pk).update(status="failed")
    concern = Concern.raise_once(Concern.Kind.REFUND_FAILED, str(failed.pk), payment=failed.payment, at=now)
    events.cancel(registration=registration, at=now)
    assert [row.amount for row in Refund.objects.exclude(status="failed")] == [2 * PRICE]

    with pytest.raises(CannotDecide):
        actions.decide(concern=concern, decision="by_hand", by=factories.user("Finance"), remark="x", at=now)

    assert Refund.objects.count() == 2


def test_what_a_bank_took_back_is_neither_given_back_nor_asked_again(event, now, stripe):
    registration = paid(event, now, stripe)
    dispute = stripe.open_dispute(Payment.objects.get().payment_intent_id)
    actions.sync_dispute(dispute["id"], at=now)
    assert balance(registration) == 0

    events.cancel(registration=registration, at=now)

    assert (Refund.objects.count(), balance(registration)) == (0, 0)
    total = sum(entry.amount for entry in LedgerEntry.objects.all())
    assert stripe.balance_cents() == total * 100


def test_a_mismatch_of_which_a_part_went_back_gives_back_the_rest(event, now):
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = Payment.objects.create(
        registration=registration, amount=PRICE, received_amount=Decimal("200.00"), status="mismatch", paid_at=now
    )
    Refund.objects.create(payment=payment, reason="outside", amount=Decimal("50.00"), status="succeeded")

    for _click in range(2):
        give_back_mismatch(payment=payment, at=now)

    assert [row.amount for row in Refund.objects.order_by("pk")] == [Decimal("50.00"), Decimal("150.00")]


def test_money_that_comes_after_the_organiser_cancelled_the_visit_blames_nobody_else(event, now, stripe):
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    events.cancel_event(event=event, at=now)

    actions.sync_checkout(payment.session_id, at=now)

    assert Refund.objects.get().reason == "event_cancelled"
    said = letters.message(registration.letters.get(kind="refund"), at=now).body
    assert "Het bezoek werd geannuleerd." in said


def test_where_finance_confirms_it_money_after_a_cancelled_visit_waits_with_the_rest(event, now, stripe):
    factories.seller(refunds_of_cancelled="person")
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    events.cancel_event(event=event, at=now)

    actions.sync_checkout(payment.session_id, at=now)

    assert (Refund.objects.count(), balance(registration)) == (0, -PRICE)


def test_a_dispute_that_is_lost_after_somebody_resolved_it_is_told_anew_and_once(event, now, stripe):
    paid(event, now, stripe)
    dispute = stripe.open_dispute(Payment.objects.get().payment_intent_id)
    actions.sync_dispute(dispute["id"], at=now)
    Concern.objects.update(resolved_at=now, remark="Gezien.")
    stripe.close_dispute(dispute["id"], won=False)

    for _time in range(2):
        actions.sync_dispute(dispute["id"], at=now)

    assert [concern.source for concern in Concern.objects.open()] == [f"{dispute['id']}/lost"]


def test_carrying_out_again_pays_nothing_twice(event, now, stripe):
    registration = paid(event, now, stripe)
    events.cancel(registration=registration, at=now)

    for _time in range(2):
        duties.carry_out_refunds(at=now)

    assert [refund.amount for refund in Refund.objects.all()] == [PRICE]
