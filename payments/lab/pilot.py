"""The pilot as figures: what is known of it, and the example figures that have to stand in for what is not.

Known (Vlaanderen Circulair, page of the Best Practice Tour Circulair Aankopen): 8 visits were made and 101 participants
reached. Everything else here is an example, and is called so wherever it is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext_lazy as _

from payments.lab.costs import CostLine, Weight, allocated
from payments.lab.refusal import amount, part_taken, share, whole
from payments.lab.seats import Seat, Visit

VISITS = 8
PARTICIPANTS = 101


@dataclass(frozen=True)
class Inputs:
    """What the pilot's paper is reckoned from. Amounts excl. VAT; all but the first two are examples."""

    visits: int = VISITS
    participants: int = PARTICIPANTS
    capacity: int = 20
    price: Decimal = Decimal("95.00")
    #: Of the participants of a visit, rounded down: members of the Green Deal, whose seat is free.
    members: Decimal = Decimal("0.6")
    per_visit: Decimal = Decimal("850.00")
    per_participant: Decimal = Decimal("22.00")
    programme: Decimal = Decimal("6000.00")
    #: What the payment service keeps of what is paid.
    fee_share: Decimal = Decimal("0.02")

    def check(self) -> None:
        """Raises CannotCompute."""
        whole(self.visits, _("Visits"), least=1, most=500)
        whole(self.participants, _("Participants"), least=1)
        whole(self.capacity, _("Capacity"), least=1)
        share(self.members, _("Members"))
        part_taken(self.fee_share, _("The share of the payment service"))
        for name, value in (
            (_("The price"), self.price),
            (_("Cost per visit"), self.per_visit),
            (_("Cost per participant"), self.per_participant),
            (_("Programme costs"), self.programme),
        ):
            amount(value, name)


def visits_of(inputs: Inputs) -> list[Visit]:
    """The pilot's visits: its participants spread evenly, the first visits having one more where they do not divide.

    Each seat is its own registration and organisation, members first, and was paid at the price by who is no member.
    Raises CannotCompute.
    """
    inputs.check()
    each, more = divmod(inputs.participants, inputs.visits)
    sizes = [each + (place < more) for place in range(inputs.visits)]
    weights = [Weight(size, inputs.capacity, Decimal(0)) for size in sizes]
    parts = allocated(inputs.programme, "visits", weights)
    return [_visit(inputs, number, size, part) for number, (size, part) in enumerate(zip(sizes, parts, strict=True), 1)]


def _visit(inputs: Inputs, number: int, size: int, programme: Decimal) -> Visit:
    members = int((inputs.members * size).to_integral_value(ROUND_FLOOR))
    seats = tuple(
        Seat(
            f"{number}.{place}",
            f"{number}.{place}",
            place < members,
            0,
            Decimal(0) if place < members else inputs.price,
        )
        for place in range(size)
    )
    booked = inputs.price * (size - members)
    return Visit(
        name=str(number),
        day=date(2019, 1, 1),
        capacity=max(inputs.capacity, size),
        price=inputs.price,
        seats=seats,
        costs=(
            CostLine(str(_("per visit")), "fixed", inputs.per_visit),
            CostLine(str(_("per participant")), "participant", inputs.per_participant),
        ),
        programme=programme,
        booked=booked,
        fees=booked * inputs.fee_share,
    )


def paying(visits: Sequence[Visit]) -> int:
    return sum(1 for visit in visits for seat in visit.seats if not seat.member)
