"""Approval by the boss, by the organiser, by both; in time, and too late."""

from datetime import timedelta

import pytest

from events import actions
from events.actions import Approver
from events.models import Approval, Registration
from events.refusals import AnsweredAlready, NothingToApprove
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
    assert (registration.status, registration.pay_by) == (Status.HELD, at + timedelta(days=4))
    assert registration.letters.filter(kind="approved").count() == 1


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
