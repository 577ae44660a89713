"""Approval by the boss, by the organiser, by both; in time, and too late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from events import actions, duties, letters
from events.actions import Approver, Attending
from events.models import Approval, Letter, Registration, Veto
from events.refusals import AnsweredAlready, AskTheOrganiser, NothingToApprove
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")


def asked(at, *, boss=True, **facts):
    event = factories.event(price="95.00" if boss else None, **facts)
    approver = Approver("Baas", "baas@example.org") if boss else None
    return actions.register(event=event, order=factories.order(approver=approver), at=at)


@needs_payments
def test_the_bosses_yes_makes_it_payable_and_tells_the_requester(at):
    registration = asked(at)
    approval = registration.approvals.get()
    assert (registration.status, registration.hold_expires_at) == (Status.AWAITING_APPROVAL, at + timedelta(days=5))
    assert registration.letters.get(kind="approval_request").recipient == "baas@example.org"

    for _click in range(2):
        actions.approve(approval=approval, at=at + timedelta(days=1))

    registration.refresh_from_db()
    # Three days from the yes, and never earlier than was promised before it.
    assert (registration.status, registration.pay_by) == (Status.HELD, at + timedelta(days=5))
    assert registration.letters.filter(kind="approved").count() == 1


@needs_payments
def test_a_late_yes_gives_three_days_to_pay(at):
    registration = asked(at)

    actions.approve(approval=registration.approvals.get(), at=at + timedelta(days=4))

    registration.refresh_from_db()
    assert (registration.pay_by, registration.hold_expires_at) == (at + timedelta(days=7),) * 2


@needs_payments
def test_the_bosses_no_frees_the_seat_and_says_what_was_answered(at):
    registration = asked(at, capacity=1)

    actions.reject(approval=registration.approvals.get(), at=at, remark="Niet dit jaar.")

    registration.refresh_from_db()
    assert (registration.status, registration.event.seats_left(at)) == (Status.CANCELLED, 1)
    assert registration.letters.get(kind="rejected").facts["remark"] == "Niet dit jaar."


@needs_payments
def test_a_yes_after_the_days_are_over_changes_nothing(at):
    registration = asked(at)

    with pytest.raises(NothingToApprove):
        actions.approve(approval=registration.approvals.get(), at=at + timedelta(days=5))

    actions.expire_holds(at=at + timedelta(days=5))
    registration.refresh_from_db()
    assert registration.status == Status.EXPIRED
    assert registration.letters.filter(kind="approval_lapsed").count() == 1


@needs_payments
def test_an_answer_is_not_turned_round(at):
    registration = asked(at)
    approval = registration.approvals.get()
    actions.approve(approval=approval, at=at)

    with pytest.raises(AnsweredAlready):
        actions.reject(approval=approval, at=at)


def test_an_event_the_organiser_approves_waits_for_the_organiser(at):
    registration = asked(at, boss=False, requires_approval=True)
    assert registration.status == Status.AWAITING_APPROVAL

    actions.approve(approval=registration.approvals.get(), at=at, by=factories.user("Organisers"))

    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


@needs_payments
def test_both_have_to_say_yes_in_any_order(at):
    registration = asked(at, requires_approval=True)
    organiser = registration.approvals.get(asked=Approval.Asked.ORGANISER)
    boss = registration.approvals.get(asked=Approval.Asked.APPROVER)

    seen = []
    for approval in (organiser, boss):
        actions.approve(approval=approval, at=at)
        registration.refresh_from_db()
        seen.append(registration.status)

    assert seen == [Status.AWAITING_APPROVAL, Status.HELD]


@needs_payments
def test_a_mail_scanners_visit_approves_nothing_and_the_form_does(client, at):
    registration = asked(at, starts_at=at + timedelta(days=900))
    Registration.objects.update(hold_expires_at=at + timedelta(days=899))
    url = f"/nl/approval/{registration.approvals.get().token}/"

    page = client.get(url)
    registration.refresh_from_db()
    assert (page.status_code, registration.status) == (200, Status.AWAITING_APPROVAL)
    assert "114,95" in page.content.decode()

    assert client.post(url, {"answer": "approve"}).status_code == 200
    registration.refresh_from_db()
    assert registration.status == Status.HELD
    assert client.get("/nl/approval/1.onzin/").status_code == 404


def told_organiser(kind):
    return list(Letter.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_the_organiser_is_told_at_once_that_somebody_waits_for_their_yes_and_where(at):
    registration = asked(at, boss=False, requires_approval=True)

    assert told_organiser("approval_waits") == [letters.organiser_email()]
    mail = letters.message(Letter.objects.get(kind="approval_waits"), at=at)
    assert f"/admin/registrations/inspect/{registration.pk}/" in mail.body
    assert registration.manage_token not in mail.body + mail.alternatives[0][0]


def test_the_organisers_mail_is_whole_in_one_language_whatever_the_registrants(at):
    event = factories.event(requires_approval=True)
    page = factories.event_page(event)
    actions.register(event=event, order=factories.order(language="en"), at=at)

    mail = letters.message(Letter.objects.get(kind="approval_waits"), at=at)

    assert page.title in mail.subject
    assert page.title in mail.body


def test_the_organiser_is_reminded_the_day_before_it_lapses_and_once(at):
    registration = asked(at, boss=False, requires_approval=True)
    day_before = registration.hold_expires_at - timedelta(days=1)

    counts = []
    for moment in (day_before - timedelta(minutes=1), day_before, day_before + timedelta(hours=1)):
        duties.remind(at=moment)
        counts.append(len(told_organiser("approval_lapses")))

    assert counts == [0, 1, 1]


def test_who_answered_or_was_asked_just_now_is_not_reminded(at):
    answered = asked(at, boss=False, requires_approval=True)
    actions.approve(approval=answered.approvals.get(), at=at)
    asked(at, boss=False, requires_approval=True, approval_days=1)

    duties.remind(at=at + timedelta(minutes=1))

    assert told_organiser("approval_lapses") == []


def test_the_organisers_word_reaches_the_contact_and_the_reason_does_not(at):
    registration = asked(at, boss=False, requires_approval=True)

    actions.approve(
        approval=registration.approvals.get(),
        at=at,
        by=factories.user(),
        remark="Parkeer achteraan.",
        why="Oude klant.",
    )

    said = letters.message(registration.letters.get(kind="confirmed"), at=at).body
    assert ("Parkeer achteraan." in said, "Oude klant." in said) == (True, False)
    assert registration.approvals.get().private_note == "Oude klant."


@pytest.fixture
def unwelcome(at):
    """A visit whose host would rather not receive the people of bad.example."""
    event = factories.event()
    Veto.objects.create(event=event, organisation=factories.member(factories.scheme(), domain="bad.example"))
    return event


def test_a_veto_holds_for_a_colleague_of_that_organisation_too(at, unwelcome):
    order = factories.order()
    people = (*order.attendees, Attending("Vera", "Vos", "vera@Bad.example"))
    order = order.__class__(**{**order.__dict__, "attendees": people})

    registration = actions.register(event=unwelcome, order=order, at=at)

    assert (registration.status, registration.approvals.get().private_note) == (Status.AWAITING_APPROVAL, "veto")


def test_nobody_slips_in_by_substitution_but_by_an_organiser(at, unwelcome):
    registration = actions.register(event=unwelcome, order=factories.order(), at=at)
    seat, person = registration.attendees.get(), Attending("Vera", "Vos", "vera@bad.example")

    with pytest.raises(AskTheOrganiser):
        actions.substitute(registration=registration, attendee_id=seat.pk, person=person, at=at)
    actions.substitute(registration=registration, attendee_id=seat.pk, person=person, at=at, by=factories.user())

    assert registration.attendees.get().email == "vera@bad.example"


def told_of_waiting(client, registration, at):
    """The registration's page and the mail, while a yes is waited for."""
    page = client.get(reverse("events:manage", args=[registration.manage_token])).content.decode()
    mail = letters.message(registration.letters.get(kind="awaiting_approval"), at=at).body
    return " ".join(strip_tags(page).split()), mail


@needs_payments
def test_who_waits_for_a_yes_reads_whom_we_asked_and_that_nothing_is_charged_before_it(client, at):
    for said in told_of_waiting(client, asked(at, requires_approval=True), at):
        assert "We vroegen Baas (baas@example.org) om goedkeuring." in said
        assert "De organisator moet uw inschrijving goedkeuren." in said
        assert "Vóór de goedkeuring wordt niets aangerekend." in said


@needs_payments
def test_once_the_boss_said_yes_only_the_organiser_is_waited_for(client, at):
    registration = asked(at, requires_approval=True)
    actions.approve(approval=registration.approvals.get(asked="approver"), at=at + timedelta(hours=1))

    page, mail = told_of_waiting(client, registration, at)

    assert ("om goedkeuring" in page, "De organisator moet uw inschrijving goedkeuren." in page) == (False, True)
    assert "We vroegen Baas (baas@example.org) om goedkeuring." in mail


def test_a_free_place_that_waits_for_the_organiser_is_not_told_of_charges(client, at):
    for said in told_of_waiting(client, asked(at, boss=False, requires_approval=True), at):
        assert "De organisator moet uw inschrijving goedkeuren." in said
        assert "aangerekend" not in said
