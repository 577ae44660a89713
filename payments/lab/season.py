"""Scenarios: a season of visits drawn many times, with what is not known drawn along (Monte Carlo).

Per run each assumption is drawn once for the season from a triangular distribution (low, likely, high): how large
demand is against what is planned, the share of free seats, how buyers respond to the price, the no-shows, and costs
against what is planned. Then, per visit, with mean = planned registrations x demand:

    free    ~ Poisson(mean x free share)
    paying  ~ Poisson(mean x (1 - free share) x (price / usual price) ** -elasticity)

no more than the capacity together, whoever comes first in no particular order; absent ~ Binomial(participants,
no-show). Source of the method: N. Metropolis and S. Ulam (1949), The Monte Carlo method, JASA 44, 335-341; of the price
response: constant elasticity, H. R. Varian, Intermediate Microeconomics, chapter 15. Floats: an estimate, never a
booking.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from math import comb, exp, sqrt
from random import Random
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.lab.proportions import Interval, quantile, wilson
from payments.lab.refusal import CannotCompute, amount, whole

#: The mean of a Poisson draw is rounded to this step, so that its table can be kept.
STEP = 0.05
MOST_RUNS = 1_000_000
MOST_EVENTS = 500
MOST_PARTICIPANTS = 2_000


@dataclass(frozen=True)
class Range:
    """What is not known: it lies between low and high, most likely near likely."""

    low: float
    likely: float
    high: float

    def check(self, name: Any, least: float, most: float) -> None:
        """Raises CannotCompute unless least <= low <= likely <= high <= most."""
        if not least <= self.low <= self.likely <= self.high <= most:
            raise CannotCompute(
                _("%(name)s: low, likely and high (%(low)s, %(likely)s, %(high)s) rise, from %(least)s to %(most)s."),
                name=name,
                low=self.low,
                likely=self.likely,
                high=self.high,
                least=least,
                most=most,
            )


def certain(value: float) -> Range:
    return Range(value, value, value)


@dataclass(frozen=True)
class Assumptions:
    demand: Range = field(default_factory=lambda: certain(1.0))
    free_share: Range = field(default_factory=lambda: certain(0.0))
    elasticity: Range = field(default_factory=lambda: certain(0.0))
    no_show: Range = field(default_factory=lambda: certain(0.0))
    cost: Range = field(default_factory=lambda: certain(1.0))

    def check(self) -> None:
        """Raises CannotCompute."""
        self.demand.check(_("Demand"), 0, 10)
        self.free_share.check(_("Free share"), 0, 1)
        self.elasticity.check(_("Price response"), 0, 10)
        self.no_show.check(_("No-show"), 0, 1)
        self.cost.check(_("Costs"), 0, 10)

    def at_likely(self) -> "Assumptions":
        """Each as is likely, and certain."""
        return Assumptions(**{name: certain(getattr(self, name).likely) for name in NAMES})


#: The order in which they are drawn and shown.
NAMES = ("demand", "free_share", "elasticity", "no_show", "cost")


@dataclass(frozen=True)
class PlannedVisit:
    """A visit of the season. Amounts excl. VAT; `fixed` includes its part of the programme costs."""

    name: str
    capacity: int
    #: Registrations expected at the usual price.
    registrations: float
    price: Decimal
    fixed: Decimal
    per_participant: Decimal = Decimal(0)

    def check(self) -> None:
        """Raises CannotCompute."""
        whole(self.capacity, _("Capacity of “%(name)s”") % {"name": self.name}, least=1, most=MOST_PARTICIPANTS)
        if not 0 <= self.registrations <= MOST_PARTICIPANTS:
            raise CannotCompute(
                _("“%(name)s”: between 0 and %(most)s registrations can be expected, not %(n)s."),
                name=self.name,
                most=MOST_PARTICIPANTS,
                n=self.registrations,
            )
        for value in (self.price, self.fixed, self.per_participant):
            amount(value, self.name)


@dataclass(frozen=True)
class Tariff:
    """A revenue model for people who are not there yet: what so many of them bring.

    `paying(n)` is what n paying participants pay together, excl. VAT; `price` what the average one pays, for the price
    response. What comes per visit, per participant and per no-show is added. `fee_share` goes to the payment service.
    """

    price: float
    paying: Callable[[int], float]
    per_visit: float = 0.0
    per_participant: float = 0.0
    per_absent: float = 0.0
    fee_share: float = 0.0


@dataclass(frozen=True)
class Simulation:
    """Results of a season in the currency's unit: below zero is a loss, and what a subsidy would have to bear."""

    runs: int
    seed: int
    mean: float
    #: Of `mean`: the standard deviation over the square root of the runs.
    standard_error: float
    p_loss: float
    p_loss_interval: Interval
    #: (q, subsidy needed at most in that share of the seasons)
    subsidy: tuple[tuple[float, float], ...]
    result: tuple[tuple[float, float], ...]
    mean_revenue: float
    mean_cost: float
    mean_participants: float


