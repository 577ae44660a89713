"""The lowest price that keeps a season's chance of a loss small enough, sought in whole cents on the same draws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from payments.lab.break_even import CENT
from payments.lab.refusal import CannotCompute, amount, share
from payments.lab.season import Assumptions, PlannedVisit, Tariff, simulate

#: Draws per price that is tried: enough for a chance to within 2 or 3 hundredths, few enough to wait for.
RUNS = 1_000
#: Prices looked at from low to high before the cents are sought, where buyers respond to the price.
STEPS = 20


@dataclass(frozen=True)
class SafePrice:
    """At `price` the chance of a loss was `p_loss` in `runs` draws; a cent less, and it was above what was asked."""

    price: Decimal
    p_loss: float
    runs: int


def price_that_risks(
    most: float,
    visits: Sequence[PlannedVisit],
    tariffs_at: Callable[[Decimal], Sequence[Tariff]],
    assumptions: Assumptions,
    *,
    low: Decimal = Decimal(0),
    high: Decimal = Decimal(1000),
    runs: int = RUNS,
    seed: int = 0,
) -> SafePrice:
    """The lowest price between low and high, in whole cents, at which P(loss) is at most `most` (a share).

    Every price is tried on the same draws (the same seed). Where nobody responds to the price, a higher one brings as
    much or more in each of them, so P(loss) never rises with the price and halving the stretch (bisection) finds the
    lowest. Where buyers do respond, a higher price may bring less: then STEPS prices are looked at from low to high
    first, and the cents are sought below the first that serves; a lower one that serves between two steps can be
    missed. Nothing below half of the lowest usual price is looked at then, for the response is no more than a guess
    so far from it. Raises CannotCompute when no price that was looked at serves, and as simulate() does.
    """
    most = share(most, _("The chance of a loss"))
    first, last = int(amount(low, _("A price")) / CENT), int(amount(high, _("A price")) / CENT)
    if assumptions.elasticity.high:
        first = max(first, int(min((visit.price for visit in visits), default=Decimal(0)) / 2 / CENT))
    if last < first:
        raise CannotCompute(_("The prices lie the wrong way round: from %(low)s to %(high)s."), low=low, high=high)

    def risk(cent: int) -> float:
        return simulate(visits, tariffs_at(cent * CENT), assumptions, runs=runs, seed=seed).p_loss

    steps = STEPS if assumptions.elasticity.high else 1
    tried = sorted({first, *(first + (last - first) * step // steps for step in range(1, steps + 1))})
    below, serves, found = first, None, 0.0
    for cent in tried:
        found = risk(cent)
        if found <= most:
            serves = cent
            break
        below = cent
    if serves is None:
        raise CannotCompute(
            _("No price from %(low)s to %(high)s keeps the chance of a loss at %(most)s or less."),
            low=first * CENT,
            high=last * CENT,
            most=most,
        )
    while serves - below > 1:
        middle = (below + serves) // 2
        if (chance := risk(middle)) <= most:
            serves, found = middle, chance
        else:
            below = middle
    return SafePrice(serves * CENT, found, runs)
