"""A season as it was booked, and as each revenue model would have had it: what the lab's pages and files say.

Everything is read; no registration, seat, payment or price is touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import ngettext

from cms.templatetags.cms_tags import money
from events.models import Event
from payments.experiment_findings import running_until
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
    #: The look of the experiment that it is in and that runs.
    running_until: date | None = None


def as_it_was(since: date | None, until: date | None) -> list[Booked]:
    """The visits that start in the period, in the order of their start. A constant number of queries."""
    planned = {known.event.pk: full_cost(known.visit) for known in visits(since, until, planned=True)}
    running = running_until(planned)
    return [
        Booked(
            known.event,
            as_booked(known.visit),
            own_cost(known.visit),
            known.visit.programme,
            planned[known.event.pk],
            running.get(known.event.pk),
        )
        for known in visits(since, until)
    ]


def together(rows: Sequence[Booked]) -> Booked:
    """All of them: sums, and the ratios of those sums. A surplus on one visit helps to carry another."""
    return Booked(
        None,
        season("", [row.outcome for row in rows]),
        own=sum((row.own for row in rows), start=Decimal(0)),
        programme=sum((row.programme for row in rows), start=Decimal(0)),
        planned=sum((row.planned for row in rows), start=Decimal(0)),
    )


def still_open(outcome: Outcome) -> str:
    """What was ordered and did not come in, in a sentence, so that no model looks better by it; empty without any."""
    if not outcome.unpaid:
        return ""
    return ngettext(
        "%(count)s seat was ordered at a price and did not bring all of it: not paid for (yet), or given back. That is "
        "%(amount)s more than was booked. The models take it as paid for.",
        "%(count)s seats were ordered at a price and did not bring all of it: not paid for (yet), or given back. That "
        "is %(amount)s more than was booked. The models take them as paid for.",
        outcome.unpaid,
    ) % {"count": outcome.unpaid, "amount": money(outcome.outstanding)}


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
