"""A letter that did not arrive: found from the cockpit, read with the reason, sent again."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import letters
from events.models import Letter, Registration
from tests.events.desk import cockpit, event, register

pytestmark = pytest.mark.django_db
Status = Registration.Status


def test_a_letter_that_was_given_up_is_found_from_the_to_do_and_sent_again(
    organiser: Client, now, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    made = event(now)
    registration, _other = register(made, now), register(made, now)
    letter = registration.letters.get()
    Letter.objects.update(sent_at=now, next_attempt_at=None)
    Letter.objects.filter(pk=letter.pk).update(sent_at=None, attempts=8, last_error="dood")
    to_do = next(to_do for to_do in organiser.get(cockpit(made)).context["to_dos"] if "letter" in to_do.text)

    listed = organiser.get(to_do.url).context["object_list"]
    assert [found.pk for found in listed] == [registration.pk]
    url = reverse("tour_registrations:letter", args=[registration.pk, letter.pk])
    assert "Send it again" in organiser.get(url).content.decode()
    organiser.post(url, {"step": "again"})

    letter.refresh_from_db()
    assert (letter.attempts, letter.last_error, letter.next_attempt_at is not None) == (0, "", True)
    assert letters.send(letter.pk, at=timezone.now())


def test_a_letter_that_came_back_is_seen_by_the_organiser_with_the_reason(organiser: Client, now) -> None:
    made = event(now)
    registration = register(made, now)
    letter = registration.letters.get()
    Letter.objects.update(sent_at=now, next_attempt_at=None)

    call_command("mark_bounced", registration.email.upper(), "550 unknown user")

    texts = [to_do.text for to_do in organiser.get(cockpit(made)).context["to_dos"]]
    assert "1 letter could not be delivered" in texts
    page = organiser.get(reverse("tour_registrations:letter", args=[registration.pk, letter.pk])).content.decode()
    assert "550 unknown user" in page
    with pytest.raises(CommandError):
        call_command("mark_bounced", "niemand@example.org", "x")
