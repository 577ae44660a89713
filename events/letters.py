"""Letters: written down with the deed that owes them, rendered in the registrant's language, sent by a task.

What each says stands in events.letter_catalogue. Because the row is written in the deed's transaction and is unique per
occasion, a letter is neither lost nor sent twice, whatever happens to the mail server.
"""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from cms import plugins
from cms.models import OrganiserSettings
from cms.sites import asked
from events.addresses import (
    approval_url,
    confirm_mailbox_url,
    desk_url,
    manage_url,
    offer_url,
    own_seat_url,
    page_url,
)
from events.asked_why import why_asked
from events.calendar import Entry, calendar_file, entry_of_contact, entry_of_seat, gave_up_own_seat
from events.entitlement import seats_beyond_quota
from events.letter_catalogue import CATALOGUE
from events.letter_parts import Body
from events.models import Approval, Attendee, Letter, Offer, Registration
from events.models.letter import RETRIES
from events.settlement import installed
from events.words import is_invented, is_nobody

_LINK = re.compile(r"https?://\S+")
_FOR_STATUS = {
    Registration.Status.CONFIRMED: "confirmed",
    Registration.Status.UNCONFIRMED_EMAIL: "confirm_mailbox",
    Registration.Status.AWAITING_APPROVAL: "awaiting_approval",
    Registration.Status.HELD: "held",
    Registration.Status.WAITING: "waiting",
}


def organiser_email() -> str:
    return str(OrganiserSettings.load().email)


def write(
    kind: str,
    registration: Registration,
    *,
    at: datetime,
    occasion: str = "",
    facts: dict[str, Any] | None = None,
    recipient: str = "",
    attendee: Attendee | None = None,
) -> Letter | None:
    """Owe the contact (or `recipient`) a letter; it is sent after the transaction commits. None when written before.

    `attendee` is the seat it is about, when it is about one. The calendar entry of a kind with a calendar file is noted
    now, with its version: by the time the letter goes out both may be somebody else's. Whoever was forgotten is not
    written to, and about an invented registration nobody is, the organiser included. Raises KeyError for a kind the
    catalogue does not have.
    """
    address = recipient or registration.email
    if is_nobody(address) or is_invented(address) or is_invented(registration.email):
        return None
    noted = _noted_entry(CATALOGUE[kind].calendar, registration) if attendee is None else {}
    letter, is_new = Letter.objects.get_or_create(
        registration=registration,
        kind=kind,
        occasion=occasion[:120],
        defaults={
            "recipient": recipient or registration.email,
            "attendee": attendee,
            "facts": noted | (facts or {}),
            "created_at": at,
            "next_attempt_at": at,
        },
    )
    if not is_new:
        return None
    transaction.on_commit(partial(deliver.enqueue, letter.pk), robust=True)
    return letter


def _noted_entry(method: str, registration: Registration) -> dict[str, Any]:
    """The contact's own entry. One that is not confirmed has none; one that never was has none to take away."""
    has_one = {"PUBLISH": registration.status == Registration.Status.CONFIRMED, "CANCEL": registration.is_ended}
    if not has_one.get(method) or registration.confirmed_at is None or gave_up_own_seat(registration):
        return {}
    entry = entry_of_contact(registration)
    return {"entry": entry.name, "sequence": entry.sequence}


def write_to_organiser(
    kind: str, registration: Registration, *, at: datetime, occasion: str = "", facts: dict[str, Any] | None = None
) -> Letter | None:
    """Owe whoever runs the Tour a letter about this registration, in the office's own language. None when written."""
    facts = {"language": settings.LANGUAGE_CODE, "for_desk": True, "first_name": OrganiserSettings.load().name} | (
        facts or {}
    )
    return write(kind, registration, at=at, occasion=occasion, facts=facts, recipient=organiser_email())


def write_to_seats(
    kind: str,
    registration: Registration,
    seats: Iterable[Attendee],
    *,
    at: datetime,
    occasion: str = "",
    facts: dict[str, Any] | None = None,
) -> int:
    """Owe each of these people a letter about their own seat, whose name is known. Returns how many were new.

    Their calendar entry is noted as it is now: the seat may be somebody else's when the letter goes out.
    """
    written = 0
    for seat in seats:
        if not seat.is_named:
            continue
        own = {
            "uid": str(seat.calendar_uid),
            "entry": entry_of_seat(seat).name,
            "sequence": seat.calendar_sequence,
            "first_name": seat.first_name,
        }
        written += None is not write(
            kind,
            registration,
            at=at,
            occasion=f"{occasion}:{seat.pk}:{seat.calendar_uid.hex[:8]}",
            facts=own | (facts or {}),
            recipient=seat.email,
            attendee=seat,
        )
    return written


