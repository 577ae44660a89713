"""An organiser changes, cancels and moves: what is foreseen is what happens, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar

from events import actions, letters
from events.models import Event, Letter, Registration
from events.refusals import FullyBooked, NothingToChange
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(**order), at=at)


def foreseen(event, at, *, new_prices=False, **new):
    changed = Event.objects.get(pk=event.pk)
    for name, value in new.items():
        setattr(changed, name, value)
    return actions.foresee(event=changed, changed=list(new), new_prices=new_prices, at=at)


def test_a_new_date_is_foreseen_and_told_to_everybody_who_comes_with_a_newer_calendar_file(at):
    event = factories.event(capacity=3, waiting_list=True)
    registration = register(event, at, seats=3)
    waits = register(event, at)  # nothing in a calendar, but another date than they wanted
    assert foreseen(event, at, starts_at=event.starts_at + timedelta(hours=1)).letters == 4

    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    actions.change_event(event=event, changed=["starts_at", "ends_at"], at=at, why="De gastheer is ziek.")

    told = list(Letter.objects.filter(kind="visit_changed").order_by("pk"))
    assert told.pop().recipient == waits.email
    files = [Calendar.from_ical(letters.message(letter, at=at).attachments[0][1]).walk("VEVENT")[0] for letter in told]
    seats = list(registration.attendees.order_by("pk"))
    assert [letter.recipient for letter in told] == [seat.email for seat in seats]
    assert [str(entry["UID"]).split("@")[0] for entry in files] == [f"seat-{seat.calendar_uid}" for seat in seats]
    assert [(int(entry["SEQUENCE"]), entry.decoded("DTSTART")) for entry in files] == [(1, event.starts_at)] * 3


def test_more_capacity_is_offered_to_the_line_as_foreseen(at):
    event = factories.event(capacity=1, waiting_list=True)
    register(event, at)
    waiting = [register(event, at) for _number in range(3)]
    assert foreseen(event, at, capacity=3).offers == 2

    event.capacity = 3
    actions.change_event(event=event, changed=["capacity"], at=at)

    assert [Registration.objects.get(pk=r.pk).status for r in waiting] == [
        Status.OFFERED,
        Status.OFFERED,
        Status.WAITING,
    ]


def test_less_capacity_takes_no_seat_away_and_says_how_many_are_too_many(at):
    event = factories.event(capacity=3)
    register(event, at, seats=3)
    assert foreseen(event, at, capacity=1).over_capacity == 2

    event.capacity = 1
    actions.change_event(event=event, changed=["capacity"], at=at)

    assert (
        event.seats_taken(at),
        event.seats_left(at),
        Letter.objects.exclude(kind__contains="confirmed").count(),
    ) == (
        3,
        0,
        0,
    )


def test_a_price_is_for_who_comes_after(at):
    event = factories.event()
    register(event, at)

    assert foreseen(event, at, new_prices=True).keep_their_price == 1


def test_a_cancelled_visit_ends_everything_and_tells_everybody_once(at):
    event = factories.event(capacity=2, waiting_list=True)
    coming, waiting = register(event, at, seats=2), register(event, at)
    assert foreseen(event, at, status="cancelled").letters == 3

    for _click in range(2):
        actions.cancel_event(event=event, at=at, why="Te weinig inschrijvingen.")

    assert {r.status for r in Registration.objects.all()} == {Status.CANCELLED}
    told = Letter.objects.filter(kind="visit_cancelled")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(
        [*coming.attendees.values_list("email", flat=True), waiting.email]
    )
    files = [file for letter in told for file in letters.message(letter, at=at).attachments]
    # Whoever waited has nothing in a calendar.
    assert [str(Calendar.from_ical(content)["METHOD"]) for _name, content, _kind in files] == ["CANCEL"] * 2


@pytest.mark.skipif(not factories.has_payments(), reason="money needs payments")
def test_what_a_cancelled_visit_pays_back_is_foreseen_as_nothing_where_nothing_was_paid(at):
    event = factories.event(price="95.00")
    register(event, at)

    assert foreseen(event, at, status="cancelled").paid_back == Decimal("0.00")


def test_people_move_with_their_price_and_their_calendar_entry(at):
    event, other = factories.event(capacity=1, waiting_list=True), factories.event()
    registration, waiting = register(event, at), register(event, at)
    uid = registration.attendees.get().calendar_uid

    actions.move(registration=registration, to=other, at=at, by=None, why="Op uw vraag.")

    seat = registration.attendees.get()
    assert (seat.event, seat.calendar_uid, seat.calendar_sequence) == (other, uid, 1)
    waiting.refresh_from_db()
    assert (waiting.status, other.seats_taken(at)) == (Status.OFFERED, 1)
    assert registration.letters.filter(kind="moved").count() == 1


def test_nobody_moves_to_a_full_visit_or_out_of_an_ended_registration(at):
    event, full = factories.event(), factories.event(capacity=1)
    registration = register(event, at)
    register(full, at)

    with pytest.raises(FullyBooked):
        actions.move(registration=registration, to=full, at=at, by=None, why="")
    actions.cancel(registration=registration, at=at)
    with pytest.raises(NothingToChange):
        actions.move(registration=registration, to=factories.event(), at=at, by=None, why="")


def test_a_message_reaches_each_contact_once(at):
    registration = register(factories.event(), at)

    sent = [
        actions.write_message(
            registration=registration, subject="Parking", text="Aan de\n\nkaai.", occasion="b1", at=at
        )
        for _click in range(2)
    ]

    assert sent == [True, False]
    message = letters.message(registration.letters.get(kind="message"), at=at)
    assert message.subject.startswith("Parking: ") and "Aan de" in message.body


def test_seats_are_counted_by_state(at):
    event = factories.event(capacity=2, waiting_list=True)
    register(event, at, seats=2)
    register(event, at)
    Event.objects.update(waiting_list=True)

    assert actions.seats_by_state(event) == {"confirmed": 2, "waiting": 1}


def test_the_rest_of_a_group_waits_in_the_cockpit_while_a_part_is_offered(at):
    event = factories.event(capacity=4, waiting_list=True)
    actions.register(event=event, order=factories.order(seats=3), at=at)
    actions.register(event=event, order=factories.order(seats=3, accepts_part=True), at=at)

    assert actions.seats_by_state(event) == {"confirmed": 3, "offered": 1, "waiting": 2}
