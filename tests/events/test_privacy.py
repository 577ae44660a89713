"""Who asks to be forgotten is forgotten everywhere: in seats given on, in others' letters, as approver, in history."""

from datetime import timedelta

import pytest
from django.apps import apps

from events import actions, duties
from events.actions import Approver, Attending
from events.models import Approval, Entitlement, Letter, Membership, Registration
from tests import factories

pytestmark = pytest.mark.django_db
VERA, NORA = Attending("Vera", "Vos", "vera@example.org"), Attending("Nora", "Nieuw", "nora@example.org")


def register(event, at, *people, **order):
    made = factories.order(**order)
    made = made.__class__(**{**made.__dict__, "attendees": (*made.attendees, *people)})
    return actions.register(event=event, order=made, at=at)


def everything_kept(word):
    """Where a word still stands, in every table of the chapter and its history."""
    found = []
    for model in apps.get_app_config("events").get_models():
        for row in model._default_manager.all().values():
            found += [f"{model.__name__}.{name}" for name, value in row.items() if word.lower() in str(value).lower()]
    for context in apps.get_model("pghistory", "Context")._default_manager.all():
        if word.lower() in str(context.metadata).lower():
            found.append(f"Context {context.metadata['deed']}")
    return sorted(found)


def test_who_was_replaced_by_a_colleague_is_forgotten_everywhere(at):
    event = factories.event(starts_at=at + timedelta(days=1))
    registration = register(event, at, VERA)
    seat = registration.attendees.get(email=VERA.email)
    actions.substitute(registration=registration, attendee_id=seat.pk, person=NORA, at=at, why="Vera Vos is ziek.")
    assert everything_kept("vera")

    done = actions.erase_person(email="Vera@example.org", at=at, why="Gevraagd op 12 januari.")

    assert everything_kept("vera") == []
    assert done == (1, [])
    assert registration.attendees.get(pk=seat.pk).email == NORA.email
    assert Letter.objects.filter(recipient=NORA.email).count() == 1


def test_a_colleague_who_left_is_forgotten_in_the_contacts_letters_and_the_contact_is_not(at):
    registration = register(factories.event(), at, VERA)
    seat = registration.attendees.get(email=VERA.email)
    actions.cancel(registration=registration, attendee_ids=[seat.pk], at=at)

    actions.erase_person(email=VERA.email, at=at)

    assert everything_kept("vera") == []
    registration.refresh_from_db()
    assert registration.first_name == "An"
    assert registration.letters.get(kind="cancelled").facts["names"] == ["(vergeten)"]


@pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")
def test_an_approver_is_forgotten_with_their_answer_and_their_letters(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=5))
    registration = register(event, at, approver=Approver("Berta Baas", "berta@example.org"))
    actions.reject(approval=registration.approvals.get(), at=at, remark="Te duur, zegt Berta Baas.")

    actions.erase_person(email="berta@example.org", at=at + timedelta(days=30))

    assert everything_kept("berta") == []
    assert Approval.objects.get().answer == "rejected"


def test_the_clock_forgets_the_others_of_a_registration_whose_contact_was_forgotten_first(at):
    event = factories.event(starts_at=at + timedelta(days=1))
    registration = register(event, at, VERA)
    seat = registration.attendees.get(email=VERA.email)
    actions.substitute(registration=registration, attendee_id=seat.pk, person=NORA, at=at)
    actions.erase_person(email=registration.email, at=at + timedelta(days=30))

    for _time in range(2):
        duties.purge(at=at + timedelta(days=800))

    assert [everything_kept(name) for name in ("vera", "nora", "peeters")] == [[], [], []]
    assert duties.purge(at=at + timedelta(days=801)) is None
    assert Registration.objects.get().attendees.count() == 2


def test_a_name_that_was_never_given_is_not_made_up_by_forgetting(at):
    event = factories.event(starts_at=at + timedelta(days=20))
    registration = register(event, at, Attending())

    duties.purge(at=at + timedelta(days=800))

    assert sorted(registration.attendees.values_list("email", flat=True))[0] == ""


def test_who_still_comes_stays_known_also_in_history(at):
    registration = register(factories.event(starts_at=at + timedelta(days=60)), at, VERA)

    assert actions.erase_person(email=VERA.email, at=at) == (0, [registration])

    assert registration.attendees.filter(email=VERA.email).count() == 1
    assert Letter.objects.filter(recipient=VERA.email).count() == 1


def test_what_an_organiser_wrote_about_somebodys_price_is_forgotten_with_them(at):
    factories.member(factories.scheme())
    registration = register(factories.event(starts_at=at + timedelta(days=5)), at)
    Entitlement.objects.create(
        registration=registration,
        membership=Membership.objects.get(),
        proof="decision",
        evidence="An Peeters belde.",
        claimed_at=at,
        withdrawn_at=at,
        withdrawn_why="Volgens An Peeters een vergissing.",
    )

    actions.erase_person(email=registration.email, at=at + timedelta(days=30))

    assert list(Entitlement.objects.values_list("evidence", "withdrawn_why")) == [("", "")]


@pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")
def test_what_is_known_of_a_person_includes_the_history_and_what_they_answered(at):
    event = factories.event(price="95.00")
    registration = register(event, at, VERA, approver=Approver("Berta Baas", "berta@example.org"))
    actions.approve(approval=registration.approvals.get(), at=at, remark="Graag.")
    seat = registration.attendees.get(email=VERA.email)
    actions.substitute(registration=registration, attendee_id=seat.pk, person=NORA, at=at)

    assert [asked["remark"] for asked in actions.person_data("berta@example.org")["as_approver"]] == ["Graag."]
    history = actions.person_data(VERA.email)["history"]
    assert [(row["of"], row["deed"], row["name"]) for row in history] == [("seat", "register", "Vera Vos")]
