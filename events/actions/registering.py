"""Register: the one way a seat is taken, for the form, the API and the back office alike."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from events import letters
from events.actions.line import clear_lapsed, offer_free_seats
from events.actions.steps import State, document, next_state
from events.billing import Billing, checked
from events.entitlement import Decision, decide, decide_for, quota_of
from events.history import told
from events.locks import lock_event
from events.models import (
    Approval,
    Attendee,
    CancellationStep,
    Consent,
    Entitlement,
    Event,
    Membership,
    Needs,
    Registration,
    TicketType,
    Veto,
)
from events.models.event import Availability
from events.refusals import (
    AlreadyRegistered,
    BillingIncomplete,
    EventCancelled,
    FullyBooked,
    InvoiceTooLate,
    InvoiceUnavailable,
    KeyReused,
    MoreThanThereAre,
    NamesDue,
    NotOpenYet,
    PaymentUnavailable,
    RegistrationClosed,
)
from events.settlement import installed, takes_invoice


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
    """Who sits on one seat; all three empty when the name follows."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    #: What they need on the day, by field of Needs; only what the event asks for is kept.
    needs: tuple[tuple[str, str], ...] = ()

    @property
    def is_named(self) -> bool:
        return bool(self.email)


@dataclass(frozen=True)
class Approver:
    """Who has to say yes before anything is paid: the registrant's boss."""

    name: str
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
    #: To whom it is billed, when that was filled in.
    billing: Billing | None = None
    approver: Approver | None = None
    #: A group on the waiting list that is glad with fewer seats too.
    accepts_part: bool = False
    #: Seats beyond the organisation's quota: ask the organiser for them instead of paying.
    asks_for_more: bool = False
    channel: str = Registration.Channel.SITE
    #: An organiser decided that this membership counts, without a code or a mailbox.
    membership: Membership | None = None
    #: The class in the line, when an organiser sets it; else it follows from the membership.
    line: str = ""
    #: The sentence they agreed to about their needs, as it stood there; empty when nothing was asked.
    needs_wording: str = ""
    idempotency_key: str | None = field(default=None, compare=False)

    @property
    def is_by_invoice(self) -> bool:
        return self.billing_method == Registration.Billing.INVOICE

    @property
    def billed_to(self) -> Billing | None:
        """As filled in; by invoice without that, the contact's organisation."""
        if self.billing is not None or not self.is_by_invoice:
            return self.billing
        return Billing(
            name=self.contact.organisation_name,
            country=self.contact.organisation_country,
            email=self.contact.email,
            enterprise_number=self.contact.enterprise_number,
            vat_number=self.contact.vat_number,
            purchase_order=self.purchase_order,
        )

    def digest(self, event: Event) -> str:
        """The same for the same order of the same event, whatever the key."""
        plain = replace(self, membership=None)
        facts = asdict(plain) | {"idempotency_key": None, "event": event.pk}
        facts["membership"] = self.membership.pk if self.membership else None
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


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
        _must_be_payable(event, order, at)
    try:
        return _take_seats(event, order, decision, digest, at, by)
    except IntegrityError as error:
        # The database's own guards decide races: the same key twice, or the same person at two desks at once.
        if "idempotency_key" in str(error) and (earlier := _earlier(order, digest)):
            return earlier
        if "attendee_once_per_event" in str(error):
            raise AlreadyRegistered(email=_registered_already(event, order) or order.attendees[0].email) from None
        raise


def decision_for(event: Event, order: Order, at: datetime) -> Decision:
    """Which price, and why: as the organiser decided, else as code or mailbox prove. Raises a Refusal."""
    if order.membership is not None:
        return decide_for(event=event, membership=order.membership)
    return decide(event=event, code=order.organisation_code, email=order.contact.email, at=at)


def ticket_types(
    event: Event, order: Order, decision: Decision, at: datetime, *, lock: bool = False
) -> tuple[list[TicketType], bool]:
    """(one ticket type per seat, whether the organiser is asked for the seats beyond the quota).

    The first seats have the scheme's price; those beyond the organisation's quota the price for everyone or, when the
    contact prefers to ask or nobody else may come, the scheme's price once the organiser says yes. Never a refusal.
    """
    wanted = len(order.attendees)
    membership = decision.membership
    if membership is None:
        return [decision.ticket_type] * wanted, False
    if lock:
        # Two visits at once share the year's quota: one row decides between them, after the event's, always.
        Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    left = quota_of(membership, event=event, at=at).left
    if left is None or left >= wanted or order.membership is not None:
        return [decision.ticket_type] * wanted, False
    if order.asks_for_more or decision.beyond is None:
        return [decision.ticket_type] * wanted, True
    return [decision.ticket_type] * left + [decision.beyond] * (wanted - left), False


