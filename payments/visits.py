"""What each visit came to: the seats, what they brought, what went back, VAT, fees, and what is left to be found."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from events.models import Event
from payments import movements
from payments.models import LedgerEntry, LedgerLine

Kind = LedgerEntry.Kind
_MONEY: DecimalField[Any, Any] = movements.MONEY


def per_visit(since: date | None, until: date | None) -> "QuerySet[Event]":
    """The visits of movements.free_seats, each with `back`, `vat` and `fees` beside what it says.

    `net` is what was brought in after `back` (excl. VAT, negative) went out again; `vat` is
    what is owed of what was sold, also where a bank took the money back. `fees` are
    the payment service's, negative as in the ledger; a fee that is of no registration belongs to no visit.
    """
    of_seats = LedgerLine.objects.filter(entry__event=OuterRef("pk")).order_by()
    kept = LedgerEntry.objects.filter(event=OuterRef("pk"), kind__in=[Kind.FEE, Kind.DISPUTE_FEE]).order_by()

    def lines(column: str, kinds: Sequence[str]) -> Coalesce:
        rows = of_seats.filter(entry__kind__in=list(kinds)).values("entry__event").annotate(total=Sum(column))
        return Coalesce(Subquery(rows.values("total")), Value(movements.ZERO), output_field=_MONEY)

    fees = kept.values("event").annotate(total=Sum("amount")).values("total")
    return movements.free_seats(since, until).annotate(
        back=lines("net", movements.WENT_BACK),
        vat=lines("vat", movements.TAXED),
        fees=Coalesce(Subquery(fees), Value(movements.ZERO), output_field=_MONEY),
    )
