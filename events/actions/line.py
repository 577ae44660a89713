"""The waiting list: free seats offered in the order of the line, and what people answer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from events import announcing, letters
from events.actions.lapsing import end_lapsed_holds, put_back
from events.actions.steps import (
    State,
    Status,
    advance,
    document,
    end,
    enter,
    lock_registration,
    window_on_last_day,
)
from events.days import days_after
from events.history import told
from events.locks import lock_event
from events.models import Attendee, Entitlement, Event, Offer, Registration
from events.models.attendee import AttendeeQuerySet
from events.refusals import NotInLine, OfferGone, SeatsTaken, VisitStarted

#: An offer that would leave less time is not made; those waiting are told together in the last call.
SHORTEST_OFFER = timedelta(hours=2)
#: Nobody is called out of bed for a place: the last call waits until seven. Hours of the Tour's own clock.
QUIET_FROM, QUIET_UNTIL = 21, 7
#: More of them would be a nuisance, not a service.
MOST_LAST_CALLS = 2


def offer_free_seats(event: Event, *, at: datetime, why: str = "") -> list[Offer]:
    """End what lapsed, and offer the free seats to the line, in its order. The caller holds the event's lock.

    A group gets all its seats or, when it asked for that, a part; what comes free while it thinks is added to its
    offer. Nobody passes it: while there are too few seats for the group in front, they stay free for it; the organiser
    is told at once, and the cockpit says so. A group larger
    than the visit can never be served and is passed. In the last 24 hours nobody is offered anything: everyone waiting
    is told, and the first to take it has it. `why`: an organiser's sentence for those it is offered to.
    """
    end_lapsed_holds(event, at=at)
    if event.status != Event.Status.SCHEDULED or at >= event.starts_at:
        return []
    event.count_seats(at)
    free = event.seats_left(at)
    if not free or not event.counted_waiting:
        return []
    if at >= event.last_call_at:
        _call_everyone(event, free, at, why)
        return []
    if not can_offer(event, at=at):
        return []
    expires_at = _offer_ends_at(event, at)
    offers = []
    line = Registration.objects.line(event).select_for_update(of=("self",), no_key=True)
    for registration in list(line):
        seats = list(registration.attendees.live().filter(offer__isnull=True).order_by("pk"))
        if len(seats) > event.capacity and not registration.accepts_part:
            continue
        if not free:
            break
        if len(seats) > free and not registration.accepts_part:
            # Closed for everybody else by one group: whoever runs the visit hears of it, once a group.
            letters.write_to_organiser("seats_kept", registration, facts={"free": free, "wanted": len(seats)}, at=at)
            break
        offers.append(_offer(registration, seats[:free], expires_at, at, why))
        free -= min(free, len(seats))
    return offers


def can_offer(event: Event, *, at: datetime) -> bool:
    """Whether there is time enough left to offer somebody a seat and wait for the answer."""
    return _offer_ends_at(event, at) - at >= SHORTEST_OFFER


def _offer_ends_at(event: Event, at: datetime) -> datetime:
    return min(at + timedelta(hours=event.offer_hours), event.last_call_at)


def clear_lapsed(event: Event, *, at: datetime) -> None:
    """What a deed does first, under the event's lock: nobody acts on a hold that ran out, and the line moves up."""
    if end_lapsed_holds(event, at=at):
        offer_free_seats(event, at=at)


def _offer(registration: Registration, seats: list[Attendee], expires_at: datetime, at: datetime, why: str) -> Offer:
    """A new offer, or more seats in the one that is open: then there is the whole time again to answer it."""
    offer = registration.open_offer
    if offer is None:
        offer = Offer.objects.create(registration=registration, seats=len(seats), made_at=at, expires_at=expires_at)
    else:
        offer.seats += len(seats)
        offer.expires_at = max(offer.expires_at, expires_at)
        offer.save(update_fields=["seats", "expires_at"])
    Attendee.objects.filter(pk__in=[seat.pk for seat in seats]).update(offer=offer)
    enter(registration, State(Status.OFFERED, offer.expires_at), at=at)
    offered = list(offer.attendees.live().order_by("pk").values_list("pk", flat=True))
    facts = {
        "offer": offer.pk,
        "until": offer.expires_at.isoformat(),
        "seats": offer.seats,
        "offered": offered,
        "more": len(seats) if len(offered) > len(seats) else 0,
        "why": why,
    }
    letters.write("offer", registration, occasion=f"{offer.pk}-{at:%Y%m%d%H%M%S}", facts=facts, at=at)
    return offer


