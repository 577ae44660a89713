"""Prices, fees kept and corrections settle by one rule: what the seats owe, less what is in hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from events import actions as events
from events.models import Attendee, CancellationStep, Membership, Registration
from payments import actions, duties
from payments.dues import balance
from payments.models import LedgerEntry, LedgerLine, Payment, Refund
from payments.sandbox import Sandbox
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status


@pytest.fixture
def scheme():
    return factories.scheme(quota_per_event=1)


@pytest.fixture
def event(now, scheme):
    made = factories.event(price="95.00", scheme=scheme, starts_at=now + timedelta(days=20))
    CancellationStep.objects.create(event=made, days_before=30, fee_percent=50)
    return made


def paid(event, now, stripe, **order):
    registration = events.register(event=event, order=factories.order(**order), at=now)
    pay(registration, now, stripe)
    return Registration.objects.get(pk=registration.pk)


def pay(registration, now, stripe):
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)
    return Payment.objects.get(pk=payment.pk)


def carried_out(now, notify):
    duties.carry_out_refunds(at=now)
    notify("refund.created")
    return list(Refund.objects.order_by("pk").values_list("status", "reason", "amount"))


def in_the_books(stripe):
    """Our ledger, which has to be what the stand-in has in its bank."""
    total = sum((entry.amount for entry in LedgerEntry.objects.all()), start=Decimal("0.00"))
    assert stripe.balance_cents() == total * 100
    return total


def test_one_of_two_paid_seats_given_up_gives_back_what_the_ladder_does_not_keep(event, now, stripe: Sandbox, notify):
    registration = paid(event, now, stripe, seats=2)
    leaving, _staying = registration.attendees.order_by("pk")

    for _click in range(2):
        events.cancel(registration=registration, attendee_ids=[leaving.pk], at=now)

    assert carried_out(now, notify) == [("succeeded", "cancelled", Decimal("57.47"))]
    assert Attendee.objects.get(pk=leaving.pk).fee_kept == Decimal("57.48")
    assert (balance(registration), in_the_books(stripe)) == (Decimal("0.00"), Decimal("229.90") - Decimal("61.17"))
    lines = LedgerLine.objects.filter(entry__kind="refund").values_list("attendee", "net", "vat", "gross")
    assert list(lines) == [(leaving.pk, Decimal("-47.50"), Decimal("-9.97"), Decimal("-57.47"))]


def test_an_organiser_may_cancel_without_keeping_anything(event, now, stripe: Sandbox, notify):
    registration = paid(event, now, stripe)

    events.cancel(registration=registration, at=now, by=factories.user("Organisers"), why="Ziek.", free_of_charge=True)

    assert carried_out(now, notify) == [("succeeded", "cancelled", Decimal("114.95"))]


def test_a_withdrawal_gives_everything_back_where_the_event_grants_one(event, now, stripe: Sandbox, notify):
    event.withdrawal_days = 14
    event.save()
    registration = paid(event, now, stripe)

    events.withdraw_from(registration=registration, at=now + timedelta(days=14))

    assert carried_out(now, notify) == [("succeeded", "withdrawn", Decimal("114.95"))]
    assert registration.letters.filter(kind="withdrawn").count() == 1


def test_a_granted_price_gives_the_difference_back(event, scheme, now, stripe: Sandbox, notify):
    registration = paid(event, now, stripe)
    factories.member(scheme)

    events.grant(registration=registration, membership=Membership.objects.get(), at=now, by=None, why="Toch lid.")

    assert carried_out(now, notify) == [("succeeded", "granted", Decimal("114.95"))]
    assert balance(registration) == Decimal("0.00")


def test_a_price_withdrawn_from_a_free_seat_is_paid_afterwards(event, scheme, now, stripe: Sandbox):
    factories.member(scheme, code="GENT-2027")
    registration = events.register(event=event, order=factories.order(organisation_code="GENT-2027"), at=now)
    events.withdraw_entitlement(registration=registration, at=now, by=None, why="Geen lid.")
    assert balance(registration) == Decimal("114.95")

    payment = pay(registration, now, stripe)

    registration.refresh_from_db()
    assert (payment.status, registration.status, balance(registration)) == ("paid", "confirmed", Decimal("0.00"))
    with pytest.raises(actions.NothingToPay):
        actions.start_checkout(registration=registration, at=now)


def test_mixed_prices_are_one_payment_for_the_seats_that_cost(event, scheme, now, stripe: Sandbox):
    factories.member(scheme, code="GENT-2027")

    registration = paid(event, now, stripe, seats=3, organisation_code="GENT-2027")

    assert registration.status == Status.CONFIRMED
    assert list(Payment.objects.values_list("amount", flat=True)) == [Decimal("229.90")]
    free, *costing = registration.attendees.order_by("pk")
    lines = LedgerLine.objects.filter(entry__kind="payment").values_list("attendee", flat=True)
    assert (free.price_incl_vat, sorted(lines)) == (Decimal("0.00"), [seat.pk for seat in costing])


def test_a_page_opened_before_a_seat_was_given_up_gives_back_what_it_asked_too_much(
    event, now, stripe: Sandbox, notify
):
    registration = events.register(event=event, order=factories.order(seats=2), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    events.cancel(registration=registration, attendee_ids=[registration.attendees.first().pk], at=now)

    actions.sync_checkout(payment.session_id, at=now)

    assert carried_out(now, notify) == [("succeeded", "price_changed", Decimal("114.95"))]
    registration.refresh_from_db()
    assert (registration.status, balance(registration)) == (Status.CONFIRMED, Decimal("0.00"))


def test_after_a_seat_is_given_up_the_next_page_asks_for_what_is_left(event, now, stripe: Sandbox):
    registration = events.register(event=event, order=factories.order(seats=2), at=now)
    first = actions.start_checkout(registration=registration, at=now)
    events.cancel(registration=registration, attendee_ids=[registration.attendees.first().pk], at=now)

    second = actions.start_checkout(registration=registration, at=now)

    first.refresh_from_db()
    assert (first.status, second.amount, second.pk == first.pk) == ("expired", Decimal("114.95"), False)


def test_nothing_is_given_back_twice_however_often_it_is_asked(event, now, stripe: Sandbox):
    registration = paid(event, now, stripe, seats=2)
    events.cancel(registration=registration, at=now)

    for _time in range(3):
        actions.give_back(registration=registration, reason="cancelled", at=now)

    # Each seat keeps 57.48 of its 114.95.
    assert list(Refund.objects.values_list("amount", flat=True)) == [Decimal("114.94")]
