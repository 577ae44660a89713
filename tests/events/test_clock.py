"""What the clock does: reminders, names, purging. Each once, however often the duty runs."""

from datetime import timedelta

import pytest
from django.apps import apps

from events import actions, duties, letters
from events.actions import Attending
from events.actions.forgetting import FORGOTTEN
from events.models import Attendee, Consent, Letter, Needs, Registration
from tests import factories

pytestmark = pytest.mark.django_db
DIET = (("diet", "glutenvrij"), ("shoe_size", "42"))


def written(kind):
    return sorted(Letter.objects.filter(kind=kind).values_list("recipient", flat=True))


def with_needs(at, **facts):
    order = factories.order(needs_wording="U mag dit gebruiken.")
    person = order.attendees[0]
    needy = Attending(person.first_name, person.last_name, person.email, DIET)
    order = order.__class__(**{**order.__dict__, "attendees": (needy,)})
    return actions.register(event=factories.event(**facts), order=order, at=at)


@pytest.mark.parametrize(("kind", "days"), [("reminder_week", 7), ("reminder_day", 1)])
def test_everybody_is_reminded_once_at_their_own_address(at, kind, days):
    event = factories.event(starts_at=at + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    moment = event.starts_at - timedelta(days=days)

    duties.remind(at=moment - timedelta(minutes=1))
    assert written(kind) == []
    for _time in range(2):
        duties.remind(at=moment)

    assert written(kind) == sorted(seat.email for seat in registration.attendees.all())


def test_who_registers_within_the_week_or_gave_the_seat_up_is_not_reminded(at):
    event = factories.event(starts_at=at + timedelta(days=30))
    gone = actions.register(event=event, order=factories.order(), at=at)
    actions.cancel(registration=gone, at=at)
    actions.register(event=event, order=factories.order(), at=event.starts_at - timedelta(days=6))

    duties.remind(at=event.starts_at - timedelta(days=5))

    assert written("reminder_week") == []


def test_the_contact_is_asked_once_for_the_names_that_follow(at):
    event = factories.event(starts_at=at + timedelta(days=30))
    order = factories.order()
    order = order.__class__(**{**order.__dict__, "attendees": (*order.attendees, Attending())})
    registration = actions.register(event=event, order=order, at=at)

    for days in (9, 8, 7):
        duties.remind(at=event.starts_at - timedelta(days=days))

    assert written("names_due") == [registration.email]
    assert Letter.objects.get(kind="names_due").created_at == event.starts_at - timedelta(days=8)


def test_only_what_the_event_asks_for_is_kept_and_only_with_consent(at):
    registration = with_needs(at, asks_equipment=False)

    needs = Needs.objects.get()
    assert (needs.diet, needs.shoe_size, needs.purge_on) == (
        "glutenvrij",
        "",
        (registration.event.ends_at + timedelta(days=7)).date(),
    )
    assert Consent.objects.get().wording == "U mag dit gebruiken."


def test_needs_are_deleted_a_week_after_the_visit_and_not_a_day_before(at):
    registration = with_needs(at)
    over = registration.event.ends_at

    counts = []
    for days in (6, 7, 7):
        duties.purge(at=over + timedelta(days=days))
        counts.append((Needs.objects.count(), Consent.objects.count()))

    assert counts == [(1, 1), (0, 0), (0, 0)]
    assert Attendee.objects.get().first_name == "An"


def test_two_years_after_the_visit_the_people_are_forgotten_and_the_counts_stay(at):
    registration = with_needs(at)
    event = registration.event

    duties.purge(at=event.ends_at + timedelta(days=731))

    registration.refresh_from_db()
    assert (registration.first_name, registration.phone) == (FORGOTTEN, "")
    assert event.attendees.count() == 1
    assert Letter.objects.count() == 0
    assert duties.purge(at=event.ends_at + timedelta(days=732)) is None


def test_what_never_became_a_seat_is_forgotten_after_thirty_days(at):
    event = factories.event(capacity=1, waiting_list=True, starts_at=at + timedelta(days=300))
    actions.register(event=event, order=factories.order(), at=at)
    waiting = actions.register(event=event, order=factories.order(), at=at)
    actions.cancel(registration=waiting, at=at)

    duties.purge(at=at + timedelta(days=31))

    assert sorted(Registration.objects.values_list("first_name", flat=True)) == ["An", FORGOTTEN]


def test_a_persons_data_is_one_file_with_everything_about_them(at):
    registration = with_needs(at)

    data = actions.person_data(registration.email.upper())

    assert [found["reference"] for found in data["as_contact"]] == [registration.reference]
    assert [(found["name"], found["needs"]) for found in data["as_participant"]] == [
        ("An Peeters", {"diet": "glutenvrij"})
    ]
    assert [found["kind"] for found in data["letters"]] == ["confirmed"]
    assert actions.person_data("niemand@example.org")["as_contact"] == []


def test_forgetting_reaches_the_history_too_and_leaves_who_still_comes(at):
    past = actions.register(event=factories.event(starts_at=at + timedelta(days=1)), order=factories.order(), at=at)
    coming = actions.register(
        event=factories.event(starts_at=at + timedelta(days=90)), order=factories.order(email=past.email), at=at
    )
    later = at + timedelta(days=30)

    actions.erase_person(email=past.email, at=later)

    past.refresh_from_db()
    coming.refresh_from_db()
    changes = apps.get_model("events", "RegistrationChange").objects
    assert (past.first_name, coming.first_name) == (FORGOTTEN, "An")
    assert set(changes.filter(pgh_obj=past.pk).values_list("first_name", flat=True)) == {FORGOTTEN}
    assert set(changes.filter(pgh_obj=coming.pk).values_list("first_name", flat=True)) == {"An"}


def test_history_says_what_was_done_by_whom_and_why(at):
    registration = actions.register(event=factories.event(), order=factories.order(), at=at)
    organiser = factories.user("Organisers")

    actions.cancel(registration=registration, at=at, by=organiser, why="Dubbel geboekt.")

    last = apps.get_model("events", "RegistrationChange").objects.order_by("pgh_id").last()
    assert (last.status, last.pgh_context.metadata) == (
        "cancelled",
        {"deed": "cancel", "by": organiser.pk, "why": "Dubbel geboekt."},
    )


@pytest.mark.parametrize(("hours", "word"), [(24, "Tomorrow"), (8, "Today")])
def test_a_reminder_that_goes_out_late_says_how_near_the_visit_is_then(at, hours, word):
    event = factories.event(starts_at=at + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(language="en"), at=at)
    duties.remind(at=event.starts_at - timedelta(days=1))
    letter = registration.letters.get(kind="reminder_day")

    subject = letters.message(letter, at=event.starts_at - timedelta(hours=hours)).subject

    assert subject.startswith(f"{word}: ")


def test_a_reminder_of_a_visit_that_has_begun_is_not_sent_any_more(at):
    event = factories.event(starts_at=at + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(), at=at)
    duties.remind(at=event.starts_at - timedelta(days=1))

    letters.send_due(at=event.starts_at)

    assert registration.letters.filter(kind="reminder_day").count() == 0
