"""The Tour's own figures as the revenue-model lab takes them: from the ledger, the seats and the cost lines.

What participants brought is the figure of the report of free and paid seats (payments.movements.free_seats), so the lab
and finance say the same to the cent. A constant number of queries, however many visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from events.models import Attendee, Event, TicketType
from payments.lab.costs import CostLine, Weight, allocated, cost_of
from payments.lab.seats import Seat, Visit
from payments.models import CostLine as CostRow
from payments.models import LedgerLine, ProgrammeCost
from payments.movements import SALES, ZERO, Period, free_seats
from payments.partners import brought_by_event


@dataclass(frozen=True)
class Known:
    """A visit of the Tour: the event it is, and its plain figures."""

    event: Event
    visit: Visit


def visits(since: date | None = None, until: date | None = None, *, planned: bool = False) -> list[Known]:
    """The visits that start in the period, drafts left out, in the order of their start.

    With `planned` every cost is the planned amount; else the actual one, where it is known. Cancelled visits are among
    them, with no seat: what they cost and gave back is part of a season. Eight queries; two more for shared costs.
    """
    events = list(free_seats(since, until))
    seats = _seats([event.pk for event in events])
    lines = _lines([event.pk for event in events], planned=planned)
    fees = brought_by_event(Period())
    shared = _shared(events, planned=planned)
    return [
        Known(
            event,
            Visit(
                name=event.name,
                day=timezone.localdate(event.starts_at),
                capacity=max(event.capacity, len(seats.get(event.pk, []))),
                price=event.price,
                seats=tuple(seats.get(event.pk, [])),
                costs=tuple(lines.get(event.pk, [])),
                programme=shared.get(event.pk, ZERO),
                booked=event.net,
                fees=-fees[event.pk].fees if event.pk in fees else ZERO,
            ),
        )
        for event in events
    ]


def visits_of(events: Sequence[int], *, planned: bool = False) -> list[Known]:
    """These visits, by the pk of their event. Shared costs are divided over all visits of their period, as ever."""
    wanted = set(events)
    return [known for known in visits(planned=planned) if known.event.pk in wanted]


def _seats(events: Sequence[int]) -> dict[int, list[Seat]]:
    """Confirmed seats by event, in the order of registering. Nobody's name or mailbox is read."""
    brought = dict(
        LedgerLine.objects.filter(entry__event__in=events, entry__kind__in=SALES, attendee__isnull=False)
        .order_by()
        .values("attendee")
        .annotate(sum=Sum("net"))
        .values_list("attendee", "sum")
    )
    rows = (
        Attendee.objects.filter(event__in=events, released_at__isnull=True, registration__status="confirmed")
        .order_by("registration__created_at", "registration", "pk")
        .values_list(
            "pk",
            "event",
            "event__starts_at",
            "registration",
            "registration__created_at",
            "registration__enterprise_number",
            "registration__organisation_name",
            "ticket_type__scheme",
            "attended",
            "price_excl_vat",
        )
    )
    found: dict[int, list[Seat]] = {}
    for pk, event, starts_at, registration, made_at, number, organisation, scheme, attended, price in rows:
        found.setdefault(event, []).append(
            Seat(
                registration=str(registration),
                # An organisation is known by its number; where it has none, by its name as it was typed.
                organisation=number or organisation.strip().casefold() or f"registration {registration}",
                member=scheme is not None,
                days_before=max((timezone.localdate(starts_at) - timezone.localdate(made_at)).days, 0),
                paid=brought.get(pk, ZERO),
                attended=attended,
                ordered=price,
            )
        )
    return found


def _lines(events: Sequence[int], *, planned: bool) -> dict[int, list[CostLine]]:
    found: dict[int, list[CostLine]] = {}
    for row in CostRow.objects.filter(costs__event__in=events).select_related("costs").order_by("sort_order", "pk"):
        found.setdefault(row.costs.event_id, []).append(row.as_planned() if planned else row.as_known())
    return found


def _shared(events: Sequence[Event], *, planned: bool) -> dict[int, Decimal]:
    """Each visit's part of the shared costs. A cost is borne by all visits of its period, cancelled ones left out.

    Where only some of those visits were asked for, they bear their part of it and no more.
    """
    days = {event.pk: timezone.localdate(event.starts_at) for event in events}
    if not days:
        return {}
    costs = list(ProgrammeCost.objects.filter(starts_on__lte=max(days.values()), ends_on__gte=min(days.values())))
    if not costs:
        return {}
    first, last = min(cost.starts_on for cost in costs), max(cost.ends_on for cost in costs)
    bearing = _bearing(first, last)
    parts: dict[int, Decimal] = {}
    for cost in costs:
        among = [event for event in bearing if cost.starts_on <= timezone.localdate(event.starts_at) <= cost.ends_on]
        for event, part in _divided(cost, among, planned=planned):
            parts[event.pk] = parts.get(event.pk, ZERO) + part
    return parts


def _divided(cost: ProgrammeCost, among: Sequence[Event], *, planned: bool) -> list[tuple[Event, Decimal]]:
    if not among:
        return []
    value = cost.planned if planned or cost.actual is None else cost.actual
    weights = [Weight(event.paid + event.free, event.capacity, event.net) for event in among]
    return list(zip(among, allocated(value, cost.key, weights), strict=True))


def borne_by(cost: ProgrammeCost) -> list[tuple[Event, Decimal]]:
    """The visits that bear a shared cost, each with its part as it is known now; cancelled ones left out. One query."""
    return _divided(cost, _bearing(cost.starts_on, cost.ends_on), planned=False)


def _bearing(since: date, until: date) -> list[Event]:
    return list(free_seats(since, until).exclude(status=Event.Status.CANCELLED))


def own_cost(visit: Visit) -> Decimal:
    """What the visit's own lines come to with its participants and what they paid."""
    return cost_of(visit.costs, len(visit.seats), max(visit.booked, ZERO)).total


def full_cost(visit: Visit) -> Decimal:
    """The visit's own cost, and its part of the shared costs."""
    return own_cost(visit) + visit.programme


def price_for_everyone(event: Event) -> Decimal | None:
    """What a seat of this visit costs excl. VAT for whoever is no member; None where only members come. One query."""
    kinds = TicketType.objects.filter(event=event, scheme__isnull=True).order_by("pk")
    return kinds.values_list("price_excl_vat", flat=True).first()


def seasons() -> list[int]:
    """The years that have a visit, newest first: what a page offers to choose from. One query."""
    years = Event.objects.exclude(status=Event.Status.DRAFT).dates("starts_at", "year", order="DESC")
    return [day.year for day in years]


def year(number: int) -> tuple[date, date]:
    """The first and the last day of a season, which is a calendar year."""
    return date(number, 1, 1), date(number, 12, 31)
