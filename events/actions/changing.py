"""Changing who comes, and what they pay, without giving the seat up."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from events import announcing, letters
from events.actions.line import clear_lapsed
from events.actions.orders import Attending
from events.actions.steps import (
    PAY_AFTER_APPROVAL,
    Status,
    advance,
    document,
    give_back,
    lock_registration,
    stop_asking,
)
from events.entitlement import decide_for, normal_price
from events.history import told
from events.locks import lock_event
from events.models import Attendee, Entitlement, Event, Membership, Needs, Registration, TicketType, Veto
from events.models.registration import new_calendar_uid
from events.refusals import (
    AlreadyRegistered,
    AskTheOrganiser,
    GrantedAlready,
    NotEntitled,
    NothingForYou,
    NothingToChange,
    NotLower,
    NotStartedYet,
    PaymentUnavailable,
    TooLateToChange,
    UnknownAttendee,
)
from events.settlement import installed

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def substitute(
    *, registration: Registration, attendee_id: int, person: Attending, at: datetime, by: Any = None, why: str = ""
) -> Attendee:
    """Somebody else comes on this seat, or the name that was to follow is known. Free of charge, until it starts.

    Payment and history stay with the seat; both people get word, and each calendar its own change. Done twice it
    changes nothing. Raises UnknownAttendee, NothingToChange for a seat that was given up, TooLateToChange,
    AlreadyRegistered, AskTheOrganiser when the host would rather not receive this person's organisation.
    """
    try:
        return _substitute(registration=registration, attendee_id=attendee_id, person=person, at=at, by=by, why=why)
    except IntegrityError:
        raise AlreadyRegistered(email=person.email) from None


@told("substitute")
@transaction.atomic
def _substitute(
    *, registration: Registration, attendee_id: int, person: Attending, at: datetime, by: Any, why: str
) -> Attendee:
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    seat = registration.attendees.filter(pk=attendee_id).first()
    if seat is None:
        raise UnknownAttendee(ids=[attendee_id])
    if seat.released_at is not None or registration.is_ended:
        raise NothingToChange
    if event.starts_at <= at and by is None:
        raise TooLateToChange
    if (seat.first_name, seat.last_name, seat.email) == (person.first_name, person.last_name, person.email):
        return seat
    others = event.attendees.live().exclude(pk=seat.pk).annotate(lower=Lower("email"))
    if others.filter(lower=person.email.lower()).exists():
        raise AlreadyRegistered(email=person.email)
    if by is None and Veto.objects.filter(event=event).of_mailboxes([person.email]).exists():
        raise AskTheOrganiser
    before = seat.name if seat.is_named else ""
    is_other_person = seat.email.lower() != person.email.lower()
    has_seat = registration.status == Status.CONFIRMED
    if has_seat and is_other_person and seat.is_named:
        letters.write_to_seats(
            "seat_passed_on",
            registration,
            [_one_version_further(seat)],  # newer than what stands in the calendar now
            occasion=f"{at:%Y%m%d%H%M%S}",
            facts={"name": person.first_name},
            at=at,
        )
    seat.first_name, seat.last_name, seat.email = person.first_name, person.last_name, person.email
    fields = ["first_name", "last_name", "email"]
    if is_other_person:
        seat.calendar_uid, seat.calendar_sequence, seat.attended = new_calendar_uid(), 0, None
        fields += ["calendar_uid", "calendar_sequence", "attended"]
    seat.save(update_fields=fields)
    if is_other_person:
        # What the former person needs says nothing about the new one.
        seat.consents.all().delete()
        Needs.objects.filter(attendee=seat).delete()
    occasion = f"{seat.pk}-{at:%Y%m%d%H%M%S}"
    facts = {"before": before, "after": seat.name, "why": why}
    letters.write("substituted", registration, occasion=occasion, facts=facts, at=at)
    announcing.tell_registration("registration.substituted", registration, seat=seat, at=at)
    if has_seat:
        letters.write_to_seats("seat_confirmed", registration, [seat], occasion=occasion, at=at)
    return seat


def _one_version_further(seat: Attendee) -> Attendee:
    seat.calendar_sequence += 1
    return seat


@told("grant")
@transaction.atomic
def grant(*, registration: Registration, membership: Membership, at: datetime, by: Any, why: str) -> Registration:
    """An organiser decides that these seats have the scheme's price after all; what was paid too much goes back.

    Raises NothingToChange for a registration that ended, CodeWithoutBenefit when the event has no price for it,
    GrantedAlready when all its seats have that price by the same membership.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    if registration.is_ended:
        raise NothingToChange
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    decision = decide_for(event=event, membership=membership)
    if _is_granted(registration, membership, decision.ticket_type):
        raise GrantedAlready
    registration.entitlements.current().update(withdrawn_at=at, withdrawn_why=why[:250])
    Entitlement.objects.create(
        registration=registration,
        membership=membership,
        proof=Entitlement.Proof.DECISION,
        evidence=why[:250],
        claimed_at=at,
        proven_at=at,
        decided_by=by,
    )
    registration.line = Registration.Line.MEMBER
    registration.save(update_fields=["line"])
    _reprice(registration, event, decision.ticket_type)
    _after_new_price(registration, event, "granted", why, at)
    return registration