def write_for_status(registration: Registration, *, at: datetime) -> None:
    """The letters that say where a registration stands now: to the contact, its colleagues, its approver."""
    status = Registration.Status(registration.status)
    kind = _FOR_STATUS[status]
    if status == Registration.Status.HELD and registration.approvals.filter(answer=Approval.Answer.APPROVED).exists():
        kind = "approved"
    write(kind, registration, at=at)
    if status == Registration.Status.CONFIRMED:
        mine = registration.email.lower()
        colleagues = [seat for seat in registration.attendees.live() if seat.email.lower() != mine]
        write_to_seats("seat_confirmed", registration, colleagues, at=at)
    if status == Registration.Status.AWAITING_APPROVAL:
        ask_approvers(registration, at=at)
        for approval in registration.approvals.open().filter(asked=Approval.Asked.ORGANISER):
            ask_organiser("approval_waits", approval, at=at)


def ask_organiser(kind: str, approval: Approval, *, at: datetime) -> Letter | None:
    """Owe the office the question, once for each kind of letter, with why it is asked as it is now."""
    with override(settings.LANGUAGE_CODE):
        because = why_asked(approval, at=at)
    return write_to_organiser(kind, approval.registration, occasion=str(approval.pk), facts={"because": because}, at=at)


def ask_approvers(registration: Registration, *, at: datetime, occasion: str = "") -> None:
    """Owe each approver who did not answer yet the question; `occasion` when it is asked again, with another end."""
    for approval in registration.approvals.open().filter(asked=Approval.Asked.APPROVER):
        facts = {"approval": approval.pk, "first_name": approval.name}
        about = f"{approval.pk}/{occasion}" if occasion else str(approval.pk)
        write("approval_request", registration, at=at, occasion=about, facts=facts, recipient=approval.email)


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
            .select_related("registration__event", "attendee")
            .filter(pk=letter_id, sent_at__isnull=True)
            .first()
        )
        if letter is None:
            return False
        if _is_overtaken(letter, at):
            letter.delete()
            return False
        if _came_to_nothing(letter):
            letter.last_error, letter.next_attempt_at = "The offer passed before it could be sent.", None
            letter.save(update_fields=["last_error", "next_attempt_at"])
            return False
        letter.attempts += 1
        try:
            mail = message(letter, at=at)
            mail.send()
        except Exception as error:  # noqa: BLE001  (whatever the mail server does, the letter stays owed)
            letter.last_error = f"{type(error).__name__}: {error}"[:250]
            wait = RETRIES[letter.attempts - 1] if letter.attempts <= len(RETRIES) else None
            letter.next_attempt_at = at + wait if wait else None
        else:
            letter.sent_at = at
            # Without the links: whoever has one may do what it leads to, and nobody needs it to read what was said.
            letter.sent_text = _LINK.sub("…", f"{mail.subject}\n\n{mail.body}")
            letter.last_error = ""
            letter.next_attempt_at = None
        letter.save(update_fields=["attempts", "sent_at", "sent_text", "last_error", "next_attempt_at"])
        return letter.sent_at is not None


def _is_overtaken(letter: Letter, at: datetime) -> bool:
    """Not owed any more: the seat is somebody else's by now, the offer was answered, or the visit has begun.

    A letter that takes an entry out of a calendar is for the person who had it, whoever has the seat now.
    """
    kind = CATALOGUE[letter.kind]
    changed_hands = (
        letter.attendee is not None
        and "uid" in letter.facts
        and letter.facts["uid"] != str(letter.attendee.calendar_uid)
        and kind.calendar != "CANCEL"
    )
    answered = Offer.objects.filter(
        pk=letter.facts.get("offer"), answer__in=[Offer.Answer.ACCEPTED, Offer.Answer.DECLINED]
    )
    if "offer" in letter.facts and answered.exists():
        return True
    return changed_hands or (kind.is_reminder and letter.registration.event.starts_at <= at)


def _came_to_nothing(letter: Letter) -> bool:
    """An offer that passed, or was withdrawn, while our mail was down: the letter stays to be seen, and is not sent."""
    return "offer" in letter.facts and not Offer.objects.open().filter(pk=letter.facts["offer"]).exists()


def send_due(*, at: datetime) -> int:
    """Send every letter whose next attempt has come. Returns how many went out."""
    return sum(send(pk, at=at) for pk in Letter.objects.due(at).order_by("pk").values_list("pk", flat=True)[:500])


def message(letter: Letter, *, at: datetime) -> EmailMultiAlternatives:
    """The mail as it goes out: text, HTML, a calendar file where the kind has one, and what later chapters add."""
    # The same wherever it is made: a preview in the admin says what the worker sends.
    with asked(None):
        return _message(letter, at=at)


def _message(letter: Letter, *, at: datetime) -> EmailMultiAlternatives:
    mail = written(letter, at=at)
    kind = CATALOGUE[letter.kind]
    if kind.calendar and "entry" in letter.facts:
        entry = Entry(letter.facts["entry"], int(letter.facts["sequence"]))
        link = "" if kind.calendar == "CANCEL" else _own_url(letter)
        content = calendar_file(letter.registration, entry=entry, method=kind.calendar, at=at, link=link)
        mail.attach("best-practice-tour.ics", content, f"text/calendar; method={kind.calendar}")
    for name, file, content_type in plugins.attachments(letter):
        mail.attach(name, file, content_type)
    return mail


