"""Making a seat certain: by opening the link we mailed, or because the money came."""

from datetime import datetime

from django.db import IntegrityError, transaction

from events import letters
from events.actions.holds import end, end_lapsed_holds
from events.locks import lock_event
from events.models import Entitlement, Event, Registration
from events.refusals import NothingToConfirm, SeatGone


@transaction.atomic
def confirm_mailbox(*, registration: Registration, at: datetime) -> Registration:
    """The contact opened the mailed link and said yes: the mailbox is proven, the seats are theirs.

    Done twice it changes nothing. Raises NothingToConfirm when the registration waits for no mailbox (any more).
    """
    event = lock_event(registration.event_id)
    end_lapsed_holds(event, at=at)
    registration = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    if registration.status == Registration.Status.CONFIRMED:
        return registration
    if registration.status != Registration.Status.UNCONFIRMED_EMAIL:
        raise NothingToConfirm
    Entitlement.objects.filter(registration=registration, proven_at__isnull=True).update(proven_at=at)
    _confirm(registration, at)
    return registration


def confirm(*, registration: Registration, at: datetime) -> Registration:
    """The money is in: give the seats, also when their hold ran out but they are still free.

    Called by the settlement. Done twice it changes nothing. Raises SeatGone when the seats were given up and cannot be
    had again, or the registration was cancelled; the money is then given back.
    """
    try:
        return _confirm_paid(registration, at)
    except IntegrityError:
        # Somebody of this order registered again in the meantime: there is a seat for each person already.
        raise SeatGone from None


@transaction.atomic
def _confirm_paid(registration: Registration, at: datetime) -> Registration:
    event = lock_event(registration.event_id)
    registration = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    match registration.status:
        case Registration.Status.CONFIRMED:
            return registration
        case Registration.Status.HELD if registration.hold_expires_at and registration.hold_expires_at > at:
            pass
        case Registration.Status.HELD | Registration.Status.EXPIRED:
            _take_back(event, registration, at)
        case _:
            raise SeatGone
    _confirm(registration, at)
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
    seats.update(released_at=None)


def _confirm(registration: Registration, at: datetime) -> None:
    registration.status = Registration.Status.CONFIRMED
    registration.confirmed_at = at
    registration.hold_expires_at = None
    registration.ended_at = None
    registration.save(update_fields=["status", "confirmed_at", "hold_expires_at", "ended_at"])
    letters.write("confirmed", registration, at=at)


@transaction.atomic
def extend_hold(*, registration: Registration, until: datetime) -> None:
    """A slow payment is under way: keep the seats held at least until then. Nothing when they are held no more."""
    lock_event(registration.event_id)
    Registration.objects.filter(pk=registration.pk, status=Registration.Status.HELD, hold_expires_at__lt=until).update(
        hold_expires_at=until
    )


@transaction.atomic
def release_hold(*, registration: Registration, at: datetime) -> None:
    """The payment failed for good: give the seats up now instead of when the hold ends. Nothing when not held."""
    lock_event(registration.event_id)
    registration = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    if registration.status == Registration.Status.HELD:
        end(registration, Registration.Status.EXPIRED, at=at)
        letters.write("hold_expired", registration, at=at)
