"""What the tests of the organiser's desk share: who is logged in, a visit to come, and a deed on many."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from events import actions
from events.models import Event, Registration
from tests import factories


def logged_in(group: str, language: str = "en") -> Client:
    client = Client()
    person = factories.user(group)
    UserProfile.objects.create(user=person, preferred_language=language)
    client.force_login(person)
    return client


def event(now: datetime, **facts: Any) -> Event:
    made: Event = factories.event(starts_at=now + timedelta(days=20), **facts)
    return made


def register(made: Event, now: datetime, **order: Any) -> Registration:
    return actions.register(event=made, order=factories.order(**order), at=now)


def cockpit(made: Event) -> str:
    return reverse("tour_events:cockpit", args=[made.pk])


def bulk(client: Client, made: Event, step: str, *registrations: Registration, **facts: Any) -> Any:
    """A deed on the ticked ones; `status` is the filter of the list."""
    chosen = [str(registration.pk) for registration in registrations]
    url = f"{cockpit(made)}?status={facts.pop('status', '')}"
    return client.post(url, {"step": step, "chosen": chosen, "batch": "b1"} | facts)
