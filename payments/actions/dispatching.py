"""The outbox: what is done with a document after it was issued. The document itself stays as it is."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from events import letters
from events.models import Letter
from payments.actions.writing import letter_facts
from payments.documents import checking
from payments.models import Dispatch

State = Dispatch.State


@transaction.atomic
def export(*, dispatch: Dispatch, at: datetime) -> bytes:
    """The electronic document, for an access point or the accountant; exported again whenever asked.

    Where the rules of Peppol are installed (see payments.documents.checking) it is checked first: one that breaks them
    is marked failed, with what is wrong. The file is given all the same, so that somebody can look at it.
    """
    dispatch = _locked(dispatch)
    content = dispatch.document.ubl.encode()
    problems = checking.problems(content)
    state, error = (State.FAILED, "; ".join(problems)) if problems else (State.EXPORTED, "")
    if dispatch.state == State.SENT and not problems:
        state = State.SENT  # exported once more after it arrived: it stays arrived
    _move(dispatch, state, at, error)
    return content


@transaction.atomic
def mark_sent(*, dispatch: Dispatch, at: datetime) -> None:
    """Somebody saw it arrive: the access point or the accountant said so."""
    _move(_locked(dispatch), State.SENT, at, "", attempts=0)


@transaction.atomic
def mark_failed(*, dispatch: Dispatch, error: str, at: datetime) -> None:
    """It was refused on its way; `error` is what was said."""
    _move(_locked(dispatch), State.FAILED, at, error, attempts=0)


@transaction.atomic
def send_again(*, dispatch: Dispatch, at: datetime) -> None:
    """Owe the mail with the document once more, to the same address."""
    dispatch = _locked(dispatch)
    document = dispatch.document
    _move(dispatch, State.TO_SEND, at, "", attempts=0)
    letters.write(
        document.kind,
        document.registration,
        occasion=f"{document.number}/{document.registration.letters.filter(kind=document.kind).count() + 1}",
        facts=letter_facts(document),
        recipient=document.buyer_email,
        at=at,
    )


def follow_letters(*, at: datetime) -> int:
    """Note of each mailed document whether its letter went out. Returns how many changed."""
    changed = 0
    waiting = Dispatch.objects.filter(channel=Dispatch.Channel.MAIL, state__in=[State.TO_SEND, State.FAILED])
    for dispatch in waiting.select_related("document").order_by("pk")[:500]:
        document = dispatch.document
        written = Letter.objects.filter(registration=document.registration_id, kind=document.kind)
        letter = written.filter(facts__document=document.number).order_by("-pk").first()
        if letter is None:
            continue
        if letter.sent_at is not None:
            state, error, moment = State.SENT, "", letter.sent_at
        elif letter.next_attempt_at is None:
            state, error, moment = State.FAILED, letter.last_error, at
        else:
            continue
        if state != dispatch.state:
            Dispatch.objects.filter(pk=dispatch.pk, state=dispatch.state).update(
                state=state, error=error, attempts=letter.attempts, at=moment
            )
            changed += 1
    return changed


def _locked(dispatch: Dispatch) -> Dispatch:
    return (
        Dispatch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("document__registration")
        .get(pk=dispatch.pk)
    )


def _move(dispatch: Dispatch, state: str, at: datetime, error: str, *, attempts: int = 1) -> None:
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=state, at=at, error=error[:500], attempts=F("attempts") + attempts
    )
