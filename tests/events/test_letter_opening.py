"""The opening an organiser writes for a visit welcomes whoever is coming, or can; nobody is welcomed while leaving."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions, letters
from events.letter_catalogue import CATALOGUE
from tests import factories
from tests.events.desk import logged_in

pytestmark = pytest.mark.django_db
BADGE = "Welkom! Breng uw badge mee."


@pytest.fixture
def now():
    return timezone.now()


def visit(now, **facts):
    return factories.event(starts_at=now + timedelta(days=30), letter_intro_nl=BADGE, **facts)


def parts(letter, at):
    """The mail's text and its HTML."""
    mail = letters.message(letter, at=at)
    return [mail.body, mail.alternatives[0][0]]


def test_these_letters_have_the_opening_and_no_others():
    assert [kind for kind, letter in CATALOGUE.items() if letter.has_intro] == [
        "confirmed",
        "seat_confirmed",
        "confirm_mailbox",
        "held",
        "offer",
        "last_call",
        "approved",
        "substituted",
        "visit_changed",
        "moved",
        "reminder_week",
        "reminder_day",
        "names_due",
    ]


def test_who_is_coming_reads_the_opening_and_who_leaves_does_not(now):
    registration = actions.register(event=visit(now), order=factories.order(seats=2), at=now)
    actions.cancel(registration=registration, at=now)

    has = {letter.kind: [BADGE in part for part in parts(letter, now)] for letter in registration.letters.all()}

    assert has == {
        "confirmed": [True, True],
        "seat_confirmed": [True, True],
        "cancelled": [False, False],
        "seat_cancelled": [False, False],
    }


def test_the_desk_and_who_waits_read_no_welcome(now):
    event = visit(now, requires_approval=True, capacity=1, waiting_list=True)
    asked = actions.register(event=event, order=factories.order(), at=now)
    waiting = actions.register(event=event, order=factories.order(), at=now)

    written = [*asked.letters.order_by("kind"), *waiting.letters.all()]

    assert [letter.kind for letter in written] == ["approval_waits", "awaiting_approval", "waiting"]
    assert [BADGE in parts(letter, now)[0] for letter in written] == [False, False, False]


def test_the_form_says_on_which_letters_the_opening_stands(now):
    event = visit(now)

    text = logged_in("Organisers").get(reverse("tour_events:edit", args=[event.pk])).content.decode()

    assert "Not on cancellations, refusals, refunds and invoices." in text
