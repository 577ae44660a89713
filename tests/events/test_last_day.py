"""The last day before a visit: everyone waiting is told of what comes free, and the first to take it has it."""

from datetime import timedelta

import pytest

from events import actions, duties
from events.models import Letter, Registration
from events.refusals import NotInLine, SeatsTaken
from tests import factories
from tests.events.test_line import full, gives_up, register, statuses

pytestmark = pytest.mark.django_db
Status = Registration.Status


def called(registration):
    return list(registration.letters.filter(kind="last_call").order_by("pk").values_list("created_at", flat=True))


def test_on_the_last_day_everyone_is_told_once_and_the_first_to_take_it_has_it(at):
    event, seated = full(at, starts_at=at + timedelta(days=3))
    first, second = register(event, at), register(event, at)
    last_day = event.last_call_at

    actions.cancel(registration=seated, at=last_day)
    actions.offer_seats(at=last_day)
    actions.offer_seats(at=last_day)

    assert sorted(Letter.objects.filter(kind="last_call").values_list("recipient", flat=True)) == sorted(
        [first.email, second.email]
    )
    actions.take_free_seats(registration=second, at=last_day)
    with pytest.raises(SeatsTaken):
        actions.take_free_seats(registration=first, at=last_day)
    assert statuses(first, second) == [Status.WAITING, Status.CONFIRMED]


def test_nobody_takes_a_seat_before_the_last_day_or_without_waiting(at):
    event, seated = full(at)
    waiting = register(event, at)

    for registration in (waiting, seated):
        with pytest.raises(NotInLine):
            actions.take_free_seats(registration=registration, at=at)


def test_the_last_call_is_one_letter_a_freeing_two_a_person_and_none_at_night(at):
    starts_at = at + timedelta(days=3)  # noon in Brussels
    event = factories.event(capacity=5, waiting_list=True, starts_at=starts_at)
    seated, waiting = register(event, at, seats=5), register(event, at, seats=5)
    noon = event.last_call_at
    gives_up(seated, 1, noon)
    for minutes in range(0, 300, 10):
        duties.offer_seats(at=noon + timedelta(minutes=minutes))
    assert called(waiting) == [noon]

    at_ten = noon + timedelta(hours=10)
    gives_up(seated, 1, at_ten)
    for minutes in range(0, 14 * 60, 10):
        duties.offer_seats(at=at_ten + timedelta(minutes=minutes))
    assert called(waiting) == [noon, noon + timedelta(hours=19)]  # seven in the morning

    gives_up(seated, 1, noon + timedelta(hours=20))
    assert len(called(waiting)) == 2


def test_on_the_last_day_a_seat_that_comes_free_after_another_was_taken_is_told_too(at):
    event = factories.event(capacity=2, waiting_list=True, starts_at=at + timedelta(days=3))
    seated = register(event, at, seats=2)
    first, second = register(event, at), register(event, at)
    noon = event.last_call_at
    gives_up(seated, 1, noon)
    actions.take_free_seats(registration=first, at=noon + timedelta(minutes=1))

    event.refresh_from_db()
    event.capacity = 3
    actions.change_event(event=event, changed=["capacity"], at=noon + timedelta(minutes=2))
    duties.offer_seats(at=noon + timedelta(minutes=10))

    assert called(second) == [noon, noon + timedelta(minutes=2)]
