"""What the results page says of visits: only what was, nobody's name, in as many queries whatever there is."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from events import actions
from events.models import Attendee, Registration
from events.results import chapter
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=60)


def visited(organisation="Stad Gent", seats=1, days=10, **facts):
    event = factories.event(starts_at=NOON + timedelta(days=days), capacity=20, **facts)
    actions.register(event=event, order=factories.order(seats=seats, organisation_name=organisation), at=NOON)
    return event


def figures(at=LATER):
    return [figure.number for figure in chapter(at=at).figures]


def test_a_visit_counts_once_it_is_over_with_everybody_who_had_a_seat():
    visited(seats=2)
    visited("stad gent ")
    visited("Stad Aalst", days=70)

    with override("en"):
        told = chapter(at=LATER)

    assert [(figure.label, figure.number) for figure in told.figures] == [
        ("Visits held", "2"),
        ("Participants", "3"),
        ("Organisations", "1"),
        ("Visits to come", "0"),
    ]
    assert told.charts[0].rows == [("2027", [3, 0])]


def test_who_was_absent_or_gave_up_and_what_was_cancelled_or_empty_do_not_count():
    absent = visited(seats=3)
    Attendee.objects.filter(pk=absent.attendees.first().pk).update(attended=False)
    actions.cancel(registration=visited("Stad Aalst").registrations.get(), at=NOON)
    cancelled = visited("Stad Brugge")
    actions.cancel_event(event=cancelled, at=NOON)
    factories.event(starts_at=NOON + timedelta(days=10))

    assert figures() == ["1", "2", "1", "0"]


def test_only_what_everybody_may_see_is_to_come():
    factories.event_page(factories.event(starts_at=LATER + timedelta(days=10)))
    factories.event(starts_at=LATER + timedelta(days=10))

    assert figures() == ["0", "0", "0", "1"]
    assert chapter(at=LATER).charts == []


@pytest.mark.skipif(not factories.has_payments(), reason="nobody pays without payments")
def test_who_paid_is_drawn_apart():
    registration = actions.register(event=factories.event(price="95.00"), order=factories.order(), at=NOON)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=NOON, hold_expires_at=None)
    visited(seats=2)

    assert chapter(at=LATER).charts[0].rows == [("2027", [2, 1])]


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_four_queries_whatever_there_is(number, django_assert_num_queries):
    for _visit in range(number):
        visited()

    with django_assert_num_queries(4):
        chapter(at=LATER)
