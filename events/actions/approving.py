"""A yes or a no: of the registrant's own approver, of the organiser."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from events import announcing, letters
from events.actions.line import clear_lapsed, fit_offer, offer_free_seats
from events.actions.steps import PAY_AFTER_APPROVAL, Status, advance, document, end, give_up, lock_registration
from events.entitlement import normal_price, quota_of
from events.history import told
from events.locks import lock_event
from events.models import Approval, Event, Membership, Offer, Registration
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
        _go_on(registration, event, at)
    return registration


@told("reject")
@transaction.atomic
def reject(*, approval: Approval, at: datetime, by: Any = None, remark: str = "", why: str = "") -> Registration:
    """No: the seats are free again, and the requester is told. `remark` is for the requester, `why` stays private.

    Where the organiser is asked for more than an organisation's quota alone, the no is to the seats beyond it: those
    within it go on, and the letter says how the others can come at the normal price. Done twice it changes nothing.
    Raises AnsweredAlready after a yes, NothingToApprove.
    """
    event = lock_event(approval.registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(approval.registration_id)
    approval = Approval.objects.get(pk=approval.pk)
    if approval.answer == Approval.Answer.REJECTED:
        return registration
    _must_be_open(approval, registration)
    entitlement = registration.entitlement if approval.is_for_quota_alone else None
    _note(approval, why)
    _answer(approval, Approval.Answer.REJECTED, at, by, remark)
    if entitlement is not None:
        _keep_within_quota(registration, event, entitlement.membership, approval, at)
    else:
        end(registration, Status.CANCELLED, at=at)
        facts = {"asked": approval.asked, "remark": remark, "name": approval.name}
        letters.write("rejected", registration, occasion=str(approval.pk), facts=facts, at=at)
    offer_free_seats(event, at=at)
    return registration


def _go_on(registration: Registration, event: Event, at: datetime) -> None:
    """Nobody's yes is missing any more: to be paid, or confirmed."""
    # Whoever took an offer pays within its time; what we took of it to answer ourselves is given anew.
    if registration.approvals.filter(asked=Approval.Asked.ORGANISER).exists():
        anew = at + timedelta(hours=event.offer_hours)
        registration.offers.filter(answer=Offer.Answer.ACCEPTED).update(expires_at=anew)
    advance(registration, event, at=at, time_to_pay=PAY_AFTER_APPROVAL)
    document(registration, at=at)


def _keep_within_quota(
    registration: Registration, event: Event, membership: Membership, approval: Approval, at: datetime
) -> None:
    """The first seats are those within the quota, as it is now; the others are given up."""
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    left = quota_of(membership, event=event, at=at, but_for=registration).left
    seats = list(registration.attendees.live().order_by("pk"))
    kept, beyond = (seats, []) if left is None else (seats[:left], seats[left:])
    if beyond:
        price = normal_price(event)
        facts = {
            "kept": [seat.name for seat in kept],
            "given_up": [seat.name for seat in beyond],
            "price": str(price.price_incl_vat) if price is not None else "",
            "remark": approval.remark,
        }
        letters.write("quota_refused", registration, occasion=str(approval.pk), facts=facts, at=at)
    if not kept:
        end(registration, Status.CANCELLED, at=at)
        return
    give_up(registration, beyond, at=at)
    if beyond:
        announcing.tell_registration("registration.seats_given_up", registration, at=at, seats_move=True)
    if registration.status == Status.OFFERED:
        fit_offer(registration, at=at)
    elif registration.status == Status.AWAITING_APPROVAL and not registration.approvals.open().exists():
        _go_on(registration, event, at)


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
