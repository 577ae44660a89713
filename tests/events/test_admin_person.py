"""One person's data: given as a file, forgotten on request, and what is said about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from events import actions
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


def test_what_was_forgotten_is_counted_in_registrations_and_reads_as_such(now) -> None:
    starts_at = now - timedelta(days=2)
    past = register(factories.event(starts_at=starts_at), now - timedelta(days=9))
    other = register(factories.event(starts_at=starts_at), now - timedelta(days=9), email=past.email)
    client = logged_in("Organisers", language="nl")

    page = client.post(
        reverse("tour_registrations:person"),
        {"step": "forget", "email": past.email, "sure": "on", "why": "Vraag van 24/11."},
    )
    shown = client.get(reverse("tour_registrations:inspect", args=[other.pk])).content.decode()

    assert "Vergeten in 2 inschrijvingen." in page.content.decode()
    assert "(vergeten)" in shown
    assert "forgotten" not in shown and "invalid.invalid" not in shown


def test_the_history_keeps_that_somebody_was_forgotten_and_not_who(organiser: Client, now) -> None:
    past = register(factories.event(starts_at=now - timedelta(days=2)), now - timedelta(days=9))
    actions.erase_person(email=past.email, at=now)

    told = organiser.get(reverse("tour_registrations:inspect", args=[past.pk])).context["history"]

    # One transaction of the test is one moment: which line stands first says nothing here.
    assert sorted((line.deed, line.about, str(line.changes)) for line in told) == [
        ("Forgotten on request", "", "[]"),
        ("Forgotten on request", "(forgotten)", "[]"),
        ("Registered", "", "[]"),
        ("Registered", "(forgotten)", "[]"),
    ]


def test_an_address_that_stands_nowhere_is_no_file(organiser: Client) -> None:
    page = organiser.post(reverse("tour_registrations:person"), {"step": "export", "email": "niemand@example.org"})

    assert page.headers["Content-Type"].startswith("text/html")
    assert page.context["form"].errors["email"] == ["This address stands nowhere. Check how it is written."]
