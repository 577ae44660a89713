"""One deed on one registration: attendance, and the price for members beyond a quota."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from events import actions
from events.models import Event, Registration
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
