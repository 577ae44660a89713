"""What an organiser does with a visit that has registrations: change it, cancel it, move people, write to them.

What a change will cause is said by `foresee` before it is done, and done by `change_event`: the same deed.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, Max, Q, Sum, Value, When

from events import announcing, letters
from events.actions.lapsing import end_lapsed_holds
from events.actions.line import SHORTEST_OFFER, clear_lapsed, offer_free_seats
from events.actions.steps import Status, document, end, give_back, lock_registration
from events.history import told
from events.locks import lock_event
from events.models import Attendee, Event, Letter, Offer, Registration
from events.refusals import (
    AlreadyRegistered,
    FullyBooked,
    MoreThanThereAre,
    NothingToChange,
    OtherVat,
    StaysCancelled,
    VatCountryStays,
    VisitStarted,
)
from events.settlement import installed

#: What stands in a calendar; when it changes, everybody who comes is told and every calendar file is a newer one.
IN_CALENDAR = frozenset(["starts_at", "ends_at", "venue", "street", "postal_code", "city", "country"])

#: What hangs on an event and is edited in its form.
CHILDREN = ("ticket_types", "vetoes", "cancellation_steps")

#: The letters of a change that carry the organiser's sentence about it. What ends of itself meanwhile does not.
SAYS_WHY = frozenset(["visit_changed", "visit_cancelled", "offer", "last_call"])
ZERO = Decimal("0.00")
INSTANT = timedelta(seconds=1)


class Consequences(NamedTuple):
    """What a change will cause, in numbers."""

    #: Letters that go out, of whatever kind.
    letters: int = 0
    #: The same by kind of letter, most first.
    by_kind: tuple[tuple[str, int], ...] = ()
    #: Seats offered to the waiting list.
    offers: int = 0
    #: Seats taken beyond the new capacity: nobody loses one, nobody new gets one.
    over_capacity: int = 0
    #: What is decided to go back with it, VAT included; and what is left in hand until a person decides.
    paid_back: Decimal = Decimal("0.00")
    left_to_decide: Decimal = Decimal("0.00")
    #: Registrations that keep the price they were made at.
    keep_their_price: int = 0
    #: Holds and offers that end earlier than their people were told.
    shorter: int = 0
    #: Registrations that may cancel free of charge from now on, against the terms they were made under.
    free_to_cancel: int = 0
    #: Waiting registrations that get another place in the line; they are not told.
    reordered: int = 0
    #: The visit was to come, and would have begun already.
    is_past: bool = False
    #: The visit is cancelled, which is never undone.
    is_cancelled: bool = False

    def __bool__(self) -> bool:
        return any(self)

    @property
    def says_why(self) -> int:
        """Letters that carry the organiser's sentence."""
        return sum(count for kind, count in self.by_kind if kind in SAYS_WHY)


def foresee(
    *, event: Event, changed: Collection[str], at: datetime, new_prices: bool = False, why: str = ""
) -> Consequences:
    """What saving these changes of an event will cause: the deed itself is done, counted, and undone.

    So what is said is what will happen. Takes the event's lock as the deed does. Raises what change_event raises.
    """
    fields = set(changed) - set(CHILDREN)
    live = list(event.registrations.exclude(status__in=Registration.ENDED).values_list("pk", flat=True))
    held_to_terms = event.registrations.filter(pk__in=live, status=Status.CONFIRMED).exclude(terms=[])
    with_terms = held_to_terms.count()
    is_cancelled = "status" in fields and event.status == Event.Status.CANCELLED
    letters_before = _latest(Letter.objects.filter(registration__event=event.pk))
    offers_before = _latest(Offer.objects.filter(registration__event=event.pk))
    money_before = _money(live) if is_cancelled else Money()
    before = Event.objects.get(pk=event.pk)
    line = _line(before)
    promised = _held_until(live)
    with transaction.atomic():
        after = change_event(event=event, changed=fields, at=at, why=why)
        after.count_seats(at)
        money_after = _money(live) if is_cancelled else Money()
        mine = Q(registration__event=event.pk)
        written = Counter(Letter.objects.filter(mine, pk__gt=letters_before).values_list("kind", flat=True))
        consequences = Consequences(
            letters=written.total(),
            by_kind=tuple(written.most_common()),
            offers=Offer.objects.filter(mine, pk__gt=offers_before).aggregate(n=Sum("seats"))["n"] or 0,
            over_capacity=max(0, after.seats_taken(at) - after.capacity) if "capacity" in fields else 0,
            paid_back=money_after.going_back - money_before.going_back,
            left_to_decide=money_after.left_to_decide,
            keep_their_price=len(live) if new_prices and after.status != Event.Status.CANCELLED else 0,
            shorter=sum(until < promised.get(pk, until) for pk, until in _held_until(live).items()),
            free_to_cancel=0 if is_cancelled else with_terms - held_to_terms.count(),
            reordered=sum(one != other for one, other in zip(line, _line(after), strict=False))
            if "waiting_order" in fields and not is_cancelled
            else 0,
            is_past=after.starts_at <= at < before.starts_at,
            is_cancelled=is_cancelled,
        )
        transaction.set_rollback(True)
    return consequences


