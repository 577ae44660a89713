"""Gabor-Granger: who would pay each of a few asked prices, the demand curve through it, and the best price.

Source: A. Gabor and C. W. J. Granger (1966), Price as an Indicator of Quality, Economica 33, 43-70. The curve is a
logistic one with a ceiling, share(p) = ceiling / (1 + exp(-(b0 + b1 p))), b1 <= 0, by least squares weighted with how
many were asked, as in the worked example of techmarketing.ch, "Demand-oriented pricing using the Gabor-Granger method".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp

from django.utils.translation import gettext_lazy as _

from payments.lab.break_even import CENT, cents
from payments.lab.proportions import Interval, wilson
from payments.lab.refusal import CannotCompute, amount, share, whole

#: A grid of more cents than these is not looked through one by one.
MOST_CENTS = 2_000_000


@dataclass(frozen=True)
class Asked:
    """At this price this share (0 to 1) would register; of how many asked, None when the source does not say."""

    price: Decimal
    share: float
    asked: int | None = None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval, where it is known how many were asked."""
        return wilson(round(self.share * self.asked), self.asked) if self.asked else None


@dataclass(frozen=True)
class Limit:
    """One person's answers: would you pay this price? `highest` is None for who would pay none of them."""

    answers: tuple[tuple[Decimal, bool], ...]

    @property
    def highest(self) -> Decimal | None:
        return max((price for price, yes in self.answers if yes), default=None)

    @property
    def transitive(self) -> bool:
        """Whether nobody said no to a price and yes to a higher one."""
        refused = min((price for price, yes in self.answers if not yes), default=None)
        return refused is None or self.highest is None or self.highest < refused


def price_of(text: str) -> Decimal:
    """An asked price that was kept as text. Raises CannotCompute."""
    return amount(text, _("A price"))


def shares_of(people: Sequence[Limit]) -> tuple[list[Asked], list[int]]:
    """The share that would pay each asked price, and the places of people who contradict themselves.

    Those are left out of the shares, and shown. Raises CannotCompute when nobody is left, or for a price below zero.
    """
    intransitive = [place for place, person in enumerate(people) if not person.transitive]
    good = [person for person in people if person.transitive]
    if not good:
        raise CannotCompute(_("There is no usable answer."))
    told: dict[Decimal, list[bool]] = {}
    for person in good:
        for price, yes in person.answers:
            told.setdefault(amount(price, _("A price")), []).append(yes)
    return [Asked(price, sum(told[price]) / len(told[price]), len(told[price])) for price in sorted(told)], intransitive


@dataclass(frozen=True)
class DemandCurve:
    """share(p) = ceiling / (1 + exp(-(b0 + b1 p))): falls, or stays level, as the price rises."""

    ceiling: float
    b0: float
    b1: float

    def share(self, price: Decimal | float) -> float:
        """Between 0 and the ceiling."""
        return self.ceiling * _logistic(self.b0 + self.b1 * float(price))


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def fitted(points: Sequence[Asked]) -> DemandCurve:
    """The demand curve that fits best. Raises CannotCompute for fewer than three prices or shares that are all the
    same.

    For a midpoint and a steepness the best ceiling follows by division; those two are sought on a grid that is made
    finer eight times. So it always ends, and the same points in any order give the same curve.
    """
    points = sorted(points, key=lambda point: point.price)
    for point in points:
        amount(point.price, _("A price"))
        share(point.share, _("The share that would register"))
    prices = [float(point.price) for point in points]
    if len(set(prices)) < 3:
        raise CannotCompute(
            _("A demand curve needs at least three different prices; there are %(n)s."), n=len(set(prices))
        )
    if len({point.share for point in points}) == 1:
        raise CannotCompute(_("The same share would pay every price: these answers show no demand curve."))
    told = weighed(points)
    low, high = prices[0], prices[-1]
    width = high - low
    middles, slopes = (low - width, high + width), (0.0, 60 / width)
    best = (float("inf"), DemandCurve(0, 0, 0))
    for _round in range(9):
        tried = [
            with_best_ceiling(
                told, middles[0] + (middles[1] - middles[0]) * i / 40, slopes[0] + (slopes[1] - slopes[0]) * j / 40
            )
            for i in range(41)
            for j in range(41)
        ]
        best = min([best, *tried], key=lambda one: one[0])
        slope = -best[1].b1
        middle = best[1].b0 / slope if slope else low
        m, s = (middles[1] - middles[0]) / 10, (slopes[1] - slopes[0]) / 10
        middles, slopes = (middle - m, middle + m), (max(slope - s, 0.0), slope + s)
    return best[1]


