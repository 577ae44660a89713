"""The cockpit of a visit: what is taken, who waits, what there is to do, what changed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from events import actions
from events.models import Event, Letter, Membership, Needs, Registration
from tests import factories
from tests.events.desk import bulk, cockpit, event, logged_in, register

pytestmark = pytest.mark.django_db
Status = Registration.Status
#: Whoever settles the money is asked what is due, and what comes back.
COCKPIT_QUERIES = 27 if factories.has_payments() else 25


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


@pytest.mark.parametrize("group", ["Finance", "Editors"])
def test_who_may_not_change_registrations_does_nothing_here(now, group: str) -> None:
    made = event(now)
    one = register(made, now)
    client = logged_in(group)

    bulk(client, made, "do", one, deed="cancel", text="Nee")
    client.post(reverse("tour_events:desk", args=[made.pk]), {"first_name": "An"})

    one.refresh_from_db()
    assert (one.status, Registration.objects.count()) == (Status.CONFIRMED, 1)


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

    assert organiser.get(cockpit(made)).context["due"].total == Decimal("229.90")


def test_more_taken_than_there_is_room_for_is_more_than_full_and_every_name_to_follow_is_counted(
    organiser: Client, now
) -> None:
    made = event(now, capacity=4)
    nameless = (actions.Attending(), actions.Attending())
    for _time in range(2):
        order = factories.order()
        actions.register(event=made, order=replace(order, attendees=nameless), at=now)
    Event.objects.update(capacity=2, requires_approval=True)
    Registration.objects.filter(pk=made.registrations.first().pk).update(
        status=Status.AWAITING_APPROVAL, hold_expires_at=now + timedelta(days=2)
    )

    page = organiser.get(cockpit(made))

    assert page.context["fill"] == 200
    assert "4 seats have their name to follow" in [to_do.text for to_do in page.context["to_dos"]]


def test_the_history_names_ticket_types_and_writes_money_and_a_name_to_follow(organiser: Client, now) -> None:
    if not factories.has_payments():
        pytest.skip("money needs payments")
    scheme = factories.scheme()
    factories.member(scheme)
    made = event(now, scheme=scheme, price="95.00")
    one = actions.register(event=made, order=replace(factories.order(), attendees=(actions.Attending(),)), at=now)
    membership = Membership.objects.get()
    actions.grant(registration=one, membership=membership, at=now, by=factories.user("Organisers"), why="Lid.")

    told = organiser.get(reverse("tour_registrations:inspect", args=[one.pk])).context["history"]

    (line,) = [line for line in told if line.about == "Name to follow" and line.changes]
    assert line.changes == [("ticket type", "Cost price", "Members"), ("price incl. VAT", "€114.95", "€0.00")]
