"""The organiser's desk: the cockpit, many at once, somebody on the phone, and what a change will cause."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.users.models import UserProfile

from events import actions, letters
from events.models import Approval, CancellationStep, Event, Letter, Membership, Needs, Registration
from events.refusals import NotStartedYet
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
#: Whoever settles the money is asked what is due, and what comes back.
COCKPIT_QUERIES = 28 if factories.has_payments() else 25


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def logged_in(group: str) -> Client:
    client = Client()
    person = factories.user(group)
    UserProfile.objects.create(user=person, preferred_language="en")
    client.force_login(person)
    return client


@pytest.fixture
def organiser() -> Client:
    return logged_in("Organisers")


def event(now, **facts):
    return factories.event(starts_at=now + timedelta(days=20), **facts)


def register(made, now, **order):
    return actions.register(event=made, order=factories.order(**order), at=now)


def cockpit(made):
    return reverse("tour_events:cockpit", args=[made.pk])


def test_the_cockpit_counts_and_says_what_there_is_to_do(organiser: Client, now) -> None:
    made = event(now, capacity=2, requires_approval=True, waiting_list=True)
    register(made, now)
    confirmed = register(made, now)
    actions.approve(approval=confirmed.approvals.get(), at=now)
    register(made, now)
    Letter.objects.filter(registration=confirmed).update(next_attempt_at=None)

    page = organiser.get(cockpit(made))

    shown = {name: page.context[name] for name in ("taken", "left", "fill", "waiting")}
    assert shown == {"taken": 2, "left": 0, "fill": 100, "waiting": 1}
    texts = [to_do.text for to_do in page.context["to_dos"]]
    assert texts[0] == "1 registration waits for your approval"
    assert "could not be delivered" in texts[1]


@pytest.mark.parametrize("count", [1, 30])
def test_the_cockpit_asks_the_same_number_of_queries_for_one_and_for_thirty(
    organiser: Client, now, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = event(now, capacity=40)
    for _registration in range(count):
        register(made, now)
    organiser.get(cockpit(made))

    with django_assert_num_queries(COCKPIT_QUERIES):
        organiser.get(cockpit(made))


def bulk(organiser: Client, made, step: str, *registrations, **facts):
    chosen = [str(registration.pk) for registration in registrations]
    return organiser.post(cockpit(made), {"step": step, "chosen": chosen, "batch": "b1"} | facts)


def test_many_are_approved_at_once_after_asking(organiser: Client, now) -> None:
    made = event(now, requires_approval=True)
    both = [register(made, now), register(made, now)]

    asked = bulk(organiser, made, "ask", *both, deed="approve")
    assert (asked.status_code, Approval.objects.open().count()) == (200, 2)
    bulk(organiser, made, "do", *both, deed="approve")

    assert {r.status for r in Registration.objects.all()} == {Status.CONFIRMED}


def test_a_message_goes_to_the_ticked_and_not_twice(organiser: Client, now) -> None:
    made = event(now)
    one, _other = register(made, now), register(made, now)

    for _click in range(2):
        bulk(organiser, made, "do", one, deed="message", subject="Parking", text="Aan de kaai.")

    assert list(Letter.objects.filter(kind="message").values_list("recipient", flat=True)) == [one.email]


def test_cancelling_many_needs_a_reason_and_says_which_failed_when_moving(organiser: Client, now) -> None:
    made, full = event(now), event(now, capacity=1)
    register(full, now)
    one = register(made, now)

    refused = bulk(organiser, made, "do", one, deed="cancel")
    assert "text" in refused.context["form"].errors
    moved = organiser.post(
        cockpit(made),
        {"step": "do", "chosen": [str(one.pk)], "deed": "move", "to": str(full.pk), "text": "Op vraag"},
        follow=True,
    )
    assert f"{one.reference}: This visit is fully booked." in moved.content.decode()
    bulk(organiser, made, "do", one, deed="cancel", text="Zaal te klein.")

    one.refresh_from_db()
    assert one.status == Status.CANCELLED


def test_before_many_are_moved_the_organiser_reads_what_where_to_and_who_is_not_meant(organiser: Client, now) -> None:
    made, other = event(now), event(now, capacity=1, name="De andere")
    two, gone = register(made, now, seats=2), register(made, now)
    actions.cancel(registration=gone, at=now)

    asked = bulk(organiser, made, "ask", two, gone, deed="move", to=other.pk, text="Op vraag")

    assert asked.context["asked"].what == f"Move 1 registration, 2 seats, to {other}."
    assert asked.context["asked"].follows[1:] == [
        "There: 1 seat free, 2 seats needed.",
        "Not all of them fit: those that do not are named afterwards, and stay where they are.",
    ]
    assert [row.pk for row in asked.context["asked"].left_alone] == [gone.pk]


@pytest.mark.skipif(not factories.has_payments(), reason="free seats keep nothing")
def test_before_many_are_cancelled_the_organiser_reads_what_is_kept(organiser: Client, now) -> None:
    made = factories.event(price="100.00", vat_rate=0, starts_at=now + timedelta(days=5))
    CancellationStep.objects.create(event=made, days_before=10, fee_percent=50)
    one = register(made, now)
    factories.pay(one, at=now)

    kept = bulk(organiser, made, "ask", one, deed="cancel", text="Nee").context["asked"].follows[0]
    nothing = bulk(organiser, made, "ask", one, deed="cancel", text="Nee", free_of_charge="on")

    assert kept == "Of €100.00 for these seats €50.00 is kept; what was paid beyond that is given back."
    assert "€0.00 is kept" in nothing.context["asked"].follows[0]


def test_what_a_deed_was_not_for_is_named_and_never_counted_as_done(organiser: Client, now) -> None:
    made = event(now)
    one, gone = register(made, now), register(made, now)
    actions.cancel(registration=gone, at=now)
    chosen = [str(one.pk), str(gone.pk)]

    page = organiser.post(
        cockpit(made), {"step": "do", "chosen": chosen, "deed": "cancel", "text": "Nee"}, follow=True
    ).content.decode()
    nobody = organiser.post(
        cockpit(made), {"step": "do", "chosen": chosen, "deed": "approve"}, follow=True
    ).content.decode()

    assert "Done for 1 registration." in page
    assert f"There was nothing to do for 1 registration: {gone.reference}." in page
    assert "Done for" not in nobody
    assert "There was nothing to do for 2 registrations" in nobody


def test_a_message_to_everyone_is_for_who_still_comes_and_never_for_who_was_forgotten(organiser: Client, now) -> None:
    made = event(now)
    one, gone, forgotten = register(made, now), register(made, now), register(made, now)
    for ended in (gone, forgotten):
        actions.cancel(registration=ended, at=now)
    actions.erase_person(email=forgotten.email, at=now)
    facts = {"deed": "message", "subject": "Parking", "text": "Kaai."}

    organiser.post(cockpit(made), facts | {"step": "do", "everyone": "on", "batch": "a"})
    to_everyone = set(Letter.objects.filter(kind="message").values_list("recipient", flat=True))
    bulk(organiser, made, "do", gone, forgotten, **(facts | {"batch": "b"}))

    assert to_everyone == {one.email}
    assert set(Letter.objects.filter(kind="message").values_list("recipient", flat=True)) == {one.email, gone.email}


def test_the_list_of_the_cockpit_can_show_who_cancelled(organiser: Client, now) -> None:
    made = event(now)
    actions.cancel(registration=register(made, now), at=now)

    assert [value for value, _label in organiser.get(cockpit(made)).context["statuses"]] == ["cancelled"]


@pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")
def test_two_questions_about_a_registration_do_not_double_its_price(organiser: Client, now) -> None:
    made = event(now, price="95.00", requires_approval=True)
    register(made, now, approver=actions.Approver("Berta Baas", "berta@example.org"))

    (shown,) = organiser.get(cockpit(made)).context["registrations"]

    assert (shown.approvals.count(), shown.total) == (2, Decimal("114.95"))


def test_a_list_that_changed_after_the_question_is_asked_about_again(organiser: Client, now) -> None:
    made = event(now)
    register(made, now)

    organiser.post(cockpit(made), {"step": "do", "everyone": "on", "deed": "cancel", "text": "Nee", "rows": "0"})

    assert Registration.objects.get().status == Status.CONFIRMED


def test_going_back_from_the_question_keeps_what_was_filled_in(organiser: Client, now) -> None:
    made = event(now)
    one = register(made, now)

    page = bulk(organiser, made, "back", one, deed="cancel", text="Zaal te klein.").content.decode()

    assert "Zaal te klein." in page
    assert f'value="{one.pk}" aria-label="{one.reference}" checked' in page


def test_registrations_of_another_visit_cannot_be_ticked(organiser: Client, now) -> None:
    made, other = event(now), event(now)
    elsewhere = register(other, now)

    bulk(organiser, made, "do", elsewhere, deed="cancel", text="Nee")

    elsewhere.refresh_from_db()
    assert elsewhere.status == Status.CONFIRMED


@pytest.mark.parametrize("group", ["Finance", "Editors"])
def test_who_may_not_change_registrations_does_nothing_here(now, group: str) -> None:
    made = event(now)
    one = register(made, now)
    client = logged_in(group)

    bulk(client, made, "do", one, deed="cancel", text="Nee")
    client.post(reverse("tour_events:desk", args=[made.pk]), {"first_name": "An"})

    one.refresh_from_db()
    assert (one.status, Registration.objects.count()) == (Status.CONFIRMED, 1)


def on_the_phone(**facts):
    told = {
        "first_name": "An",
        "last_name": "Peeters",
        "email": "an@example.org",
        "organisation_name": "Stad Proef",
        "language": "nl",
        "accept_terms": "on",
    }
    return told | facts


def test_somebody_on_the_phone_is_registered_with_colleagues_and_a_name_to_follow(organiser: Client, now) -> None:
    made = event(now)

    organiser.post(
        reverse("tour_events:desk", args=[made.pk]),
        on_the_phone(people="An; Peeters; an@example.org\n?\nBo; Maes; bo@example.org"),
    )

    registration = Registration.objects.get()
    assert (registration.channel, registration.status) == ("desk", Status.CONFIRMED)
    assert [seat.email for seat in registration.attendees.order_by("pk")] == ["an@example.org", "", "bo@example.org"]


@pytest.mark.parametrize("people", ["An Peeters", "An; Peeters; geen-adres", "\n".join(["?"] * 11)])
def test_a_list_nobody_can_read_is_refused_and_kept(organiser: Client, now, people: str) -> None:
    made = event(now)

    page = organiser.post(reverse("tour_events:desk", args=[made.pk]), on_the_phone(people=people))

    assert "people" in page.context["form"].errors
    assert Registration.objects.count() == 0


@pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments")
def test_the_organisers_decision_gives_the_price_for_members_and_its_reason_is_the_evidence(
    organiser: Client, now
) -> None:
    scheme = factories.scheme()
    factories.member(scheme)
    made = event(now, scheme=scheme, price="95.00")
    url = reverse("tour_events:desk", args=[made.pk])
    decided = on_the_phone(membership=str(Membership.objects.get().pk))

    assert "why" in organiser.post(url, decided).context["form"].errors
    organiser.post(url, decided | {"why": "Lid, code kwijt."})

    registration = Registration.objects.get()
    assert (registration.status, registration.total_incl_vat) == (Status.CONFIRMED, 0)
    assert registration.entitlement is not None
    assert registration.entitlement.decided_by is not None


def test_a_persons_data_is_downloaded_and_forgotten_with_a_reason(organiser: Client, now) -> None:
    past = register(factories.event(starts_at=now - timedelta(days=2)), now - timedelta(days=9))
    url = reverse("tour_registrations:person")

    file = organiser.post(url, {"step": "export", "email": past.email}).json()
    assert [found["reference"] for found in file["as_contact"]] == [past.reference]
    organiser.post(url, {"step": "forget", "email": past.email, "sure": "on"})
    past.refresh_from_db()
    assert past.first_name == "An"
    organiser.post(url, {"step": "forget", "email": past.email, "sure": "on", "why": "Vraag van 24/11."})

    past.refresh_from_db()
    assert past.first_name == "forgotten"


def test_forgetting_who_still_comes_says_what_keeps_them_and_an_unknown_address_that_it_is_nowhere(
    organiser: Client, now
) -> None:
    coming = register(event(now), now)
    url, asked = reverse("tour_registrations:person"), {"step": "forget", "sure": "on", "why": "Vraag van 24/11."}

    kept = organiser.post(url, asked | {"email": coming.email}).content.decode()
    nowhere = organiser.post(url, asked | {"email": "niemand@example.org"}).content.decode()

    assert f"Cancel it first, then ask again: {coming.reference} (" in kept
    assert "This address stands nowhere." in nowhere
    assert "Forgotten in" not in kept + nowhere
    assert "This address stands nowhere." not in kept


@pytest.mark.parametrize("group", ["Finance", "Editors"])
def test_a_persons_data_is_for_organisers(now, group: str) -> None:
    assert logged_in(group).get(reverse("tour_registrations:person")).status_code == 302


def test_attendance_is_noted_and_taken_back(organiser: Client, now) -> None:
    registration = register(event(now), now, seats=2)
    Event.objects.update(starts_at=now - timedelta(hours=1))
    an, bo = registration.attendees.order_by("pk")
    url = reverse("tour_registrations:attendance", args=[registration.pk])

    seen = []
    for answers in ({str(an.pk): "yes", str(bo.pk): "no"}, {str(an.pk): "yes", str(bo.pk): ""}):
        organiser.post(url, answers)
        seen.append(list(registration.attendees.order_by("pk").values_list("attended", flat=True)))

    assert seen == [[True, False], [True, None]]


def test_two_thousand_registrations_ask_no_more_queries_than_one(
    organiser: Client, now, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = event(now, capacity=3000)
    one = register(made, now)
    seat = one.attendees.get()
    rows = [
        Registration(
            event=made, status="confirmed", language="nl", first_name="An", last_name=str(number),
            accepted_terms_at=now, email=f"veel{number}@example.org", organisation_name="Stad", confirmed_at=now,
        )
        for number in range(2000)
    ]  # fmt: skip
    for made_one in (rows := Registration.objects.bulk_create(rows)):
        made_one.seat = seat.__class__(
            registration=made_one, event=made, first_name="An", last_name="X", email=made_one.email,
            ticket_type=seat.ticket_type, price_excl_vat=0, vat_rate=21, price_incl_vat=0,
        )  # fmt: skip
    seat.__class__.objects.bulk_create([made_one.seat for made_one in rows])
    organiser.get(cockpit(made))

    with django_assert_num_queries(COCKPIT_QUERIES):
        organiser.get(cockpit(made))
    with django_assert_num_queries(12):
        page = organiser.get(reverse("tour_registrations:index"))
    assert page.context["paginator"].count == 2001


def test_many_are_refused_at_once_with_a_word_for_each(organiser: Client, now) -> None:
    made = event(now, requires_approval=True)
    both = [register(made, now), register(made, now)]

    bulk(organiser, made, "do", *both, deed="reject", text="De gastheer heeft geen plaats.")

    assert {r.status for r in Registration.objects.all()} == {Status.CANCELLED}
    assert {letter.facts["remark"] for letter in Letter.objects.filter(kind="rejected")} == {
        "De gastheer heeft geen plaats."
    }


def test_a_deed_on_everyone_reaches_every_page_of_the_list_as_it_is_filtered(organiser: Client, now) -> None:
    made = event(now, capacity=200, waiting_list=True)
    Registration.objects.bulk_create(
        [
            Registration(
                event=made, status="confirmed", language="nl", first_name="An", last_name=str(number),
                accepted_terms_at=now, email=f"an{number}@example.org", organisation_name="Stad", confirmed_at=now,
            )
            for number in range(101)
        ]
    )  # fmt: skip
    gone = register(made, now)
    actions.cancel(registration=gone, at=now)
    page = organiser.get(cockpit(made))
    assert (len(page.context["registrations"]), page.context["page"].paginator.count) == (100, 102)
    assert len(organiser.get(f"{cockpit(made)}?p=2").context["registrations"]) == 2

    facts = {"step": "do", "deed": "message", "everyone": "on", "subject": "Parking", "text": "Kaai.", "batch": "b"}
    organiser.post(f"{cockpit(made)}?status=confirmed", facts)

    assert Letter.objects.filter(kind="message").count() == 101


def test_a_letter_that_was_given_up_is_found_from_the_to_do_and_sent_again(
    organiser: Client, now, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    made = event(now)
    registration, _other = register(made, now), register(made, now)
    letter = registration.letters.get()
    Letter.objects.update(sent_at=now, next_attempt_at=None)
    Letter.objects.filter(pk=letter.pk).update(sent_at=None, attempts=8, last_error="dood")
    to_do = next(to_do for to_do in organiser.get(cockpit(made)).context["to_dos"] if "letter" in to_do.text)

    listed = organiser.get(to_do.url).context["object_list"]
    assert [found.pk for found in listed] == [registration.pk]
    url = reverse("tour_registrations:letter", args=[registration.pk, letter.pk])
    assert "Send it again" in organiser.get(url).content.decode()
    organiser.post(url, {"step": "again"})

    letter.refresh_from_db()
    assert (letter.attempts, letter.last_error, letter.next_attempt_at is not None) == (0, "", True)
    assert letters.send(letter.pk, at=timezone.now())


def test_a_letter_that_came_back_is_seen_by_the_organiser_with_the_reason(organiser: Client, now) -> None:
    made = event(now)
    registration = register(made, now)
    letter = registration.letters.get()
    Letter.objects.update(sent_at=now, next_attempt_at=None)

    call_command("mark_bounced", registration.email.upper(), "550 unknown user")

    texts = [to_do.text for to_do in organiser.get(cockpit(made)).context["to_dos"]]
    assert "1 letter could not be delivered" in texts
    page = organiser.get(reverse("tour_registrations:letter", args=[registration.pk, letter.pk])).content.decode()
    assert "550 unknown user" in page
    with pytest.raises(CommandError):
        call_command("mark_bounced", "niemand@example.org", "x")


def test_the_export_names_the_participants(organiser: Client, now) -> None:
    register(event(now), now, seats=2)

    response = organiser.get(reverse("tour_registrations:index"), {"export": "csv"})

    assert "An Peeters, Bo Nr1" in b"".join(response.streaming_content).decode()


def test_needs_are_counted_for_the_desk_and_named_for_whoever_may(organiser: Client, now) -> None:
    made = event(now)
    for diet in ("vegetarisch", "vegetarisch", "glutenvrij"):
        seat = register(made, now).attendees.get()
        Needs.objects.create(attendee=seat, diet=diet, licence_plate="1-ABC-234")

    counted = organiser.get(cockpit(made)).context["needs"]
    named = organiser.get(reverse("tour_events:needs", args=[made.pk])).content.decode()

    assert [answers for _what, answers in counted] == [[("glutenvrij", 1), ("vegetarisch", 2)]]
    assert ("An Peeters" in named, "1-ABC-234" in named) == (True, True)
    finance = logged_in("Finance")
    assert "The list with names" not in finance.get(cockpit(made)).content.decode()


def test_the_cockpit_tells_what_changed_about_the_visit_and_its_prices(organiser: Client, now) -> None:
    made = event(now)
    made.capacity = 12
    actions.change_event(event=made, changed=["capacity"], at=now, by=factories.user(name="els"), why="Grotere zaal")
    kind = made.ticket_types.get()
    kind.name_nl = "Gratis"
    kind.save()

    told = organiser.get(cockpit(made)).context["history"]

    assert [(line.who, line.why, line.changes) for line in told if "capa" in str(line.changes)] == [
        ("els", "Grotere zaal", [("capacity", "10", "12")])
    ]
    assert any(line.about == "Gratis" for line in told)


def test_what_is_still_to_be_paid_stands_in_the_cockpit(organiser: Client, now) -> None:
    if not factories.has_payments():
        pytest.skip("money needs payments")
    made = event(now, price="95.00")
    register(made, now, seats=2)

    assert organiser.get(cockpit(made)).context["due"] == Decimal("229.90")


def test_the_phone_desk_sets_the_class_in_the_line(organiser: Client, now) -> None:
    made = event(now, capacity=1, waiting_list=True)
    register(made, now)
    facts = {
        "first_name": "Fa", "last_name": "Foon", "email": "fa@example.org", "organisation_name": "Stad",
        "language": "nl", "accept_terms": "on", "line": "interested",
    }  # fmt: skip

    organiser.post(reverse("tour_events:desk", args=[made.pk]), facts)

    assert Registration.objects.get(email="fa@example.org").line == "interested"


def test_nobody_is_absent_before_the_visit_begins_and_a_successor_was_not_seen_yet(organiser: Client, now) -> None:
    registration = register(event(now), now)
    seat = registration.attendees.get()
    with pytest.raises(NotStartedYet):
        actions.mark_attendance(attendee=seat, attended=False, at=now, by=None)
    Event.objects.update(starts_at=now - timedelta(hours=1))
    actions.mark_attendance(attendee=seat, attended=False, at=now, by=None)

    person = actions.Attending("Cas", "Claes", "cas@example.org")
    actions.substitute(
        registration=registration, attendee_id=seat.pk, person=person, at=now, by=factories.user(), why="Kwam toch."
    )

    seat.refresh_from_db()
    assert seat.attended is None
