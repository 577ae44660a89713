"""What people say they would pay against what they paid: the check on every price study."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext_lazy as _

from payments.lab.refusal import CannotCompute, amount


@dataclass(frozen=True)
class StatedAgainstPaid:
    """Of `n` people who said both, `above` paid more than they said was acceptable. The medians are theirs alone."""

    n: int
    above: int
    stated: Decimal
    paid: Decimal


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
    return StatedAgainstPaid(
        n=len(pairs),
        above=sum(1 for stated, paid in pairs if paid > stated),
        stated=median(stated for stated, _paid in pairs),
        paid=median(paid for _stated, paid in pairs),
    )
