"""Letters: written down with the deed that owes them, rendered in the registrant's language, sent by a task.

A kind is a set of three templates, emails/<kind>.subject.txt, .txt and .html. Other chapters write letters of their
own kinds. Because the row is written in the deed's transaction and is unique per occasion, a letter is neither lost
nor sent twice, whatever happens to the mail server.
"""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from cms.models import OrganiserSettings
from events.addresses import confirm_mailbox_url, manage_url, page_url
from events.calendar import calendar_file
from events.models import Letter, Registration
from events.models.letter import RETRIES
from events.settlement import installed

#: Kinds that carry the visit as a calendar file.
WITH_CALENDAR = frozenset({"confirmed"})

_FOR_STATUS = {
    Registration.Status.CONFIRMED: "confirmed",
    Registration.Status.UNCONFIRMED_EMAIL: "confirm_mailbox",
    Registration.Status.HELD: "held",
    Registration.Status.WAITING: "waiting",
}


def for_status(status: str) -> str:
    """The kind of letter a new registration gets. Raises KeyError for a status nobody starts in."""
    return _FOR_STATUS[Registration.Status(status)]


def organiser_email() -> str:
    return str(OrganiserSettings.load().email)


def write(
    kind: str,
    registration: Registration,
    *,
    at: datetime,
    occasion: str = "",
    facts: dict[str, Any] | None = None,
) -> Letter | None:
    """Owe the contact a letter; it is sent after the transaction commits. None when it was written before."""
    letter, is_new = Letter.objects.get_or_create(
        registration=registration,
        kind=kind,
        occasion=occasion,
        defaults={
            "recipient": registration.email,
            "facts": facts or {},
            "created_at": at,
            "next_attempt_at": at,
        },
    )
    if not is_new:
        return None
    transaction.on_commit(partial(deliver.enqueue, letter.pk), robust=True)
    return letter


@task()
def deliver(letter_id: int) -> None:
    """Send one letter. A failure is noted on the letter; the duty tries again later."""
    send(letter_id, at=timezone.now())


def send(letter_id: int, *, at: datetime) -> bool:
    """Send the letter unless it was sent, or is being sent by somebody else. True when it went out now.

    The letter's own row is locked meanwhile; nothing else waits for it.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("registration__event")
            .filter(pk=letter_id, sent_at__isnull=True)
            .first()
        )
        if letter is None:
            return False
        letter.attempts += 1
        try:
            message(letter, at=at).send()
        except Exception as error:  # noqa: BLE001  (whatever the mail server does, the letter stays owed)
            letter.last_error = f"{type(error).__name__}: {error}"[:250]
            wait = RETRIES[letter.attempts - 1] if letter.attempts <= len(RETRIES) else None
            letter.next_attempt_at = at + wait if wait else None
        else:
            letter.sent_at = at
            letter.last_error = ""
            letter.next_attempt_at = None
        letter.save(update_fields=["attempts", "sent_at", "last_error", "next_attempt_at"])
        return letter.sent_at is not None


def send_due(*, at: datetime) -> int:
    """Send every letter whose next attempt has come. Returns how many went out."""
    return sum(send(pk, at=at) for pk in Letter.objects.due(at).order_by("pk").values_list("pk", flat=True)[:500])


def message(letter: Letter, *, at: datetime) -> EmailMultiAlternatives:
    """The mail as it goes out: text, HTML, and a calendar file where the kind has one."""
    registration = letter.registration
    with override(registration.language):
        context = letter_context(letter)
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"emails/{letter.kind}.subject.txt", context).split()),
            body=render_to_string(f"emails/{letter.kind}.txt", context).strip() + "\n",
            to=[letter.recipient],
            reply_to=[context["organiser"].email],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": registration.language},
        )
        mail.attach_alternative(render_to_string(f"emails/{letter.kind}.html", context), "text/html")
    if letter.kind in WITH_CALENDAR:
        mail.attach("best-practice-tour.ics", calendar_file(registration, at=at), "text/calendar; method=PUBLISH")
    return mail


def letter_context(letter: Letter) -> dict[str, Any]:
    """What a letter's templates can say."""
    registration = letter.registration
    event = registration.event
    settlement = installed()
    page = event.page_in(registration.language)
    return {
        "letter": letter,
        "facts": letter.facts,
        "refund_amount": Decimal(letter.facts["amount"]) if "amount" in letter.facts else None,
        "registration": registration,
        "event": event,
        "title": page.title if page else event.name,
        "attendees": list(registration.attendees.live().select_related("ticket_type")),
        "money": settlement.state(registration) if settlement else None,
        "place_in_line": registration.place_in_line(),
        "organiser": OrganiserSettings.load(),
        "manage_url": manage_url(registration),
        "confirm_mailbox_url": confirm_mailbox_url(registration),
        "page_url": page_url(registration),
        "language": registration.language,
    }
