"""What a price study found, ready to be shown: the lab's answers on the answers that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from payments.lab.decision import StudyFinding
from payments.lab.demand import (
    Asked,
    BestPrice,
    DemandCurve,
    at_price,
    best_asked,
    best_on_cent_grid,
    fitted,
    shares_of,
    warning,
)
from payments.lab.demand_intervals import BestIntervals, best_intervals, draw_of_people
from payments.lab.refusal import CannotCompute
from payments.lab.stated import StatedAgainstPaid, against_paid
from payments.lab.van_westendorp import CONVENTIONS, Sensitivity, price_sensitivity
from payments.models import PriceAnswer, PriceStudy

#: A segment with fewer answers draws curves that one more person would redraw.
LEAST = 10
#: Points of a curve that is drawn.
DRAWN = 60
NAMES = ("opp", "ipp", "pmc", "pme")


@dataclass(frozen=True)
class PointRow:
    """One of the four points, with its interval, by one convention."""

    name: str
    value: float
    low: float
    high: float


def point_rows(found: Sensitivity) -> list[PointRow]:
    return [PointRow(name, getattr(found.points, name), *found.intervals[name]) for name in NAMES]


@dataclass(frozen=True)
class Segment:
    """A group of people. `found` is None, and `why` says so, where there are too few or they show nothing."""

    name: str
    n: int
    found: Sensitivity | None
    why: str = ""


@dataclass(frozen=True)
class FourPrices:
    #: By each convention, in the order of CONVENTIONS.
    found: list[Sensitivity]
    dropped: list[PriceAnswer]
    segments: list[Segment]


def four_prices(answers: Sequence[PriceAnswer]) -> FourPrices:
    """By both conventions, all answers and each segment. Raises CannotCompute where all of them show nothing."""
    told = [answer.as_four_prices() for answer in answers]
    found = [price_sensitivity(told, convention) for convention in CONVENTIONS]
    return FourPrices(found, [answers[place] for place in found[0].dropped], _segments(answers))


def _by_segment(answers: Sequence[PriceAnswer]) -> list[tuple[str, list[PriceAnswer]]]:
    names = sorted({answer.segment for answer in answers if answer.segment})
    return [(name, [answer for answer in answers if answer.segment == name]) for name in names]


def _segments(answers: Sequence[PriceAnswer]) -> list[Segment]:
    return [_segment(name, mine) for name, mine in _by_segment(answers)]


def _segment(name: str, answers: Sequence[PriceAnswer]) -> Segment:
    told = [answer.as_four_prices() for answer in answers]
    usable = sum(1 for answer in told if answer.ordered)
    if usable < LEAST:
        return Segment(name, usable, None)
    try:
        return Segment(name, usable, price_sensitivity(told))
    except CannotCompute as error:
        return Segment(name, usable, None, str(error))


@dataclass(frozen=True)
class Market:
    """What the best price is sought for: cost per seat, fixed cost, and how many people could come."""

    cost: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    people: int = 100


@dataclass(frozen=True)
class AskedPrices:
    points: list[Asked]
    #: What each asked price would bring by the shares as they were given.
    at_asked: list[BestPrice]
    contradicting: list[PriceAnswer]
    #: None, and `why` says so, where the shares show no curve.
    curve: DemandCurve | None
    #: (price, share, revenue) along the curve.
    drawn: list[tuple[float, float, float]]
    best: BestPrice | None
    best_asked: BestPrice
    #: How sure both are, of how many people.
    sure: BestIntervals
    n: int
    #: What has to be said beside a best price that makes no good.
    warning: str
    segments: list["AskedSegment"]
    why: str = ""


@dataclass(frozen=True)
class AskedSegment:
    """A group of people. `found` is None, and `why` says so, where there are too few or they show nothing."""

    name: str
    n: int
    found: AskedPrices | None
    why: str = ""


def asked_prices(answers: Sequence[PriceAnswer], market: Market) -> AskedPrices:
    """All answers, and each segment. Raises CannotCompute where nobody's answer can be used."""
    found = _asked_prices(answers, market)
    return replace(found, segments=[_asked_segment(name, mine, market) for name, mine in _by_segment(answers)])