def _is_granted(registration: Registration, membership: Membership, kind: TicketType) -> bool:
    proven = registration.entitlements.current().filter(membership=membership, proven_at__isnull=False)
    others = registration.attendees.live().exclude(ticket_type=kind, price_excl_vat=kind.price_excl_vat)
    return proven.exists() and not others.exists()


@told("withdraw_entitlement")
@transaction.atomic
def withdraw_entitlement(*, registration: Registration, at: datetime, by: Any, why: str) -> Registration:
    """An organiser finds that the scheme's price did not apply: the seats cost what they cost everyone.

    Nobody loses a seat by it; the difference is owed and asked for. Raises NothingToChange, NotEntitled,
    NothingForYou when the event is for members only, PaymentUnavailable when nothing can be asked here.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    if registration.is_ended:
        raise NothingToChange
    if registration.entitlement is None:
        raise NotEntitled
    price = normal_price(event)
    if price is None:
        raise NothingForYou
    if not price.is_free and installed() is None:
        raise PaymentUnavailable
    registration.entitlements.current().update(withdrawn_at=at, withdrawn_why=why[:250])
    registration.line = Registration.Line.OTHER
    registration.save(update_fields=["line"])
    _reprice(registration, event, price)
    _after_new_price(registration, event, "price_changed", why, at)
    return registration


@told("lower_prices")
@transaction.atomic
def lower_prices(
    *, registration: Registration, amounts: Mapping[int, Decimal], at: datetime, by: Any, why: str
) -> Registration:
    """An organiser lets somebody pay less: `amounts` says per seat (attendee pk) what it owes from now on, incl. VAT.

    Also of a seat that was given up, of which a part is kept. What was paid beyond it goes back, never more than was
    paid; what an invoice asks beyond it is credited. Seats that are not named keep their price. Raises
    UnknownAttendee, NotLower for an amount that is not below what is owed, NothingToChange without any.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    seats = {seat.pk: seat for seat in registration.attendees.order_by("pk")}
    if unknown := set(amounts) - set(seats):
        raise UnknownAttendee(ids=sorted(unknown))
    if not amounts:
        raise NothingToChange
    for pk, amount in sorted(amounts.items()):
        seat = seats[pk]
        if not ZERO <= amount < seat.owed or amount != amount.quantize(CENT):
            raise NotLower(name=seat.name, owed=seat.owed)
        if seat.released_at is None:
            net = (amount * 100 / (100 + seat.vat_rate)).quantize(CENT, ROUND_HALF_UP)
            seat.price_excl_vat, seat.price_incl_vat = net, amount
        else:
            seat.fee_kept = amount
        seat.save(update_fields=["price_excl_vat", "price_incl_vat", "fee_kept"])
    if not registration.is_ended:
        _after_new_price(registration, event, "price_lowered", why, at, reason="price_changed")
        return registration
    owed = sum((seat.owed for seat in seats.values()), start=ZERO)
    facts = {"why": why, "owed": str(owed)}
    letters.write("price_lowered", registration, occasion=f"{at:%Y%m%d%H%M%S}", facts=facts, at=at)
    give_back(registration, "price_changed", at=at)
    document(registration, "price_changed", at=at)
    return registration


def _reprice(registration: Registration, event: Event, kind: TicketType) -> None:
    """The live seats at this ticket type's price of today, with the event's VAT."""
    kind.event = event
    registration.attendees.live().update(
        ticket_type=kind,
        price_excl_vat=kind.price_excl_vat,
        vat_rate=event.vat_rate,
        price_incl_vat=kind.price_incl_vat,
    )


def _after_new_price(
    registration: Registration, event: Event, letter: str, why: str, at: datetime, *, reason: str = ""
) -> None:
    """Where the registration stands with its new price, and the letter that says so.

    `reason` is the settlement's word for it, where that is not the letter's.
    """
    was_held = registration.status == Status.HELD
    if was_held:
        stop_asking(registration, at=at)  # the open page asks for the old price
    is_proven = not registration.entitlements.current().filter(proven_at__isnull=True).exists()
    if was_held or (registration.status == Status.UNCONFIRMED_EMAIL and is_proven):
        # An organiser's word needs no mailbox; and whoever is told by mail has longer to pay than at the screen.
        advance(registration, event, at=at, time_to_pay=PAY_AFTER_APPROVAL)
    else:
        announcing.tell_registration("registration.changed", registration, at=at)
    facts = {"why": why, "stands": registration.status}
    letters.write(letter, registration, occasion=f"{at:%Y%m%d%H%M%S}", facts=facts, at=at)
    give_back(registration, reason or letter, at=at)
    document(registration, reason or letter, at=at)


@told("attendance")
@transaction.atomic
def mark_attendance(*, attendee: Attendee, attended: bool | None, at: datetime, by: Any) -> Attendee:
    """Was there, was not, or not known. Only a seat that was kept can be a no-show; raises NothingToChange.

    Raises NotStartedYet: nobody is absent before the visit begins.
    """
    event = lock_event(attendee.event_id)
    if at < event.starts_at:
        raise NotStartedYet
    seat = Attendee.objects.select_related("registration").get(pk=attendee.pk)
    if seat.released_at is not None or seat.registration.status != Status.CONFIRMED:
        raise NothingToChange
    Attendee.objects.filter(pk=seat.pk).update(attended=attended)
    seat.attended = attended
    return seat
