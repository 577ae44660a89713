"""Places are given up by the contact, by whoever sits on one, or by the organiser: each letter about it says which."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions, letters
from events.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
needs_payments = pytest.mark.skipif(not factories.has_payments(), reason="money goes back")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def paid(now):
    """Three paid places at a visit in thirty days; free ones without payments."""
    price = "95.00" if factories.has_payments() else None
    event = factories.event(price=price, starts_at=now + timedelta(days=30))
    registration = actions.register(event=event, order=factories.order(seats=3), at=now)
    if factories.has_payments():
        factories.pay(registration, at=now)
    registration.refresh_from_db()
    return registration


def said(registration, kind, at):
    letter = registration.letters.filter(kind=kind).latest("pk")
    return letters.message(letter, at=at).body.replace("\xa0", " ")


def by_themselves(client, seat):
    """A colleague's own page, from their own mail."""
    client.post(reverse("events:seat", args=[seat.token]))


def test_the_contact_reads_that_a_colleague_gave_up_their_own_place(client, now, paid):
    colleague = paid.attendees.order_by("pk")[1]

    by_themselves(client, colleague)

    assert f"{colleague.name} kan niet komen en heeft de eigen plaats opgegeven." in said(paid, "cancelled", now)
    assert "Zoals u vroeg, is uw plaats bij dit bezoek geannuleerd." in said(paid, "seat_cancelled", now)


@needs_payments
def test_money_back_for_a_colleagues_own_no_does_not_say_that_the_contact_cancelled(client, now, paid):
    colleague = paid.attendees.order_by("pk")[1]

    by_themselves(client, colleague)

    text = said(paid, "refund", timezone.now())
    assert f"{colleague.name} kan niet komen en heeft de eigen plaats opgegeven." in text
    assert "U annuleerde" not in text


def test_a_contact_who_uses_the_link_of_their_own_seat_is_the_contact(client, now, paid):
    own = paid.attendees.get(email=paid.email)

    by_themselves(client, own)

    assert f"Zoals u vroeg, hebben we de plaats geannuleerd van: {own.name}." in said(paid, "cancelled", now)


def test_the_contacts_own_cancellation_counts_its_places(now, paid):
    first, second, third = paid.attendees.order_by("pk")

    actions.cancel(registration=paid, attendee_ids=[first.pk], at=now)
    one = said(paid, "cancelled", now)
    actions.cancel(registration=paid, at=now)
    two = said(paid, "cancelled", now)

    assert f"Zoals u vroeg, hebben we de plaats geannuleerd van: {first.name}." in one
    assert f"Zoals u vroeg, hebben we de plaatsen geannuleerd van: {second.name}, {third.name}." in two
    colleague = Letter.objects.filter(kind="seat_cancelled").latest("pk")
    text = letters.message(colleague, at=now).body
    assert f"{paid.contact_name}, die u inschreef, heeft uw plaats bij dit bezoek geannuleerd." in text


@needs_payments
def test_money_back_is_for_one_place_or_for_more(now, paid):
    first = paid.attendees.order_by("pk")[0]

    actions.cancel(registration=paid, attendee_ids=[first.pk], at=now)
    one = said(paid, "refund", now)
    actions.cancel(registration=paid, at=now + timedelta(minutes=1))
    two = said(paid, "refund", now)

    assert "U annuleerde een plaats die betaald was." in one
    assert "U annuleerde plaatsen die betaald waren." in two


def test_what_the_organiser_cancels_is_told_as_the_organisers(now, paid):
    actions.cancel(registration=paid, at=now, by=factories.user("Organisers"), why="Ziek.")

    names = ", ".join(seat.name for seat in paid.attendees.order_by("pk"))
    assert f"De organisator heeft de plaatsen geannuleerd van: {names}." in said(paid, "cancelled", now)
    assert "De organisator heeft uw plaats bij dit bezoek geannuleerd." in said(paid, "seat_cancelled", now)


@needs_payments
def test_money_back_after_the_organiser_cancelled_says_so(now, paid):
    actions.cancel(registration=paid, at=now, by=factories.user("Organisers"), why="Ziek.")

    assert "De organisator annuleerde plaatsen die betaald waren." in said(paid, "refund", now)


def test_a_letter_written_before_it_was_noted_claims_nobody(now, paid):
    actions.cancel(registration=paid, at=now)
    for letter in Letter.objects.all():
        letter.facts.pop("gave_up", None)
        letter.save(update_fields=["facts"])

    assert "We hebben de plaatsen geannuleerd van:" in said(paid, "cancelled", now)
