"""Registering over the API."""

import json
from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.utils import timezone

from events.models import Event
from tests import factories
from tests.bench.measuring import per_second, report


def register_over_the_api() -> None:
    """POST /api/v1/registrations/ for a free seat, beside the least a database must do for one seat."""
    event = factories.event(capacity=10_000, starts_at=timezone.now() + timedelta(days=30))
    factories.event_page(event)  # the API registers only for what the public can read about
    client = Client()

    def post(number: int) -> None:
        body = {
            "event": event.pk,
            "contact": {"first_name": "An", "last_name": "Peeters", "email": f"an{number}@example.org"},
            "organisation": {"name": "Gemeente Proef"},
            "attendees": [{"first_name": "An", "last_name": "Peeters", "email": f"an{number}@example.org"}],
            "accept_terms": True,
        }
        answer = client.post("/api/v1/registrations/", json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, answer.content

    def bare(number: int) -> None:
        with transaction.atomic():
            locked = Event.objects.select_for_update().get(pk=event.pk)
            locked.attendees.count()
            factories.organisation(f"Organisatie {number}")

    reference = per_second(bare, 1_000)
    value = per_second(post, 500)
    report(
        "register_over_the_api",
        value,
        "registrations/s",
        "one locked transaction with a count and an insert",
        reference,
    )
