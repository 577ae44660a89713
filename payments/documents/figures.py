"""The figures of a document: lines as ordered, VAT rounded once per rate, and a total equal to what was charged.

A seat is ordered at a price, VAT included, rounded to the cent for that one seat; an invoice rounds VAT once per
rate, on the total of its lines (VAT per line is not allowed). Five seats of 10.02 + 21 % were ordered at 12.12 each
and charged as 60.60; the lines add up to 50.10, VAT on that is 10.52, together 60.62. Both are right, and they differ
by two cents.

So: a line carries the price without VAT as ordered, VAT is exactly what the law and rule BR-CO-17 ask, and the
difference with what was charged is written down as what it is, rounding (BT-114, PayableRoundingAmount), with which
rule BR-CO-16 holds to the cent: net + VAT + rounding = what was ordered = what was charged. It is at most half a cent
per seat and half a cent per rate, and mostly zero. The ledger's VAT, seat by seat, is therefore always the documents'
VAT plus rounding.

A credit note of a whole invoice has the same lines and so the same rounding: together they are zero in every figure.
One of a part rounds its own total, as any document does; over all credit notes of an invoice VAT plus rounding still
agree.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Protocol

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class Line(Protocol):
    """What is needed of a line."""

    net: Decimal
    gross: Decimal
    vat_category: str
    vat_rate: Decimal


class VatGroup(NamedTuple):
    """All lines of one category and rate."""

    category: str
    rate: Decimal
    taxable: Decimal
    tax: Decimal


class Figures(NamedTuple):
    """A document's totals: net + vat + rounding = gross."""

    groups: list[VatGroup]
    net: Decimal
    vat: Decimal
    rounding: Decimal
    gross: Decimal


def figures(lines: Iterable[Line]) -> Figures:
    """Sum the lines. The highest rate comes first."""
    taxable: dict[tuple[Decimal, str], Decimal] = {}
    gross = ZERO
    for line in lines:
        key = (line.vat_rate, line.vat_category)
        taxable[key] = taxable.get(key, ZERO) + line.net
        gross += line.gross
    groups = [
        VatGroup(category, rate, amount, (amount * rate / 100).quantize(CENT, ROUND_HALF_UP))
        for (rate, category), amount in sorted(taxable.items(), key=lambda item: (-item[0][0], item[0][1]))
    ]
    net = sum((group.taxable for group in groups), start=ZERO)
    vat = sum((group.tax for group in groups), start=ZERO)
    return Figures(groups, net, vat, gross - net - vat, gross)
