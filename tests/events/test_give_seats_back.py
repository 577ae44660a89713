"""Seats come back: cancelled by the registrant, or because a hold ran out. Each comes back once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from events import actions
from events.models import CancellationStep, Letter, Registration
from events.refusals import NothingToConfirm, SeatGone, TooLateToCancel, UnknownAttendee
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments")


def held(event, at, seats=1):
    """A registration under a hold of 24 hours, which works with and without payments."""
    scheme = event.ticket_types.get(scheme__isnull=False).scheme
    factories.member(scheme, domain="proef.example")
    return actions.register(event=event, order=factories.order(seats=seats, email="an@proef.example"), at=at)


def test_one_of_two_gives_up_a_seat_and_the_other_keeps_hers(at):
    event = factories.event(capacity=2)
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    first, _second = registration.attendees.all()

    actions.cancel(registration=registration, attendee_ids=[first.pk], at=at)

    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED
    assert [a.status for a in registration.attendees.all()] == [Status.CANCELLED, Status.CONFIRMED]
    assert event.seats_left(at) == 1
    letter = Letter.objects.get(kind="cancelled")
    assert letter.facts["names"] == [first.name]


def test_cancelling_twice_changes_nothing_the_second_time(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)

    actions.cancel(registration=registration, at=at + timedelta(hours=1))
    again = actions.cancel(registration=registration, at=at + timedelta(hours=2))

    assert (again.status, again.ended_at) == (Status.CANCELLED, at + timedelta(hours=1))
    assert event.seats_left(at) == 10
    assert Letter.objects.filter(kind="cancelled").count() == 1


def test_giving_up_the_last_seat_ends_the_registration(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    for attendee in registration.attendees.all():
        registration = actions.cancel(registration=registration, attendee_ids=[attendee.pk], at=at)

    assert registration.status == Status.CANCELLED


def test_a_freed_address_can_register_again(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(email="an@example.org"), at=at)
    actions.cancel(registration=registration, at=at)

    assert (
        actions.register(event=event, order=factories.order(email="an@example.org"), at=at).status == Status.CONFIRMED
    )


def test_once_the_visit_has_started_nobody_cancels(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(), at=at)

    with pytest.raises(TooLateToCancel):
        actions.cancel(registration=registration, at=event.starts_at)


def test_somebody_elses_seat_cannot_be_cancelled(at):
    event = factories.event()
    mine = actions.register(event=event, order=factories.order(), at=at)
    other = actions.register(event=event, order=factories.order(), at=at)

    with pytest.raises(UnknownAttendee):
        actions.cancel(registration=mine, attendee_ids=[other.attendees.get().pk], at=at)

    assert event.seats_taken(at) == 2


@needs_payments
@pytest.mark.parametrize(
    ("days_left", "kept"), [(22, "0.00"), (21, "0.00"), (20, "57.48"), (7, "57.48"), (6, "114.95")]
)
def test_a_paid_seat_is_cancelled_on_the_terms_it_was_ordered_under(at, days_left, kept):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=40))
    CancellationStep.objects.create(event=event, days_before=21, fee_percent=50)
    CancellationStep.objects.create(event=event, days_before=7, fee_percent=100)
    registration = actions.register(event=event, order=factories.order(), at=at)
    actions.confirm(registration=registration, at=at)
    event.cancellation_steps.all().delete()  # later changes do not touch what was promised

    actions.cancel(registration=registration, at=event.starts_at - timedelta(days=days_left))

    assert registration.attendees.get().fee_kept == Decimal(kept)


@needs_payments
def test_part_of_an_order_still_to_be_paid_can_be_given_up(at):
    event = factories.event(price="95.00")
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    first, _second = registration.attendees.all()

    actions.cancel(registration=registration, attendee_ids=[first.pk], at=at)

    registration.refresh_from_db()
    assert (registration.status, registration.total_incl_vat) == (Status.HELD, Decimal("114.95"))


def test_a_hold_that_runs_out_frees_its_seats_once(at):
    event = factories.event(capacity=3, scheme=factories.scheme(), price="95.00")
    registration = held(event, at, seats=2)
    end = registration.hold_expires_at

    assert (event.seats_left(at), event.seats_left(end - timedelta(seconds=1)), event.seats_left(end)) == (1, 1, 3)
    assert [actions.expire_holds(at=end - timedelta(seconds=1)), actions.expire_holds(at=end)] == [0, 1]
    assert actions.expire_holds(at=end) == 0
    registration.refresh_from_db()
    assert (registration.status, registration.ended_at, registration.hold_expires_at) == (Status.EXPIRED, end, None)
    assert event.seats_left(end) == 3
    assert Letter.objects.filter(kind="hold_expired").count() == 1


def test_a_link_opened_too_late_confirms_nothing(at):
    event = factories.event(scheme=factories.scheme(), price="95.00")
    registration = held(event, at)

    with pytest.raises(NothingToConfirm):
        actions.confirm_mailbox(registration=registration, at=registration.hold_expires_at)


@needs_payments
def test_money_after_the_hold_still_gets_the_seat_when_it_is_free(at):
    event = factories.event(capacity=1, price="95.00")
    registration = actions.register(event=event, order=factories.order(), at=at)
    actions.expire_holds(at=registration.hold_expires_at)

    confirmed = actions.confirm(registration=registration, at=at + timedelta(hours=2))

    assert (confirmed.status, confirmed.ended_at) == (Status.CONFIRMED, None)
    assert event.seats_left(at + timedelta(hours=2)) == 0


@needs_payments
@pytest.mark.parametrize("expired_by_duty", [True, False])
def test_money_after_the_hold_gets_no_seat_that_somebody_else_has(at, expired_by_duty):
    event = factories.event(capacity=1, price="95.00")
    late = actions.register(event=event, order=factories.order(), at=at)
    after = late.hold_expires_at
    if expired_by_duty:
        actions.expire_holds(at=after)
    actions.register(event=event, order=factories.order(), at=after)

    with pytest.raises(SeatGone):
        actions.confirm(registration=late, at=after)

    assert event.seats_taken(after) == 1


@needs_payments
def test_a_seat_given_up_by_its_owner_is_not_given_back_by_a_late_payment(at):
    event = factories.event(price="95.00")
    registration = actions.register(event=event, order=factories.order(), at=at)
    actions.cancel(registration=registration, at=at)

    with pytest.raises(SeatGone):
        actions.confirm(registration=registration, at=at)


@needs_payments
def test_who_gives_up_the_paid_seat_before_paying_keeps_the_free_one_for_good(at):
    scheme = factories.scheme(quota_per_event=1)
    factories.member(scheme, code="GENT-2027")
    event = factories.event(price="95.00", scheme=scheme)
    order = factories.order(seats=2, organisation_code="GENT-2027")
    registration = actions.register(event=event, order=order, at=at)
    paid = registration.attendees.get(price_incl_vat__gt=0)

    registration = actions.cancel(registration=registration, attendee_ids=[paid.pk], at=at)

    actions.expire_holds(at=at + timedelta(days=1))
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED
    assert registration.letters.filter(kind="confirmed").count() == 1


@needs_payments
def test_withdrawing_gives_back_what_was_kept_of_the_same_order_earlier(at):
    event = factories.event(price="100.00", withdrawal_days=14)
    CancellationStep.objects.create(event=event, days_before=30, fee_percent=50)
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    factories.pay(registration, at=at)
    first = registration.attendees.order_by("pk").first()
    actions.cancel(registration=registration, attendee_ids=[first.pk], at=at)
    assert registration.attendees.get(pk=first.pk).owed == Decimal("60.50")

    actions.withdraw_from(registration=registration, at=at)

    assert [seat.owed for seat in registration.attendees.all()] == [Decimal("0.00")] * 2
    given_back = sum(Decimal(letter.facts["amount"]) for letter in Letter.objects.filter(kind="refund"))
    assert given_back == Decimal("242.00")
