"""The page of a registration says what is so on the day it is read, not what was so the moment it was made."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from events import actions
from events.models import Event, Registration
from tests import factories

pytestmark = pytest.mark.django_db
UNDER_WAY = "Een bevestiging met een agendabestand is onderweg naar"


@pytest.fixture
def now():
    return timezone.now()


def manage(client, registration, came_from=""):
    url = reverse("events:manage", args=[registration.manage_token])
    text = client.get(url, {"from": came_from} if came_from else None).content.decode()
    return " ".join(strip_tags(re.sub(r"</(li|dd|dt|p|h1|h2)>", " ", text)).split())


def registered(at, seats=2, **facts):
    event = factories.event(starts_at=timezone.now() + timedelta(days=30), **facts)
    return actions.register(event=event, order=factories.order(seats=seats), at=at)


def test_a_confirmation_is_on_its_way_only_right_after_the_step_that_made_it_certain(client, now):
    fresh, old = registered(now), registered(now - timedelta(days=1))

    assert UNDER_WAY in manage(client, fresh, "registered")
    for registration, came_from in [(fresh, ""), (fresh, "substituted"), (old, "registered"), (old, "")]:
        text = manage(client, registration, came_from)
        assert UNDER_WAY not in text and "Uw 2 plaatsen zijn zeker." in text


def test_who_kept_one_of_two_places_reads_that_it_is_certain(client, now):
    registration = registered(now)
    actions.cancel(registration=registration, attendee_ids=[registration.attendees.last().pk], at=now)

    text = manage(client, registration, "cancelled")

    assert "Uw plaats is zeker." in text and UNDER_WAY not in text


def test_after_the_visit_its_page_says_that_it_took_place(client, now):
    registration = registered(now)
    Event.objects.update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    registration.event.refresh_from_db()

    assert "Dit bezoek is voorbij." in manage(client, registration)


def test_a_price_by_the_mailbox_is_shown_as_proven_only_once_the_mailbox_is(client, now):
    scheme = factories.scheme()
    factories.member(scheme, domain="proef.example")
    event = factories.event(scheme=scheme, starts_at=now + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(email="an@proef.example"), at=now)
    assert registration.status == Registration.Status.UNCONFIRMED_EMAIL

    before = manage(client, registration)
    actions.confirm_mailbox(registration=registration, at=now)
    after = manage(client, registration)

    assert ("(Bevestigd e-mailadres)" in before, "(zodra uw e-mailadres bevestigd is)" in before) == (False, True)
    assert ("(Bevestigd e-mailadres)" in after, "(zodra uw e-mailadres bevestigd is)" in after) == (True, False)
