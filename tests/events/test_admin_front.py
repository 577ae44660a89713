"""Whoever runs the visits sees on the front page which are coming and what of each waits for them."""

from datetime import timedelta

import pytest
from django.test import Client

from events import actions
from events.admin.front import VisitsPanel
from events.models import Letter
from tests import factories
from tests.events.desk import event, register

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[str, int, int, int, int]]:
    listed = VisitsPanel().get_context_data({})["rows"]
    return [
        (row["visit"].name, row["visit"].counted_taken, row["visit"].counted_waiting, row["approvals"], row["letters"])
        for row in listed
    ]


def test_each_visit_to_come_says_its_seats_its_line_and_what_waits(now):
    full = event(now, name="Vol", capacity=2, waiting_list=True)
    register(full, now, seats=2)
    register(full, now)
    asking = event(now, name="Met ja", requires_approval=True)
    register(asking, now)
    Letter.objects.filter(registration__event=full, kind="waiting").update(next_attempt_at=None)

    assert rows() == [("Vol", 2, 1, 0, 1), ("Met ja", 1, 0, 1, 0)]


def test_past_cancelled_and_draft_visits_are_not_coming(now):
    factories.event(name="Voorbij", starts_at=now - timedelta(days=3))
    event(now, name="Ontwerp", status="draft")
    actions.cancel_event(event=event(now, name="Geannuleerd"), at=now)

    assert rows() == []


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_the_same_number_of_queries_however_many_visits(now, number, django_assert_num_queries):
    for _place in range(number):
        register(event(now, requires_approval=True), now)

    with django_assert_num_queries(3):
        assert len(rows()) == number


@pytest.mark.parametrize(("group", "sees"), [("Organisers", True), ("Editors", False)])
def test_who_may_not_see_registrations_does_not_see_it(now, group, sees):
    factories.ground()
    event(now, name="Bezoek aan de haven")
    client = Client()
    client.force_login(factories.user(group))

    assert ('id="visits-panel"' in client.get("/admin/").content.decode()) is sees
