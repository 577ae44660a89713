"""Whoever leaves the waiting list never had a place: no page and no mail says that places were cancelled."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from events import actions, letters
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def waiting(now):
    """A group of two on the waiting list of a full visit."""
    event = factories.event(capacity=2, waiting_list=True, starts_at=now + timedelta(days=30))
    factories.event_page(event)
    actions.register(event=event, order=factories.order(seats=2), at=now)
    return actions.register(event=event, order=factories.order(seats=2), at=now)


def main(answer):
    found = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert found
    return " ".join(strip_tags(re.sub(r"</(li|dd|dt|p|h1|h2|button)>", " ", found.group())).split())


def mailed(registration, at):
    registration.refresh_from_db()
    letter = registration.letters.filter(kind="cancelled").latest("pk")
    mail = letters.message(letter, at=at)
    return mail.subject, mail.body


def test_the_way_out_of_the_line_is_called_that_from_the_first_button_to_the_mail(client, now, waiting):
    names = ", ".join(seat.name for seat in waiting.attendees.order_by("pk"))
    url = reverse("events:cancel", args=[waiting.manage_token])

    before = main(client.get(reverse("events:manage", args=[waiting.manage_token])))
    asked = main(client.get(url))
    after = main(client.post(url, follow=True))
    subject, body = mailed(waiting, now)

    assert "De wachtlijst verlaten? " in before and "Verhinderd?" not in before
    assert "Ja, de wachtlijst verlaten Nee, blijven wachten" in asked and "annuleren" not in asked
    assert after.count("U staat niet meer op de wachtlijst") == 2  # the heading, and that it is done
    assert "Er is niets aangerekend." in after and "De plaatsen zijn geannuleerd" not in after
    assert subject.startswith("U staat niet meer op de wachtlijst: ")
    assert f"Zoals u vroeg, hebben we van de wachtlijst gehaald: {names}." in body
    assert "annuleer" not in body


def test_one_of_a_waiting_group_leaves_and_the_others_wait_on(client, now, waiting):
    first, _second = waiting.attendees.order_by("pk")

    url = reverse("events:cancel", args=[waiting.manage_token])
    after = main(client.post(url, {"attendees": first.pk}, follow=True))
    subject, body = mailed(waiting, now)

    assert "Zij staan niet meer op de wachtlijst. Een mail bevestigt dit." in after
    assert subject.startswith("Enkelen van u verlieten de wachtlijst: ")
    assert f"gehaald: {first.name}." in body and "De anderen blijven op de wachtlijst." in body


def test_whom_the_organiser_takes_off_the_list_reads_by_whom_and_why(now, waiting):
    actions.cancel(registration=waiting, at=now, by=factories.user("Organisers"), why="Dubbel.")

    body = mailed(waiting, now)[1]

    assert "De organisator haalde van de wachtlijst: " in body and "Dubbel." in body


def test_who_had_a_place_still_cancels_it(client, now, waiting):
    seated = waiting.event.registrations.get(status="confirmed")

    after = main(client.post(reverse("events:cancel", args=[seated.manage_token]), follow=True))

    assert "De plaatsen zijn geannuleerd." in after and "wachtlijst" not in after