def _line(event: Event) -> list[int]:
    return list(Registration.objects.waiting_in_order(event).values_list("pk", flat=True))


def _held_until(registrations: Collection[int]) -> dict[int, datetime]:
    """Until when those of these that stand under a hold or an offer keep their seats."""
    held = Registration.objects.filter(pk__in=registrations, status__in=Registration.HOLDING)
    return {pk: until for pk, until in held.values_list("pk", "hold_expires_at") if until is not None}


def _latest(rows: Any) -> int:
    return int(rows.aggregate(latest=Max("pk"))["latest"] or 0)


class Money(NamedTuple):
    """Of some registrations together, VAT included: what went back or is on its way, and what nobody decided about."""

    going_back: Decimal = ZERO
    left_to_decide: Decimal = ZERO


def _money(registrations: Collection[int]) -> Money:
    settlement = installed()
    if settlement is None:
        return Money()
    states = [settlement.state(row) for row in Registration.objects.filter(pk__in=registrations)]
    return Money(
        going_back=sum((state.refunded + state.coming_back for state in states), start=ZERO),
        left_to_decide=sum((state.undecided for state in states), start=ZERO),
    )


@told("change_event")
@transaction.atomic
def change_event(*, event: Event, changed: Collection[str], at: datetime, by: Any = None, why: str = "") -> Event:
    """Save these changes of an event, and do what follows from them. Returns the event as it is now.

    `changed` names the fields and child relations that were changed on this instance: only those are written, onto the
    row as it is under the lock, so that what somebody else changed meanwhile stays. Date or place: everybody is told,
    who comes with a newer calendar file, and may cancel free of charge; holds and offers end when the visit starts.
    Capacity: free seats are offered to the line. Cancelled: see cancel_event. Raises StaysCancelled, and
    VatCountryStays once there are seats with a price: what was declared of them stays declared there.
    """
    locked = lock_event(event.pk)
    fields = [name for name in changed if name not in CHILDREN and getattr(event, name) != getattr(locked, name)]
    is_cancelled_now = "status" in fields and event.status == Event.Status.CANCELLED
    if "status" in fields and locked.status == Event.Status.CANCELLED:
        raise StaysCancelled
    if is_cancelled_now:
        fields.remove("status")
    if "vat_country" in fields and locked.attendees.filter(price_incl_vat__gt=0).exists():
        raise VatCountryStays
    was = {"was_from": locked.starts_at.isoformat(), "was_at": locked.address}
    for name in fields:
        setattr(locked, name, getattr(event, name))
    is_elsewhere = bool(IN_CALENDAR.intersection(fields))
    if is_elsewhere:
        locked.calendar_sequence += 1
        fields.append("calendar_sequence")
    if fields:
        locked.save(update_fields=fields)
    for name in CHILDREN:
        if name in changed:
            getattr(event, name).commit()
    if is_cancelled_now:
        return cancel_event(event=locked, at=at, by=by, why=why)
    children = [name for name in CHILDREN if name in changed]
    if public := announcing.PUBLIC.intersection([*fields, *children]):
        announcing.tell_event("event.changed", locked, at=at, changed=public)
    if "capacity" in fields:
        announcing.tell_seats(locked, at=at)
    end_lapsed_holds(locked, at=at)
    offer_free_seats(locked, at=at, why=why)  # first, so that nobody reads that they wait who has an offer now
    if is_elsewhere and locked.status == Event.Status.SCHEDULED:
        _tell_and_let_go(locked, at, {"why": why, **was})
        offer_free_seats(locked, at=at, why=why)
    return locked


