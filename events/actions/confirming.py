"""Making a seat certain: by opening the link we mailed, or because the money came."""

from datetime import datetime

from django.db import IntegrityError, transaction

from events import letters
from events.actions.line import clear_lapsed
from events.actions.steps import State, Status, advance, document, enter, lock_registration
from events.entitlement import quota_of
from events.history import told
from events.locks import lock_event
from events.models import Approval, Entitlement, Event, Membership, Registration
from events.models.attendee import AttendeeQuerySet
from events.refusals import NothingToConfirm, SeatGone


@told("confirm_mailbox")
@transaction.atomic
def confirm_mailbox(*, registration: Registration, at: datetime) -> Registration:
    """The contact opened the mailed link and said yes: the mailbox is proven, and what is missing next comes next.

    Done twice it changes nothing. Raises NothingToConfirm when the registration waits for no mailbox (any more).
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    proven = (
        Entitlement.objects.current().filter(registration=registration, proven_at__isnull=True).update(proven_at=at)
    )
    if registration.status == Status.UNCONFIRMED_EMAIL:
        advance(registration, event, at=at)
        document(registration, at=at)
        return registration
    if registration.is_ended or not (proven or registration.status == Status.CONFIRMED):
        raise NothingToConfirm
    return registration


def confirm(*, registration: Registration, at: datetime) -> Registration:
    """The money is in: give the seats, also when their hold ran out but they are still free.

    Called by the settlement. Done twice it changes nothing. Raises SeatGone when the seats were given up and cannot be
    had again, or the registration was cancelled; the money is then given back.
    """
    try:
        return _confirm_paid(registration=registration, at=at)
    except IntegrityError:
        # Somebody of this order registered again in the meantime: there is a seat for each person already.
        raise SeatGone from None


@told("confirm")
@transaction.atomic
def _confirm_paid(*, registration: Registration, at: datetime) -> Registration:
    event = lock_event(registration.event_id)
    registration = lock_registration(registration.pk)
    match registration.status:
        case Status.CONFIRMED:
            return registration
        case Status.HELD if registration.hold_expires_at and registration.hold_expires_at > at:
            pass
        case Status.HELD | Status.EXPIRED:
            _take_back(event, registration, at)
        case _:
            raise SeatGone
    enter(registration, State(Status.CONFIRMED), at=at)
    letters.write_for_status(registration, at=at)
    return registration


def _take_back(event: Event, registration: Registration, at: datetime) -> None:
    """The hold ran out before the money came. Late payers stand with the newcomers: they do not pass the line."""
    if event.status == Event.Status.CANCELLED or event.starts_at <= at:
        raise SeatGone
    given_up = registration.ended_at
    seats = registration.attendees.filter(released_at=given_up) if given_up else registration.attendees.live()
    event.count_seats(at)
    if event.seats_for_newcomers(at) < seats.count():
        raise SeatGone
    _must_fit_quota(event, registration, seats, at)
    seats.update(released_at=None)


def _must_fit_quota(event: Event, registration: Registration, seats: AttendeeQuerySet, at: datetime) -> None:
    """The organisation's quota may be used up by now. What an organiser allowed beyond it stays allowed."""
    entitlement = registration.entitlements.current().select_related("membership__scheme").first()
    if entitlement is None or entitlement.proof == Entitlement.Proof.DECISION:
        return
    if registration.approvals.filter(asked=Approval.Asked.ORGANISER, answer=Approval.Answer.APPROVED).exists():
        return
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=entitlement.membership_id)
    wanted = seats.filter(released_at__isnull=False, ticket_type__scheme=entitlement.membership.scheme).count()
    left = quota_of(entitlement.membership, event=event, at=at).left
    if left is not None and wanted > left:
        raise SeatGone
