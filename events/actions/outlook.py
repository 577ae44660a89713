"""What an order comes to before anything is written: prices, who has to say yes, and every step to a certain seat.

The overview asks it in order to tell, registering asks it in order to do: one set of rules for both.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from events.actions.line import can_offer
from events.actions.orders import Order
from events.actions.steps import HOLD_TO_PAY, State, Status, next_state
from events.entitlement import Decision, decide, decide_for, quota_of
from events.models import Approval, Entitlement, Event, Membership, Registration, TicketType, Veto
from events.models.choices import Availability
from events.refusals import EventCancelled, FullyBooked, MoreThanThereAre, NotOpenYet, RegistrationClosed

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Outlook:
    """Where an order would stand, and the way from there."""

    #: What counts of the entitlement: none that would have to be proven and brings nothing.
    decision: Decision
    #: Not saved yet.
    approvals: list[Approval]
    #: The first is where it would stand at once, the last is a certain seat.
    ahead: list[State]

    @property
    def state(self) -> State:
        return self.ahead[0]

    @property
    def line(self) -> str:
        """Its class in the line, unless an organiser sets another."""
        return Registration.Line.MEMBER if self.decision.membership else Registration.Line.OTHER

    @property
    def will_wait(self) -> bool:
        return self.state.status == Status.WAITING


def outlook(
    event: Event,
    order: Order,
    decision: Decision,
    kinds: list[TicketType],
    *,
    total: Decimal,
    asks_organiser: bool,
    at: datetime,
) -> Outlook:
    """The first step and those after it. Raises a Refusal when there is no way to a seat (see must_take).

    `kinds` and `asks_organiser` as `ticket_types` gave them, `total` what they cost, VAT included.
    """
    will_wait = must_take(event, len(kinds), at=at) < len(kinds)
    approvals = _approvals(event, order, decision, kinds, at, asks_organiser=asks_organiser)
    sorts_members = will_wait and event.waiting_order != Event.WaitingOrder.FIRST_COME
    counted = decision if sorts_members else decision.for_seats(kinds)
    steps = ahead(
        event,
        # The mailed link that answers an offer proves the mailbox by itself.
        is_proven=will_wait or not counted.needs_mailbox,
        is_approved=not approvals,
        owed=ZERO if order.is_by_invoice else total,
        at=at,
    )
    if will_wait:
        steps = [State(Status.WAITING), State(Status.OFFERED), *steps]
    return Outlook(counted, approvals, steps)


def ahead(
    event: Event,
    *,
    is_proven: bool,
    is_approved: bool,
    owed: Decimal,
    at: datetime,
    window_ends_at: datetime | None = None,
    host_is_asked: bool = False,
) -> list[State]:
    """Every step to a certain seat: what `next_state` says now, and again each time what it asks for was done."""
    steps = []
    while True:
        state = next_state(
            event,
            is_proven=is_proven,
            is_approved=is_approved,
            owed=owed,
            at=at,
            window_ends_at=window_ends_at,
            host_is_asked=host_is_asked,
        )
        steps.append(state)
        match state.status:
            case Status.UNCONFIRMED_EMAIL:
                is_proven = True
            case Status.AWAITING_APPROVAL:
                is_approved = True
            case Status.HELD:
                owed = ZERO
            case _:
                return steps


def ahead_of(registration: Registration, *, owed: Decimal, proves_mailbox: bool, at: datetime) -> list[State]:
    """The steps of a registration whose seats would be set aside now; `owed` is what those seats cost."""
    entitlement = registration.entitlements.current().first()
    missing = list(registration.approvals.open())
    return ahead(
        registration.event,
        is_proven=proves_mailbox or entitlement is None or entitlement.proven_at is not None,
        is_approved=not missing,
        owed=ZERO if registration.is_by_invoice else owed,
        at=at,
        window_ends_at=registration.window_ends_at,
        host_is_asked=any(approval.asked == Approval.Asked.ORGANISER for approval in missing),
    )


def time_after_yes(expires_at: datetime, *, at: datetime) -> datetime:
    """Until when everything after the yes to an offer has to be done: its own end, and never under 45 minutes."""
    return max(expires_at, at + HOLD_TO_PAY)


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


def offered_at_once(event: Event, line: str, seats: int, *, at: datetime) -> bool:
    """Whether a newcomer of this class in the line passes everyone in it, and finds all its seats free.

    Where somebody stands in front for whom there are too few seats, what is free stays free for them.
    """
    classes = Registration.classes_of(event)
    if line not in classes or event.seats_left(at) < seats or not can_offer(event, at=at):
        return False
    in_front = classes[: classes.index(line) + 1]
    return not event.attendees.in_line().filter(registration__line__in=in_front).exists()


def _approvals(
    event: Event, order: Order, decision: Decision, kinds: list[TicketType], at: datetime, *, asks_organiser: bool
) -> list[Approval]:
    """Who has to say yes, and what the organiser alone should know about it."""
    approvals = []
    if order.approver is not None and not all(kind.is_free for kind in kinds):
        asked = Approval.Asked.APPROVER
        approvals.append(Approval(asked=asked, name=order.approver.name, email=order.approver.email, asked_at=at))
    notes = []
    if asks_organiser:
        notes.append(Approval.Reason.QUOTA.value)
    if decision.proof != Entitlement.Proof.DECISION and _is_vetoed(event, order, decision):
        notes.append(Approval.Reason.VETO.value)
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
