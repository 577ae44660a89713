"""One entry in each person's calendar: the same identity, ever newer versions, and no link but the reader's own."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from events import actions, duties, letters
from events.actions import Attending
from events.models import Event, Letter, Registration
from tests import factories

pytestmark = pytest.mark.django_db
NEW = Attending("Nora", "Nieuw", "nora@example.org")


def register(event, at, **order):
    return actions.register(event=event, order=factories.order(**order), at=at)


def staying_home(event, at, *people):
    """The contact registers others, or names that follow, and does not come."""
    order = factories.order()
    order = order.__class__(**{**order.__dict__, "attendees": people or (Attending(),)})
    return actions.register(event=event, order=order, at=at)


def entry(letter, at):
    (_name, content, _kind), *_more = letters.message(letter, at=at).attachments
    return Calendar.from_ical(content).walk("VEVENT")[0]


def change(event, at, **facts):
    event = Event.objects.get(pk=event.pk)
    for name, value in facts.items():
        setattr(event, name, value)
    return actions.change_event(event=event, changed=list(facts), at=at)


def versions(at, recipient):
    """(identity, version) of each calendar file this person was sent, in order."""
    found = [
        entry(letter, at)
        for letter in Letter.objects.filter(recipient=recipient).order_by("pk")
        if letters.message(letter, at=at).attachments
    ]
    return [(str(event["UID"]), int(event["SEQUENCE"])) for event in found]


def test_nobody_but_the_contact_is_handed_the_address_of_the_manage_page(at):
    event, other = factories.event(), factories.event()
    registration = register(event, at, seats=3)
    _an, bo, cas = registration.attendees.order_by("pk")
    change(event, at, venue="Hal 2")
    actions.substitute(registration=registration, attendee_id=cas.pk, person=NEW, at=at)
    actions.move(registration=registration, to=other, at=at, by=None, why="Op uw vraag.")
    duties.remind(at=other.starts_at - timedelta(days=1))
    actions.cancel(registration=registration, attendee_ids=[bo.pk], at=at)
    actions.cancel_event(event=other, at=at)

    leaked = []
    for letter in Letter.objects.exclude(recipient=registration.email):
        mail = letters.message(letter, at=at)
        said = [mail.body, mail.alternatives[0][0], *(str(entry(letter, at)) for _file in mail.attachments)]
        leaked += [letter.kind for text in said if registration.manage_token in text]

    assert leaked == []
    assert {letter.kind for letter in Letter.objects.exclude(recipient=registration.email)} >= {
        "seat_confirmed", "visit_changed", "seat_passed_on", "moved", "reminder_day", "seat_cancelled",
        "visit_cancelled",
    }  # fmt: skip


def test_the_description_has_the_readers_own_page_and_a_cancellation_has_none(at):
    registration = register(factories.event(), at, seats=2)
    bo = registration.attendees.order_by("pk").last()
    actions.cancel(registration=registration, attendee_ids=[bo.pk], at=at)

    said = {letter.kind: str(entry(letter, at)["DESCRIPTION"]) for letter in Letter.objects.exclude(kind="cancelled")}

    assert registration.manage_token in said["confirmed"]
    assert f"/seat/{bo.token}/" in said["seat_confirmed"]
    assert said["seat_cancelled"] == registration.reference


@pytest.mark.parametrize("home", [False, True])
@pytest.mark.parametrize("how", ["event", "contact"])
def test_what_was_put_in_the_contacts_calendar_is_taken_out_again(at, how, home):
    event = factories.event()
    registration = staying_home(event, at, NEW) if home else register(event, at)

    if how == "event":
        actions.cancel_event(event=event, at=at)
    else:
        actions.cancel(registration=registration, at=at)

    first, *rest = versions(at, registration.email)
    assert {identity for identity, _version in rest} == {first[0]}
    assert rest[-1][1] > first[1]


@pytest.mark.parametrize("all_seats", [True, False])
def test_a_contact_who_gives_up_their_own_place_has_one_letter_and_it_clears_their_calendar(at, all_seats):
    registration = register(factories.event(), at, seats=2)
    own, colleague = registration.attendees.order_by("pk")

    actions.cancel(registration=registration, attendee_ids=[] if all_seats else [own.pk], at=at)

    mine = Letter.objects.filter(recipient=registration.email).order_by("pk")
    assert [letter.kind for letter in mine] == ["confirmed", "cancelled"]
    put, taken = versions(at, registration.email)
    assert (taken[0], taken[1]) == (put[0], put[1] + 1)
    assert "Het bezoek verdwijnt uit uw agenda." in letters.message(mine[1], at=at).body
    told = list(Letter.objects.filter(recipient=colleague.email).order_by("pk").values_list("kind", flat=True))
    assert told == ["seat_confirmed", *(["seat_cancelled"] if all_seats else [])]


def test_a_contact_who_takes_a_colleague_off_keeps_the_visit_in_their_own_calendar(at):
    registration = register(factories.event(), at, seats=2)
    colleague = registration.attendees.order_by("pk").last()

    actions.cancel(registration=registration, attendee_ids=[colleague.pk], at=at)

    letter = Letter.objects.get(kind="cancelled")
    assert letters.message(letter, at=at).attachments == []
    assert "agenda" not in letters.message(letter, at=at).body


def test_a_version_never_goes_down_whatever_happens_to_the_visit(at):
    event, other = factories.event(), factories.event()
    coming, home = register(event, at), staying_home(event, at, NEW)
    for number in range(3):
        change(event, at, venue=f"Hal {number + 2}")
    for registration in (coming, home):
        actions.move(registration=registration, to=other, at=at, by=None, why="x")
    change(other, at, venue="Hal 9")
    actions.cancel_event(event=other, at=at)

    for recipient in (coming.email, home.email, NEW.email):
        found = versions(at, recipient)
        assert len({identity for identity, _version in found}) == 1
        assert [version for _identity, version in found] == [0, 1, 2, 3, 4, 5, 6]


def test_who_only_waits_has_nothing_put_in_a_calendar(at):
    event, other = factories.event(capacity=1, waiting_list=True), factories.event()
    register(event, at)
    waiting = register(event, at)
    change(event, at, venue="Hal 2")
    register(Event.objects.get(pk=other.pk), at)
    Event.objects.filter(pk=other.pk).update(capacity=1, waiting_list=True)
    actions.move(registration=Registration.objects.get(pk=waiting.pk), to=other, at=at, by=None, why="x")
    actions.cancel_event(event=other, at=at)

    assert Letter.objects.filter(recipient=waiting.email).count() == 4
    assert versions(at, waiting.email) == []


def test_a_letter_that_was_not_sent_in_time_does_not_carry_the_successors_key(at):
    event = factories.event(starts_at=at + timedelta(days=30))
    registration = register(event, at, seats=2)
    seat = registration.attendees.order_by("pk").last()
    old, near = seat.email, event.starts_at - timedelta(days=7)
    duties.remind(at=near)

    actions.substitute(registration=registration, attendee_id=seat.pk, person=NEW, at=near)
    seat.refresh_from_db()

    unsent = list(Letter.objects.filter(recipient=old).order_by("pk"))
    assert [letter.kind for letter in unsent] == ["seat_confirmed", "reminder_week", "seat_passed_on"]
    assert not any(seat.token in letters.message(letter, at=near).body for letter in unsent)
    letters.send_due(at=near)
    # Only what takes the visit out of their calendar is still owed.
    assert [letter.kind for letter in Letter.objects.filter(recipient=old)] == ["seat_passed_on"]