def _asked_segment(name: str, answers: Sequence[PriceAnswer], market: Market) -> AskedSegment:
    usable = sum(1 for answer in answers if answer.as_limit().transitive)
    if usable < LEAST:
        return AskedSegment(name, usable, None)
    try:
        return AskedSegment(name, usable, _asked_prices(answers, market))
    except CannotCompute as error:
        return AskedSegment(name, usable, None, str(error))


def _asked_prices(answers: Sequence[PriceAnswer], market: Market) -> AskedPrices:
    people = [answer.as_limit() for answer in answers]
    points, places = shares_of(people)
    terms = (market.cost, market.fixed, market.people)
    at_asked = [at_price(point.price, point.share, *terms) for point in points]
    contradicting = [answers[place] for place in places]
    best_of_asked = best_asked(points, *terms)
    low, high = points[0].price, points[-1].price
    n = len(people) - len(places)
    draw = draw_of_people(people)
    try:
        curve = fitted(points)
        best = best_on_cent_grid(curve, *terms, low, high)
    except CannotCompute as error:
        sure = best_intervals(draw, None, (low, high), *terms)
        said = warning(best_of_asked, high, market.cost)
        return AskedPrices(
            points, at_asked, contradicting, None, [], None, best_of_asked, sure, n, said, [], str(error)
        )
    sure = best_intervals(draw, curve, (low, high), *terms)
    prices = [low + (high - low) * step / DRAWN for step in range(DRAWN + 1)]
    drawn = [
        (float(price), curve.share(price), float(at_price(price, curve.share(price), *terms).revenue))
        for price in prices
    ]
    said = warning(best, high, market.cost)
    return AskedPrices(points, at_asked, contradicting, curve, drawn, best, best_of_asked, sure, n, said, [])


@dataclass(frozen=True)
class PaidSegment:
    """Of a group of people, `n` of whom both are known; `found` is None where these are fewer than LEAST."""

    name: str
    n: int
    found: StatedAgainstPaid | None


def paid_by_segment(study: PriceStudy, answers: Sequence[PriceAnswer]) -> list[PaidSegment]:
    """stated_against_paid() of each segment; those in which nobody's paid price is known are left out."""
    rows = []
    for name, mine in _by_segment(answers):
        if found := stated_against_paid(study, mine):
            rows.append(PaidSegment(name, found.n, found if found.n >= LEAST else None))
    return rows


def stated_against_paid(study: PriceStudy, answers: Sequence[PriceAnswer]) -> StatedAgainstPaid | None:
    """None where nobody's answer says what was paid. Answers that contradict themselves are left out, as elsewhere.

    Acceptable up to the price that is too expensive, or the highest price somebody said yes to; nothing, for who would
    pay none of them.
    """
    pairs = [
        (stated, answer.paid)
        for answer in answers
        if answer.paid is not None and (stated := _stated(study, answer)) is not None
    ]
    return against_paid(pairs) if pairs else None


def _stated(study: PriceStudy, answer: PriceAnswer) -> Decimal | None:
    if study.method == PriceStudy.Method.FOUR_PRICES:
        prices = answer.as_four_prices()
        return prices.too_expensive if prices.ordered else None
    limit = answer.as_limit()
    return (limit.highest or Decimal(0)) if limit.transitive else None


def finding(study: PriceStudy) -> StudyFinding | None:
    """A study of four prices as the decision paper takes it, by the convention of 1976; None where it shows nothing."""
    if study.method != PriceStudy.Method.FOUR_PRICES:
        return None
    try:
        found = price_sensitivity([answer.as_four_prices() for answer in study.answers.all()])
    except CannotCompute:
        return None
    points = found.points
    return StudyFinding(
        study.name,
        found.n,
        len(found.dropped),
        points.opp,
        found.intervals["opp"],
        points.pmc,
        points.pme,
        study.is_example,
    )
