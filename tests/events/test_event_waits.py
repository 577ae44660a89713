"""What of the visits waits for their organiser, and which of them lack a page for who writes."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from cms import review
from events import actions
from events.admin.waits import waiting
from events.models import Letter, Offer
from tests import factories
from tests.events.desk import event, register

pytestmark = pytest.mark.django_db

YES, ENDS = "Registrations for your yes", "Offers from the waiting list that end within a day"
LOST, PAGES = "Mails that did not arrive", "Planned visits without a page in both languages"


@pytest.fixture(autouse=True)
def in_english():
    factories.ground()
    review.give_pages()
    with override("en"):
        yield


def told(group, at):
    found = waiting(user=factories.user(group), at=at)
    return {one.heading: [(row.text, row.note) for row in one.rows] for one in found}


def visit(now, **facts):
    """With a page in both languages."""
    made = event(now, **facts)
    factories.event_page(made)
    return made


def offered(made, now, *, hours):
    registration = register(made, now)
    Offer.objects.create(
        registration=registration, seats=1, made_at=now - timedelta(hours=48), expires_at=now + timedelta(hours=hours)
    )
    return registration


def test_a_registration_that_asks_the_organisers_yes_waits_until_it_is_given(now):
    made = visit(now, name="Ronse", requires_approval=True)
    registration = register(made, now)

    ((text, note),) = told("Organisers", now)[YES]
    assert (text, note.partition(",")[0]) == ("An Peeters, Gemeente Proef", "Ronse")

    actions.cancel(registration=registration, at=now)
    assert YES not in told("Organisers", now)


def test_an_offer_that_ends_within_a_day_waits_the_first_to_end_first(now):
    made = visit(now, name="Ronse")
    for hours in (30, 20, 2):
        offered(made, now, hours=hours)

    notes = [note for _text, note in told("Organisers", now)[ENDS]]

    assert [note.partition(", until")[0] for note in notes] == ["Ronse, 1 place"] * 2


def test_a_mail_that_did_not_arrive_waits_until_the_visit_is_past(now):
    registration = register(visit(now), now)
    Letter.objects.filter(registration=registration).update(next_attempt_at=None)

    assert [note.rpartition(", ")[2] for _text, note in told("Organisers", now)[LOST]] == [registration.email]
    assert LOST not in told("Organisers", now + timedelta(days=90))


def test_a_planned_visit_without_a_page_in_a_language_waits_for_organiser_and_editor(now):
    visit(now)
    event(now, name="Ontwerp", status="draft")
    factories.event_page(event(now, name="Halve"), both=False)
    event(now, name="Geen")

    for group in ("Organisers", "Editors"):
        assert [(text, note.partition(", ")[2]) for text, note in told(group, now)[PAGES]] == [
            ("Halve", "missing: English"),
            ("Geen", "missing: Dutch, English"),
        ]
    assert told("Finance", now) == told("Reviewers", now) == {}


def test_a_page_that_was_taken_off_line_is_no_page(now):
    made = event(now)
    factories.event_page(made).unpublish()

    assert PAGES in told("Organisers", now)


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_the_same_number_of_queries_whatever_waits(now, number, django_assert_num_queries):
    for _place in range(number):
        asks = register(event(now, requires_approval=True), now)
        Letter.objects.filter(pk=asks.letters.earliest("pk").pk).update(next_attempt_at=None)
        offered(visit(now), now, hours=3)
    person = factories.user("Organisers")
    waiting(user=person, at=now)  # what is asked of a person once

    with django_assert_num_queries(5):  # one of them asks which pages are private
        assert [one.heading for one in waiting(user=person, at=now)] == [YES, ENDS, LOST, PAGES]
