"""What an organiser does with a visit that has registrations: change it, cancel it, move people, write to them.

What a change will cause is said by `foresee` before it is done, and done by `change_event`: the same figures.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, F

from events import letters
from events.actions.holds import end_lapsed_holds
from events.actions.line import offer_free_seats
from events.actions.steps import Status, end, give_back, lock_registration
from events.history import told
from events.locks import lock_event
from events.models import Attendee, Event, Registration
from events.refusals import AlreadyRegistered, FullyBooked, NothingToChange, VisitStarted
from events.settlement import installed

#: What stands in a calendar; when it changes, everybody who comes is told and every calendar file is a newer one.
IN_CALENDAR = frozenset(["starts_at", "ends_at", "venue", "street", "postal_code", "city", "country"])


class Consequences(NamedTuple):
    """What a change will cause, in numbers."""

    #: Letters that go out because date or place change, or because the visit is cancelled.
    letters: int = 0
    #: Seats that come free for the waiting list.
    offers: int = 0
    #: Seats taken beyond the new capacity: nobody loses one, nobody new gets one.
    over_capacity: int = 0
    #: What is paid back, VAT included.
    paid_back: Decimal = Decimal("0.00")
    #: Registrations that keep the price they were made at.
    keep_their_price: int = 0

    def __bool__(self) -> bool:
        return any(self)


def foresee(
    event: Event, *, changed: Collection[str], capacity: int, status: str, new_prices: bool, at: datetime
) -> Consequences:
    """What saving these changes of an event will cause. A question: it writes nothing."""
    live = event.registrations.exclude(status__in=Registration.ENDED)
    coming = Attendee.objects.live().filter(registration__in=live.filter(status=Status.CONFIRMED)).named()
    taken, waiting = event.attendees.all().counts(at)
    if "status" in changed and status == Event.Status.CANCELLED:
        return Consequences(letters=coming.count() + live.count(), paid_back=_in_hand(event))
    free = max(0, capacity - taken) if "capacity" in changed else 0
    return Consequences(
        letters=coming.count() if IN_CALENDAR.intersection(changed) and event.status == Event.Status.SCHEDULED else 0,
        offers=min(free, waiting),
        over_capacity=max(0, taken - capacity) if "capacity" in changed else 0,
        keep_their_price=live.count() if new_prices else 0,
    )


def _in_hand(event: Event) -> Decimal:
    settlement = installed()
    if settlement is None:
        return Decimal("0.00")
    states = (settlement.state(registration) for registration in event.registrations.all())
    return sum((state.paid - state.refunded for state in states), start=Decimal("0.00"))


@told("change_event")
@transaction.atomic
def change_event(*, event: Event, changed: Collection[str], at: datetime, by: Any = None, why: str = "") -> Event:
    """Save an event whose fields were changed on this instance, and do what follows from it.

    `changed` names the fields. Date or place: everybody who comes gets a letter with a newer calendar file. Capacity:
    free seats are offered to the line. Cancelled: see cancel_event. The lock is taken before anything is written.
    """
    before = lock_event(event.pk)
    if "status" in changed and event.status == Event.Status.CANCELLED:
        event.status = before.status
        event.save()
        return cancel_event(event=event, at=at, by=by, why=why)
    if IN_CALENDAR.intersection(changed):
        event.calendar_sequence = before.calendar_sequence + 1
    event.save()
    end_lapsed_holds(event, at=at)
    if IN_CALENDAR.intersection(changed) and event.status == Event.Status.SCHEDULED:
        for registration in event.registrations.filter(status=Status.CONFIRMED).order_by("pk"):
            seats = registration.attendees.live().order_by("pk")
            occasion = str(event.calendar_sequence)
            letters.write_to_seats("visit_changed", registration, seats, at=at, occasion=occasion, facts={"why": why})
    offer_free_seats(event, at=at)
    return event


@told("cancel_event")
@transaction.atomic
def cancel_event(*, event: Event, at: datetime, by: Any = None, why: str = "") -> Event:
    """The visit does not take place: every registration ends, everybody is told once, everything paid goes back.

    Done twice it changes nothing the second time.
    """
    event = lock_event(event.pk)
    if event.status == Event.Status.CANCELLED:
        return event
    Event.objects.filter(pk=event.pk).update(
        status=Event.Status.CANCELLED, calendar_sequence=F("calendar_sequence") + 1
    )
    event.refresh_from_db()
    facts = {"why": why}
    going = event.registrations.exclude(status__in=Registration.ENDED).select_for_update(of=("self",), no_key=True)
    for registration in going.order_by("pk"):
        seats = [seat.pk for seat in registration.attendees.live()]
        had_seats = registration.status == Status.CONFIRMED
        end(registration, Status.CANCELLED, at=at)
        letters.write("visit_cancelled", registration, at=at, facts=facts)
        if had_seats:
            mine = registration.email.lower()
            gone = Attendee.objects.filter(pk__in=seats).order_by("pk")
            colleagues = [seat for seat in gone if seat.email.lower() != mine]
            letters.write_to_seats("visit_cancelled", registration, colleagues, at=at, facts=facts)
        give_back(registration, "event_cancelled", at=at)
    return event


@told("move")
@transaction.atomic
def move(*, registration: Registration, to: Event, at: datetime, by: Any, why: str) -> Registration:
    """The same people to another visit, at the price they had. Both visits are locked, the older row first.

    Raises NothingToChange for one that ended or has no seats yet, VisitStarted, FullyBooked when there are too few
    free seats (an organiser raises the capacity first), AlreadyRegistered.
    """
    first, second = sorted([registration.event_id, to.pk])
    locked = {pk: lock_event(pk) for pk in (first, second)}
    registration = lock_registration(registration.pk)
    if registration.event_id not in locked:
        raise NothingToChange  # somebody moved it elsewhere a moment ago
    before, to = locked[registration.event_id], locked[to.pk]
    if registration.status not in (Status.CONFIRMED, Status.WAITING) or before.pk == to.pk:
        raise NothingToChange
    if to.starts_at <= at or to.status != Event.Status.SCHEDULED:
        raise VisitStarted
    seats = registration.attendees.live()
    if registration.status == Status.CONFIRMED:
        to.count_seats(at)
        if to.seats_left(at) < seats.count():
            raise FullyBooked(left=to.seats_left(at))
    try:
        with transaction.atomic():
            registration.attendees.update(event=to, calendar_sequence=F("calendar_sequence") + 1)
    except IntegrityError:
        raise AlreadyRegistered(email=registration.email) from None
    registration.event = to
    registration.terms = []  # moved by us: cancelling is free of charge from now on
    registration.save(update_fields=["event", "terms"])
    facts = {"before": before.name, "why": why}
    letters.write("moved", registration, occasion=f"{before.pk}-{to.pk}", facts=facts, at=at)
    if registration.status == Status.CONFIRMED:
        colleagues = seats.exclude(email__iexact=registration.email).order_by("pk")
        letters.write_to_seats("moved", registration, colleagues, occasion=f"{before.pk}-{to.pk}", facts=facts, at=at)
    offer_free_seats(before, at=at)
    return registration


@transaction.atomic
def write_message(*, registration: Registration, subject: str, text: str, occasion: str, at: datetime) -> bool:
    """An organiser's own words to the contact. `occasion` names the batch: nobody has it twice. False when they had."""
    facts = {"subject": subject, "text": text}
    return letters.write("message", registration, occasion=occasion, facts=facts, at=at) is not None


def seats_by_state(event: Event) -> dict[str, int]:
    """How many live seats stand in each state, for the cockpit."""
    rows = event.attendees.live().order_by().values_list("registration__status").annotate(count=Count("pk"))
    return dict(rows)
