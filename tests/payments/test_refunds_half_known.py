"""Refunds of which Stripe's answer was lost or misunderstood: Stripe's word counts, and nothing goes back twice."""

from datetime import timedelta
from decimal import Decimal

import pytest

from events import actions as events
from payments import actions, duties
from payments.actions import CannotDecide, decide
from payments.actions.concerns import choices
from payments.apps import PaymentsConfig
from payments.dues import balance
from payments.models import Concern, LedgerEntry, Payment, Refund
from payments.sandbox import Sandbox
from tests import factories

pytestmark = pytest.mark.django_db
PRICE = Decimal("114.95")


def paid(stripe, now, *, seats=1):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    registration = events.register(event=event, order=factories.order(seats=seats), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    registration.refresh_from_db()
    return registration


def books(stripe):
    """The ledger's own balance with Stripe, and Stripe's, in cents."""
    ledger = sum(entry.amount for entry in LedgerEntry.objects.filter(account="stripe"))
    return int(ledger * 100), stripe.balance_cents()


def answer_is_lost(stripe, at):
    stripe.switches.set(timeout_next=3, timeout_prefix="/v1/refunds")
    duties.carry_out_refunds(at=at)
    assert stripe.switches.timeout_next == 0
    stripe.forget_keys()


def refused_though_made(stripe, now, *, seats=1):
    """Stripe made a full refund, its answer was lost, its key forgotten: asked again it says that nothing is left."""
    registration = paid(stripe, now, seats=seats)
    events.cancel(registration=registration, at=now)
    answer_is_lost(stripe, now)
    duties.carry_out_refunds(at=now)
    refund = Refund.objects.get()
    assert (refund.status, refund.refund_id) == ("failed", None)
    return registration, refund, Concern.objects.get(kind="refund_failed")


# --- Refused, and made ----------------------------------------------------------------------------------------------


def test_a_refund_we_thought_was_refused_is_booked_when_stripe_tells_that_it_made_it(stripe: Sandbox, now, notify):
    registration, refund, concern = refused_though_made(stripe, now)

    notify("refund.created", times=2)

    refund.refresh_from_db()
    concern.refresh_from_db()
    assert (refund.status, refund.note, Refund.objects.count()) == ("succeeded", "", 1)
    assert (balance(registration), books(stripe)) == (Decimal("0.00"), (-197, -197))
    assert not LedgerEntry.objects.filter(kind="refund_failed").exists()
    assert (concern.resolved_at is None, concern.resolved_by, choices(concern)) == (False, None, [])


def test_one_that_stripe_made_and_the_bank_sent_back_is_booked_both_ways_and_a_person_decides(
    stripe: Sandbox, now, notify
):
    registration, refund, concern = refused_though_made(stripe, now)
    stripe.fail_refund(next(iter(stripe.state.objects["refund"])))

    notify("refund.created")
    notify("refund.failed")

    refund.refresh_from_db()
    assert (refund.status, refund.note) == ("failed", "expired_or_canceled_card")
    assert (balance(registration), books(stripe)) == (-PRICE, (11298, 11298))
    assert choices(concern) == ["give_back", "by_hand"]


def test_one_that_somebody_paid_back_by_bank_meanwhile_is_told_again_and_can_only_be_looked_into(
    stripe: Sandbox, now, notify
):
    registration, _refund, concern = refused_though_made(stripe, now)
    by = factories.user("Finance")
    decide(concern=concern, decision="by_hand", by=by, remark="Overgeschreven.", at=now)

    notify("refund.created")

    concern.refresh_from_db()
    assert (concern.resolved_at, balance(registration)) == (None, PRICE)
    with pytest.raises(CannotDecide):
        decide(concern=concern, decision="by_hand", by=by, remark="", at=now)
    decide(concern=concern, decision="looked_into", by=by, remark="Teruggevraagd.", at=now)
    assert not Concern.objects.open().exists()


def test_what_somebody_asked_again_and_stripe_had_made_all_along_can_be_closed(stripe: Sandbox, now, notify):
    registration, _refund, concern = refused_though_made(stripe, now)
    by = factories.user("Finance")
    decide(concern=concern, decision="give_back", by=by, remark="Nog eens.", at=now)
    duties.carry_out_refunds(at=now)  # refused once more

    notify("refund.created")

    assert (balance(registration), books(stripe)) == (Decimal("0.00"), (-197, -197))
    for open_one in Concern.objects.open():
        decide(concern=open_one, decision="looked_into", by=by, remark="Eén keer terug.", at=now)
    assert Refund.objects.filter(status="succeeded").count() == 1


def test_a_refund_stripe_refuses_for_good_stays_refused_and_is_owed(stripe: Sandbox, now):
    registration = paid(stripe, now)
    stripe.open_dispute(Payment.objects.get().payment_intent_id)  # nobody told us yet
    events.cancel(registration=registration, at=now)

    for _time in range(2):
        duties.carry_out_refunds(at=now)

    assert list(Refund.objects.values_list("status", "refund_id")) == [("failed", None)]
    assert (Concern.objects.open().count(), balance(registration)) == (1, -PRICE)


# --- Asked again after its key was forgotten -----------------------------------------------------------------------


def a_part_whose_answer_was_lost(stripe, now):
    registration = paid(stripe, now, seats=2)
    first = registration.attendees.order_by("pk").first()
    events.cancel(registration=registration, attendee_ids=[first.pk], at=now)
    answer_is_lost(stripe, now)
    return registration


def asked(stripe, method):
    return len([path for how, path, _params in stripe.requests if (how, path) == (method, "/v1/refunds")])


@pytest.mark.parametrize("hours", [23, 25, 24 * 40])
def test_a_part_whose_answer_was_lost_for_a_day_is_found_and_not_made_again(stripe: Sandbox, now, hours):
    registration = a_part_whose_answer_was_lost(stripe, now)
    before = asked(stripe, "POST")

    duties.carry_out_refunds(at=now + timedelta(hours=hours))

    assert list(Refund.objects.values_list("status", "amount", "reason")) == [("succeeded", PRICE, "cancelled")]
    assert (asked(stripe, "GET"), asked(stripe, "POST")) == (1, before)
    assert (balance(registration), books(stripe)) == (Decimal("0.00"), (22990 - 370 - 11495,) * 2)


def test_it_is_found_among_the_refunds_others_made_of_the_same_payment(stripe: Sandbox, now):
    a_part_whose_answer_was_lost(stripe, now)
    stripe.refund_in_dashboard(Payment.objects.get().payment_intent_id, 1000)

    duties.carry_out_refunds(at=now + timedelta(days=2))
    duties.hear_what_was_missed(at=now + timedelta(days=2))

    assert sorted(Refund.objects.values_list("status", "amount", "reason")) == [
        ("succeeded", Decimal("10.00"), "outside"),
        ("succeeded", PRICE, "cancelled"),
    ]
    assert len(set(books(stripe))) == 1


def test_one_that_was_never_asked_is_made_however_late(stripe: Sandbox, now):
    registration = paid(stripe, now)
    events.cancel(registration=registration, at=now)

    duties.carry_out_refunds(at=now + timedelta(days=3))

    assert (Refund.objects.get().status, asked(stripe, "POST")) == ("succeeded", 1)


def test_while_its_refunds_cannot_be_listed_nothing_is_asked_again(stripe: Sandbox, now):
    a_part_whose_answer_was_lost(stripe, now)
    stripe.switches.set(fail_next=3, fail_prefix="/v1/refunds")

    duties.carry_out_refunds(at=now + timedelta(days=2))

    assert (Refund.objects.get().status, len(stripe.state.objects["refund"])) == ("decided", 1)


def test_what_was_missed_is_heard_before_a_refund_is_asked_again():
    duty = PaymentsConfig.duties.index
    assert duty("payments.duties.hear_what_was_missed") < min(
        duty("payments.duties.carry_out_refunds"), duty("payments.duties.carry_out_bulk_refunds")
    )
