"""The outbox: what is done with a document after it was issued. The document itself stays as it is."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

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
    number = KeyTextTransform("document", "facts")
    written = Letter.objects.annotate(number=number).filter(
        registration=OuterRef("document__registration"),
        kind=OuterRef("document__kind"),
        number=OuterRef("document__number"),
    )
    # The last one written says how it stands; one that is still on its way says nothing yet.
    last = written.order_by("-pk")
    waiting = waiting.annotate(
        letter=Subquery(last.values("pk")[:1]),
        is_sent=Subquery(last.values("sent_at")[:1]),
        is_tried=Subquery(last.values("next_attempt_at")[:1]),
    ).filter(Q(is_sent__isnull=False) | Q(state=State.TO_SEND, is_tried__isnull=True), letter__isnull=False)
    for dispatch in waiting.order_by("pk"):
        letter = Letter.objects.get(pk=dispatch.letter)
        sent = letter.sent_at is not None
        changed += Dispatch.objects.filter(pk=dispatch.pk, state=dispatch.state).update(
            state=State.SENT if sent else State.FAILED,
            error="" if sent else letter.last_error,
            attempts=letter.attempts,
            at=letter.sent_at or at,
        )
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
