"""One person's data: given as a file, forgotten on request, and what is said about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Registration
from tests import factories
from tests.events.desk import event, logged_in, register

pytestmark = pytest.mark.django_db
Status = Registration.Status


def test_a_persons_data_is_downloaded_and_forgotten_with_a_reason(organiser: Client, now) -> None:
    past = register(factories.event(starts_at=now - timedelta(days=2)), now - timedelta(days=9))
    url = reverse("tour_registrations:person")

    file = organiser.post(url, {"step": "export", "email": past.email}).json()
    assert [found["reference"] for found in file["as_contact"]] == [past.reference]
    organiser.post(url, {"step": "forget", "email": past.email, "sure": "on"})
    past.refresh_from_db()
    assert past.first_name == "An"
    organiser.post(url, {"step": "forget", "email": past.email, "sure": "on", "why": "Vraag van 24/11."})

    past.refresh_from_db()
    assert past.first_name == "forgotten"


def test_forgetting_who_still_comes_says_what_keeps_them_and_an_unknown_address_that_it_is_nowhere(
    organiser: Client, now
) -> None:
    coming = register(event(now), now)
    url, asked = reverse("tour_registrations:person"), {"step": "forget", "sure": "on", "why": "Vraag van 24/11."}

    kept = organiser.post(url, asked | {"email": coming.email}).content.decode()
    nowhere = organiser.post(url, asked | {"email": "niemand@example.org"}).content.decode()

    assert f"Cancel it first, then ask again: {coming.reference} (" in kept
    assert "This address stands nowhere." in nowhere
    assert "Forgotten in" not in kept + nowhere
    assert "This address stands nowhere." not in kept


@pytest.mark.parametrize("group", ["Finance", "Editors"])
def test_a_persons_data_is_for_organisers(now, group: str) -> None:
    assert logged_in(group).get(reverse("tour_registrations:person")).status_code == 302
