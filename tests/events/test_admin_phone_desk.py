"""Somebody on the phone: registered by the organiser, with colleagues, a price by decision, a class in the line."""

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Membership, Registration
from tests import factories
from tests.events.desk import event, register

pytestmark = pytest.mark.django_db
Status = Registration.Status


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


def test_every_line_that_cannot_be_read_is_named_at_once(organiser: Client, now) -> None:
    made = event(now)

    people = "An Peeters\n?\n\nBo; Maes; geen-adres"
    page = organiser.post(reverse("tour_events:desk", args=[made.pk]), on_the_phone(people=people))

    assert page.context["form"].errors["people"] == [
        "Line 1: write first name; last name; e-mail.",
        "Line 4: Enter a valid email address.",
    ]


@pytest.mark.skipif(not factories.has_payments(), reason="a price needs payments")
def test_the_desk_says_what_is_left_the_price_and_what_cancelling_costs(organiser: Client, now) -> None:
    made = event(now, capacity=12, price="95.00")
    made.cancellation_steps.create(days_before=7, fee_percent=50)
    made.save()
    register(made, now)

    page = organiser.get(reverse("tour_events:desk", args=[made.pk])).content.decode()

    assert "11 of 12 left" in page and "€114.95" in page and "50%" in page


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


def test_the_phone_desk_sets_the_class_in_the_line(organiser: Client, now) -> None:
    made = event(now, capacity=1, waiting_list=True)
    register(made, now)
    facts = {
        "first_name": "Fa", "last_name": "Foon", "email": "fa@example.org", "organisation_name": "Stad",
        "language": "nl", "accept_terms": "on", "line": "interested",
    }  # fmt: skip

    organiser.post(reverse("tour_events:desk", args=[made.pk]), facts)

    assert Registration.objects.get(email="fa@example.org").line == "interested"


@pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments")
def test_somebody_on_the_phone_gets_a_price_beyond_the_quota_once_the_organiser_read_that_it_is(
    organiser: Client, now
) -> None:
    scheme = factories.scheme(quota_per_event=1)
    member = factories.member(scheme)
    made = event(now, scheme=scheme, price="95.00")
    url = reverse("tour_events:desk", args=[made.pk])
    sent = on_the_phone(membership=str(Membership.objects.get().pk), why="Lid, code kwijt.", people="?\n?")

    asked = organiser.post(url, sent)
    assert asked.context["warnings"] == [
        f"Of the quota of {member} for this visit 0 of 1 seats are used; this asks for 2 more."
    ]
    assert Registration.objects.count() == 0
    organiser.post(url, sent | {"seen": asked.context["seen"]})

    assert Registration.objects.get().total_incl_vat == 0
