"""An offer has an end: who takes it has done everything by then, their approver's yes included, or the next has it."""

from datetime import timedelta

import pytest

from events import actions, letters
from events.actions import Approver
from events.models import Letter, Registration
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments"),
]
Status = Registration.Status
BOSS = Approver("Baas", "baas@example.org")


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(**order), at=at)


def offered(at, *, requires_approval=False, **order):
    """(an event of one paid seat, who was offered it at `at`, who stands behind)."""
    event = factories.event(capacity=1, price="95.00", waiting_list=True, requires_approval=requires_approval)
    seated = register(event, at)
    first, behind = register(event, at, **order), register(event, at)
    actions.cancel(registration=seated, at=at)
    return event, first, behind


def now(registration):
    return Registration.objects.get(pk=registration.pk)


def test_the_approver_and_the_payment_stay_within_the_offer(at):
    event, first, behind = offered(at, approver=BOSS)
    ends = at + timedelta(hours=event.offer_hours)

    actions.accept_offer(registration=first, at=at + timedelta(hours=1))
    assert (now(first).status, now(first).hold_expires_at) == (Status.AWAITING_APPROVAL, ends)
    actions.approve(approval=first.approvals.get(), at=at + timedelta(hours=2))
    assert (now(first).status, now(first).hold_expires_at, now(first).pay_by) == (Status.HELD, ends, ends)

    actions.expire_holds(at=ends)
    assert (now(first).status, now(behind).status) == (Status.EXPIRED, Status.OFFERED)


def test_an_approver_who_does_not_answer_within_the_offer_leaves_the_seat_to_the_next(at):
    event, first, behind = offered(at, approver=BOSS)
    actions.accept_offer(registration=first, at=at)

    actions.expire_holds(at=at + timedelta(hours=event.offer_hours))

    assert (now(first).status, now(behind).status) == (Status.EXPIRED, Status.OFFERED)
    assert first.letters.filter(kind="approval_lapsed").count() == 1


def test_whoever_is_approved_in_the_last_minute_still_has_time_to_pay(at):
    event, first, _behind = offered(at, approver=BOSS)
    actions.accept_offer(registration=first, at=at)
    last_minute = at + timedelta(hours=event.offer_hours, minutes=-1)

    actions.approve(approval=first.approvals.get(), at=last_minute)

    assert now(first).hold_expires_at == last_minute + timedelta(minutes=45)


def test_nobody_loses_an_offer_by_the_time_the_organiser_takes_to_say_yes(at):
    event, first, _behind = offered(at, requires_approval=True)
    actions.accept_offer(registration=first, at=at)
    assert now(first).hold_expires_at == at + timedelta(days=event.approval_days)
    slow = at + timedelta(days=event.approval_days, hours=-1)

    actions.approve(approval=first.approvals.get(), at=slow, by=None)

    assert (now(first).status, now(first).hold_expires_at) == (Status.HELD, slow + timedelta(hours=event.offer_hours))


def test_on_the_last_day_an_approver_has_two_hours(at):
    event = factories.event(capacity=1, price="95.00", waiting_list=True, starts_at=at + timedelta(hours=20))
    seated = register(event, at)
    waiting = register(event, at, approver=BOSS)
    actions.cancel(registration=seated, at=at)

    actions.take_free_seats(registration=waiting, at=at)

    assert (now(waiting).status, now(waiting).hold_expires_at) == (Status.AWAITING_APPROVAL, at + timedelta(hours=2))


def test_the_offer_says_who_has_to_approve_and_what_its_seats_cost(at):
    _event, first, _behind = offered(at, approver=BOSS)

    text = letters.message(first.letters.get(kind="offer"), at=at).body

    assert "Baas moet het ook binnen die tijd goedkeuren." in text
    assert "U betaalt € 114,95, btw inbegrepen, binnen dezelfde tijd." in text.replace("\xa0", " ")


def test_an_offer_that_was_answered_or_passed_before_its_mail_went_out_is_not_mailed(at):
    event, first, behind = offered(at)
    late = at + timedelta(hours=event.offer_hours)
    actions.expire_holds(at=late)

    sent = {letter.registration_id: letters.send(letter.pk, at=late) for letter in Letter.objects.filter(kind="offer")}

    assert sent == {first.pk: False, behind.pk: True}
    # Who runs the visit sees that the first was never told.
    assert Letter.objects.given_up().get(kind="offer").registration == first
