"""Van Westendorp's price sensitivity meter: four prices that people find too cheap, cheap, expensive, too expensive.

Source: P. H. van Westendorp (1976), NSS-Price Sensitivity Meter: a new approach to study consumer perception of prices,
Proceedings of the ESOMAR Congress, 139-167.

Curves, as shares of the answers that count, at a price p: too cheap and cheap fall (answer >= p), expensive and too
expensive rise (answer <= p); not cheap = 1 - cheap, not expensive = 1 - expensive. Between the prices that were named
the curves are straight lines. Where two curves lie on each other the middle of that stretch is the crossing.

    OPP  optimal price point            too cheap      x  too expensive
    IPP  indifference price point       cheap          x  expensive

and the range of acceptable prices by one of the two conventions in use:

    "original"   PMC too cheap x not cheap     PME too expensive x not expensive     (the paper of 1976)
    "narrower"   PMC too cheap x expensive     PME too expensive x cheap             (most later textbooks)
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal, get_args

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from payments.lab.proportions import Interval, quantile
from payments.lab.refusal import CannotCompute, amount

Convention = Literal["original", "narrower"]
CONVENTIONS: tuple[str, ...] = get_args(Convention)
COLUMNS = ("too_cheap", "cheap", "expensive", "too_expensive")
#: Times the answers are drawn anew for an interval. Seeded, so the same answers give the same interval.
RESAMPLES = 400


@dataclass(frozen=True)
class Answer:
    too_cheap: Decimal
    cheap: Decimal
    expensive: Decimal
    too_expensive: Decimal

    @property
    def prices(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        return self.too_cheap, self.cheap, self.expensive, self.too_expensive

    @property
    def ordered(self) -> bool:
        """Whether the four prices do not fall: what is too cheap does not cost more than what is cheap, and so on."""
        return self.too_cheap <= self.cheap <= self.expensive <= self.too_expensive


@dataclass(frozen=True)
class Curves:
    """Shares (0 to 1) at each of `prices`, which are all prices that were named, from low to high."""

    prices: list[Decimal]
    too_cheap: list[float]
    cheap: list[float]
    expensive: list[float]
    too_expensive: list[float]

    @property
    def not_cheap(self) -> list[float]:
        return [1 - share for share in self.cheap]

    @property
    def not_expensive(self) -> list[float]:
        return [1 - share for share in self.expensive]

    def share_at(self, name: str, price: float) -> float:
        """How high the curve of this name runs at a price, by a straight line between the prices that were named."""
        shares: list[float] = getattr(self, name)
        place = bisect_left(self.prices, price)
        if place == len(shares):
            return shares[-1]
        if place == 0 or float(self.prices[place]) == price:
            return shares[place]
        below, above = float(self.prices[place - 1]), float(self.prices[place])
        return shares[place - 1] + (shares[place] - shares[place - 1]) * (price - below) / (above - below)


@dataclass(frozen=True)
class Points:
    opp: float
    ipp: float
    pmc: float
    pme: float


@dataclass(frozen=True)
class Sensitivity:
    """What `n` answers say. `dropped` are the places (0 is the first) of answers whose prices fall somewhere."""

    points: Points
    intervals: dict[str, Interval]
    curves: Curves
    n: int
    dropped: list[int]
    convention: str


def price_sensitivity(
    answers: Sequence[Answer], convention: str = "original", *, confidence: float = 0.95, seed: int = 0
) -> Sensitivity:
    """The four points with a bootstrap interval each (percentile method, Efron 1979), and the curves to draw.

    The order of the answers makes no difference. Answers whose prices fall are counted and left out. Raises
    CannotCompute for an unknown convention, an amount below zero, fewer than two answers that count, or answers that
    are all the same.
    """
    if convention not in CONVENTIONS:
        raise CannotCompute(
            _("There is no convention “%(name)s”: choose one of %(known)s."),
            name=convention,
            known=", ".join(CONVENTIONS),
        )
    for answer in answers:
        for price in answer.prices:
            amount(price, _("A price"))
    dropped = [place for place, answer in enumerate(answers) if not answer.ordered]
    # Sorted, so that neither the points nor the drawing of the interval depend on who answered first.
    good = sorted((answer for answer in answers if answer.ordered), key=lambda answer: answer.prices)
    if len(good) < 2:
        raise CannotCompute(
            ngettext_lazy(
                "%(n)s usable answer: four curves need at least two (%(dropped)s left out because their prices fall).",
                "%(n)s usable answers: four curves need at least two (%(dropped)s left out because their prices fall).",
                len(good),
            ),
            n=len(good),
            dropped=len(dropped),
        )
    if all(answer == good[0] for answer in good):
        raise CannotCompute(_("All %(n)s answers are the same: there is no curve to draw."), n=len(good))
    curves = _curves(good)
    return Sensitivity(
        _points(curves, convention),
        _intervals(good, convention, confidence, seed),
        curves,
        len(good),
        dropped,
        convention,
    )


def _curves(answers: Sequence[Answer]) -> Curves:
    n = len(answers)
    prices = sorted({price for answer in answers for price in answer.prices})
    too_cheap, cheap, expensive, too_expensive = (
        sorted(answer.prices[column] for answer in answers) for column in range(4)
    )
    return Curves(
        prices,
        [(n - bisect_left(too_cheap, price)) / n for price in prices],
        [(n - bisect_left(cheap, price)) / n for price in prices],
        [bisect_right(expensive, price) / n for price in prices],
        [bisect_right(too_expensive, price) / n for price in prices],
    )


def _points(curves: Curves, convention: str) -> Points:
    bounds = (curves.not_cheap, curves.not_expensive) if convention == "original" else (curves.expensive, curves.cheap)
    return Points(
        opp=crossing(curves.prices, curves.too_expensive, curves.too_cheap),
        ipp=crossing(curves.prices, curves.expensive, curves.cheap),
        pmc=crossing(curves.prices, bounds[0], curves.too_cheap),
        pme=crossing(curves.prices, curves.too_expensive, bounds[1]),
    )


def crossing(prices: Sequence[Decimal], rising: Sequence[float], falling: Sequence[float]) -> float:
    """The price at which a rising curve meets a falling one, by straight lines between the prices.

    Below the first price the rising curve is 0 and the falling one 1, above the last the other way round: curves that
    are past each other at the first price, or not there yet at the last, meet there.
    """
    # The gap only grows; 1e-12 is far below one answer and far above what floats lose.
    gaps = [up - down for up, down in zip(rising, falling, strict=True)]
    at = next((place for place, gap in enumerate(gaps) if gap >= -1e-12), None)
    if at is None:
        return float(prices[-1])
    if gaps[at] <= 1e-12:
        until = max(place for place, gap in enumerate(gaps) if gap <= 1e-12)
        return (float(prices[at]) + float(prices[until])) / 2
    if at == 0:
        return float(prices[0])
    below, above = float(prices[at - 1]), float(prices[at])
    return below + (above - below) * -gaps[at - 1] / (gaps[at] - gaps[at - 1])


def _intervals(good: Sequence[Answer], convention: str, confidence: float, seed: int) -> dict[str, Interval]:
    """Percentile bootstrap: the answers drawn anew with putting back, the middle `confidence` of what comes out."""
    draw = Random(seed)  # noqa: S311  (a sample, not a secret)
    drawn: dict[str, list[float]] = {"opp": [], "ipp": [], "pmc": [], "pme": []}
    for _round in range(RESAMPLES):
        points = _points(_curves(draw.choices(good, k=len(good))), convention)
        for name, values in drawn.items():
            values.append(getattr(points, name))
    tail = (1 - confidence) / 2
    return {
        name: (quantile(sorted(values), tail), quantile(sorted(values), 1 - tail)) for name, values in drawn.items()
    }
