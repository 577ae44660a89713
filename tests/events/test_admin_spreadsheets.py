"""The files an organiser takes along: whom they name, and how a spreadsheet shows them."""

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Registration
from tests.events.desk import event, register

pytestmark = pytest.mark.django_db
Status = Registration.Status


def test_the_export_names_the_participants(organiser: Client, now) -> None:
    register(event(now), now, seats=2)

    response = organiser.get(reverse("tour_registrations:index"), {"export": "csv"})

    assert "An Peeters, Bo Nr1" in b"".join(response.streaming_content).decode()
