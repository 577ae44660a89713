"""What a visit costs: cost lines, shared programme costs, and the cost price that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.lab.break_even import CENT, cents
from payments.lab.refusal import CannotCompute, amount, whole
from payments.splitting import split

#: fixed: an amount for the visit; participant: for each; bus: for each vehicle begun of `size` seats; percentage: of
#: what participants pay, excl. VAT; hours: `quantity` hours of a partner at the amount.
Basis = Literal["fixed", "participant", "bus", "percentage", "hours"]
BASES: tuple[str, ...] = get_args(Basis)
#: By what shared programme costs are divided over the visits of their period.
Key = Literal["visits", "participants", "capacity", "revenue"]
KEYS: tuple[str, ...] = get_args(Key)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class CostLine:
    """One cost. `value` is an amount excl. VAT, but a percentage (0 to 100) where the basis is one."""

    name: str
    basis: str
    value: Decimal
    #: Hours, where the basis is hours.
    quantity: Decimal = Decimal(1)
    #: Seats in a bus, where the basis is a bus.
    size: int = 1

    def check(self) -> None:
        """Raises CannotCompute for an unknown basis, a value below zero, a percentage of 100 or more, an empty bus."""
        if self.basis not in BASES:
            raise CannotCompute(_("“%(name)s” has an unknown basis: %(basis)s."), name=self.name, basis=self.basis)
        amount(self.value, self.name)
        amount(self.quantity, self.name)
        whole(self.size, self.name, least=1)
        if self.basis == "percentage" and self.value >= HUNDRED:
            raise CannotCompute(_("“%(name)s” takes all that comes in: a percentage is below 100."), name=self.name)

    def of(self, participants: int, revenue: Decimal) -> Decimal:
        """The cost with so many participants, who pay so much together, in cents."""
        if self.basis == "participant":
            return cents(self.value * participants)
        if self.basis == "bus":
            return cents(self.value * -(-participants // self.size))
        if self.basis == "percentage":
            return cents(self.value * revenue / HUNDRED)
        if self.basis == "hours":
            return cents(self.value * self.quantity)
        return cents(self.value)


@dataclass(frozen=True)
class Costs:
    """What a visit costs with so many participants: `rows` are the lines with their amounts, `total` their sum.

    `fixed` does not change with the number of participants, `variable` is the rest; a bus counts as fixed, because one
    more participant seldom brings another. `taken` is the part of `variable` that is a percentage of what comes in.
    """

    rows: tuple[tuple[str, Decimal], ...]
    total: Decimal
    fixed: Decimal
    variable: Decimal
    taken: Decimal = Decimal(0)


def cost_of(lines: Sequence[CostLine], participants: int, revenue: Decimal = Decimal(0)) -> Costs:
    """Raises CannotCompute for a bad line, a number of participants that is not one, or a revenue below zero."""
    participants = whole(participants, _("Participants"))
    revenue = amount(revenue, _("The revenue"))
    for line in lines:
        line.check()
    rows = tuple((line.name, line.of(participants, revenue)) for line in lines)
    total = sum((sum_ for _name, sum_ in rows), start=Decimal(0))
    taken, each = (
        sum((row[1] for line, row in zip(lines, rows, strict=True) if line.basis == basis), start=Decimal(0))
        for basis in ("percentage", "participant")
    )
    return Costs(rows, total, total - taken - each, taken + each, taken)


@dataclass(frozen=True)
class Weight:
    """What a visit weighs when shared costs are divided."""

    participants: int
    capacity: int
    revenue: Decimal

    def by(self, key: str) -> Decimal:
        """Raises KeyError for what is not among KEYS."""
        weights = {
            "visits": Decimal(1),
            "participants": Decimal(self.participants),
            "capacity": Decimal(self.capacity),
            "revenue": self.revenue,
        }
        return weights[key]


def allocated(shared: Decimal, key: str, visits: Sequence[Weight]) -> list[Decimal]:
    """A shared cost divided over visits so that the parts add up to it to the cent; equally when all weigh nothing.

    Raises CannotCompute without visits, for an unknown key or an amount below zero.
    """
    shared = cents(amount(shared, _("The shared cost")))
    if key not in KEYS:
        raise CannotCompute(_("There is no allocation key “%(name)s”."), name=key)
    if not visits:
        raise CannotCompute(_("There is no visit in this period to bear the shared costs."))
    return split(shared, [max(visit.by(key), Decimal(0)) for visit in visits])


#: The steps of a working, in their order.
STEPS = (
    _("Costs of the visit with these participants"),
    _("Share of the programme costs"),
    _("Support"),
    _("Per seat that bears the cost"),
    _("What percentages take of the price"),
    _("Rounded up"),
)


@dataclass(frozen=True)
class Step:
    """One line of a working: what it is, the sum in figures, and its outcome."""

    what: str | Promise
    sum: str
    value: Decimal


@dataclass(frozen=True)
class CostPrice:
    """A price excl. VAT with its working, from the first figure to the last."""

    price: Decimal
    cost: Decimal
    seats: int
    working: tuple[Step, ...]


def cost_price(
    lines: Sequence[CostLine],
    *,
    participants: int,
    bearing: int,
    programme: Decimal = Decimal(0),
    support: Decimal = Decimal(0),
    step: Decimal = CENT,
) -> CostPrice:
    """The ticket price excl. VAT at which `bearing` seats carry a visit with `participants`, rounded up to `step`.

    price = (lines without percentages at `participants` + programme - support) / bearing / (1 - percentages): what a
    percentage takes of a price is part of that price. `bearing` is all participants when a free seat is to be valued at
    cost price too, or only those who pay. Support (a sponsor, a funder) above the cost makes the price 0. Raises
    CannotCompute.
    """
    participants = whole(participants, _("Participants"), least=1)
    bearing = whole(bearing, _("Seats that bear the cost"), least=1, most=participants)
    programme = cents(amount(programme, _("Programme costs")))
    support = cents(amount(support, _("Support")))
    step = amount(step, _("The rounding step"))
    if step < CENT:
        raise CannotCompute(_("The rounding step is at least one cent."))
    parts = [line for line in lines if line.basis == "percentage"]
    own = cost_of([line for line in lines if line.basis != "percentage"], participants)
    for line in parts:
        line.check()
    taken = sum((line.value for line in parts), start=Decimal(0))
    if taken >= HUNDRED:
        raise CannotCompute(_("The percentages take all that comes in (%(taken)s %%)."), taken=taken)
    needed = max(own.total + programme - support, Decimal(0))
    seat = needed / bearing
    gross = seat / (1 - taken / HUNDRED)
    price = (gross / step).quantize(Decimal("1e-9")).to_integral_value(ROUND_CEILING) * step
    sums = (
        (_plus(own.rows), own.total),
        (f"+ {programme}", own.total + programme),
        (f"− {support}", needed),
        (f"{needed} / {bearing}", cents(seat)),
        (f"{cents(seat)} / (1 − {taken} %)", cents(gross)),
        (f"⌈{cents(gross)} / {step}⌉ × {step}", price),
    )
    working = tuple(Step(what, *one) for what, one in zip(STEPS, sums, strict=True))
    return CostPrice(price, own.total + programme, bearing, working)


def _plus(rows: Sequence[tuple[str, Decimal]]) -> str:
    return " + ".join(str(value) for _name, value in rows) or "0"
