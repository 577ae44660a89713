"""Register: the one way a seat is taken, for the form, the API and the back office alike."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from events import letters
from events.actions.holds import end_lapsed_holds
from events.entitlement import Decision, decide
from events.locks import lock_event
from events.models import Attendee, Entitlement, Event, Registration, TicketType
from events.models.event import Availability
from events.refusals import (
    AlreadyRegistered,
    EventCancelled,
    FullyBooked,
    InvoiceUnavailable,
    KeyReused,
    NotOpenYet,
    PaymentUnavailable,
    RegistrationClosed,
)
from events.settlement import installed

#: Stripe's shortest Checkout session is 30 minutes; the hold outlives the session made for it (see payments).
HOLD_TO_PAY = timedelta(minutes=45)
HOLD_TO_CONFIRM_MAILBOX = timedelta(hours=24)


@dataclass(frozen=True)
class Contact:
    """Who registers and is written to, and for which organisation."""

    first_name: str
    last_name: str
    email: str
    organisation_name: str
    phone: str = ""
    organisation_country: str = "BE"
    enterprise_number: str = ""
    vat_number: str = ""


@dataclass(frozen=True)
class Attending:
    """Who sits on one seat."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class Order:
    """What somebody asks for: one to ten seats, in one language. Already checked for form; not for entitlement."""

    contact: Contact
    attendees: tuple[Attending, ...]
    language: str
    organisation_code: str = ""
    billing_method: str = Registration.Billing.ONLINE
    purchase_order: str = ""
    idempotency_key: str | None = field(default=None, compare=False)

    def digest(self, event: Event) -> str:
        """The same for the same order of the same event, whatever the key."""
        facts = asdict(self) | {"idempotency_key": None, "event": event.pk}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def register(*, event: Event, order: Order, at: datetime) -> Registration:
    """Give the attendees their seats, hold them until paid or confirmed, or put them on the waiting list.

    Entitlement and price are decided before the lock; seats are counted under it. Writes a letter to the contact.
    Raises a Refusal (closed, full without a waiting list, a code that cannot be used, somebody registered already).
    The same Idempotency-Key with the same order gives the first registration back.
    """
    digest = order.digest(event)
    if earlier := _earlier(order, digest):
        return earlier
    decision = decide(event=event, code=order.organisation_code, email=order.contact.email, at=at)
    if not decision.ticket_type.is_free:
        _must_be_payable(order)
    try:
        return _take_seats(event, order, decision, digest, at)
    except IntegrityError as error:
        # The database's own guards decide races: the same key twice, or the same person at two desks at once.
        if "idempotency_key" in str(error) and (earlier := _earlier(order, digest)):
            return earlier
        if "attendee_once_per_event" in str(error):
            raise AlreadyRegistered(email=_registered_already(event, order) or order.attendees[0].email) from None
        raise


def _earlier(order: Order, digest: str) -> Registration | None:
    if order.idempotency_key is None:
        return None
    earlier = Registration.objects.filter(idempotency_key=order.idempotency_key).first()
    if earlier is not None and earlier.request_digest != digest:
        raise KeyReused
    return earlier


def _must_be_payable(order: Order) -> None:
    settlement = installed()
    if settlement is None or not settlement.is_ready():
        raise PaymentUnavailable
    if order.billing_method == Registration.Billing.INVOICE:
        raise InvoiceUnavailable


@transaction.atomic
def _take_seats(event: Event, order: Order, decision: Decision, digest: str, at: datetime) -> Registration:
    event = lock_event(event.pk)
    if earlier := _earlier(order, digest):
        return earlier  # the same request came in twice at once, and the other one was first
    end_lapsed_holds(event, at=at)
    event.count_seats(at)
    if email := _registered_already(event, order):
        raise AlreadyRegistered(email=email)
    status, hold_expires_at = _status_for(event, order, decision, at)
    registration = Registration.objects.create(
        event=event,
        status=status,
        language=order.language,
        first_name=order.contact.first_name,
        last_name=order.contact.last_name,
        email=order.contact.email,
        phone=order.contact.phone,
        organisation_name=order.contact.organisation_name,
        organisation_country=order.contact.organisation_country,
        enterprise_number=order.contact.enterprise_number,
        vat_number=order.contact.vat_number,
        billing_method=order.billing_method,
        purchase_order=order.purchase_order,
        created_at=at,
        accepted_terms_at=at,
        hold_expires_at=hold_expires_at,
        confirmed_at=at if status == Registration.Status.CONFIRMED else None,
        idempotency_key=order.idempotency_key,
        request_digest=digest,
    )
    # bulk_create keeps the lock short: one statement for all seats.
    Attendee.objects.bulk_create(
        [_seat(registration, event, person, decision.ticket_type) for person in order.attendees]
    )
    if decision.membership is not None:
        Entitlement.objects.create(
            registration=registration,
            membership=decision.membership,
            proof=decision.proof,
            evidence=decision.evidence,
            claimed_at=at,
            proven_at=None if decision.needs_mailbox else at,
        )
    letters.write(letters.for_status(status), registration, at=at)
    return registration


def must_take(event: Event, seats: int, *, at: datetime) -> int:
    """How many seats a newcomer may take now. A question, also asked before the order to say it in time.

    Raises EventCancelled, NotOpenYet, RegistrationClosed, or FullyBooked where there is no waiting list.
    """
    match event.availability(at):
        case Availability.CANCELLED:
            raise EventCancelled
        case Availability.UPCOMING:
            raise NotOpenYet
        case Availability.PAST | Availability.CLOSED:
            raise RegistrationClosed
    free = event.seats_for_newcomers(at)
    if free < seats and not event.waiting_list:
        raise FullyBooked(left=free)
    return free


def _status_for(event: Event, order: Order, decision: Decision, at: datetime) -> tuple[str, datetime | None]:
    """What the registration becomes, and until when it keeps its seats. Raises a Refusal when it cannot be."""
    wanted = len(order.attendees)
    if must_take(event, wanted, at=at) < wanted:
        return Registration.Status.WAITING, None
    if decision.needs_mailbox:
        return Registration.Status.UNCONFIRMED_EMAIL, at + HOLD_TO_CONFIRM_MAILBOX
    if decision.ticket_type.is_free:
        return Registration.Status.CONFIRMED, None
    return Registration.Status.HELD, at + HOLD_TO_PAY


def _seat(registration: Registration, event: Event, person: Attending, ticket_type: TicketType) -> Attendee:
    ticket_type.event = event  # the locked row: its VAT rate is the one copied
    return Attendee(
        registration=registration,
        event=event,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        ticket_type=ticket_type,
        price_excl_vat=ticket_type.price_excl_vat,
        vat_rate=event.vat_rate,
        price_incl_vat=ticket_type.price_incl_vat,
    )


def _registered_already(event: Event, order: Order) -> str:
    """The first address that has a seat, or a place in the line, already; empty when none has."""
    taken = set(
        event.attendees.live()
        .annotate(lower=Lower("email"))
        .filter(lower__in=[person.email.lower() for person in order.attendees])
        .values_list("lower", flat=True)
    )
    return next((person.email for person in order.attendees if person.email.lower() in taken), "")