def _earlier(order: Order, digest: str) -> Registration | None:
    if order.idempotency_key is None:
        return None
    earlier = Registration.objects.filter(idempotency_key=order.idempotency_key).first()
    if earlier is not None and earlier.request_digest != digest:
        raise KeyReused
    return earlier


def _must_be_payable(event: Event, order: Order, at: datetime) -> None:
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
    if email := _registered_already(event, order):
        raise AlreadyRegistered(email=email)
    kinds, beyond_quota = ticket_types(event, order, decision, at, lock=True)
    if not all(kind.is_free for kind in kinds):
        _must_be_payable(event, order, at)
    approvals = _approvals(event, order, decision, kinds, at, beyond_quota=beyond_quota)
    seats = [_seat(event, person, kind) for person, kind in zip(order.attendees, kinds, strict=True)]
    state = _state_for(event, order, decision, seats, at, is_approved=not approvals)
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
        line=order.line or (Registration.Line.MEMBER if decision.membership else Registration.Line.OTHER),
        accepts_part=order.accepts_part and len(seats) > 1,
        terms=list(CancellationStep.objects.filter(event=event).values_list("days_before", "fee_percent")),
        withdrawal_until=None if event.withdrawal_days is None else at + timedelta(days=event.withdrawal_days),
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
    for approval in approvals:
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


def must_take(event: Event, seats: int, *, at: datetime) -> int:
    """How many seats a newcomer may take now. A question, also asked before the order to say it in time.

    Raises EventCancelled, NotOpenYet, RegistrationClosed, MoreThanThereAre, or FullyBooked without a waiting list.
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
    if seats > event.capacity:
        raise MoreThanThereAre(capacity=event.capacity)  # waiting would never help
    return free


def _state_for(
    event: Event, order: Order, decision: Decision, seats: list[Attendee], at: datetime, *, is_approved: bool
) -> State:
    """What the registration becomes, and until when it keeps its seats. Raises a Refusal when it cannot be."""
    if must_take(event, len(seats), at=at) < len(seats):
        return State(Registration.Status.WAITING)
    owed = sum((seat.price_incl_vat for seat in seats), start=Decimal("0.00"))
    return next_state(
        event,
        is_proven=not decision.needs_mailbox,
        is_approved=is_approved,
        owed=Decimal("0.00") if order.is_by_invoice else owed,
        at=at,
    )


def _approvals(
    event: Event, order: Order, decision: Decision, kinds: list[TicketType], at: datetime, *, beyond_quota: bool
) -> list[Approval]:
    """Who has to say yes, and what the organiser alone should know about it."""
    approvals = []
    if order.approver is not None and not all(kind.is_free for kind in kinds):
        asked = Approval.Asked.APPROVER
        approvals.append(Approval(asked=asked, name=order.approver.name, email=order.approver.email, asked_at=at))
    notes = []
    if beyond_quota:
        notes.append("quota")
    if decision.proof != Entitlement.Proof.DECISION and _is_vetoed(event, order, decision):
        notes.append("veto")
    by_desk = order.channel == Registration.Channel.DESK
    if notes or (event.requires_approval and not by_desk):
        asked = Approval.Asked.ORGANISER
        approvals.append(Approval(asked=asked, asked_at=at, private_note=" ".join(notes)))
    return approvals


def _is_vetoed(event: Event, order: Order, decision: Decision) -> bool:
    """Whether the host would rather not receive them.

    They are known by membership, numbers, name, or the mail domain of the contact or a colleague.
    """
    contact = order.contact
    same = Q(organisation__name__iexact=contact.organisation_name.strip())
    if contact.enterprise_number:
        same |= Q(organisation__enterprise_number=contact.enterprise_number)
    if contact.vat_number:
        same |= Q(organisation__vat_number=contact.vat_number)
    if decision.membership is not None:
        same |= Q(organisation=decision.membership.organisation_id)
    vetoes = Veto.objects.filter(event=event)
    mailboxes = [contact.email, *(person.email for person in order.attendees)]
    return vetoes.filter(same).exists() or vetoes.of_mailboxes(mailboxes).exists()


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


def _registered_already(event: Event, order: Order) -> str:
    """The first address that has a seat, or a place in the line, already; empty when none has."""
    named = [person for person in order.attendees if person.is_named]
    taken = set(
        event.attendees.live()
        .annotate(lower=Lower("email"))
        .filter(lower__in=[person.email.lower() for person in named])
        .values_list("lower", flat=True)
    )
    return next((person.email for person in named if person.email.lower() in taken), "")