def _call_everyone(event: Event, free: int, at: datetime, why: str) -> None:
    """One letter for each time that seats come free, at most two a person, and none at night."""
    if not QUIET_UNTIL <= timezone.localtime(at, timezone.get_default_timezone()).hour < QUIET_FROM:
        return  # the duty calls them at seven, if the seats are still free then
    # Whoever leaves the line frees no seat.
    never_seated = event.registrations.filter(letters__kind__in=["waiting", "rest_waits"], confirmed_at=None).exclude(
        offers__answer=Offer.Answer.ACCEPTED
    )
    for registration in Registration.objects.waiting_in_order(event):
        earlier = list(registration.letters.filter(kind="last_call").order_by("created_at", "pk"))
        if len(earlier) >= MOST_LAST_CALLS:
            continue
        if earlier:
            told = earlier[-1]
            came_free = (
                event.attendees.filter(released_at__gt=told.created_at).exclude(registration__in=never_seated).exists()
            )
            # What was told of may be taken by now: what is free beyond that is news.
            taken = Offer.objects.filter(
                registration__event=event, answer=Offer.Answer.ACCEPTED, answered_at__gt=told.created_at
            ).aggregate(seats=Sum("seats"))["seats"]
            if not came_free and free + (taken or 0) <= int(told.facts["seats"]):
                continue
        letters.write(
            "last_call", registration, occasion=str(len(earlier) + 1), facts={"seats": free, "why": why}, at=at
        )


@told("offer_seats")
def offer_seats(*, at: datetime) -> int:
    """For every visit to come with people waiting, offer what is free. Returns how many offers were made.

    The deeds offer what they free themselves; this finds what a raised capacity or a crash left, and starts the last
    call. Run twice at once it offers nothing twice.
    """
    made = 0
    in_line = [Status.WAITING, Status.OFFERED]  # of a group that is offered a part the rest waits
    waiting = Event.objects.filter(registrations__status__in=in_line, starts_at__gt=at)
    for event_id in waiting.distinct().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            made += len(offer_free_seats(lock_event(event_id), at=at))
    return made


@told("accept_offer")
@transaction.atomic
def accept_offer(*, registration: Registration, at: datetime, proves_mailbox: bool = False) -> Registration:
    """Take the offered seats. What is not offered of a group stays in the line, as a registration of its own.

    `proves_mailbox`: the answer came through the link we mailed. Done twice it changes nothing. Raises OfferGone when
    the offer ran out, was declined or withdrawn.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    offer = registration.offers.last()
    if offer is not None and offer.answer == Offer.Answer.ACCEPTED and not registration.is_ended:
        return registration
    if registration.status != Status.OFFERED or offer is None or offer.answer or offer.expires_at <= at:
        raise OfferGone
    if at >= event.starts_at:
        raise VisitStarted
    _split_off(registration, registration.attendees.live().filter(offer__isnull=True), at=at)
    taken = _take(registration, event, offer, at=at, proves_mailbox=proves_mailbox)
    offer_free_seats(event, at=at)  # what came free meanwhile is for the rest of the group, waiting again
    return taken


def _take(
    registration: Registration, event: Event, offer: Offer, *, at: datetime, proves_mailbox: bool
) -> Registration:
    offer.answer = Offer.Answer.ACCEPTED
    offer.answered_at = at
    offer.save(update_fields=["answer", "answered_at"])
    if proves_mailbox:
        Entitlement.objects.current().filter(registration=registration, proven_at__isnull=True).update(proven_at=at)
    if event.withdrawal_days is not None:
        # The order is made now, not when they joined the line.
        registration.withdrawal_until = days_after(at, event.withdrawal_days)
        registration.save(update_fields=["withdrawal_until"])
    # Paid, and approved, inside the window of the offer, whenever in it they said yes.
    advance(registration, event, at=at)
    document(registration, at=at)
    return registration


def _split_off(registration: Registration, rest: AttendeeQuerySet, *, at: datetime) -> None:
    """The rest of a group keeps its place in the line: the copy has the same class and the same moment.

    It also has the same entitlement and the same questions to answer: who has to approve a group has to approve each
    part of it, and what was answered counts for each.
    """
    rest_pks = list(rest.values_list("pk", flat=True))
    if not rest_pks:
        return
    entitlement = registration.entitlements.current().first()
    copy = Registration.objects.get(pk=registration.pk)
    copy.pk = None
    copy._state.adding = True
    copy.reference = Registration._meta.get_field("reference").get_default()
    copy.idempotency_key = None
    copy.status = Status.WAITING
    copy.hold_expires_at = None
    copy.split_from_id = registration.split_from_id or registration.pk
    copy.save()
    if entitlement is not None:
        entitlement.pk = None
        entitlement._state.adding = True
        entitlement.registration = copy
        entitlement.save()
    for approval in registration.approvals.all():
        approval.pk = None
        approval._state.adding = True
        approval.registration = copy
        approval.save()
    Attendee.objects.filter(pk__in=rest_pks).update(registration=copy)
    announcing.tell_created(copy, at=at)
    letters.write("rest_waits", copy, facts={"first": registration.reference}, at=at)


@told("decline_offer")
@transaction.atomic
def decline_offer(*, registration: Registration, at: datetime) -> Registration:
    """No, thank you: the seats go to the next. Out of the line, but for a group that was offered a part only.

    Done twice it changes nothing. Raises OfferGone when there is no offer to decline.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    offer = registration.offers.last()
    if offer is not None and offer.answer == Offer.Answer.DECLINED:
        return registration
    if registration.status != Status.OFFERED or offer is None or offer.expires_at <= at:
        raise OfferGone
    if registration.attendees.live().filter(offer__isnull=True).exists():
        put_back(registration, Offer.Answer.DECLINED, at=at)
    else:
        registration.offers.open().update(answer=Offer.Answer.DECLINED, answered_at=at)
        end(registration, Status.CANCELLED, at=at)
    letters.write("offer_declined", registration, occasion=str(offer.pk), at=at)
    offer_free_seats(event, at=at)
    return registration


