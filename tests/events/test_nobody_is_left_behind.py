"""What ends by itself, what does not, and that nobody pays for a fault that is not theirs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import override_settings

from events import actions, letters
from events.actions import Approver
from events.entitlement import quota_of
from events.models import Approval, CancellationStep, Letter, Membership, Registration
from tests import factories
from tests.events.test_line import full, gives_up, register, statuses

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments")


def now(registration):
    return Registration.objects.get(pk=registration.pk)


# --- The line ends with the visit -----------------------------------------------------------------------------------
def test_who_still_waits_when_the_visit_begins_is_told_once_and_keeps_nothing_of_the_quota(at):
    scheme = factories.scheme(quota_per_year=5)
    factories.member(scheme, code="LEDEN")
    event = factories.event(capacity=1, waiting_list=True, scheme=scheme)
    register(event, at, organisation_code="LEDEN")
    waiting = register(event, at, organisation_code="LEDEN")
    membership = Membership.objects.get()
    other = factories.event(scheme=scheme, starts_at=event.starts_at + timedelta(days=5))
    assert quota_of(membership, event=other, at=at).left == 3

    assert [actions.expire_holds(at=event.starts_at) for _twice in range(2)] == [1, 0]

    assert now(waiting).status == Status.EXPIRED
    assert [letter.kind for letter in waiting.letters.order_by("pk")] == ["waiting", "line_ended"]
    assert quota_of(membership, event=other, at=at).left == 4


# --- Our mail is down -----------------------------------------------------------------------------------------------
def unsent(letter, at):
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        assert not letters.send(letter.pk, at=at)


def test_who_could_not_be_mailed_an_offer_keeps_their_place_and_has_another(at):
    event, seated = full(at)
    first, second = register(event, at), register(event, at)
    gives_up(seated, 1, at)
    unsent(first.letters.get(kind="offer"), at)
    over = at + timedelta(hours=event.offer_hours)

    actions.expire_holds(at=over)

    assert statuses(first, second) == [Status.OFFERED, Status.WAITING]
    assert [offer.answer for offer in first.offers.order_by("pk")] == ["expired", ""]
    assert not first.letters.filter(kind="offer_expired").exists()
    old, new = first.letters.filter(kind="offer").order_by("pk")
    assert (letters.send(old.pk, at=over), letters.send(new.pk, at=over)) == (False, True)
    assert Letter.objects.get(pk=old.pk).last_error == "The offer passed before it could be sent."


# --- Time that was given is not taken back --------------------------------------------------------------------------
def offered_with_both(at):
    event = factories.event(capacity=1, price="95.00", waiting_list=True, requires_approval=True)
    seated = register(event, at)
    first = register(event, at, approver=Approver("Baas", "baas@example.org"))
    actions.cancel(registration=seated, at=at)
    actions.accept_offer(registration=first, at=at)
    return event, first


@needs_payments
@pytest.mark.parametrize("boss_first", [True, False])
def test_who_needed_two_yeses_has_the_whole_time_to_pay_whoever_came_last(at, boss_first):
    event, first = offered_with_both(at)
    boss, host = first.approvals.order_by("-asked")
    assert (boss.asked, host.asked) == (Approval.Asked.ORGANISER, Approval.Asked.APPROVER)
    late = at + timedelta(days=4)

    for approval in (host, boss) if boss_first else (boss, host):
        actions.approve(approval=approval, at=late)

    assert now(first).hold_expires_at == late + timedelta(hours=event.offer_hours)


@needs_payments
def test_a_favour_takes_no_time_away(at):
    _event, first = offered_with_both(at)
    for approval in first.approvals.all():
        actions.approve(approval=approval, at=at + timedelta(days=4))
    until = now(first).hold_expires_at

    seat = first.attendees.get()
    actions.lower_prices(
        registration=first, amounts={seat.pk: Decimal("10.00")}, at=at + timedelta(days=4, hours=2), by=None, why="x"
    )

    assert (now(first).status, now(first).hold_expires_at) == (Status.HELD, until)


@needs_payments
def test_who_was_given_days_to_pay_keeps_them_when_a_payment_fails(at):
    event = factories.event(price="95.00")
    registration = register(event, at, approver=Approver("Baas", "baas@example.org"))
    actions.approve(approval=registration.approvals.get(), at=at)
    until = now(registration).hold_expires_at

    actions.release_hold(registration=registration, at=at + timedelta(hours=1))

    assert (now(registration).status, now(registration).hold_expires_at) == (Status.HELD, until)
    assert registration.letters.filter(kind="payment_failed").count() == 1


# --- A cancelled visit ----------------------------------------------------------------------------------------------
@needs_payments
def test_a_cancelled_visit_gives_back_what_was_kept_of_seats_given_up_earlier(at):
    event = factories.event(price="95.00")
    CancellationStep.objects.create(event=event, days_before=30, fee_percent=50)
    registration = register(event, at, seats=2)
    actions.confirm(registration=registration, at=at)
    gives_up(registration, 1, at)
    assert sum(seat.fee_kept for seat in registration.attendees.all()) == Decimal("57.48")

    foreseen = actions.foresee(event=_cancelled(event), changed=["status"], at=at)
    actions.cancel_event(event=event, at=at)

    assert [seat.owed for seat in registration.attendees.all()] == [0, 0]
    assert foreseen.free_to_cancel == 0


def _cancelled(event):
    event.status = "cancelled"
    return event


def test_who_cancelled_before_the_visit_was_reads_that_they_did(at, client):
    event = factories.event()
    factories.event_page(event)
    early, late = register(event, at), register(event, at)
    actions.cancel(registration=early, at=at)
    actions.cancel_event(event=event, at=at)

    told = [client.get(f"/en/r/{registration.manage_token}/").content.decode() for registration in (early, late)]

    assert ["The organiser cancelled the visit" in page for page in told] == [False, True]


# --- The last call --------------------------------------------------------------------------------------------------
def test_who_leaves_the_line_on_the_last_day_frees_no_place_and_nobody_is_called_for_it(at):
    event, seated = full(at, capacity=2, starts_at=at + timedelta(days=3))
    told, leaving = register(event, at, seats=2), register(event, at)
    day = event.last_call_at.replace(hour=12)
    gives_up(seated, 1, day)
    assert told.letters.filter(kind="last_call").count() == 1

    actions.cancel(registration=leaving, at=day + timedelta(minutes=5))
    actions.offer_seats(at=day + timedelta(minutes=6))
    assert told.letters.filter(kind="last_call").count() == 1

    gives_up(seated, 1, day + timedelta(minutes=10))
    assert told.letters.filter(kind="last_call").count() == 2


# --- Letters say what is so -----------------------------------------------------------------------------------------
def body(registration, kind, at):
    return letters.message(registration.letters.filter(kind=kind).latest("pk"), at=at).body.replace("\xa0", " ")


@needs_payments
def test_who_waits_is_asked_nothing_when_their_price_changes(at):
    scheme = factories.scheme()
    factories.member(scheme, code="LEDEN")
    event, _seated = full(at, scheme=scheme, price="95.00")
    waiting = register(event, at, organisation_code="LEDEN")

    actions.withdraw_entitlement(registration=waiting, at=at, by=None, why="Geen lid.")
    actions.lower_prices(
        registration=waiting, amounts={waiting.attendees.get().pk: Decimal("10.00")}, at=at, by=None, why="Toch minder."
    )

    for kind in ("price_changed", "price_lowered"):
        text = body(waiting, kind, at)
        assert "U behoudt uw plaats op de wachtlijst en betaalt niets zolang u wacht." in text
        assert "terugbetaald" not in text and "verschil" not in text


def test_who_leaves_a_waiting_group_leaves_the_others_waiting(at):
    event, _seated = full(at, capacity=3)
    group = register(event, at, seats=2)

    gives_up(group, 1, at)

    assert "De anderen blijven op de wachtlijst." in body(group, "cancelled", at)


@needs_payments
def test_an_offer_that_the_organiser_confirms_promises_no_certain_place(at):
    event = factories.event(capacity=1, price="95.00", waiting_list=True, requires_approval=True)
    seated, first = register(event, at), register(event, at)
    actions.cancel(registration=seated, at=at)

    text = body(first, "offer", at)

    assert "De organisator moet het ook goedkeuren; de tijd die dat neemt, telt niet tegen u." in text
    assert "binnen dezelfde tijd" not in text


@needs_payments
def test_an_approver_with_less_time_is_asked_again_with_the_new_end(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=30))
    registration = register(event, at, approver=Approver("Baas", "baas@example.org"))
    event.refresh_from_db()
    event.starts_at -= timedelta(days=28)
    event.ends_at -= timedelta(days=28)

    actions.change_event(event=event, changed=["starts_at", "ends_at"], at=at)

    asked = registration.letters.filter(kind="approval_request")
    assert list(asked.values_list("recipient", flat=True)) == ["baas@example.org"] * 2


def test_a_contact_who_gave_up_their_own_place_does_not_get_the_visit_back_in_their_calendar(at):
    event = factories.event()
    registration = register(event, at, seats=2)
    own = registration.attendees.order_by("pk").first()
    actions.cancel(registration=registration, attendee_ids=[own.pk], at=at)
    event.refresh_from_db()
    event.venue = "Hal 9"

    actions.change_event(event=event, changed=["venue"], at=at)

    mine = registration.letters.get(kind="visit_changed", recipient=registration.email)
    assert letters.message(mine, at=at).attachments == []


def test_nobody_writes_to_who_was_forgotten(at):
    registration = register(factories.event(), at)
    Registration.objects.filter(pk=registration.pk).update(email="forgotten-1@invalid.invalid")

    assert letters.write("message", now(registration), facts={"subject": "x", "text": "y"}, at=at) is None
