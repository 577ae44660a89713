"""Open invoices on any day, by how late they were: from documents and the ledger, so a closed month stays as it was."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from payments.models import DocumentKind, Invoice, LedgerEntry
from payments.movements import MONEY

ZERO = Decimal("0.00")
#: Column -> days after the due date, first and last.
AGES: dict[str, tuple[int | None, int | None]] = {
    "not_due": (None, 0),
    "days_30": (1, 30),
    "days_60": (31, 60),
    "days_90": (61, 90),
    "older": (91, None),
}


def open_on(day: date) -> QuerySet[Any]:
    """Invoices that were sent out to be paid and of which something was open at the end of a day, due longest first.

    Each with `open_amount`, VAT included, and the same in the one column of AGES it belongs to. Credited counts by the
    day of the credit note, paid and given back by the day of the books.
    """

    def total(rows: QuerySet[Any], of: str, amount: str) -> Coalesce:
        sums = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(total=Sum(amount)).values("total")
        return Coalesce(Subquery(sums, output_field=MONEY), Value(ZERO), output_field=MONEY)

    notes = Invoice.objects.filter(kind=DocumentKind.CREDIT_NOTE, issued_on__lte=day)
    moved = LedgerEntry.objects.filter(
        kind__in=[LedgerEntry.Kind.PAYMENT, *LedgerEntry.BACK], booked_on__lte=day, payment__pays__isnull=False
    )
    asked = Invoice.objects.invoices().without_files().filter(payment__isnull=True, issued_on__lte=day)
    return (
        asked.annotate(
            open_amount=F("gross") - total(notes, "refers_to", "gross") - total(moved, "payment__pays", "amount")
        )
        .filter(open_amount__gt=0)
        .annotate(
            **{
                name: Case(When(_late(day, *days), then=F("open_amount")), default=Value(ZERO), output_field=MONEY)
                for name, days in AGES.items()
            }
        )
        .order_by("due_on", "pk")
    )


def _late(day: date, first: int | None, last: int | None) -> Q:
    """Due so many days before this day."""
    late = Q()
    if first is not None:
        late &= Q(due_on__lte=day - timedelta(days=first))
    if last is not None:
        late &= Q(due_on__gte=day - timedelta(days=last))
    return late
