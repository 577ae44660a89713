"""What people say they would pay against what they paid: the check on every price study."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import comb
from statistics import median

from django.utils.translation import gettext_lazy as _

from payments.lab.proportions import Interval, wilson
from payments.lab.refusal import CannotCompute, amount

#: The lowest and the highest value that the median may well be.
Ends = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class StatedAgainstPaid:
    """Of `n` people who said both, `above` paid more than they said was acceptable. The medians are theirs alone.

    Each with its 95 % interval; a median of fewer than six people has none.
    """

    n: int
    above: int
    stated: Decimal
    paid: Decimal
    above_interval: Interval
    stated_interval: Ends | None
    paid_interval: Ends | None


def against_paid(pairs: Sequence[tuple[Decimal, Decimal]]) -> StatedAgainstPaid:
    """(acceptable up to, paid) of each person. Raises CannotCompute without anybody, or for an amount below zero.

    Stated willingness to pay tends to lie above what is paid (hypothetical bias: J. J. Murphy and others, 2005, A
    Meta-Analysis of Hypothetical Bias in Stated Preference Valuation, Environmental and Resource Economics 30,
    313-325). Who paid more than was said to be acceptable shows the other side of it.
    """
    if not pairs:
        raise CannotCompute(_("There is no usable answer."))
    for stated, paid in pairs:
        amount(stated, _("A price"))
        amount(paid, _("A price"))
    above = sum(1 for stated, paid in pairs if paid > stated)
    said, gave = [stated for stated, _paid in pairs], [paid for _stated, paid in pairs]
    return StatedAgainstPaid(
        n=len(pairs),
        above=above,
        stated=median(said),
        paid=median(gave),
        above_interval=wilson(above, len(pairs)),
        stated_interval=median_interval(said),
        paid_interval=median_interval(gave),
    )


def median_interval(values: Sequence[Decimal], confidence: float = 0.95) -> Ends | None:
    """The interval of a median from the values themselves, whatever their distribution; None where there are too few.

    The k-th smallest and the k-th largest, k as large as the binomial distribution with a chance of one half allows.
    Source: M. J. Campbell and M. J. Gardner (1988), Calculating confidence intervals for some non-parametric analyses,
    British Medical Journal 296, 1454-1456.
    """
    n = len(values)
    outside, k = 0.0, 0
    # What lies below the k-th smallest has the chance of at most k - 1 heads in n throws, and above likewise.
    while (outside := outside + comb(n, k) / 2**n) * 2 <= 1 - confidence:
        k += 1
    if not k:
        return None
    ordered = sorted(values)
    return ordered[k - 1], ordered[n - k]