def _tell_and_let_go(event: Event, at: datetime, said: Mapping[str, str]) -> None:
    """It is another date or place than they said yes to: everybody hears it, and nobody is held to the terms."""
    live = event.registrations.exclude(status__in=Registration.ENDED)
    event.attendees.live().update(calendar_sequence=F("calendar_sequence") + 1)
    live.update(calendar_sequence=F("calendar_sequence") + 1, terms=[])
    promised = _held_until(live.values_list("pk", flat=True))
    live.filter(hold_expires_at__gt=event.starts_at).update(hold_expires_at=event.starts_at)
    live.filter(pay_by__gt=event.starts_at).update(pay_by=event.starts_at)
    for offer in Offer.objects.open().filter(registration__event=event, expires_at__gt=event.last_call_at):
        # Not in the past, so that an offer that ends now is ended by what ends every offer.
        offer.expires_at = max(event.last_call_at, min(at + SHORTEST_OFFER, event.starts_at), offer.made_at + INSTANT)
        offer.save(update_fields=["expires_at"])
        live.filter(pk=offer.registration_id).update(hold_expires_at=offer.expires_at)
    occasion = f"{event.pk}/{event.calendar_sequence}"
    for registration in live.order_by("pk"):
        facts = {**said, "status": registration.status}
        until = registration.hold_expires_at
        is_shorter = until is not None and until < promised.get(registration.pk, until)
        if until is not None and (is_shorter or registration.status == Status.OFFERED):
            facts |= {"until": until.isoformat(), "shorter": is_shorter}
        seats: list[Attendee] = []
        if registration.status == Status.CONFIRMED:
            seats = list(registration.attendees.live().named().order_by("pk"))
            letters.write_to_seats("visit_changed", registration, seats, at=at, occasion=occasion, facts=facts)
        if registration.email.lower() not in {seat.email.lower() for seat in seats}:
            letters.write("visit_changed", registration, at=at, occasion=occasion, facts=facts)
        if is_shorter and registration.status == Status.AWAITING_APPROVAL:
            letters.ask_approvers(registration, occasion=occasion, at=at)


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
    announcing.tell_event("event.cancelled", event, at=at)
    facts = {"why": why}
    live = event.registrations.exclude(status__in=Registration.ENDED).select_for_update(of=("self",), no_key=True)
    going = list(live.order_by("pk"))
    for registration in going:
        seats = [seat.pk for seat in registration.attendees.live()]
        had_seats = registration.status == Status.CONFIRMED
        # Nothing takes place: what was kept of seats they gave up earlier goes back too.
        registration.attendees.exclude(fee_kept=0).update(fee_kept=ZERO)
        end(registration, Status.CANCELLED, at=at)
        letters.write("visit_cancelled", registration, at=at, facts=facts)
        if had_seats:
            mine = registration.email.lower()
            gone = Attendee.objects.filter(pk__in=seats).order_by("pk")
            colleagues = [seat for seat in gone if seat.email.lower() != mine]
            letters.write_to_seats("visit_cancelled", registration, colleagues, at=at, facts=facts)
        give_back(registration, "event_cancelled", at=at)
    for registration in going:
        document(registration, "event_cancelled", at=at)
    return event


@told("move")
@transaction.atomic
def move(*, registration: Registration, to: Event, at: datetime, by: Any, why: str) -> Registration:
    """The same people to another visit, at the price they had. Both visits are locked, the older row first.

    Raises NothingToChange for one that ended or has no seats yet, VisitStarted, FullyBooked when there are too few
    free seats (an organiser raises the capacity first), MoreThanThereAre, AlreadyRegistered, and OtherVat when seats
    with a price would come under another VAT than was said of them.
    """
    first, second = sorted([registration.event_id, to.pk])
    locked = {pk: lock_event(pk) for pk in (first, second)}
    for event in locked.values():
        clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    if registration.event_id not in locked:
        raise NothingToChange  # somebody moved it elsewhere a moment ago
    before, to = locked[registration.event_id], locked[to.pk]
    if registration.status not in (Status.CONFIRMED, Status.WAITING) or before.pk == to.pk:
        raise NothingToChange
    if to.starts_at <= at or to.status != Event.Status.SCHEDULED:
        raise VisitStarted
    seats = registration.attendees.live()
    if not to.has_vat_of(before) and registration.attendees.filter(price_incl_vat__gt=0).exists():
        raise OtherVat(country=to.get_vat_country_display(), rate=to.vat_rate)
    if seats.count() > to.capacity:
        raise MoreThanThereAre(capacity=to.capacity)
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
    registration.calendar_sequence += 1
    registration.save(update_fields=["event", "terms", "calendar_sequence"])
    facts = {"before": before.title_in(registration.language), "why": why}
    occasion = f"{before.pk}-{to.pk}-{at:%Y%m%d%H%M%S}"
    announcing.tell_registration("registration.moved", registration, at=at, seats_move=True)
    announcing.tell_seats(before, at=at)
    letters.write("moved", registration, occasion=occasion, facts=facts, at=at)
    if registration.status == Status.CONFIRMED:
        colleagues = seats.exclude(email__iexact=registration.email).order_by("pk")
        letters.write_to_seats("moved", registration, colleagues, occasion=occasion, facts=facts, at=at)
    offer_free_seats(before, at=at)
    offer_free_seats(to, at=at)
    registration.refresh_from_db()
    return registration


@transaction.atomic
def write_message(*, registration: Registration, subject: str, text: str, occasion: str, at: datetime) -> bool:
    """An organiser's own words to the contact. `occasion` names the batch: nobody has it twice. False when they had."""
    facts = {"subject": subject, "text": text}
    return letters.write("message", registration, occasion=occasion, facts=facts, at=at) is not None


def seats_by_state(event: Event) -> dict[str, int]:
    """How many live seats stand in each state, for the cockpit. What is left of a group offered a part waits."""
    state = Case(
        When(registration__status=Status.OFFERED, offer__isnull=True, then=Value(Status.WAITING.value)),
        default=F("registration__status"),
    )
    rows = event.attendees.live().order_by().annotate(state=state).values_list("state").annotate(count=Count("pk"))
    return dict(rows)
