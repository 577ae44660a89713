"""A season as it was booked, and as each revenue model would have had it: what the lab's pages and files say.

Everything is read; no registration, seat, payment or price is touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from events.models import Event
from payments.lab.outcome import Outcome, as_booked, season, would_have
from payments.lab.plans import Plan
from payments.lab.refusal import CannotCompute
from payments.lab_figures import Known, full_cost, own_cost, visits


@dataclass(frozen=True)
class Booked:
    """A visit as the books have it, or all of a period together; then there is no event."""

    event: Event | None
    outcome: Outcome
    #: Of the cost: the visit's own, and its part of the programme's.
    own: Decimal
    programme: Decimal
    #: What the same would have cost by the planned amounts.
    planned: Decimal


def as_it_was(since: date | None, until: date | None) -> list[Booked]:
    """The visits that start in the period, in the order of their start. A constant number of queries."""
    planned = {known.event.pk: full_cost(known.visit) for known in visits(since, until, planned=True)}
    return [
        Booked(
            known.event,
            as_booked(known.visit),
            own_cost(known.visit),
            known.visit.programme,
            planned[known.event.pk],
        )
        for known in visits(since, until)
    ]


def together(rows: Sequence[Booked]) -> Booked:
    """All of them: sums, and the ratios of those sums. A surplus on one visit helps to carry another."""
    return Booked(
        None,
        season("", [row.outcome for row in rows]),
        *(sum((getattr(row, name) for row in rows), start=Decimal(0)) for name in ("own", "programme", "planned")),
    )


@dataclass(frozen=True)
class Compared:
    """What one model makes of the visits, in their order; nothing but `refusal` where it has no answer."""

    name: str
    outcomes: tuple[Outcome, ...]
    season: Outcome | None
    refusal: str = ""


def as_was_booked(name: str, known: Sequence[Known]) -> Compared:
    """Raises CannotCompute for a visit whose figures have no answer."""
    outcomes = [as_booked(one.visit) for one in known]
    return Compared(name, tuple(outcomes), season(name, outcomes))


def under(plans: Iterable[tuple[str, Plan]], known: Sequence[Known]) -> list[Compared]:
    """Each plan, with its name, put to the visits."""
    return [_under(name, plan, known) for name, plan in plans]


def _under(name: str, plan: Plan, known: Sequence[Known]) -> Compared:
    try:
        outcomes = would_have(plan, [one.visit for one in known])
    except CannotCompute as refusal:
        return Compared(name, (), None, str(refusal))
    return Compared(name, tuple(outcomes), season(name, outcomes))
