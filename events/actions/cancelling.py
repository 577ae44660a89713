"""Giving seats back: by the registrant, by time."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from events import letters
from events.actions.holds import end, end_lapsed_holds
from events.locks import lock_event
from events.models import Attendee, Event, Registration
from events.refusals import PaidSeat, PartOfUnpaid, TooLateToCancel, UnknownAttendee


@transaction.atomic
def cancel(*, registration: Registration, attendee_ids: Collection[int] = (), at: datetime) -> Registration:
    """Give up these seats, or all when none are named. Done twice it changes nothing the second time.

    Raises TooLateToCancel once the visit has started, PaidSeat for a confirmed seat that costs money (the organiser
    settles those), PartOfUnpaid for some of the seats of an order still to be paid, UnknownAttendee.
    """
    event = lock_event(registration.event_id)
    registration = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    mine = list(registration.attendees.all())
    if unknown := set(attendee_ids) - {attendee.pk for attendee in mine}:
        raise UnknownAttendee(ids=sorted(unknown))
    live = [attendee for attendee in mine if attendee.released_at is None]
    leaving = [attendee for attendee in live if not attendee_ids or attendee.pk in attendee_ids]
    if registration.is_ended or not leaving:
        return registration
    if event.starts_at <= at:
        raise TooLateToCancel
    if registration.status == Registration.Status.CONFIRMED and any(seat.price_incl_vat for seat in leaving):
        raise PaidSeat(email=letters.organiser_email())
    if len(leaving) == len(live):
        end(registration, Registration.Status.CANCELLED, at=at)
    elif registration.status == Registration.Status.HELD:
        raise PartOfUnpaid
    else:
        Attendee.objects.filter(pk__in=[attendee.pk for attendee in leaving]).update(released_at=at)
    letters.write(
        "cancelled",
        registration,
        occasion=",".join(str(attendee.pk) for attendee in leaving),
        facts={"names": [attendee.name for attendee in leaving]},
        at=at,
    )
    return registration


def expire_holds(*, at: datetime) -> int:
    """End every hold that ran out, event by event under its lock. Returns how many registrations expired.

    Run twice at once, each hold ends once: the second waits for the lock and finds nothing left.
    """
    ended = 0
    for event_id in (
        Event.objects.filter(registrations__in=Registration.objects.lapsed(at))
        .distinct()
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        with transaction.atomic():
            ended += end_lapsed_holds(lock_event(event_id), at=at)
    return ended
