"""Registering: who gets a seat, at what price, and who is told no, and why."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from events import actions
from events.models import Attendee, Entitlement, Letter, Registration
from events.refusals import (
    AlreadyRegistered,
    CodeExpired,
    CodeNotValidYet,
    CodeUnknown,
    CodeWithoutBenefit,
    EventCancelled,
    FullyBooked,
    KeyReused,
    MembershipNotValid,
    NothingForYou,
    NotOpenYet,
    PaymentUnavailable,
    RegistrationClosed,
)
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="seats are free only without payments")


def test_a_free_seat_is_confirmed_at_once_and_one_letter_is_written(at):
    event = factories.event()

    registration = actions.register(event=event, order=factories.order(), at=at)

    assert (registration.status, registration.total_incl_vat) == (Status.CONFIRMED, Decimal("0.00"))
    assert event.seats_left(at) == 9
    assert list(registration.letters.values_list("kind", "recipient")) == [("confirmed", registration.email)]


@needs_payments
def test_a_paid_seat_is_held_until_paid_at_the_price_of_that_moment(at):
    event = factories.event(price="95.00")

    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    event.ticket_types.update(price_excl_vat="200.00")

    assert (registration.status, registration.hold_expires_at) == (Status.HELD, at + timedelta(minutes=45))
    assert registration.total_incl_vat == Decimal("229.90")
    assert {(a.price_excl_vat, a.vat_amount, a.price_incl_vat) for a in registration.attendees.all()} == {
        (Decimal("95.00"), Decimal("19.95"), Decimal("114.95"))
    }


def test_without_a_way_to_be_paid_a_paid_seat_is_refused(at, settings, monkeypatch):
    event = factories.event(price="95.00")
    monkeypatch.setattr("events.actions.registering.installed", lambda: None)

    with pytest.raises(PaymentUnavailable):
        actions.register(event=event, order=factories.order(), at=at)

    assert Registration.objects.count() == 0


def test_an_organisation_code_gives_the_members_price_and_leaves_its_evidence(at):
    scheme = factories.scheme()
    member = factories.member(scheme, code="DEAL-2027")
    event = factories.event(scheme=scheme, price="95.00")

    registration = actions.register(event=event, order=factories.order(seats=3, organisation_code=" deal-2027 "), at=at)

    entitlement = registration.entitlement
    assert (registration.status, registration.total_incl_vat) == (Status.CONFIRMED, Decimal("0.00"))
    assert (entitlement.proof, entitlement.membership.organisation, entitlement.proven_at) == ("code", member, at)
    assert entitlement.evidence == f"DEAL-2027 ({member.name})"


def test_a_mailbox_on_a_verified_domain_holds_free_seats_until_the_mailed_link_is_used(at):
    scheme = factories.scheme()
    factories.member(scheme, domain="proef.example")
    event = factories.event(scheme=scheme, price="95.00")

    registration = actions.register(event=event, order=factories.order(email="An@Proef.example"), at=at)

    assert (registration.status, registration.total_incl_vat) == (Status.UNCONFIRMED_EMAIL, Decimal("0.00"))
    assert registration.hold_expires_at == at + timedelta(hours=24)
    assert (registration.entitlement.proof, registration.entitlement.proven_at) == ("mailbox", None)
    confirmed = actions.confirm_mailbox(registration=registration, at=at + timedelta(hours=1))
    assert confirmed.status == Status.CONFIRMED
    assert Entitlement.objects.get().proven_at == at + timedelta(hours=1)
    assert actions.confirm_mailbox(registration=registration, at=at).status == Status.CONFIRMED
    assert list(Letter.objects.order_by("pk").values_list("kind", flat=True)) == ["confirm_mailbox", "confirmed"]


@needs_payments
@pytest.mark.parametrize("address", ["an@gmail.com", "an@sub.proef.example", "an@onbewezen.example"])
def test_a_mailbox_elsewhere_pays_like_everybody(at, address):
    scheme = factories.scheme()
    member = factories.member(scheme, domain="proef.example")
    member.email_domains.create(domain="onbewezen.example", verified_on=None)
    event = factories.event(scheme=scheme, price="95.00")

    registration = actions.register(event=event, order=factories.order(email=address), at=at)

    assert (registration.status, registration.total_incl_vat) == (Status.HELD, Decimal("114.95"))


def test_a_code_we_do_not_know_is_refused_not_ignored(at):
    event = factories.event(scheme=factories.scheme(), price="95.00")

    with pytest.raises(CodeUnknown):
        actions.register(event=event, order=factories.order(organisation_code="NIETS-123"), at=at)


@pytest.mark.parametrize(
    ("validity", "refusal"),
    [
        ({"valid_until": date(2027, 1, 11)}, CodeExpired),
        ({"valid_from": date(2027, 1, 13)}, CodeNotValidYet),
    ],
)
def test_a_code_outside_its_dates_is_refused_with_the_date(at, validity, refusal):
    scheme = factories.scheme()
    member = factories.member(scheme, code="DEAL-2027")
    member.codes.update(**validity)
    event = factories.event(scheme=scheme, price="95.00")

    with override("en"), pytest.raises(refusal, match=r"1[13] Jan 2027"):
        actions.register(event=event, order=factories.order(organisation_code="DEAL-2027"), at=at)


@pytest.mark.parametrize(
    ("membership", "allowed"),
    [
        ({"valid_until": date(2027, 1, 21)}, False),
        ({"valid_until": date(2027, 1, 22)}, True),
        ({"valid_from": date(2027, 1, 23)}, False),
        ({"role": "facilitator"}, False),
    ],
)
def test_a_membership_counts_on_the_day_of_the_visit(at, membership, allowed):
    scheme = factories.scheme()
    factories.member(scheme, code="DEAL-2027", **membership)
    event = factories.event(scheme=scheme, price="95.00")  # on 22 January
    order = factories.order(organisation_code="DEAL-2027")

    if allowed:
        assert actions.register(event=event, order=order, at=at).status == Status.CONFIRMED
    else:
        with pytest.raises(MembershipNotValid):
            actions.register(event=event, order=order, at=at)


def test_facilitators_come_free_where_their_scheme_says_so(at):
    scheme = factories.scheme(facilitators_included=True)
    factories.member(scheme, code="DEAL-2027", role="facilitator")
    event = factories.event(scheme=scheme, price="95.00")

    registration = actions.register(event=event, order=factories.order(organisation_code="DEAL-2027"), at=at)

    assert registration.status == Status.CONFIRMED


def test_a_code_that_changes_nothing_here_is_refused_where_seats_cost_money(at):
    factories.member(factories.scheme(), code="DEAL-2027")
    order = factories.order(organisation_code="DEAL-2027")

    with pytest.raises(CodeWithoutBenefit):
        actions.register(event=factories.event(price="95.00"), order=order, at=at)
    assert actions.register(event=factories.event(), order=order, at=at).status == Status.CONFIRMED


def test_a_visit_for_members_only_says_so(at):
    event = factories.event(scheme=factories.scheme())

    with pytest.raises(NothingForYou):
        actions.register(event=event, order=factories.order(), at=at)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"status": "cancelled"}, EventCancelled),
        ({"status": "draft"}, RegistrationClosed),
        ({"registration_opens_at": "later"}, NotOpenYet),
        ({"registration_closes_at": "now"}, RegistrationClosed),
        ({"starts_at": "now"}, RegistrationClosed),
    ],
)
def test_a_visit_that_takes_nobody_says_why(at, facts, refusal):
    moments = {"later": at + timedelta(seconds=1), "now": at}
    event = factories.event(**{name: moments.get(value, value) for name, value in facts.items()})

    with pytest.raises(refusal):
        actions.register(event=event, order=factories.order(), at=at)

    assert Registration.objects.count() == 0


def test_a_full_visit_without_a_waiting_list_refuses_and_says_how_many_are_left(at):
    event = factories.event(capacity=3)
    actions.register(event=event, order=factories.order(seats=2), at=at)

    with pytest.raises(FullyBooked, match="1"):
        actions.register(event=event, order=factories.order(seats=2), at=at)


def test_nobody_passes_the_line(at):
    event = factories.event(capacity=3, waiting_list=True)
    first = actions.register(event=event, order=factories.order(seats=2), at=at)
    group = actions.register(event=event, order=factories.order(seats=2), at=at + timedelta(minutes=1))
    single = actions.register(event=event, order=factories.order(), at=at + timedelta(minutes=2))

    assert [r.status for r in (first, group, single)] == [Status.CONFIRMED, Status.WAITING, Status.WAITING]
    assert [r.place_in_line() for r in (first, group, single)] == [None, 1, 2]
    assert (event.seats_left(at), event.seats_for_newcomers(at)) == (1, 0)


def test_the_same_address_takes_one_seat_per_visit(at):
    event = factories.event()
    actions.register(event=event, order=factories.order(email="an@example.org"), at=at)

    with pytest.raises(AlreadyRegistered, match=r"AN@example\.org"):
        actions.register(event=event, order=factories.order(email="AN@example.org"), at=at)

    assert Attendee.objects.count() == 1
    assert actions.register(event=factories.event(), order=factories.order(email="an@example.org"), at=at)


def test_the_same_key_with_the_same_order_is_one_registration(at):
    event = factories.event()
    order = factories.order(idempotency_key="sleutel")

    first = actions.register(event=event, order=order, at=at)
    again = actions.register(event=event, order=order, at=at + timedelta(hours=2))

    assert again == first
    assert Registration.objects.count() == 1
    with pytest.raises(KeyReused):
        actions.register(event=event, order=factories.order(idempotency_key="sleutel"), at=at)


def test_seats_are_counted_in_one_statement(at, django_assert_num_queries):
    event = factories.event()
    actions.register(event=event, order=factories.order(seats=3), at=at)

    with django_assert_num_queries(1):
        assert event.seats_taken(at) == 3
