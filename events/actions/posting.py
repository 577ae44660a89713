"""What a person does about a letter that did not arrive."""

from datetime import datetime
from functools import partial

from django.db import transaction

from events import letters
from events.models import Letter


@transaction.atomic
def send_again(*, letter: Letter, at: datetime) -> Letter:
    """Send a letter that was given up, or that came back, once more: at once, and with all its attempts again.

    One that is still on its way, or arrived, is left alone.
    """
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if not Letter.objects.given_up().filter(pk=letter.pk).exists():
        return letter
    letter.sent_at = letter.bounced_at = None
    letter.attempts, letter.last_error, letter.next_attempt_at = 0, "", at
    letter.save(update_fields=["sent_at", "bounced_at", "attempts", "last_error", "next_attempt_at"])
    transaction.on_commit(partial(letters.deliver.enqueue, letter.pk), robust=True)
    return letter


@transaction.atomic
def mark_bounced(*, letter: Letter, reason: str, at: datetime) -> bool:
    """It went out and came back: the organiser sees it among what could not be delivered. False when it never went."""
    sent = Letter.objects.filter(pk=letter.pk, sent_at__isnull=False)
    return bool(sent.update(bounced_at=at, last_error=reason.replace("\x00", "")[:250]))
