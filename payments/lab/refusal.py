"""What the lab refuses to compute, and the checks at its door."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: More than this in one amount, price or sum is a typing error, not a visit.
MOST_AMOUNT = Decimal(1_000_000_000)
#: More seats than this is not a company visit, nor a season of them.
MOST_SEATS = 1_000_000


class CannotCompute(ValueError):
    """These figures have no answer. `str()` is the sentence, in the active language."""

    def __init__(self, sentence: str | Promise, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence) % self.facts


def amount(value: Any, name: str | Promise, *, below_zero: bool = False) -> Decimal:
    """An amount of money. Raises CannotCompute for what is no number, not finite, too large, or below zero."""
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise CannotCompute(_("%(name)s: “%(value)s” is not an amount."), name=name, value=value) from None
    if not number.is_finite():
        raise CannotCompute(_("%(name)s: “%(value)s” is not an amount."), name=name, value=value)
    if number < 0 and not below_zero:
        raise CannotCompute(_("%(name)s cannot be below zero (%(value)s)."), name=name, value=value)
    if abs(number) > MOST_AMOUNT:
        raise CannotCompute(
            _("%(name)s is more than %(most)s (%(value)s): please check it."), name=name, value=value, most=MOST_AMOUNT
        )
    return number


def whole(value: Any, name: str | Promise, *, least: int = 0, most: int = MOST_SEATS) -> int:
    """A number of seats, people or visits. Raises CannotCompute for what is not whole, or outside least..most."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise CannotCompute(_("%(name)s: “%(value)s” is not a whole number."), name=name, value=value) from None
    if not number.is_finite() or number != number.to_integral_value():
        raise CannotCompute(_("%(name)s: “%(value)s” is not a whole number."), name=name, value=value)
    if not least <= number <= most:
        raise CannotCompute(
            _("%(name)s: %(value)s is not between %(least)s and %(most)s."),
            name=name,
            value=value,
            least=least,
            most=most,
        )
    return int(number)


def part_taken(value: Any, name: str | Promise) -> float:
    """A share that leaves something: from 0 to below 1. Raises CannotCompute."""
    number = share(value, name)
    if number == 1:
        raise CannotCompute(_("%(name)s is 100 %%: nothing would be left. 0.02 is 2 %%."), name=name)
    return number


def share(value: Any, name: str | Promise) -> float:
    """A share between 0 and 1, both included. Raises CannotCompute."""
    number = amount(value, name)
    if number > 1:
        raise CannotCompute(_("%(name)s is a share: %(value)s is not between 0 and 1."), name=name, value=value)
    return float(number)