def fit_offer(registration: Registration, *, at: datetime) -> None:
    """Somebody of the group left: the offer is of the offered seats that remain; without any the rest waits on."""
    remaining = registration.attendees.live().filter(offer__isnull=False).count()
    if remaining:
        registration.offers.open().update(seats=remaining)
        return
    registration.offers.open().update(answer=Offer.Answer.WITHDRAWN, answered_at=at)
    enter(registration, State(Status.WAITING), at=at)


@told("accept_part")
@transaction.atomic
def accept_part(*, registration: Registration, at: datetime) -> Registration:
    """A waiting group says that fewer seats are welcome too; what is free now is offered at once. Raises NotInLine."""
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    if registration.status != Status.WAITING:
        raise NotInLine
    registration.accepts_part = True
    registration.save(update_fields=["accepts_part"])
    offer_free_seats(event, at=at)
    registration.refresh_from_db()
    return registration


@told("take_free_seat")
@transaction.atomic
def take_free_seats(*, registration: Registration, at: datetime, proves_mailbox: bool = False) -> Registration:
    """In the last 24 hours: whoever of the line comes first has what is free.

    Raises NotInLine when it does not wait (any more), SeatsTaken when too few are free, VisitStarted.
    """
    event = lock_event(registration.event_id)
    clear_lapsed(event, at=at)
    registration = lock_registration(registration.pk)
    if at >= event.starts_at:
        raise VisitStarted
    if registration.status != Status.WAITING or at < event.last_call_at or event.status != Event.Status.SCHEDULED:
        raise NotInLine
    event.count_seats(at)
    seats = list(registration.attendees.live().order_by("pk"))
    free = event.seats_left(at)
    if free < len(seats) and not (free and registration.accepts_part):
        raise SeatsTaken(left=free)
    given = seats[:free]
    needs_a_yes = registration.approvals.open().exists()
    expires_at = window_on_last_day(event, needs_a_yes=needs_a_yes, at=at)
    offer = Offer.objects.create(registration=registration, seats=len(given), made_at=at, expires_at=expires_at)
    Attendee.objects.filter(pk__in=[seat.pk for seat in given]).update(offer=offer)
    _split_off(registration, registration.attendees.live().filter(offer__isnull=True), at=at)
    return _take(registration, event, offer, at=at, proves_mailbox=proves_mailbox)