@dataclass(frozen=True)
class Swing:
    """How far the mean result moves when one assumption goes from its low to its high, the others at likely."""

    name: str
    at_low: float
    at_high: float

    @property
    def size(self) -> float:
        return abs(self.at_high - self.at_low)


def simulate(
    visits: Sequence[PlannedVisit],
    tariffs: Sequence[Tariff],
    assumptions: Assumptions,
    *,
    runs: int = 10_000,
    seed: int = 0,
) -> Simulation:
    """Draw the season `runs` times; the same seed gives the same answer. One tariff per visit.

    Raises CannotCompute for an empty season, a visit or an assumption outside its bounds, or too many runs.
    """
    # One draw has no spread, so that nothing could be said of how sure its figures are.
    runs = whole(runs, _("Runs"), least=2, most=MOST_RUNS)
    if not visits:
        raise CannotCompute(_("There is no visit in this season."))
    if len(visits) > MOST_EVENTS:
        raise CannotCompute(_("A season has at most %(most)s visits."), most=MOST_EVENTS)
    for visit in visits:
        visit.check()
    assumptions.check()
    results, revenue, cost, people = _drawn(visits, tariffs, assumptions, runs, Random(seed))  # noqa: S311
    mean = sum(results) / runs
    variance = sum((result - mean) ** 2 for result in results) / (runs - 1)
    ordered = sorted(results)
    losses = bisect_left(ordered, 0.0)
    needed = sorted(max(-result, 0.0) for result in results)
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    return Simulation(
        runs=runs,
        seed=seed,
        mean=mean,
        standard_error=sqrt(variance / runs),
        p_loss=losses / runs,
        p_loss_interval=wilson(losses, runs),
        subsidy=tuple((level, quantile(needed, level)) for level in levels),
        result=tuple((level, quantile(ordered, level)) for level in levels),
        mean_revenue=revenue / runs,
        mean_cost=cost / runs,
        mean_participants=people / runs,
    )