def written(letter: Letter, *, at: datetime) -> EmailMultiAlternatives:
    """What it says, as text and as HTML, without its files."""
    registration = letter.registration
    kind = CATALOGUE[letter.kind]
    language = letter.facts.get("language") or registration.language
    with asked(None), override(language):
        facts = context(letter, at=at)
        body: Body = kind.write(facts)
        page = facts | {"body": body}
        mail = EmailMultiAlternatives(
            subject=" ".join(body.subject.split()),
            body=render_to_string("events/letter.txt", page).strip() + "\n",
            to=[letter.recipient],
            reply_to=[facts["organiser"].email],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
        )
        mail.attach_alternative(render_to_string("events/letter.html", page), "text/html")
    return mail


def _own_url(letter: Letter) -> str:
    """The one page this letter's reader may open: whoever has the manage page's address may do everything there."""
    if "uid" in letter.facts:
        return own_seat_url(letter.registration, uuid.UUID(letter.facts["uid"]))
    if letter.facts.get("for_desk"):
        return desk_url(letter.registration)
    return page_url(letter.registration) if "approval" in letter.facts else manage_url(letter.registration)


def context(letter: Letter, *, at: datetime) -> dict[str, Any]:
    """What the letter's writer and template can say. What was noted with the letter wins over how it is now."""
    registration = letter.registration
    event = registration.event
    settlement = installed()
    language = letter.facts.get("language") or registration.language
    approval = Approval.objects.filter(pk=letter.facts["approval"]).first() if "approval" in letter.facts else None
    own_url = _own_url(letter)
    is_contacts = own_url == manage_url(registration)
    said = registration.approvals.filter(answer=Approval.Answer.APPROVED)
    missing = list(registration.approvals.open())
    beyond, is_cut = seats_beyond_quota(registration, at=at) if _asked_for_more(missing) else (0, False)
    return {
        "event": event,
        "title": event.title_in(language),
        "reference": registration.reference,
        "status": registration.status,
        "is_ended": registration.is_ended,
        "is_by_invoice": registration.is_by_invoice,
        "contact": registration.contact_name,
        "organisation": registration.organisation_name,
        "hold_expires_at": registration.hold_expires_at,
        "names_due_at": event.names_due_at,
        "names_are_due": at >= event.names_due_at,
        "written_at": letter.created_at,
        "total": registration.total_incl_vat,
        "ladder": registration.ladder.left(starts_at=event.starts_at, at=at),
        "withdrawal_until": _may_withdraw_until(registration, at),
        "was_priced": registration.attendees.filter(price_incl_vat__gt=0).exists(),
        "attendees": list(registration.attendees.live().select_related("ticket_type")),
        "money": settlement.state(registration) if settlement else None,
        "place_in_line": registration.place_in_line(),
        "organiser": OrganiserSettings.load(),
        "own_url": own_url,
        "manage_url": own_url,
        "seat_url": own_url,
        "confirm_mailbox_url": confirm_mailbox_url(registration) if is_contacts else "",
        "offer_url": offer_url(registration) if is_contacts else "",
        "approval_url": approval_url(approval) if approval else "",
        "is_contacts": is_contacts,
        "asked_for_a_yes": [
            ask.addressee if ask.asked == Approval.Asked.APPROVER else ""
            for ask in registration.approvals.all()
            if ask.answered_at is None or ask.answered_at >= letter.created_at
        ],
        "approvers": [ask.name for ask in missing if ask.asked == Approval.Asked.APPROVER],
        "host_is_asked": any(ask.asked == Approval.Asked.ORGANISER for ask in missing),
        "beyond_quota": beyond,
        "quota_is_cut": is_cut,
        "words_with_the_yes": [(approval.name, approval.remark) for approval in said if approval.remark],
        "days_left": (event.date - timezone.localtime(at).date()).days,
        "page_url": page_url(registration),
        "language": registration.language,
        "intro": event.letter_intro if CATALOGUE[letter.kind].has_intro else "",
        "reader": letter.facts.get("first_name") or registration.first_name,
        **(_gave_up_before(letter) if letter.facts.get("reason") == "cancelled" else {}),
        **letter.facts,
    }


def _asked_for_more(approvals: Iterable[Approval]) -> bool:
    """Whether the organiser is asked for places beyond the organisation's quota."""
    return any("quota" in ask.private_note.split() for ask in approvals)


def _may_withdraw_until(registration: Registration, at: datetime) -> datetime | None:
    until = registration.withdrawal_until
    return min(until, registration.event.starts_at) if until is not None and at <= until else None


def _gave_up_before(letter: Letter) -> dict[str, Any]:
    """By whom, and whose, the places were given up that money goes back for: the letter written just before says it."""
    told = letter.registration.letters.filter(kind="cancelled", created_at__lte=letter.created_at)
    facts = told.order_by("created_at", "pk").values_list("facts", flat=True).last() or {}
    return {"gave_up": facts.get("gave_up", ""), "gone": facts.get("names", [])}
