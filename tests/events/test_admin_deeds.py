"""One deed on one registration: attendance, and the price for members beyond a quota."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from events import actions
from events.models import Event, Membership, Registration
from events.refusals import NotStartedYet
from tests import factories
from tests.events.desk import event, register

pytestmark = pytest.mark.django_db
Status = Registration.Status


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


@pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments")
@pytest.mark.parametrize(
    ("quota", "said"),
    [
        ({"quota_per_event": 2}, ["Of the quota of {} for this visit 2 of 2 seats are used; this asks for 2 more."]),
        ({"quota_per_year": 3}, ["Of the quota of {} for {year} 2 of 3 seats are used; this asks for 2 more."]),
    ],
)
def test_a_price_beyond_the_quota_is_granted_once_the_organiser_read_that_it_is(
    organiser: Client, now, quota: dict[str, int], said: list[str]
) -> None:
    scheme = factories.scheme(**quota)
    member = factories.member(scheme, code="PROEF-2027")
    made = event(now, scheme=scheme, price="95.00")
    register(made, now, seats=2, organisation_code="PROEF-2027")
    asks = register(made, now, seats=2)
    url = reverse("tour_registrations:grant", args=[asks.pk])
    sent = {"membership": str(Membership.objects.get().pk), "why": "Lid, code kwijt."}

    asked = organiser.post(url, sent)
    assert asked.context["warnings"] == [line.format(member, year=made.date.year) for line in said]
    assert "Yes, grant it beyond the quota" in asked.content.decode()
    assert asks.entitlement is None
    organiser.post(url, sent | {"seen": asked.context["seen"]})

    granted = Registration.objects.get(pk=asks.pk)
    assert (granted.total_incl_vat, granted.status) == (0, Status.CONFIRMED)
    assert granted.entitlement is not None and granted.entitlement.evidence == "Lid, code kwijt."


@pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments")
def test_a_second_yes_is_for_what_was_read_and_for_nothing_else(organiser: Client, now) -> None:
    scheme = factories.scheme(quota_per_event=0)
    one, other = factories.member(scheme), factories.member(scheme)
    made = event(now, scheme=scheme, price="95.00")
    asks = register(made, now)
    url = reverse("tour_registrations:grant", args=[asks.pk])
    of = {member: str(Membership.objects.get(organisation=member).pk) for member in (one, other)}

    seen = organiser.post(url, {"membership": of[one], "why": "Lid."}).context["seen"]
    again = organiser.post(url, {"membership": of[other], "why": "Lid.", "seen": seen})

    assert again.context["warnings"][0].startswith(f"Of the quota of {other} for this visit 0 of 0 seats are used")
    assert asks.entitlement is None


@pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments")
def test_within_the_quota_and_for_seats_that_have_the_price_already_nothing_is_asked_twice(
    organiser: Client, now
) -> None:
    scheme = factories.scheme(quota_per_event=2)
    factories.member(scheme)
    made = event(now, scheme=scheme, price="95.00")
    asks = register(made, now, seats=2)
    sent = {"membership": str(Membership.objects.get().pk), "why": "Lid."}

    codes = [
        organiser.post(reverse("tour_registrations:grant", args=[asks.pk]), sent).status_code for _time in range(2)
    ]

    assert codes == [302, 302]
    assert asks.entitlements.count() == 2
