"""Names that follow, colleagues in one's place, one person's own page, and whose calendar changes."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from events import actions, letters
from events.actions import Attending
from events.models import Consent, Needs, Registration
from events.refusals import AlreadyRegistered, NamesDue, NothingToChange, TooLateToChange
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
CAS = Attending("Cas", "Claes", "cas@example.org")


def order_with_a_name_to_follow():
    order = factories.order()
    return order.__class__(**{**order.__dict__, "attendees": (*order.attendees, Attending())})


def test_a_name_may_follow_until_the_deadline_and_is_filled_in_by_link(client, at):
    event = factories.event(starts_at=at + timedelta(days=400))
    registration = actions.register(event=event, order=order_with_a_name_to_follow(), at=at)
    seat = registration.attendees.get(email="")
    url = f"/nl/r/{registration.manage_token}/names/{seat.pk}/"

    assert "Naam volgt" in client.get(f"/nl/r/{registration.manage_token}/").content.decode()
    assert client.post(url, {"first_name": "Cas", "last_name": "", "email": ""}).status_code == 422
    sent = {"first_name": "Cas", "last_name": "Claes", "email": "cas@example.org"}
    assert client.post(url, sent).status_code == 303

    seat.refresh_from_db()
    assert (seat.name, registration.letters.get(kind="seat_confirmed").recipient) == ("Cas Claes", "cas@example.org")


def test_after_the_deadline_every_name_has_to_be_known(at):
    event = factories.event(starts_at=at + timedelta(days=5))

    with pytest.raises(NamesDue):
        actions.register(event=event, order=order_with_a_name_to_follow(), at=at)


def test_two_names_may_follow_at_one_visit(at):
    event = factories.event()

    for _registration in range(2):
        actions.register(event=event, order=order_with_a_name_to_follow(), at=at)

    assert event.seats_taken(at) == 4


def test_a_substitute_gets_the_seat_with_its_price_and_history(at):
    registration = actions.register(event=factories.event(), order=factories.order(), at=at)
    seat = registration.attendees.get()

    for _click in range(2):
        actions.substitute(registration=registration, attendee_id=seat.pk, person=CAS, at=at)

    seat.refresh_from_db()
    assert (seat.name, seat.status, registration.letters.filter(kind="substituted").count()) == (
        "Cas Claes",
        Status.CONFIRMED,
        1,
    )


def calendars(registration, at):
    """{recipient: (METHOD, UID, SEQUENCE)} of the letters that carry a file, the last one of each."""
    found = {}
    for letter in registration.letters.order_by("pk"):
        for _name, content, _type in letters.message(letter, at=at).attachments:
            entry = Calendar.from_ical(content)
            event = entry.walk("VEVENT")[0]
            found[letter.recipient] = (str(entry["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]))
    return found


def test_the_former_persons_calendar_is_cleared_and_no_other(at):
    registration = actions.register(event=factories.event(), order=factories.order(seats=2), at=at)
    an, bo = registration.attendees.order_by("pk")
    before = calendars(registration, at)

    actions.substitute(registration=registration, attendee_id=bo.pk, person=CAS, at=at)

    after = calendars(registration, at)
    assert after[bo.email] == ("CANCEL", before[bo.email][1], before[bo.email][2] + 1)
    assert after["cas@example.org"][0] == "PUBLISH" and after["cas@example.org"][1] != before[bo.email][1]
    assert after[an.email] == before[an.email]


def test_one_seat_cancelled_takes_the_visit_out_of_that_calendar_only(at):
    registration = actions.register(event=factories.event(), order=factories.order(seats=2), at=at)
    an, bo = registration.attendees.order_by("pk")
    before = calendars(registration, at)

    actions.cancel(registration=registration, attendee_ids=[bo.pk], at=at)

    after = calendars(registration, at)
    assert after[bo.email] == ("CANCEL", before[bo.email][1], before[bo.email][2] + 1)
    assert after[an.email] == before[an.email]


def test_somebody_who_has_a_seat_cannot_take_another(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(), at=at)
    other = actions.register(event=event, order=factories.order(), at=at)
    person = Attending("An", "Peeters", other.email.upper())

    with pytest.raises(AlreadyRegistered):
        actions.substitute(registration=registration, attendee_id=registration.attendees.get().pk, person=person, at=at)


def test_names_stay_once_the_visit_has_started_or_the_seat_is_gone(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(), at=at)
    seat = registration.attendees.get()

    with pytest.raises(TooLateToChange):
        actions.substitute(registration=registration, attendee_id=seat.pk, person=CAS, at=event.starts_at)
    actions.cancel(registration=registration, at=at)
    with pytest.raises(NothingToChange):
        actions.substitute(registration=registration, attendee_id=seat.pk, person=CAS, at=at)


def test_what_the_former_person_needs_does_not_pass_to_the_next(at):
    registration = actions.register(event=factories.event(), order=factories.order(), at=at)
    seat = registration.attendees.get()
    Needs.objects.create(attendee=seat, diet="glutenvrij")
    Consent.objects.create(attendee=seat, purpose="needs", wording="Ja.", given_at=at)

    actions.substitute(registration=registration, attendee_id=seat.pk, person=CAS, at=at)

    assert (Needs.objects.count(), Consent.objects.count()) == (0, 0)


def test_i_cannot_come_needs_a_confirmation_and_gives_up_this_seat_only(client, at):
    event = factories.event(starts_at=at + timedelta(days=400))
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    an, bo = registration.attendees.order_by("pk")
    url = f"/nl/seat/{bo.token}/"

    client.get(url)
    assert registration.attendees.live().count() == 2
    for _click in range(2):
        assert client.post(url).status_code == 200

    assert list(registration.attendees.live()) == [an]


def test_the_link_of_somebody_who_was_replaced_no_longer_works(client, at):
    event = factories.event(starts_at=at + timedelta(days=400))
    registration = actions.register(event=event, order=factories.order(), at=at)
    seat = registration.attendees.get()
    url = f"/nl/seat/{seat.token}/"

    actions.substitute(registration=registration, attendee_id=seat.pk, person=CAS, at=at)

    assert client.post(url).status_code == 404
    assert registration.attendees.live().count() == 1
