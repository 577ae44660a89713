"""Giving seats back: by the registrant, by an organiser, by withdrawing from the order."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Sum

from events import announcing, letters
from events.actions.line import clear_lapsed, fit_offer, offer_free_seats
from events.actions.steps import Status, advance, document, end, give_back, give_up, lock_registration, stop_asking
from events.calendar import entry_of_seat
from events.history import told
from events.locks import lock_event
from events.models import Attendee, Event, Letter, Registration
from events.refusals import NoWithdrawal, TooLateToCancel, UnknownAttendee
from events.settlement import MoneyState, installed

ZERO = Decimal("0.00")


class Leaving(NamedTuple):
    """What giving seats up will cause. All amounts include VAT."""

    #: What these seats cost, where something may be kept of it; what is kept.
    price: Decimal
    kept: Decimal
    #: Decided to go back, and credited of invoices that are not paid.
    paid_back: Decimal
    credited: Decimal
    #: (kind, to whom)
    letters: tuple[tuple[str, str], ...]


def foresee_cancelling(
    *, registration: Registration, attendee_ids: Collection[int], at: datetime, by: Any, free_of_charge: bool
) -> Leaving:
    """What cancelling these seats now will cause: the deed itself is done, counted, and undone. Raises what it does."""
    was_confirmed = registration.status == Status.CONFIRMED
    with transaction.atomic():
        lock_event(registration.event_id)
        seats = list(registration.attendees.live().filter(pk__in=attendee_ids))
        before = _money(registration)
        latest = Letter.objects.aggregate(latest=Max("pk"))["latest"] or 0
        cancel(registration=registration, attendee_ids=attendee_ids, at=at, by=by, free_of_charge=free_of_charge)
        after = _money(registration)
        written = Letter.objects.filter(registration__event=registration.event_id, pk__gt=latest).order_by("pk")
        gone = Attendee.objects.filter(pk__in=[seat.pk for seat in seats])
        leaving = Leaving(
            price=sum((seat.price_incl_vat for seat in seats), start=ZERO) if was_confirmed else ZERO,
            kept=gone.aggregate(kept=Sum("fee_kept"))["kept"] or ZERO,
            paid_back=after.refunded + after.coming_back - before.refunded - before.coming_back,
            credited=max(ZERO, before.invoiced - after.invoiced),
            letters=tuple(written.values_list("kind", "recipient")),
        )
        transaction.set_rollback(True)
    return leaving


def _money(registration: Registration) -> MoneyState:
    settlement = installed()
    return settlement.state(registration) if settlement is not None else MoneyState(ZERO, ZERO, False, ZERO)


@told("cancel")
@transaction.atomic
def cancel(
    *,
    registration: Registration,
    attendee_ids: Collection[int] = (),
    at: datetime,
    by: Any = None,
    why: str = "",
    free_of_charge: bool = False,
    own_seat: bool = False,
) -> Registration:
    """Give up these seats, or all when none are named, on the terms they were ordered under.

    What was paid beyond what the ladder keeps is given back. `by` is the organiser who does it, with `why` for the
    contact to read, and `free_of_charge` when nothing is kept. `own_seat`: whoever sits on the one seat gives it up,
    not the contact. The letters say by whom. Done twice it changes nothing the second time. Raises
    TooLateToCancel once the visit has started (not to an organiser), UnknownAttendee.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    mine = list(registration.attendees.order_by("pk"))
    if unknown := set(attendee_ids) - {attendee.pk for attendee in mine}:
        raise UnknownAttendee(ids=sorted(unknown))
    live = [attendee for attendee in mine if attendee.released_at is None]
    leaving = [attendee for attendee in live if not attendee_ids or attendee.pk in attendee_ids]
    if registration.is_ended or not leaving:
        return registration
    if event.starts_at <= at and by is None:
        raise TooLateToCancel
    is_contacts = all(seat.email.lower() == registration.email.lower() for seat in leaving)
    return _leave(
        registration,
        event,
        live,
        leaving,
        at,
        gave_up="organiser" if by is not None else "participant" if own_seat and not is_contacts else "contact",
        why=why,
        free_of_charge=free_of_charge,
        reason="cancelled",
    )