def _drawn(
    visits: Sequence[PlannedVisit], tariffs: Sequence[Tariff], assumptions: Assumptions, runs: int, draw: Random
) -> tuple[list[float], float, float, int]:
    """The result of each run, and over all runs the sums of revenue, cost and participants.

    One flat loop: it is gone through once per run and visit, a million times in the benchmark.
    """
    ranges = [getattr(assumptions, name) for name in NAMES]
    told = [
        (
            visit.registrations,
            visit.capacity,
            float(visit.fixed),
            float(visit.per_participant),
            tariff.price / float(visit.price) if visit.price and tariff.price else None,
            tariff,
            [tariff.paying(n) for n in range(visit.capacity + 1)],
        )
        for visit, tariff in zip(visits, tariffs, strict=True)
    ]
    random, triangular = draw.random, draw.triangular
    results: list[float] = []
    all_revenue = all_cost = 0.0
    people = 0
    for _run in range(runs):
        demand, free_share, elasticity, no_show, dearer = (
            one.likely if one.low == one.high else triangular(one.low, one.high, one.likely) for one in ranges
        )
        income = spent = 0.0
        for registrations, capacity, fixed, each, ratio, tariff, takings in told:
            mean = registrations * demand
            response = ratio**-elasticity if ratio is not None and elasticity else 1.0
            free = bisect_left(_poisson(round(mean * free_share / STEP)), random())
            paying = bisect_left(_poisson(round(mean * (1 - free_share) * response / STEP)), random())
            participants = free + paying
            if participants > capacity:
                # In no particular order: on average as many of each kind as their part of the crowd.
                paying = int(capacity * paying / participants + random())
                participants = capacity
            brought = takings[paying]
            if tariff.per_absent and no_show:
                brought += tariff.per_absent * bisect_left(_binomial(participants, round(no_show * 1000)), random())
            gained = brought * (1 - tariff.fee_share) + tariff.per_visit + tariff.per_participant * participants
            lost = (fixed + each * participants) * dearer
            income += gained
            spent += lost
            people += participants
        all_revenue += income
        all_cost += spent
        results.append(income - spent)
    return results, all_revenue, all_cost, people


@lru_cache(maxsize=20_000)
def _poisson(steps: int) -> list[float]:
    """Cumulated chances of 0, 1, 2, … at the mean steps x STEP; where random() falls among them is the draw."""
    mean = steps * STEP
    if mean > MOST_MEAN:
        raise CannotCompute(_("More than %(most)s registrations of one visit are expected."), most=MOST_MEAN)
    chance = total = exp(-mean)
    cumulated = [total]
    k = 0
    # Until what is left is less than random() can tell.
    while total < 1 - 1e-12 and k < mean * 3 + 60:
        k += 1
        chance *= mean / k
        total += chance
        cumulated.append(total)
    return cumulated


#: exp(-mean) is still a normal float below this.
MOST_MEAN = 600


@lru_cache(maxsize=20_000)
def _binomial(n: int, per_mille: int) -> list[float]:
    """Cumulated chances of 0, 1, … n; the chance of each is rounded to a thousandth, so that the table can be kept."""
    p = per_mille / 1000
    total = 0.0
    cumulated = []
    for k in range(n):
        total += comb(n, k) * p**k * (1 - p) ** (n - k)
        cumulated.append(total)
    return cumulated


def tornado(
    visits: Sequence[PlannedVisit],
    tariffs: Sequence[Tariff],
    assumptions: Assumptions,
    *,
    runs: int = 2_000,
    seed: int = 0,
) -> list[Swing]:
    """What matters most first: each assumption at its low and its high, the others at likely, drawn with the same seed.

    Assumptions that are certain are left out. Raises CannotCompute as simulate() does.
    """
    at_likely = assumptions.at_likely()
    swings = []
    for name in NAMES:
        known: Range = getattr(assumptions, name)
        if known.low == known.high:
            continue
        low, high = (
            simulate(visits, tariffs, replace(at_likely, **{name: certain(end)}), runs=runs, seed=seed).mean
            for end in (known.low, known.high)
        )
        swings.append(Swing(name, low, high))
    return sorted(swings, key=lambda swing: (-swing.size, swing.name))


def expected(visit: PlannedVisit, tariff: Tariff, free_share: float = 0.0) -> float:
    """The mean result of one visit in closed form, for a flat price, no full house and no price response.

    registrations x ((1 - free share) x price x (1 - fee share) + per participant - cost each) + per visit - fixed. The
    simulation is held against it.
    """
    paying = (1 - free_share) * tariff.paying(1) * (1 - tariff.fee_share)
    return (
        visit.registrations * (paying + tariff.per_participant - float(visit.per_participant))
        + tariff.per_visit
        - float(visit.fixed)
    )
