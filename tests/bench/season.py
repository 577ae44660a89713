"""A season drawn by the lab, timed beside a plain NumPy version of the same draw. Both have to find the same mean."""

from decimal import Decimal
from math import sqrt

import numpy as np

from payments.lab.season import Assumptions, PlannedVisit, Range, Simulation, Tariff, certain, simulate
from tests.bench.measuring import per_second, report

VISITS = [PlannedVisit(f"visit {n}", 25, 8.0 + n, Decimal(95), Decimal(900), Decimal(25)) for n in range(10)]
TARIFF = Tariff(95.0, lambda n: 95.0 * n)
#: As seasons are drawn on the page: three things unknown, two known.
UNSURE = Assumptions(
    demand=Range(0.6, 1.0, 1.3), free_share=certain(0.4), no_show=Range(0.05, 0.1, 0.25), cost=Range(0.95, 1.0, 1.2)
)


def draw_a_season(runs: int) -> None:
    """Seconds for `runs` seasons of ten visits. Raises AssertionError when the two means differ by more than chance."""
    found: list[Simulation] = []
    seconds = 1 / per_second(lambda _time: found.append(simulate(VISITS, [TARIFF] * 10, UNSURE, runs=runs, seed=1)), 1)
    means: list[float] = []
    reference = 1 / per_second(lambda _time: means.append(with_numpy(runs)), 1)
    apart = abs(found[0].mean - means[0])
    assert apart < 5 * sqrt(2) * found[0].standard_error, f"the two draws differ by {apart}"
    report("season", seconds, f"s for {runs} runs of ten visits", "the same draw in NumPy", reference)


def with_numpy(runs: int) -> float:
    """The mean result of the same season."""
    draw = np.random.default_rng(1)
    demand = draw.triangular(0.6, 1.0, 1.3, runs)
    dearer = draw.triangular(0.95, 1.0, 1.2, runs)
    result = np.zeros(runs)
    for visit in VISITS:
        free = draw.poisson(visit.registrations * demand * 0.4)
        paying = draw.poisson(visit.registrations * demand * 0.6)
        crowd = free + paying
        full = crowd > visit.capacity
        share = visit.capacity * paying / np.maximum(crowd, 1) + draw.random(runs)
        paying = np.where(full, np.floor(share), paying)
        crowd = np.minimum(crowd, visit.capacity)
        result += 95.0 * paying - (float(visit.fixed) + float(visit.per_participant) * crowd) * dearer
    return float(result.mean())