@told("withdraw")
@transaction.atomic
def withdraw_from(*, registration: Registration, at: datetime) -> Registration:
    """The right of withdrawal, where the event grants one: all seats, all money back.

    Done twice it changes nothing. Raises NoWithdrawal when the event grants none or its days are over.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    if registration.is_ended:
        return registration
    if not may_withdraw(registration, event, at=at):
        raise NoWithdrawal
    live = list(registration.attendees.live().order_by("pk"))
    # The whole order is undone: what was kept of seats given up earlier goes back too.
    registration.attendees.exclude(fee_kept=0).update(fee_kept=ZERO)
    return _leave(registration, event, live, live, at, free_of_charge=True, reason="withdrawn")


def may_withdraw(registration: Registration, event: Event, *, at: datetime) -> bool:
    """Whether the order can be withdrawn from now. Whoever waits for a place has ordered nothing yet."""
    if registration.status in (Status.WAITING, Status.OFFERED):
        return False
    until = registration.withdrawal_until
    return until is not None and at <= until and at < event.starts_at and not registration.is_ended


def cancellation_fee(registration: Registration, seat: Attendee, event: Event, *, at: datetime) -> Decimal:
    """What is kept of this seat's price (VAT included) when it is given up now: nothing before it was paid for."""
    if registration.status != Status.CONFIRMED:
        return ZERO
    return registration.ladder.fee(seat.price_incl_vat, starts_at=event.starts_at, at=at)


def _leave(
    registration: Registration,
    event: Event,
    live: list[Attendee],
    leaving: list[Attendee],
    at: datetime,
    *,
    gave_up: str = "contact",
    why: str = "",
    free_of_charge: bool,
    reason: str,
) -> Registration:
    fees = {seat.pk: ZERO if free_of_charge else cancellation_fee(registration, seat, event, at=at) for seat in leaving}
    stood = registration.status
    had_seats = registration.status == Status.CONFIRMED
    was_held = registration.status == Status.HELD
    if len(leaving) == len(live):
        end(registration, Status.CANCELLED, at=at)
    else:
        give_up(registration, leaving, at=at)
        announcing.tell_registration("registration.seats_given_up", registration, at=at, seats_move=True)
        if was_held:
            stop_asking(registration, at=at)  # the open page asks for too much; the next one asks for what is left
        if registration.status == Status.OFFERED:
            fit_offer(registration, at=at)
    for seat in leaving:
        if fees[seat.pk]:
            Attendee.objects.filter(pk=seat.pk).update(fee_kept=fees[seat.pk])
    gone = list(Attendee.objects.filter(pk__in=[seat.pk for seat in leaving]).order_by("pk")) if had_seats else []
    letters.write(
        reason,
        registration,
        occasion=",".join(str(seat.pk) for seat in leaving),
        facts={
            "names": [seat.name for seat in leaving],
            "kept": str(sum(fees.values(), start=ZERO)),
            "gave_up": gave_up,
            "why": why,
            "had_seats": had_seats,
            "stood": stood,
            **_own_entry(registration, gone),
        },
        at=at,
    )
    if had_seats:
        # The contact reads it in the letter above.
        colleagues = [seat for seat in gone if seat.email.lower() != registration.email.lower()]
        letters.write_to_seats(
            "seat_cancelled", registration, colleagues, facts={"why": why, "gave_up": gave_up}, at=at
        )
    give_back(registration, reason, at=at)
    if was_held and not registration.is_ended and not registration.total_incl_vat:
        advance(registration, event, at=at)  # only the paid seats went: nothing is owed for the others
    offer_free_seats(event, at=at)
    document(registration, reason, at=at)
    return registration


def _own_entry(registration: Registration, gone: list[Attendee]) -> dict[str, Any]:
    """The contact gives up their own seat and not all: their letter takes the visit out of their calendar."""
    if registration.is_ended:
        return {}  # noted for every contact whose registration ends
    for seat in gone:
        if seat.email.lower() == registration.email.lower():
            entry = entry_of_seat(seat)
            return {"entry": entry.name, "sequence": entry.sequence}
    return {}