#: (weight, price, share) of each asked price, as the search for the curve wants them.
Told = list[tuple[float, float, float]]


def weighed(points: Sequence[Asked]) -> Told:
    """Each price weighs as many as were asked; 1 where that is not known."""
    return [(point.asked or 1, float(point.price), point.share) for point in points]


def with_best_ceiling(told: Told, middle: float, slope: float) -> tuple[float, DemandCurve]:
    """Squared error and curve for this midpoint and steepness; the ceiling is at most 1."""
    over = under = 0.0
    shapes = []
    for weight, price, taken in told:
        shape = _logistic(slope * (middle - price))
        shapes.append(shape)
        over += weight * taken * shape
        under += weight * shape * shape
    ceiling = min(over / under, 1.0) if under else 0.0
    error = 0.0
    for (weight, _price, taken), shape in zip(told, shapes, strict=True):
        error += weight * (taken - ceiling * shape) ** 2
    return error, DemandCurve(ceiling, slope * middle, -slope)


@dataclass(frozen=True)
class BestPrice:
    price: Decimal
    #: Seats, not rounded: a market of 40 of which a third would come is 13.33.
    seats: float
    revenue: Decimal
    profit: Decimal


def at_price(price: Decimal, taken: float, cost: Decimal, fixed: Decimal, market: int) -> BestPrice:
    """What a price brings: market x share seats, each at price - cost, less fixed; revenue and profit in cents."""
    seats = market * taken
    exact = Decimal(repr(seats))
    return BestPrice(price, seats, cents(price * exact), cents((price - cost) * exact - fixed))


def best_on_cent_grid(
    curve: DemandCurve, cost: Decimal, fixed: Decimal, market: int, low: Decimal, high: Decimal
) -> BestPrice:
    """The price between low and high, both included, in whole cents, with the largest profit; the lowest of equals.

    `cost` is per seat, `market` the number of people who could come. Outside the prices that were asked nobody was
    heard, so low and high are the lowest and the highest of them. Raises CannotCompute.
    """
    cost, fixed = amount(cost, _("The variable cost")), amount(fixed, _("The fixed cost"))
    market = whole(market, _("The market"), least=1)
    first, last = int(amount(low, _("A price")) / CENT), int(amount(high, _("A price")) / CENT)
    if last - first > MOST_CENTS:
        raise CannotCompute(_("The prices lie too far apart: from %(low)s to %(high)s."), low=low, high=high)
    unit = float(cost)
    top = max(range(first, last + 1), key=lambda cent: ((cent / 100 - unit) * curve.share(cent / 100), -cent))
    price = top * CENT
    return at_price(price, curve.share(price), cost, fixed, market)


def warning(best: BestPrice, highest: Decimal, cost: Decimal) -> str:
    """What has to be said beside a best price that makes no good; empty where it carries its costs."""
    if cost >= highest:
        return str(
            _("A seat costs as much as the highest asked price or more: no price makes good. This one loses least.")
        )
    if best.profit >= 0:
        return ""
    return str(_("No price between the asked ones carries the fixed cost. This one loses least."))


def best_asked(points: Sequence[Asked], cost: Decimal, fixed: Decimal, market: int) -> BestPrice:
    """The asked price with the largest profit, by the shares as they were given; the lowest of equals.

    Raises CannotCompute.
    """
    if not points:
        raise CannotCompute(_("There is no usable answer."))
    cost, fixed = amount(cost, _("The variable cost")), amount(fixed, _("The fixed cost"))
    market = whole(market, _("The market"), least=1)
    tried = [at_price(amount(point.price, _("A price")), point.share, cost, fixed, market) for point in points]
    return max(tried, key=lambda one: (one.profit, -one.price))
