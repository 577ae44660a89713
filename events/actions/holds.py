"""Holds by the clock: ended by the duty, given up when a payment failed, held longer while one is under way."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from events import letters
from events.actions.lapsing import end_lapsed_holds, end_line
from events.actions.line import offer_free_seats
from events.actions.steps import LAST_NEW_ATTEMPT, Status, end, lock_registration
from events.history import told
from events.locks import lock_event
from events.models import Event, Registration


@told("expire")
def expire_holds(*, at: datetime) -> int:
    """End every hold that ran out, event by event under its lock, and offer what came free to the line.

    Also ends the line of a visit that began. Returns how many registrations expired. Run twice at once, each ends
    once: the second waits for the lock and finds nothing left.
    """
    ended = 0
    waits_in_vain = Q(registrations__status=Status.WAITING, starts_at__lte=at)
    over = Event.objects.filter(Q(registrations__in=Registration.objects.lapsed(at)) | waits_in_vain)
    for event_id in over.distinct().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            event = lock_event(event_id)
            ended += end_lapsed_holds(event, at=at)  # counted here; offering finds nothing left to end
            offer_free_seats(event, at=at)
            ended += end_line(event, at=at)
    return ended


@told("release_hold")
@transaction.atomic
def release_hold(*, registration: Registration, at: datetime) -> None:
    """The payment failed for good: give the seats up now instead of when the hold ends. Nothing when not held.

    Whoever was given days to pay keeps them: they can try again.
    """
    event = lock_event(registration.event_id)
    registration = lock_registration(registration.pk)
    if registration.status == Status.HELD:
        if registration.pay_by is not None and registration.pay_by - at > LAST_NEW_ATTEMPT:
            letters.write("payment_failed", registration, occasion=f"{at:%Y%m%d%H%M%S}", at=at)
            return
        end(registration, Status.EXPIRED, at=at)
        letters.write("hold_expired", registration, facts={"failed": True}, at=at)
        offer_free_seats(event, at=at)


@told("extend_hold")
@transaction.atomic
def extend_hold(*, registration: Registration, until: datetime, at: datetime) -> bool:
    """A payment is under way: keep the seats held at least until then. False when they are held no more.

    A hold that ran out is not revived: its seats may be somebody else's, and only a count could tell.
    """
    lock_event(registration.event_id)
    held = Registration.objects.filter(pk=registration.pk, status=Status.HELD, hold_expires_at__gt=at)
    is_held = held.exists()
    held.filter(hold_expires_at__lt=until).update(hold_expires_at=until)
    return is_held
