"""Every letter of a visit can be read before anybody gets it, and what went out can be read after."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import actions, letters
from events.letter_catalogue import CATALOGUE
from events.models import Approval, Attendee, Letter, Registration
from events.sample_letters import TO_THE_DESK
from tests import factories
from tests.events.desk import event, register

pytestmark = pytest.mark.django_db
PRICE = "95.00" if factories.has_payments() else None


def preview(client: Client, made, kind: str, language: str):
    return client.get(reverse("tour_events:letter_preview", args=[made.pk, kind, language]))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", list(CATALOGUE))
def test_each_kind_of_letter_reads_whole_with_an_invented_registration(organiser, now, kind, language):
    made = event(now, price=PRICE, letter_intro_nl="Breng uw badge mee.", letter_intro_en="Bring your badge.")

    page = preview(organiser, made, kind, language)

    written = page.context["mail"]
    said = language if kind not in TO_THE_DESK else "nl"
    assert written.extra_headers["Content-Language"] == said
    # A fact that was not given would read "None", a question mark alone, the name of the fact, or nothing at all.
    assert ": ." not in written.body and "()" not in written.body
    assert [word for word in (written.subject + written.body).split() if word.strip(".,:") in {"None", "?"}] == []
    assert "%(" not in written.body


def test_a_preview_keeps_nothing_and_sends_nothing(organiser, now):
    made = event(now, price=PRICE, waiting_list=True)

    for kind in CATALOGUE:
        preview(organiser, made, kind, "nl")

    assert [model.objects.count() for model in (Registration, Attendee, Approval, Letter)] == [0, 0, 0, 0]
    assert mail.outbox == []


def test_the_opening_of_the_visit_stands_in_the_preview(organiser, now):
    made = event(now, letter_intro_nl="Breng uw badge mee.", letter_intro_en="Bring your badge.")

    assert "Breng uw badge mee." in preview(organiser, made, "confirmed", "nl").context["mail"].body
    assert "Bring your badge." in preview(organiser, made, "confirmed", "en").context["mail"].body


def test_all_kinds_are_listed_those_to_the_office_in_its_language_alone(organiser, now):
    made = event(now)

    page = organiser.get(reverse("tour_events:letters", args=[made.pk])).content.decode()

    links = [reverse("tour_events:letter_preview", args=[made.pk, kind, "en"]) for kind in CATALOGUE]
    assert sum(link in page for link in links) == len(CATALOGUE) - len(TO_THE_DESK)
    assert reverse("tour_events:letter_preview", args=[made.pk, "seats_kept", "nl"]) in page


def test_a_visit_without_a_ticket_type_says_what_is_missing(organiser, now):
    made = event(now)
    made.ticket_types.all().delete()

    assert "no ticket type yet" in preview(organiser, made, "confirmed", "nl").content.decode()


@pytest.mark.parametrize(("kind", "language"), [("nonsense", "nl"), ("confirmed", "fr")])
def test_a_letter_or_language_there_is_not_is_not_found(organiser, now, kind, language):
    assert preview(organiser, event(now), kind, language).status_code == 404


def test_what_was_sent_is_shown_as_it_was_sent(organiser, now):
    registration = register(event(now, name="Bezoek aan de haven"), now)
    letter = registration.letters.get(kind="confirmed")
    letters.send(letter.pk, at=now)
    letter.refresh_from_db()
    actions.cancel(registration=registration, at=now)

    page = organiser.get(reverse("tour_registrations:letter", args=[registration.pk, letter.pk])).content.decode()

    (sent,) = [message for message in mail.outbox if message.subject == letter.sent_text.split("\n")[0]]
    link = re.search(r"https?://\S+", sent.body)
    assert link and letter.sent_text == f"{sent.subject}\n\n{sent.body}".replace(link[0], "…")
    assert registration.manage_token not in letter.sent_text
    assert "As it was sent" in page and sent.subject in page


def test_what_was_sent_about_somebody_is_forgotten_with_them(now):
    registration = register(event(now), now, seats=2)
    letters.send_due(at=now)
    colleague = registration.attendees.exclude(email=registration.email).get()
    assert registration.letters.exclude(sent_text="").exists()

    actions.erase_person(email=colleague.email, at=now + timedelta(days=60))

    assert not registration.letters.exclude(sent_text="").exists()
