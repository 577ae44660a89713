"""The plain figures of a visit that was held or is sold: what a revenue model is put to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from payments.lab.costs import CostLine
from payments.lab.refusal import CannotCompute, amount


@dataclass(frozen=True)
class Seat:
    """One confirmed seat. `registration` and `organisation` are keys that group seats; nobody's name is in it."""

    registration: str
    organisation: str
    #: Whether a scheme (the Green Deal) gives it a right to a free seat.
    member: bool
    #: Days between registering and the visit.
    days_before: int
    #: What the books say it brought, excl. VAT.
    paid: Decimal = Decimal(0)
    #: Whether somebody sat on it; None when nobody noted it.
    attended: bool | None = None
    #: What it was ordered at, excl. VAT; None where that is what it brought.
    ordered: Decimal | None = None

    @property
    def price(self) -> Decimal:
        """What it costs whoever ordered it, paid for or not."""
        return self.paid if self.ordered is None else self.ordered

    @property
    def outstanding(self) -> Decimal:
        """What it did not bring: not paid for (yet), or given back."""
        return max(self.price - self.paid, Decimal(0))


@dataclass(frozen=True)
class Visit:
    """A visit as the books and the list of participants have it. Seats stand in the order of registering."""

    name: str
    day: date
    capacity: int
    #: Price for everyone, excl. VAT.
    price: Decimal
    seats: tuple[Seat, ...]
    costs: tuple[CostLine, ...] = ()
    #: Its part of the shared programme costs.
    programme: Decimal = Decimal(0)
    #: What came in, excl. VAT, less what was given back: the ledger's figure, which the seats need not add up to.
    booked: Decimal = Decimal(0)
    #: What the payment service kept.
    fees: Decimal = Decimal(0)

    def check(self) -> None:
        """Raises CannotCompute for an amount below zero or more seats than a visit can have."""
        amount(self.price, _("The price"))
        amount(self.programme, _("Programme costs"))
        amount(self.fees, _("Payment fees"), below_zero=True)
        for line in self.costs:
            line.check()
        if len(self.seats) > self.capacity:
            raise CannotCompute(
                _("“%(name)s” has %(seats)s participants and room for %(capacity)s."),
                name=self.name,
                seats=len(self.seats),
                capacity=self.capacity,
            )
