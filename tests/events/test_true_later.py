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
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="a boss approves what costs money")
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


def test_whoever_was_forgotten_has_no_address_on_the_page_of_a_registration(client, now):
    registration = registered(now)
    actions.cancel(registration=registration, at=now)
    for email in {registration.email, *registration.attendees.values_list("email", flat=True)}:
        actions.erase_person(email=email, at=now)
    registration.refresh_from_db()

    text = manage(client, registration)

    assert text.count("(vergeten)") == 3 and "@invalid.invalid" not in text


@needs_payments
def test_once_the_requester_is_forgotten_the_bosses_page_still_does_not_say_that_the_organiser_answered(client, now):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=30))
    order = factories.order(approver=actions.Approver("Baas", "baas@example.org"))
    registration = actions.register(event=event, order=order, at=now)
    approval = registration.approvals.get()
    actions.reject(approval=approval, at=now)
    actions.erase_person(email=registration.email, at=now)

    answer = client.get(reverse("events:approval", args=[approval.token])).content.decode()

    assert "Beantwoord door wie moest goedkeuren, op" in answer and "door de organisator" not in answer
    assert "@invalid.invalid" not in answer


@pytest.mark.parametrize(("over", "offered"), [(True, 0), (False, 1)])
def test_a_visit_that_took_place_has_no_places_left_and_no_button_to_a_form(client, now, over, offered):
    starts_at = now - timedelta(days=2) if over else now + timedelta(days=2)
    page = factories.event_page(factories.event(starts_at=starts_at))

    text = client.get(page.get_url()).content.decode()

    assert (text.count("van de 10"), text.count("Naar de inschrijving")) == (offered, offered)
