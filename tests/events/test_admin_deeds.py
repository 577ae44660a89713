"""One deed on one registration: attendance, and the price for members beyond a quota."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import actions, letters
from events.admin.told import DEEDS, history
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
def test_what_is_granted_is_not_granted_again_and_the_contact_has_one_letter_with_the_reason(
    organiser: Client, now
) -> None:
    scheme = factories.scheme(quota_per_event=2)
    factories.member(scheme)
    made = event(now, scheme=scheme, price="95.00")
    asks = register(made, now, seats=2)
    sent = {"membership": str(Membership.objects.get().pk), "why": "Lid."}

    url = reverse("tour_registrations:grant", args=[asks.pk])

    form = organiser.get(url).content.decode()
    done, again = organiser.post(url, sent), organiser.post(url, sent | {"why": "Again."})

    assert "The contact reads your reason; it is also the evidence" in form
    assert (done.status_code, again.status_code) == (302, 200)
    assert again.context["form"].non_field_errors() == [
        "These seats have this price already, by the same membership: there is nothing to do."
    ]
    assert [row.evidence for row in asks.entitlements.all()] == ["Lid."]
    (letter,) = asks.letters.filter(kind="granted")
    assert "Lid." in letters.message(letter, at=now).body


@pytest.mark.skipif(not factories.has_payments(), reason="a price beside the free seat needs payments")
def test_a_grant_of_part_of_a_group_may_be_granted_to_all_and_another_membership_leaves_its_line(now) -> None:
    scheme = factories.scheme(quota_per_event=1)
    one, other = factories.member(scheme, code="PROEF-2027"), factories.member(scheme)
    asks = register(event(now, scheme=scheme, price="95.00"), now, seats=2, organisation_code="PROEF-2027")
    assert [seat.price_incl_vat > 0 for seat in asks.attendees.order_by("pk")] == [False, True]
    person = factories.user("Organisers", name="an-organiser")

    for member in (one, other):
        membership = Membership.objects.get(organisation=member)
        actions.grant(registration=asks, membership=membership, at=timezone.now(), by=person, why=f"Lid {member}.")

    asks.refresh_from_db()
    granted = [(line.who, line.about, line.why) for line in history(asks) if line.deed == str(DEEDS["grant"])]
    assert asks.total_incl_vat == 0
    assert {("an-organiser", str(member), f"Lid {member}.") for member in (one, other)} <= set(granted)
