"""Ending what was held and not used in time. One function for the duty and for whoever needs the seat now."""

from datetime import datetime

from django.db import transaction

from events import letters
from events.models import Attendee, Event, Registration
from events.settlement import installed


def end_lapsed_holds(event: Event, *, at: datetime) -> int:
    """Expire the holds that ran out. The caller holds the event's lock. Returns how many registrations ended."""
    lapsed = list(event.registrations.lapsed(at).select_for_update(of=("self",), no_key=True).order_by("pk"))
    for registration in lapsed:
        end(registration, Registration.Status.EXPIRED, at=at)
        letters.write("hold_expired", registration, at=at)
    return len(lapsed)


def end(registration: Registration, status: str, *, at: datetime) -> None:
    """Give up all seats of a registration whose row and event are locked, and stop asking money for them."""
    Attendee.objects.filter(registration=registration, released_at__isnull=True).update(released_at=at)
    was_to_be_paid = registration.status == Registration.Status.HELD
    registration.status = status
    registration.hold_expires_at = None
    registration.ended_at = at
    registration.save(update_fields=["status", "hold_expires_at", "ended_at"])
    settlement = installed()
    if was_to_be_paid and settlement is not None:
        # Outside the transaction: no lock waits for the network.
        transaction.on_commit(lambda: settlement.withdraw(registration, at=at), robust=True)
