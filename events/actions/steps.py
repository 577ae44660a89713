"""What every deed does with a locked registration: see what is still missing, end it, free seats, tell its people.

The caller holds the event's lock. Nothing here takes a lock of its own but on rows below it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from events import announcing, letters
from events.models import Approval, Attendee, Event, Offer, Registration
from events.settlement import installed

#: Stripe's shortest Checkout session is 30 minutes; the hold outlives the session made for it (see payments).
HOLD_TO_PAY = timedelta(minutes=45)
#: A new payment page may be asked for until then, each keeping the seats for as long as it is open.
LAST_NEW_ATTEMPT = timedelta(hours=2)
#: Whoever takes a seat on the last day and needs their approver's yes has this long for all of it.
LAST_DAY_APPROVAL = timedelta(hours=2)
HOLD_TO_CONFIRM_MAILBOX = timedelta(hours=24)
#: Whoever had to wait for a yes has this long to pay.
PAY_AFTER_APPROVAL = timedelta(hours=72)

Status = Registration.Status


def window_on_last_day(event: Event, *, needs_a_yes: bool, at: datetime) -> datetime:
    """Until when whoever takes a seat on the last day has done everything for it."""
    return min(event.starts_at, at + (LAST_DAY_APPROVAL if needs_a_yes else HOLD_TO_PAY))


class State(NamedTuple):
    """Where a registration with seats set aside stands, and until when it keeps them."""

    status: str
    hold_expires_at: datetime | None = None
    pay_by: datetime | None = None


def lock_registration(pk: int) -> Registration:
    """The registration's row, locked until the transaction ends. Its event is locked before it, always."""
    return Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def next_state(
    event: Event,
    *,
    is_proven: bool,
    is_approved: bool,
    owed: Decimal,
    at: datetime,
    time_to_pay: timedelta | None = None,
    window_ends_at: datetime | None = None,
    host_is_asked: bool = False,
) -> State:
    """The first thing still missing: the proof of the mailbox, a yes, the money; else it is confirmed.

    `owed` is what has to be paid first: nothing of what is ordered by invoice. `window_ends_at`: the end of the offer
    they took. All they and their approver have to do is done by then, so that the seats go to the next; only while
    the organiser's own yes is missing (`host_is_asked`) nobody is held to it. Whatever there is to pay, there are
    at least 45 minutes for it.
    """

    def within(until: datetime) -> datetime:
        if window_ends_at is None:
            return until
        return min(until, max(window_ends_at, at + HOLD_TO_PAY))

    if not is_proven:
        return State(Status.UNCONFIRMED_EMAIL, within(min(at + HOLD_TO_CONFIRM_MAILBOX, event.starts_at)))
    if not is_approved:
        until = min(at + timedelta(days=event.approval_days), event.starts_at)
        return State(Status.AWAITING_APPROVAL, until if host_is_asked else within(until))
    if owed:
        if time_to_pay is None and window_ends_at is None:
            return State(Status.HELD, at + HOLD_TO_PAY, at + LAST_NEW_ATTEMPT)
        until = within(min(at + (time_to_pay or PAY_AFTER_APPROVAL), event.starts_at))
        until = max(until, at + HOLD_TO_PAY)
        return State(Status.HELD, until, until)
    return State(Status.CONFIRMED)


def advance(
    registration: Registration,
    event: Event,
    *,
    at: datetime,
    time_to_pay: timedelta | None = None,
) -> Registration:
    """Its seats are set aside: move it on to what is still missing, and write the letter that says so.

    Whoever has to pay never has less time for it than they were told before.
    """
    entitlement = registration.entitlements.current().first()
    missing = list(registration.approvals.open())
    state = next_state(
        event,
        is_proven=entitlement is None or entitlement.proven_at is not None,
        is_approved=not missing,
        owed=Decimal("0.00") if registration.is_by_invoice else registration.total_incl_vat,
        at=at,
        time_to_pay=time_to_pay,
        window_ends_at=registration.window_ends_at,
        host_is_asked=any(approval.asked == Approval.Asked.ORGANISER for approval in missing),
    )
    was_told = registration.status in (Status.HELD, Status.AWAITING_APPROVAL) and state.status == Status.HELD
    promised = registration.hold_expires_at if was_told else None
    if promised is not None and state.hold_expires_at is not None and state.hold_expires_at < promised:
        state = State(state.status, promised, promised)
    enter(registration, state, at=at)
    letters.write_for_status(registration, at=at)
    return registration


def enter(registration: Registration, state: State, *, at: datetime) -> None:
    """Write the state down."""
    registration.status = state.status
    registration.hold_expires_at = state.hold_expires_at
    registration.pay_by = state.pay_by
    registration.ended_at = None
    fields = ["status", "hold_expires_at", "pay_by", "ended_at"]
    if state.status == Status.CONFIRMED:
        registration.confirmed_at = at
        fields.append("confirmed_at")
    registration.save(update_fields=fields)
    announcing.tell_state(registration, at=at)


def end(registration: Registration, status: str, *, at: datetime) -> None:
    """Give up all its seats, close what is open around it, and make the money agree."""
    was_to_be_paid = registration.status == Status.HELD
    give_up(registration, Attendee.objects.filter(registration=registration, released_at__isnull=True), at=at)
    answer = Offer.Answer.EXPIRED if status == Status.EXPIRED else Offer.Answer.WITHDRAWN
    registration.offers.open().update(answer=answer, answered_at=at)
    registration.status = status
    registration.hold_expires_at = None
    registration.ended_at = at
    registration.calendar_sequence += 1
    registration.save(update_fields=["status", "hold_expires_at", "ended_at", "calendar_sequence"])
    announcing.tell_state(registration, at=at)
    if was_to_be_paid:
        stop_asking(registration, at=at)


def give_up(registration: Registration, seats: Iterable[Attendee], *, at: datetime) -> None:
    """Free these seats. Their entry in a calendar is one version further, so that a cancellation is newer."""
    Attendee.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        released_at=at, offer=None, calendar_sequence=F("calendar_sequence") + 1
    )


def stop_asking(registration: Registration, *, at: datetime) -> None:
    """Close the open payment page, outside the transaction: no lock waits for the network."""
    settlement = installed()
    if settlement is not None:
        transaction.on_commit(lambda: settlement.withdraw(registration, at=at), robust=True)


def document(registration: Registration, reason: str = "price_changed", *, at: datetime) -> None:
    """What is ordered by invoice: its documents say what is owed now. The deed's last lock, so its last step."""
    settlement = installed()
    if settlement is not None and registration.is_by_invoice:
        settlement.document(registration, reason, at=at)


def give_back(registration: Registration, reason: str, *, at: datetime) -> None:
    """Decide to give back what was paid beyond what is owed now. Nothing where nothing was paid."""
    settlement = installed()
    if settlement is not None:
        settlement.give_back(registration, reason, at=at)
