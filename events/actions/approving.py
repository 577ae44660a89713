"""A yes or a no: of the registrant's own approver, of the organiser."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from events import letters
from events.actions.line import clear_lapsed, offer_free_seats
from events.actions.steps import PAY_AFTER_APPROVAL, Status, advance, document, end, lock_registration
from events.history import told
from events.locks import lock_event
from events.models import Approval, Offer, Registration
from events.refusals import AnsweredAlready, NothingToApprove


@told("approve")
@transaction.atomic
def approve(*, approval: Approval, at: datetime, by: Any = None, remark: str = "", why: str = "") -> Registration:
    """Yes. When nobody else has to say it, the registration goes on: to be paid, or confirmed.

    The organiser's `remark` stands in the letter that says so, `why` stays private. `by` is the organiser who answers;
    an approver is known by the link. Done twice it changes nothing. Raises AnsweredAlready after a no, NothingToApprove
    when the registration does not wait for a yes any more.
    """
    event = lock_event(approval.registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(approval.registration_id)
    approval = Approval.objects.get(pk=approval.pk)
    if approval.answer == Approval.Answer.APPROVED:
        return registration
    _must_be_open(approval, registration)
    _note(approval, why)
    _answer(approval, Approval.Answer.APPROVED, at, by, remark)
    if registration.status == Status.AWAITING_APPROVAL and not registration.approvals.open().exists():
        # Whoever took an offer pays within its time; what we took of it to say yes ourselves is given anew.
        if registration.approvals.filter(asked=Approval.Asked.ORGANISER).exists():
            anew = at + timedelta(hours=event.offer_hours)
            registration.offers.filter(answer=Offer.Answer.ACCEPTED).update(expires_at=anew)
        advance(registration, event, at=at, time_to_pay=PAY_AFTER_APPROVAL)
        document(registration, at=at)
    return registration


@told("reject")
@transaction.atomic
def reject(*, approval: Approval, at: datetime, by: Any = None, remark: str = "", why: str = "") -> Registration:
    """No: the seats are free again, and the requester is told. `remark` is for the requester, `why` stays private.

    Done twice it changes nothing. Raises AnsweredAlready after a yes, NothingToApprove.
    """
    event = lock_event(approval.registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(approval.registration_id)
    approval = Approval.objects.get(pk=approval.pk)
    if approval.answer == Approval.Answer.REJECTED:
        return registration
    _must_be_open(approval, registration)
    _note(approval, why)
    _answer(approval, Approval.Answer.REJECTED, at, by, remark)
    end(registration, Status.CANCELLED, at=at)
    facts = {"asked": approval.asked, "remark": remark, "name": approval.name}
    letters.write("rejected", registration, occasion=str(approval.pk), facts=facts, at=at)
    offer_free_seats(event, at=at)
    return registration


def _must_be_open(approval: Approval, registration: Registration) -> None:
    if approval.answer:
        raise AnsweredAlready
    in_time = (Status.UNCONFIRMED_EMAIL, Status.AWAITING_APPROVAL, Status.WAITING, Status.OFFERED)
    if registration.status not in in_time:
        raise NothingToApprove


def _note(approval: Approval, why: str) -> None:
    approval.private_note = f"{approval.private_note} {why}".strip()[:250]


def _answer(approval: Approval, answer: str, at: datetime, by: Any, remark: str) -> None:
    approval.answer = answer
    approval.answered_at = at
    approval.answered_by = by
    approval.remark = remark[:500]
    approval.save(update_fields=["answer", "answered_at", "answered_by", "remark", "private_note"])
