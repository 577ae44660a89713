"""Break-even, contribution, sales mix, margin of safety, and the price that covers a cost.

Source of the formulas: Principles of Accounting, Volume 2: Managerial Accounting (OpenStax), chapter 3,
cost-volume-profit analysis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from payments.lab.refusal import CannotCompute, amount, whole

CENT = Decimal("0.01")


@dataclass(frozen=True)
class BreakEven:
    """`units` is the smallest whole number of seats without a loss; `exact` the same before it was rounded up."""

    units: int
    exact: Decimal
    #: Price less variable cost, per seat.
    contribution: Decimal
    #: Contribution as a share of the price.
    ratio: Decimal
    #: What `units` seats bring.
    revenue: Decimal


def break_even(price: Decimal, variable: Decimal, fixed: Decimal) -> BreakEven:
    """How many seats at `price` carry `fixed` when each costs `variable`: fixed / (price - variable).

    Raises CannotCompute when an amount is below zero, or when a seat brings no more than it costs while there are fixed
    costs: then no number of seats is enough.
    """
    price, variable = amount(price, _("The price")), amount(variable, _("The variable cost"))
    fixed = amount(fixed, _("The fixed cost"))
    contribution = price - variable
    if contribution <= 0 and (fixed or contribution):
        raise CannotCompute(
            _("No number of seats breaks even: a seat brings %(price)s and costs %(variable)s."),
            price=price,
            variable=variable,
        )
    exact = fixed / contribution if fixed else Decimal(0)
    units = int(exact.to_integral_value(rounding=ROUND_CEILING))
    ratio = contribution / price if price else Decimal(0)
    return BreakEven(units, exact, contribution, ratio, units * price)


@dataclass(frozen=True)
class MixedSeat:
    """One kind of seat in a mix: `weight` seats of it for each `weight` of the others."""

    name: str
    price: Decimal
    variable: Decimal
    weight: Decimal


@dataclass(frozen=True)
class MixBreakEven:
    """`exact` seats in all, of which each kind its own part; `units` the same per kind, each rounded up."""

    contribution: Decimal
    exact: Decimal
    units: dict[str, int]


def sales_mix(seats: Sequence[MixedSeat], fixed: Decimal) -> MixBreakEven:
    """Break-even of several kinds of seat that are sold in a constant proportion, free seats (price 0) among them.

    Weighted contribution = sum of share x (price - variable), share = weight / sum of weights; break-even seats =
    fixed / weighted contribution; of each kind its share. Raises CannotCompute for an empty mix, weights that add up to
    nothing, or a mix that brings no more than it costs.
    """
    fixed = amount(fixed, _("The fixed cost"))
    for seat in seats:
        amount(seat.price, _("The price"))
        amount(seat.variable, _("The variable cost"))
        amount(seat.weight, _("The weight"))
    total = sum((seat.weight for seat in seats), start=Decimal(0))
    if not total:
        raise CannotCompute(_("There is no kind of seat in this mix."))
    contribution = sum((seat.weight * (seat.price - seat.variable) for seat in seats), start=Decimal(0)) / total
    if contribution <= 0 and (fixed or contribution):
        raise CannotCompute(_("No number of seats breaks even: this mix brings no more per seat than it costs."))
    exact = fixed / contribution if fixed else Decimal(0)
    units = {
        seat.name: int((exact * seat.weight / total).quantize(Decimal("1e-9")).to_integral_value(ROUND_CEILING))
        for seat in seats
    }
    return MixBreakEven(contribution, exact, units)


@dataclass(frozen=True)
class Margin:
    """How far sales may fall before there is a loss; both below zero when there is one already."""

    value: Decimal
    ratio: Decimal


def margin_of_safety(sales: Decimal, break_even_sales: Decimal) -> Margin:
    """Sales - break-even sales, and that as a share of sales. Raises CannotCompute when there are no sales."""
    sales, needed = amount(sales, _("Sales")), amount(break_even_sales, _("The break-even sales"))
    if not sales:
        raise CannotCompute(_("There are no sales: there is no margin to speak of."))
    return Margin(sales - needed, (sales - needed) / sales)


def price_that_covers(
    part: Decimal, fixed: Decimal, variable: Decimal, paying: int, free: int = 0, *, rate: Decimal = Decimal(0)
) -> Decimal:
    """The lowest price, in whole cents, at which `paying` seats bring `part` of the full cost of all seats and of what
    is taken of revenue: `rate` of it, payment fees and costs that are a percentage together.

    revenue = part x (cost + rate x revenue), so revenue = part x cost / (1 - part x rate), with cost = fixed + variable
    x (paying + free); the price is revenue / paying, rounded up. Raises CannotCompute when nobody pays, or when what is
    taken leaves nothing.
    """
    part, fixed = amount(part, _("The part to cover")), amount(fixed, _("The fixed cost"))
    variable = amount(variable, _("The variable cost"))
    paying, free = whole(paying, _("Paying participants")), whole(free, _("Free participants"))
    if not paying:
        raise CannotCompute(_("Nobody pays: no price covers anything."))
    kept = 1 - part * amount(rate, _("What is taken of revenue"))
    if kept <= 0:
        raise CannotCompute(_("Fees and percentages take all that comes in: no price covers anything."))
    return (part * (fixed + variable * (paying + free)) / (paying * kept)).quantize(CENT, rounding=ROUND_CEILING)


def cents(value: Decimal) -> Decimal:
    """Rounded to whole cents, half up, as an invoice does."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
