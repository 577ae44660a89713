"""The registration features of the domain's list, statement by statement: each test is named after what is stated.

Where a browser adds nothing the pages are asked for directly; the Chromium journeys stand in test_trusted_registration.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import actions, duties, letters
from events.actions import Approver, Attending
from events.days import days_before
from events.models import Event, Letter, Offer, Registration
from events.refusals import FullyBooked, NamesDue
from tests import factories
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
Status = Registration.Status


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def scheme():
    factories.ground()
    return factories.scheme(quota_per_event=2)


def visit(now, scheme=None, **facts):
    facts = {"price": "95.00", "starts_at": now + timedelta(days=30), "waiting_list": True} | facts
    return factories.event(scheme=scheme, **facts)


def register(event, now, **order):
    return actions.register(event=event, order=factories.order(**order), at=now)


def statuses(*registrations):
    return [Registration.objects.get(pk=registration.pk).status for registration in registrations]


def link(letter, part, now):
    """The address of this part of the site in a letter, without its host."""
    body = letters.message(letter, at=now).body
    found = re.search(rf"https?://[^/\s]+(/\S*{part}/\S+)", body)
    assert found, body
    return found.group(1)


# --- 3. Organisation-level Green Deal entitlement -------------------------------------------------------------------
def test_3_a_person_with_the_verified_domain_of_a_valid_organisation_gets_price_0(client: Client, now, scheme):
    factories.member(scheme, domain="proef.example")
    registration = register(visit(now, scheme), now, email="an@proef.example")
    assert (registration.status, registration.total_incl_vat) == (Status.UNCONFIRMED_EMAIL, 0)

    client.post(link(registration.letters.get(kind="confirm_mailbox"), "confirm", now))

    assert statuses(registration) == [Status.CONFIRMED]


def test_3_an_expired_scheme_on_the_day_of_the_visit_gives_the_paid_price(now, scheme):
    event = visit(now, scheme)
    factories.member(scheme, domain="proef.example", valid_until=event.date - timedelta(days=1))

    assert register(event, now, email="an@proef.example").status == Status.HELD


@pytest.mark.parametrize("domain", ["gmail.com", "hotmail.be", "live.nl"])
def test_3_a_gmail_address_never_matches(now, scheme, domain):
    factories.member(scheme, domain="proef.example")

    assert register(visit(now, scheme), now, email=f"an@{domain}").status == Status.HELD


@pytest.mark.parametrize(("asks", "expected"), [(False, Status.HELD), (True, Status.AWAITING_APPROVAL)])
def test_3_the_third_person_of_a_quota_of_2_sees_the_price_or_an_approval_and_is_never_refused(
    now, scheme, asks, expected
):
    factories.member(scheme, code="GENT-2027")
    event = visit(now, scheme)
    register(event, now, seats=2, organisation_code="GENT-2027")

    third = register(event, now, organisation_code="GENT-2027", asks_for_more=asks)

    assert third.status == expected


# --- 4. Group registration with colleagues and later naming ---------------------------------------------------------
def body(event, people):
    return {
        "event": event.pk,
        "locale": "nl",
        "contact": {"first_name": "An", "last_name": "Peeters", "email": "an@example.org"},
        "organisation": {"name": "Stad Proef"},
        "attendees": people,
        "accept_terms": True,
    }


@pytest.mark.parametrize(("count", "status"), [(1, 201), (10, 201), (11, 422), (0, 422)])
def test_4_one_order_holds_1_to_10_seats_and_contact_data_is_typed_once(client: Client, now, count, status):
    event = factories.event_page(visit(now, price=None, capacity=20)).event
    people = [{"first_name": "Bo", "last_name": f"Nr {n}", "email": f"bo{n}@example.org"} for n in range(count)]

    answer = client.post("/api/v1/registrations/", body(event, people), content_type="application/json")

    assert answer.status_code == status
    assert Registration.objects.count() == (status == 201)


def follows(event, moment):
    order = factories.order()
    order = order.__class__(**{**order.__dict__, "attendees": (*order.attendees, Attending())})
    return actions.register(event=event, order=order, at=moment)


def test_4_to_be_named_is_accepted_until_five_days_before(now):
    event = visit(now, price=None)
    due = days_before(event.starts_at, 5)

    assert follows(event, due - timedelta(seconds=1)).status == Status.CONFIRMED
    with pytest.raises(NamesDue):
        follows(event, due)


def test_4_a_name_swapped_by_link_keeps_payment_and_history(client: Client, now):
    factories.ground()
    registration = register(visit(now), now)
    factories.pay(registration, at=now)
    seat = registration.attendees.get()
    manage = link(registration.letters.get(kind="confirmed"), "r", now)

    client.post(f"{manage}names/{seat.pk}/", {"first_name": "Cas", "last_name": "Claes", "email": "cas@example.org"})

    seat.refresh_from_db()
    assert (seat.name, seat.price_incl_vat) == ("Cas Claes", Decimal("114.95"))
    assert (registration.payments.get().status, registration.payments.get().refunds.count()) == ("paid", 0)
    client.force_login(factories.user("Organisers"))
    page = client.get(reverse("tour_registrations:inspect", args=[registration.pk]))
    changes = [change for line in page.context["history"] for change in line.changes]
    assert any("Peeters" in before and "Claes" in after for _name, before, after in changes)


# --- 6. Correct seat accounting under concurrency -------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_6_twenty_at_once_for_5_seats_give_exactly_5_and_the_rest_is_refused(now):
    event = visit(now, price=None, capacity=5, waiting_list=False)
    orders = [factories.order() for _client in range(20)]

    results = at_once([lambda order=order: actions.register(event=event, order=order, at=now) for order in orders])

    assert sum(isinstance(result, Registration) for result in results) == 5
    assert sum(isinstance(result, FullyBooked) for result in results) == 15


def test_6_an_expired_hold_frees_the_seat_once(now):
    event = visit(now, capacity=1)
    held, waiting = register(event, now), register(event, now)

    for _twice in range(2):
        actions.expire_holds(at=now + timedelta(hours=3))

    assert statuses(held, waiting) == [Status.EXPIRED, Status.OFFERED]
    assert Offer.objects.count() == 1


def test_6_a_late_payment_for_a_seat_that_is_gone_is_refunded_and_never_silent(now):
    event = visit(now, capacity=1)
    late, waiting = register(event, now), register(event, now)
    page = factories.payment_page(late, at=now)
    after = now + timedelta(hours=3)
    actions.expire_holds(at=after)

    factories.receive(page, at=after)

    assert statuses(late, waiting) == [Status.EXPIRED, Status.OFFERED]
    assert late.letters.get(kind="refund").facts["amount"] == "114.95"
    assert event.seats_taken(after) == 1


# --- 10. Waiting list with timed offers -----------------------------------------------------------------------------
def line_of_three(now, **facts):
    event = visit(now, price=None, capacity=1, **facts)
    return event, register(event, now), [register(event, now + timedelta(minutes=n)) for n in (1, 2, 3)]


def test_10_a_freed_seat_is_offered_to_the_first_in_the_class(now):
    _event, seated, line = line_of_three(now, waiting_order="members_first")
    Registration.objects.filter(pk=line[1].pk).update(line="member")

    actions.cancel(registration=seated, at=now)

    assert statuses(*line) == [Status.WAITING, Status.OFFERED, Status.WAITING]


def test_10_after_expiry_the_next_gets_it_and_there_are_never_two_open_offers_for_one_seat(now):
    _event, seated, line = line_of_three(now)
    actions.cancel(registration=seated, at=now)

    for round_number in (1, 2):
        duties.expire_holds(at=now + timedelta(hours=48 * round_number, minutes=round_number))
        assert Offer.objects.open().count() == 1

    assert statuses(*line) == [Status.EXPIRED, Status.EXPIRED, Status.OFFERED]


def test_10_in_the_last_24_hours_everybody_is_informed_and_the_first_to_take_it_has_it(client: Client, now):
    factories.ground()
    noon = timezone.localtime(now).replace(hour=12, minute=0, second=0)
    event, seated, line = line_of_three(now, starts_at=noon + timedelta(days=40))
    last_day = event.last_call_at
    actions.cancel(registration=seated, at=last_day)

    told = Letter.objects.filter(kind="last_call")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(registration.email for registration in line)
    assert Offer.objects.count() == 0
    actions.take_free_seats(registration=line[2], at=last_day)
    assert statuses(*line) == [Status.WAITING, Status.WAITING, Status.CONFIRMED]


# --- 16. Reminders, one-click cancel and substitute -----------------------------------------------------------------
@pytest.mark.parametrize(("days", "kind"), [(7, "reminder_week"), (1, "reminder_day")])
def test_16_the_mails_of_seven_days_and_of_one_day_before_go_out_once_each(now, days, kind):
    event = visit(now, price=None)
    registration = register(event, now, seats=2)

    for minutes in (0, 1, 60):
        duties.remind(at=days_before(event.starts_at, days) + timedelta(minutes=minutes))

    assert registration.letters.filter(kind=kind).count() == 2


def test_16_the_link_works_without_login_and_a_scanner_that_only_reads_cancels_nothing(client: Client, now):
    factories.ground()
    event = visit(now, price=None)
    registration = register(event, now)
    duties.remind(at=days_before(event.starts_at, 1))
    url = link(registration.letters.get(kind="reminder_day"), "seat", now)

    for _scanner in range(3):
        assert client.get(url).status_code == 200
        client.head(url)
    assert statuses(registration) == [Status.CONFIRMED]
    client.post(url)

    assert statuses(registration) == [Status.CANCELLED]


# --- 22. Approval by boss -------------------------------------------------------------------------------------------
@pytest.fixture
def asked(now):
    factories.ground()
    return register(visit(now, capacity=1), now, approver=Approver("Baas", "baas@example.org"))


def test_22_the_requesters_order_waits_and_the_approvers_signed_link_shows_price_and_terms(client: Client, now, asked):
    assert statuses(asked) == [Status.AWAITING_APPROVAL]
    assert Event.objects.get().seats_left(now) == 0
    url = link(asked.letters.get(kind="approval_request"), "approval", now)

    page = client.get(url).content.decode()

    assert "114,95" in page
    assert client.get(f"{url[:-5]}xxxx/").status_code == 404


def test_22_approved_within_the_days_it_is_payable(client: Client, now, asked):
    client.post(link(asked.letters.get(kind="approval_request"), "approval", now), {"answer": "approve"})

    assert statuses(asked) == [Status.HELD]
    assert asked.letters.filter(kind="approved").count() == 1
    assert factories.payment_page(asked, at=now).amount == asked.total_incl_vat


def test_22_without_an_answer_in_time_it_lapses(now, asked):
    actions.expire_holds(at=now + timedelta(days=5))

    assert statuses(asked) == [Status.EXPIRED]
    assert asked.letters.filter(kind="approval_lapsed").count() == 1


def test_22_rejected_the_seat_is_free_and_the_requester_is_told(client: Client, now, asked):
    url = link(asked.letters.get(kind="approval_request"), "approval", now)

    client.post(url, {"answer": "reject", "remark": "Te druk in maart."})

    assert statuses(asked) == [Status.CANCELLED]
    assert Event.objects.get().seats_left(now) == 1
    letter = asked.letters.get(kind="rejected")
    assert letter.recipient == asked.email
    assert "Te druk in maart." in letters.message(letter, at=now).body
