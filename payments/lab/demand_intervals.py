"""How sure the best price of a Gabor-Granger study is: the answers drawn anew, and the best price sought each time.

The percentile bootstrap of B. Efron (1979), Bootstrap methods: another look at the jackknife, The Annals of Statistics
7, 1-26, with people as the units; where only counts per price are known, each price's answers are drawn by themselves.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from random import Random

from payments.lab.demand import Asked, DemandCurve, Limit, Told, weighed, with_best_ceiling
from payments.lab.proportions import Interval, quantile

#: Times the answers are drawn anew. Seeded, so the same answers give the same interval.
RESAMPLES = 400
#: A curve that more than this part of the draws does not show has no interval: it would be of the others alone.
MOST_WITHOUT = 0.1
#: Prices between the lowest and the highest asked one at which the best is sought before it is narrowed down.
LOOKED_AT = 60

#: One sample drawn anew.
Draw = Callable[[Random], list[Asked]]


@dataclass(frozen=True)
class BestIntervals:
    """95 % intervals, of the curve's best price and of the best asked one; None where the answers allow none."""

    price: Interval | None
    profit: Interval | None
    asked_price: Interval
    asked_profit: Interval


def draw_of_people(people: Sequence[Limit]) -> Draw:
    """People drawn with putting back. Who contradicts himself is left out, as in shares_of()."""
    # People who said the same are one kind; sorted, so that the order of the answers makes no difference.
    kinds = sorted(Counter(person.answers for person in people if person.transitive).items())
    n = sum(count for _answers, count in kinds)
    weights = list(accumulate(count for _answers, count in kinds))

    def drawn(draw: Random) -> list[Asked]:
        yes: Counter[Decimal] = Counter()
        asked: Counter[Decimal] = Counter()
        for place, times in Counter(draw.choices(range(len(kinds)), cum_weights=weights, k=n)).items():
            for price, would in kinds[place][0]:
                asked[price] += times
                yes[price] += times * would
        return [Asked(price, yes[price] / asked[price], asked[price]) for price in sorted(asked)]

    return drawn


def draw_of_counts(points: Sequence[Asked]) -> Draw | None:
    """Each price's answers drawn with putting back; None where it is not known of each how many were asked."""
    if any(point.asked is None for point in points):
        return None

    def drawn(draw: Random) -> list[Asked]:
        return [
            Asked(point.price, sum(draw.random() < point.share for _one in range(asked)) / asked, asked)
            for point in points
            if (asked := point.asked)
        ]

    return drawn


def best_intervals(
    drawn: Draw,
    curve: DemandCurve | None,
    ends: tuple[Decimal, Decimal],
    cost: Decimal,
    fixed: Decimal,
    market: int,
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> BestIntervals:
    """The middle `confidence` of the best prices, and of their profits, over RESAMPLES draws of the answers.

    `ends` are the lowest and the highest asked price. Each draw's curve is sought in steps from `curve`, that of all
    answers, which is much quicker than from nothing; without it only the best asked price has an interval.
    """
    draw = Random(seed)  # noqa: S311  (a sample, not a secret)
    low, high = float(ends[0]), float(ends[1])
    seat, whole = float(cost), float(fixed)
    prices, profits, asked_prices, asked_profits = [], [], [], []
    for _round in range(RESAMPLES):
        told = weighed(drawn(draw))
        # The lowest of equals, as best_asked() has it.
        profit, minus = max((market * share * (price - seat) - whole, -price) for _weight, price, share in told)
        asked_prices.append(-minus)
        asked_profits.append(profit)
        found = _near(told, curve, high - low) if curve else None
        if found:
            price = _best(found, seat, low, high)
            prices.append(price)
            profits.append(market * found.share(price) * (price - seat) - whole)
    tail = (1 - confidence) / 2

    def middle(values: list[float]) -> Interval:
        ordered = sorted(values)
        return quantile(ordered, tail), quantile(ordered, 1 - tail)

    shown = len(prices) >= RESAMPLES * (1 - MOST_WITHOUT)
    return BestIntervals(
        middle(prices) if shown else None,
        middle(profits) if shown else None,
        middle(asked_prices),
        middle(asked_profits),
    )


def _near(told: Told, start: DemandCurve, width: float) -> DemandCurve | None:
    """The curve that fits best, sought in steps from another; None for points that fitted() would refuse."""
    if len(told) < 3 or len({share for _weight, _price, share in told}) == 1:
        return None
    slope = -start.b1
    middle = start.b0 / slope if slope else told[0][1]
    error, found = with_best_ceiling(told, middle, slope)
    step_m, step_s = width / 4, max(slope / 2, 1 / width)
    # Eleven halvings: to a few thousandths of the width.
    while step_m > width / 4 / 2**11:
        sides = [(middle + step_m, slope), (middle - step_m, slope), (middle, slope + step_s)]
        sides.append((middle, max(slope - step_s, 0.0)))
        tried = [(*with_best_ceiling(told, *side), side) for side in sides]
        best = min(tried, key=lambda one: one[0])
        if best[0] < error - 1e-12:
            error, found, (middle, slope) = best
        else:
            step_m, step_s = step_m / 2, step_s / 2
    return found


def _best(curve: DemandCurve, cost: float, low: float, high: float) -> float:
    """The price between low and high with the largest profit per person of the market."""

    def profit(price: float) -> float:
        return (price - cost) * curve.share(price)

    step = (high - low) / LOOKED_AT
    best = max((low + step * place for place in range(LOOKED_AT + 1)), key=profit)
    while step > 0.005:
        step /= 2
        best = max((max(best - step, low), best, min(best + step, high)), key=profit)
    return best
