"""What a model would have brought on visits as they were: the comparison that a programme manager decides by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from payments.lab.break_even import (
    MixBreakEven,
    MixedSeat,
    cents,
    margin_of_safety,
    price_that_covers,
    sales_mix,
)
from payments.lab.costs import cost_of
from payments.lab.plans import Charge, Plan, charged
from payments.lab.refusal import CannotCompute
from payments.lab.seats import Visit

ZERO = Decimal(0)
PAYING, FREE = "paying", "free"
NOTHING_TO_CARRY = MixBreakEven(ZERO, ZERO, {})


@dataclass(frozen=True)
class Outcome:
    """One visit, or a season of them, under one model. Amounts excl. VAT, in cents."""

    name: str
    participants: int
    paying: int
    #: From participants.
    revenue: Decimal
    #: From a sponsor or a funder.
    support: Decimal
    fees: Decimal
    #: The visit's own cost, and its part of the programme's.
    cost: Decimal
    #: Of the cost, what moves with the number of participants.
    variable: Decimal
    #: Of the support, what does so.
    moving_support: Decimal
    #: (price, seats that pay it), from low to high.
    payers: tuple[tuple[Decimal, int], ...]
    assumptions: tuple[str, ...]
    #: Of the variable cost, what is a percentage of revenue.
    taken: Decimal = ZERO
    #: Seats at a price that did not bring it (yet), and what they would bring: none under a model, which takes every
    #: seat as paid for.
    unpaid: int = 0
    outstanding: Decimal = ZERO

    @property
    def result(self) -> Decimal:
        """Revenue and support, less fees and cost: below zero is a loss."""
        return self.revenue + self.support - self.fees - self.cost

    @property
    def subsidy_needed(self) -> Decimal:
        """What is left to be found."""
        return max(-self.result, ZERO)

    @property
    def coverage(self) -> Decimal | None:
        """Revenue and support as a share of cost and fees; None when nothing was spent."""
        spent = self.cost + self.fees
        return (self.revenue + self.support) / spent if spent else None

    @property
    def moving(self) -> Decimal:
        """What all participants bring: revenue and support that comes with them, less fees and variable cost."""
        return self.revenue + self.moving_support - self.fees - self.variable

    @property
    def contribution(self) -> Decimal | None:
        """The same per participant; None without participants."""
        return self.moving / self.participants if self.participants else None

    @property
    def rate(self) -> Decimal:
        """What is taken of revenue, as a share of it: payment fees and costs that are a percentage."""
        return (self.fees + self.taken) / self.revenue if self.revenue > 0 else ZERO

    def price_that_covers(self, part: Decimal) -> Decimal:
        """Goal seek: the price at which those who pay now bring `part` of cost and fees. Raises CannotCompute."""
        free = self.participants - self.paying
        each = (self.variable - self.taken) / self.participants if self.participants else ZERO
        return price_that_covers(part, self.cost - self.variable, each, self.paying, free, rate=self.rate)

    @property
    def break_even(self) -> MixBreakEven | None:
        """What carries the fixed cost in this mix of paying and free seats; None when no number of seats does.

        A kept cancellation fee where nobody pays any more is brought by the seats there are.
        """
        fixed = self.cost - self.variable - (self.support - self.moving_support)
        if not self.participants:
            return NOTHING_TO_CARRY if fixed <= 0 else None
        free = self.participants - self.paying
        each = self.moving_support / self.participants
        price_paid = each + (self.revenue / self.paying if self.paying else ZERO)
        price_free = each + (ZERO if self.paying else self.revenue / self.participants)
        cost_each = (self.variable + self.fees) / self.participants
        mix = [
            MixedSeat(PAYING, price_paid, cost_each, Decimal(self.paying)),
            MixedSeat(FREE, price_free, cost_each, Decimal(free)),
        ]
        try:
            return sales_mix(mix, max(fixed, ZERO))
        except CannotCompute:
            return None if fixed > 0 else NOTHING_TO_CARRY

    @property
    def break_even_seats(self) -> int | None:
        """Seats in this mix of free and paying that carry what is fixed; None when none are enough."""
        found = self.break_even
        if found is None:
            return None
        return int(found.exact.quantize(Decimal("1e-9")).to_integral_value(ROUND_CEILING))

    @property
    def break_even_paying(self) -> int | None:
        """How many of those pay."""
        found = self.break_even
        return None if found is None else found.units.get(PAYING, 0)

    @property
    def margin(self) -> Decimal | None:
        """Margin of safety: by which share participation may fall before there is a loss, in this mix. Below zero: the
        share by which it falls short. None without participants, or when no number of them is enough.
        """
        needed = self.break_even_seats
        if needed is None or not self.participants:
            return None
        return margin_of_safety(Decimal(self.participants), Decimal(needed)).ratio


def as_booked(visit: Visit) -> Outcome:
    """What the books say, in the same terms. The revenue is the ledger's, so it equals the finance report's.

    Paying is who has a seat at a price, paid for or not, as that report counts; what is open stands beside it.
    """
    visit.check()
    costs = cost_of(visit.costs, len(visit.seats), max(visit.booked, ZERO))
    payers = Counter(seat.price for seat in visit.seats)
    open_seats = [seat.outstanding for seat in visit.seats if seat.outstanding]
    return Outcome(
        visit.name,
        len(visit.seats),
        sum(1 for seat in visit.seats if seat.price),
        visit.booked,
        ZERO,
        visit.fees,
        costs.total + visit.programme,
        costs.variable,
        ZERO,
        tuple(sorted(payers.items())),
        (),
        costs.taken,
        len(open_seats),
        sum(open_seats, start=ZERO),
    )


def would_have(plan: Plan, visits: Sequence[Visit]) -> list[Outcome]:
    """What the plan would have brought, per visit in the order given. Raises CannotCompute.

    Payment fees are taken as the share of revenue they were in the books of these visits.
    """
    asked = charged(plan, visits)
    booked = sum((visit.booked for visit in visits), start=ZERO)
    rate = sum((visit.fees for visit in visits), start=ZERO) / booked if booked > 0 else ZERO
    return [_outcome(visit, charge, rate) for visit, charge in zip(visits, asked, strict=True)]


def _outcome(visit: Visit, charge: Charge, fee_rate: Decimal) -> Outcome:
    costs = cost_of(visit.costs, len(visit.seats), charge.revenue)
    return Outcome(
        visit.name,
        len(visit.seats),
        sum(1 for price in charge.prices if price),
        charge.revenue,
        charge.supported,
        cents(charge.revenue * fee_rate),
        costs.total + visit.programme,
        costs.variable,
        charge.moving_support,
        tuple(sorted(Counter(charge.prices).items())),
        tuple(charge.assumptions),
        costs.taken,
    )


def season(name: str, outcomes: Sequence[Outcome]) -> Outcome:
    """All visits together: sums, never averages of ratios."""
    payers: Counter[Decimal] = Counter()
    for outcome in outcomes:
        payers.update(dict(outcome.payers))
    return Outcome(
        name,
        sum(outcome.participants for outcome in outcomes),
        sum(outcome.paying for outcome in outcomes),
        sum((outcome.revenue for outcome in outcomes), start=ZERO),
        sum((outcome.support for outcome in outcomes), start=ZERO),
        sum((outcome.fees for outcome in outcomes), start=ZERO),
        sum((outcome.cost for outcome in outcomes), start=ZERO),
        sum((outcome.variable for outcome in outcomes), start=ZERO),
        sum((outcome.moving_support for outcome in outcomes), start=ZERO),
        tuple(sorted(payers.items())),
        tuple(dict.fromkeys(line for outcome in outcomes for line in outcome.assumptions)),
        sum((outcome.taken for outcome in outcomes), start=ZERO),
        sum(outcome.unpaid for outcome in outcomes),
        sum((outcome.outstanding for outcome in outcomes), start=ZERO),
    )
