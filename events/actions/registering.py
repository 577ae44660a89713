"""Register: the one way a seat is taken, for the form, the API and the back office alike."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from events import announcing, letters
from events.actions.line import clear_lapsed, offer_free_seats
from events.actions.orders import Attending, Order
from events.actions.outlook import decision_for, outlook, ticket_types
from events.actions.steps import document
from events.billing import checked
from events.days import days_after
from events.entitlement import Decision
from events.history import told
from events.locks import lock_event
from events.models import (
    Attendee,
    CancellationStep,
    Consent,
    Entitlement,
    Event,
    Needs,
    Registration,
    TicketType,
)
from events.refusals import (
    AlreadyRegistered,
    BillingIncomplete,
    InvoiceTooLate,
    InvoiceUnavailable,
    KeyReused,
    NamesDue,
    PaymentUnavailable,
)
from events.settlement import installed, takes_invoice

#: An order in which more people than this are registered already is a list somebody tries, not a mistake.
MOST_TOLD = 2


@told("register")
def register(*, event: Event, order: Order, at: datetime, by: Any = None, why: str = "") -> Registration:
    """Give the attendees their seats, hold them until paid, confirmed or approved, or put them on the waiting list.

    Entitlement and price are decided before the lock; seats and quota are counted under it. Writes a letter to the
    contact. Raises a Refusal (closed, full without a waiting list, a code that cannot be used, somebody registered
    already). The same Idempotency-Key with the same order gives the first registration back. `by` is the organiser who
    registers somebody by phone.
    """
    digest = order.digest(event)
    if earlier := _earlier(order, digest):
        return earlier
    if at >= event.names_due_at and not all(person.is_named for person in order.attendees):
        raise NamesDue
    decision = decision_for(event, order, at)
    if not decision.ticket_type.is_free:
        must_be_payable(event, order, at)
    try:
        return _take_seats(event, order, decision, digest, at, by)
    except IntegrityError as error:
        # The database's own guards decide races: the same key twice, or the same person at two desks at once.
        if "idempotency_key" in str(error) and (earlier := _earlier(order, digest)):
            return earlier
        if "attendee_once_per_event" in str(error):
            raise _refusal(_registered_already(event, order) or [order.attendees[0].email]) from None
        raise


def _earlier(order: Order, digest: str) -> Registration | None:
    if order.idempotency_key is None:
        return None
    earlier = Registration.objects.filter(idempotency_key=order.idempotency_key).first()
    if earlier is not None and earlier.request_digest != digest:
        raise KeyReused
    return earlier


def must_be_payable(event: Event, order: Order, at: datetime) -> None:
    """Raises PaymentUnavailable, InvoiceUnavailable, InvoiceTooLate or BillingIncomplete."""
    settlement = installed()
    if settlement is None:
        raise PaymentUnavailable
    if order.is_by_invoice:
        _must_take_invoice(event, at)
    elif not settlement.is_ready():
        raise PaymentUnavailable
    if order.billed_to is not None:
        _billing, problems = checked(order.billed_to, by_invoice=order.is_by_invoice, whole=False)
        if problems:
            raise BillingIncomplete(problems=problems)


def _must_take_invoice(event: Event, at: datetime) -> None:
    if takes_invoice(event, at):
        return
    if event.invoice_until is not None and at >= event.invoice_until:
        raise InvoiceTooLate(until=event.invoice_until)
    raise InvoiceUnavailable


@transaction.atomic
def _take_seats(event: Event, order: Order, decision: Decision, digest: str, at: datetime, by: Any) -> Registration:
    event = lock_event(event.pk)
    if earlier := _earlier(order, digest):
        return earlier  # the same request came in twice at once, and the other one was first
    clear_lapsed(event, at=at)
    event.count_seats(at)
    if emails := _registered_already(event, order):
        raise _refusal(emails)
    kinds, beyond_quota = ticket_types(event, order, decision, at, lock=True)
    if not all(kind.is_free for kind in kinds):
        must_be_payable(event, order, at)
    seats = [_seat(event, person, kind) for person, kind in zip(order.attendees, kinds, strict=True)]
    total = sum((seat.price_incl_vat for seat in seats), start=Decimal("0.00"))
    seen = outlook(event, order, decision, kinds, total=total, asks_organiser=beyond_quota, at=at)
    decision, state = seen.decision, seen.state
    registration = Registration.objects.create(
        event=event,
        status=state.status,
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
        channel=order.channel,
        line=order.line or seen.line,
        accepts_part=order.accepts_part and len(seats) > 1,
        terms=list(CancellationStep.objects.filter(event=event).values_list("days_before", "fee_percent")),
        withdrawal_until=None if event.withdrawal_days is None else days_after(at, event.withdrawal_days),
        created_at=at,
        accepted_terms_at=at,
        hold_expires_at=state.hold_expires_at,
        pay_by=state.pay_by,
        confirmed_at=at if state.status == Registration.Status.CONFIRMED else None,
        idempotency_key=order.idempotency_key,
        request_digest=digest,
    )
    # bulk_create keeps the lock short: one statement for all seats.
    for seat in seats:
        seat.registration = registration
    Attendee.objects.bulk_create(seats)
    _keep_needs(event, order, seats, at)
    for approval in seen.approvals:
        approval.registration = registration
        approval.save()
    if decision.membership is not None:
        Entitlement.objects.create(
            registration=registration,
            membership=decision.membership,
            proof=decision.proof,
            evidence=decision.evidence,
            claimed_at=at,
            proven_at=None if decision.needs_mailbox else at,
            decided_by=by if decision.proof == Entitlement.Proof.DECISION else None,
        )
    announcing.tell_created(registration, at=at)
    if state.status == Registration.Status.WAITING:
        # Too few seats for all of them; the first of the line may want a part.
        offer_free_seats(event, at=at)
        registration.refresh_from_db(fields=["status", "hold_expires_at", "accepts_part"])
    settlement = installed()
    if settlement is not None and order.billed_to is not None and not all(kind.is_free for kind in kinds):
        settlement.bill(registration, order.billed_to, at=at)
    if registration.status != Registration.Status.OFFERED:
        letters.write_for_status(registration, at=at)
    document(registration, at=at)
    return registration


def _keep_needs(event: Event, order: Order, seats: list[Attendee], at: datetime) -> None:
    """Only what this event asks for, and only with the sentence they agreed to."""
    asked = {
        "diet": event.asks_needs,
        "access": event.asks_needs,
        "shoe_size": event.asks_equipment,
        "clothing_size": event.asks_equipment,
        "licence_plate": event.asks_plate,
    }
    for seat, person in zip(seats, order.attendees, strict=True):
        told_us = {name: value for name, value in person.needs if value and asked.get(name)}
        if not told_us or not order.needs_wording:
            continue
        Needs.objects.create(attendee=seat, **told_us)
        Consent.objects.create(attendee=seat, purpose=Consent.Purpose.NEEDS, wording=order.needs_wording, given_at=at)


def _seat(event: Event, person: Attending, ticket_type: TicketType) -> Attendee:
    ticket_type.event = event  # the locked row: its VAT rate is the one copied
    return Attendee(
        event=event,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        ticket_type=ticket_type,
        price_excl_vat=ticket_type.price_excl_vat,
        vat_rate=event.vat_rate,
        price_incl_vat=ticket_type.price_incl_vat,
    )


def _refusal(emails: list[str]) -> AlreadyRegistered:
    """It names the first, whom its reader can leave out; who sends a list hears nothing of whom it holds."""
    return AlreadyRegistered(email=emails[0]) if len(emails) <= MOST_TOLD else AlreadyRegistered()


def _registered_already(event: Event, order: Order) -> list[str]:
    """The addresses that have a seat, or a place in the line, already."""
    named = [person for person in order.attendees if person.is_named]
    taken = set(
        event.attendees.live()
        .annotate(lower=Lower("email"))
        .filter(lower__in=[person.email.lower() for person in named])
        .values_list("lower", flat=True)
    )
    return [person.email for person in named if person.email.lower() in taken]
