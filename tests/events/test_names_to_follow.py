"""A name may follow until its day: every page and mail before it says so and until when, none offers it after."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cms.templatetags.cms_tags import clock, long_date
from events import actions, letters
from events.actions import Attending
from events.models import Event, Registration
from tests import factories
from tests.events.test_event_pages import hidden, register_url, typed

pytestmark = pytest.mark.django_db
TO_FOLLOW = {"colleagues-TOTAL_FORMS": "1", "colleagues-0-to_follow": "on"}


@pytest.fixture
def now():
    return timezone.now()


def page(now, *, due):
    """A visit in thirty days whose names are due so many days before it."""
    return factories.event_page(factories.event(starts_at=now + timedelta(days=30), names_due_days=due))


def text(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def words(moment):
    return f"{long_date(moment)}, {clock(moment)}"


def registered(event, now):
    """One with a name and one whose name follows."""
    order = factories.order()
    people = (*order.attendees, Attending())
    return actions.register(event=event, order=replace(order, attendees=people), at=now)


def confirmation(registration, at):
    return letters.message(registration.letters.get(kind="confirmed"), at=at).body.replace("\xa0", " ")


def test_before_its_day_the_overview_the_mail_and_the_page_say_until_when_the_name_may_follow(client, now):
    visit = page(now, due=5)
    due = words(visit.event.names_due_at)

    form = client.post(register_url(visit), typed(step="more")).content.decode()
    overview = client.post(register_url(visit), typed() | TO_FOLLOW)
    client.post(register_url(visit), hidden(overview.content.decode()) | {"step": "order"})

    registration = Registration.objects.get()
    assert 'name="colleagues-0-to_follow"' in form
    assert f"Van 1 plaats volgt de naam nog. Vul die in vóór {due}, met de link in onze mail." in text(overview)
    assert "Van 1 plaats kennen we de naam nog niet. Vul die in met de link hieronder, vóór" in confirmation(
        registration, now
    )
    manage = text(client.get(reverse("events:manage", args=[registration.manage_token])))
    assert f"Vul de namen die nog volgen in vóór {due}." in manage


def test_where_every_name_is_known_nothing_is_said_of_names(client, now):
    visit = page(now, due=5)

    overview = client.post(register_url(visit), typed())
    client.post(register_url(visit), hidden(overview.content.decode()) | {"step": "order"})

    assert "volgt de naam" not in text(overview)
    assert "de naam nog niet" not in confirmation(Registration.objects.get(), now)


def test_after_its_day_a_name_to_follow_is_not_offered(client, now):
    visit = page(now, due=40)

    form = client.post(register_url(visit), typed(step="more")).content.decode()

    assert 'name="colleagues-0-first_name"' in form and "to_follow" not in form


@pytest.mark.parametrize("step", ["review", "order"])
def test_after_its_day_one_that_is_sent_anyway_is_refused_before_the_overview(client, now, step):
    visit = page(now, due=40)

    answer = client.post(register_url(visit), typed(step=step) | TO_FOLLOW)

    assert (answer.status_code, Registration.objects.count()) == (422, 0)
    assert [message for _id, message in answer.context["errors"]] == [
        "Zo kort voor het bezoek moet elke naam bekend zijn. Vul alle namen in."
    ]
    assert re.search(r'<a href="#id_colleagues-0-first_name">', answer.content.decode())


def test_after_its_day_the_registrations_page_and_the_mail_say_what_to_do_now(client, now):
    visit = page(now, due=5)
    registration = registered(visit.event, now)
    Event.objects.update(names_due_days=40)
    registration.refresh_from_db()

    manage = text(client.get(reverse("events:manage", args=[registration.manage_token])))

    due = words(registration.event.names_due_at)
    assert f"Elke naam moest bekend zijn op {due}. Vul hier zo snel mogelijk in wie er komt" in manage
    assert "Vul de namen die nog volgen in vóór" not in manage
    assert "Vul die zo snel mogelijk in met de link hieronder." in confirmation(registration, now)


def test_once_the_visit_began_nobody_is_asked_for_names(client, now):
    visit = page(now, due=5)
    registration = registered(visit.event, now)
    Event.objects.update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2))

    manage = text(client.get(reverse("events:manage", args=[registration.manage_token])))

    assert "Elke naam moest" not in manage and "Vul de namen" not in manage
