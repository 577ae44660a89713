"""A season that is still to come: from the visits that are planned to what it may bring, and at which price."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from payments.lab.break_even import price_that_covers
from payments.lab.costs import cost_of
from payments.lab.files import PlannedSeason, planned_season
from payments.lab.plans import KINDS
from payments.lab.refusal import CannotCompute
from payments.lab.safe_price import SafePrice, price_that_risks
from payments.lab.season import Assumptions, Range, Simulation, Swing, Tariff, simulate, tornado
from payments.lab.tariffs import SHARES, tariff
from payments.lab_figures import visits
from payments.models import EventCosts, RevenueModel

ZERO = Decimal(0)
#: Who chooses no model asks each visit's own price.
USUAL = "cost_price"
#: How many times tornado() draws each of its ends.
SWINGS = 2_000


@dataclass(frozen=True)
class Upcoming:
    """A visit that is planned, as a scenario takes it. Amounts excl. VAT, costs as planned."""

    name: str
    capacity: int
    registrations: int
    price: Decimal
    #: What does not move with the participants, with the visit's part of the programme costs.
    fixed: Decimal
    per_participant: Decimal
    #: Costs that are a percentage of what participants pay, together: no part of the two above.
    percentage: Decimal
    so_far: int
    free_so_far: int


def upcoming(at: datetime) -> list[Upcoming]:
    """The visits that begin after `at`, cancelled ones left out, in the order of their start.

    Registrations are those the costs of the visit expect, or those there are already where that is more. A coach counts
    among what does not move: as many as these registrations need.
    """
    known = [
        one
        for one in visits(since=timezone.localdate(at), planned=True)
        if one.event.starts_at > at and one.event.status != one.event.Status.CANCELLED
    ]
    expected = dict(
        EventCosts.objects.filter(event__in=[one.event.pk for one in known]).values_list("event", "expected")
    )
    rows = []
    for one in known:
        visit = one.visit
        registrations = max(expected.get(one.event.pk) or 0, len(visit.seats))
        moving = [line.value for line in visit.costs if line.basis == "participant"]
        taken = [line.value for line in visit.costs if line.basis == "percentage"]
        rows.append(
            Upcoming(
                visit.name,
                visit.capacity,
                registrations,
                visit.price,
                cost_of(visit.costs, registrations).fixed + visit.programme,
                sum(moving, start=ZERO),
                sum(taken, start=ZERO),
                len(visit.seats),
                sum(1 for seat in visit.seats if seat.member),
            )
        )
    return rows


#: A first guess, to be put right by whoever plans: low, likely, high.
GUESS = Assumptions(
    demand=Range(0.7, 1.0, 1.2),
    free_share=Range(0.4, 0.6, 0.8),
    elasticity=Range(0.0, 0.3, 0.8),
    no_show=Range(0.0, 0.05, 0.15),
    cost=Range(0.95, 1.0, 1.2),
)


def told(
    rows: Sequence[Mapping[str, Any]],
    *,
    kind: str,
    parameters: Mapping[str, Any],
    share: Decimal | None,
    uncertain: Mapping[str, Sequence[Decimal]],
    fee_share: Decimal,
) -> str:
    """The season as the JSON that payments.lab.files reads, so that a page and the command reckon with the same.

    `share` is how many of the paying take what the model offers, where it offers something (SHARES).
    """
    asked = {**parameters, **({SHARES[kind]: share} if kind in SHARES and share is not None else {})}
    season = {
        "events": list(rows),
        "models": {kind: asked},
        "uncertain": {name: list(ends) for name, ends in uncertain.items()},
        "fee_share": fee_share,
    }
    return json.dumps(season, default=float, ensure_ascii=False, indent=2)


@dataclass(frozen=True)
class Asked:
    """What is drawn. `season` is JSON, `name` what the model is called on paper."""

    season: str
    kind: str
    name: str
    runs: int
    seed: int


@dataclass(frozen=True)
class Drawn:
    asked: Asked
    planned: PlannedSeason
    simulation: Simulation
    swings: list[Swing]
    #: The mean result with every assumption as is likely: what the swings go out from.
    likely: float


def drawn(asked: Asked) -> Drawn:
    """The season drawn, and what moves it, as `manage.py revenue_lab season` does. Raises CannotCompute."""
    planned = planned_season(asked.season)
    tariffs = _tariffs(planned, asked.kind)
    found = simulate(planned.visits, tariffs, planned.assumptions, runs=asked.runs, seed=asked.seed)
    swings = tornado(planned.visits, tariffs, planned.assumptions, runs=SWINGS, seed=asked.seed)
    # As many draws of the same seed as the swings are made of.
    as_likely = simulate(planned.visits, tariffs, planned.assumptions.at_likely(), runs=SWINGS, seed=asked.seed)
    return Drawn(asked, planned, found, swings, as_likely.mean)


def _tariffs(planned: PlannedSeason, kind: str, **changed: Any) -> list[Tariff]:
    parameters = {**planned.models.get(kind, {}), **changed}
    return [tariff(kind, parameters, visit, planned.fee_share) for visit in planned.visits]


def safe_price(made: Drawn, most: float) -> SafePrice | None:
    """The lowest price, one for all visits, that keeps the chance of a loss at `most` or less under this model.

    None where the model has no one price. Raises CannotCompute where no price up to 1000 serves.
    """
    kind, planned = made.asked.kind, made.planned
    if "price" not in KINDS[kind].parameters:
        return None
    return price_that_risks(
        most,
        planned.visits,
        lambda price: _tariffs(planned, kind, price=price),
        planned.assumptions,
        seed=made.asked.seed,
    )


@dataclass(frozen=True)
class Covering:
    """The price that covers a part of a visit's cost; None, and why, where no price does."""

    name: str
    price: Decimal | None
    why: str = ""


def covering(planned: PlannedSeason, part: Decimal, paying: int, free: int) -> list[Covering]:
    """For each visit the price at which so many paying participants cover a part of its planned cost and of what the
    payment service takes."""
    rate = Decimal(str(planned.fee_share))
    found = []
    for visit in planned.visits:
        try:
            price = price_that_covers(part, visit.fixed, visit.per_participant, paying, free, rate=rate)
            found.append(Covering(visit.name, price))
        except CannotCompute as error:
            found.append(Covering(visit.name, None, str(error)))
    return found


def offered(kept: RevenueModel | None) -> tuple[str, Mapping[str, Any], str]:
    """(kind, parameters, name) of a model that was kept, or of each visit's own price."""
    if kept is None:
        return USUAL, {}, str(KINDS[USUAL].title)
    return kept.kind, kept.parameters, kept.name
