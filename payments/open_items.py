"""What is open of an invoice: behind reminders, payment pages, bank matching and the debtors' list of any day.

    open = what it asks - what was credited - what came in for it + what of that has left again

All of it from documents and the ledger, so that the debtors of a past day, and of a closed month, stay as they were.
What came in is every payment that pays it (Payment.pays, of whatever account); from the day on which another took its
place, what came in for the first counts for that one. What left is what was given back; a
refund that is decided and not booked is still in hand. A dispute leaves it paid: what follows is for a person. Below 0
is too much in hand, to be given back; never asked for. An invoice that was issued for a payment was paid then and is
never open: what goes back of it is credited by its refund.

Imports models only: actions, admin, duties and views may all ask it.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from payments.models import DocumentKind, Invoice, LedgerEntry

ZERO = Decimal("0.00")
_MONEY: DecimalField = DecimalField(max_digits=10, decimal_places=2)
#: Money of a payment that came in, went back, and came back again because the bank refused it. Signed.
_MOVED = (LedgerEntry.Kind.PAYMENT, *LedgerEntry.BACK)


class Age(TextChoices):
    """How long an invoice has been due, as debtors are listed."""

    NOT_DUE = "not_due", _("Not due yet")
    MONTH = "1_30", _("1 to 30 days late")
    TWO_MONTHS = "31_60", _("31 to 60 days late")
    THREE_MONTHS = "61_90", _("61 to 90 days late")
    OLDER = "over_90", _("More than 90 days late")


#: A column of the debtors' list for each age.
COLUMNS = {
    "not_due": Age.NOT_DUE,
    "days_30": Age.MONTH,
    "days_60": Age.TWO_MONTHS,
    "days_90": Age.THREE_MONTHS,
    "older": Age.OLDER,
}


def _total(rows: QuerySet[Any], of: str, amount: str, *, of_outer: str = "pk") -> Coalesce:
    """The sum of `amount` over the rows whose `of` is the invoice of the outer query, or the one it replaces."""
    sums = rows.filter(**{of: OuterRef(of_outer)}).order_by().values(of).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(sums, output_field=_MONEY), Value(ZERO), output_field=_MONEY)


def with_open_amount(invoices: QuerySet[Any], *, on: date | None = None) -> QuerySet[Any]:
    """Each with `open_amount`, VAT included: at the end of that day, or of all that is known.

    Credited counts by the day of the credit note, money by the day of the books. One query, however many. Credit notes
    come out without a meaning.
    """
    notes = Invoice.objects.filter(kind=DocumentKind.CREDIT_NOTE)
    moved = LedgerEntry.objects.filter(kind__in=_MOVED, payment__pays__isnull=False)
    newer = Invoice.objects.filter(replaces=OuterRef("pk"))
    if on is not None:
        notes, moved = notes.filter(issued_on__lte=on), moved.filter(booked_on__lte=on)
        newer = newer.filter(issued_on__lte=on)
    own = Case(When(Exists(newer), then=Value(ZERO)), default=_total(moved, "payment__pays", "amount"))
    taken_over = _total(moved, "payment__pays", "amount", of_outer="replaces")
    asked = F("gross") - _total(notes, "refers_to", "gross") - own - taken_over
    return invoices.annotate(
        open_amount=Case(When(payment__isnull=False, then=Value(ZERO)), default=asked, output_field=_MONEY)
    )


def open_amount(invoice: Invoice) -> Decimal:
    """What is still open of this invoice now, VAT included; below 0 is too much in hand."""
    found = with_open_amount(Invoice.objects.filter(pk=invoice.pk)).values_list("open_amount", flat=True)
    return Decimal(found.get())


def open_invoices(on: date) -> QuerySet[Any]:
    """Invoices that were sent out to be paid and are not, whole or in part; those due longest first.

    By all that is known, with `open_amount`, their `age` on this day (a value of Age), and the same amount in the one
    column of COLUMNS that it belongs to. Without the XML.
    """
    return _with_age(with_open_amount(Invoice.objects.invoices()), on)


def open_on(day: date) -> QuerySet[Any]:
    """The same by what was known at the end of a day."""
    return _with_age(with_open_amount(Invoice.objects.invoices().filter(issued_on__lte=day), on=day), day)


def _with_age(invoices: Any, on: date) -> QuerySet[Any]:
    late = {
        Age.NOT_DUE: Q(due_on__gte=on),
        Age.MONTH: Q(due_on__gte=on - timedelta(days=30)),
        Age.TWO_MONTHS: Q(due_on__gte=on - timedelta(days=60)),
        Age.THREE_MONTHS: Q(due_on__gte=on - timedelta(days=90)),
    }
    whens = [When(when, then=Value(age)) for age, when in late.items()]
    columns = {
        name: Case(When(age=age, then=F("open_amount")), default=Value(ZERO), output_field=_MONEY)
        for name, age in COLUMNS.items()
    }
    sent_out = invoices.without_files().filter(payment__isnull=True, open_amount__gt=0)
    aged = sent_out.annotate(age=Case(*whens, default=Value(Age.OLDER), output_field=CharField()))
    return aged.annotate(**columns).order_by("due_on", "pk")


def overdue(on: date) -> Q:
    """Those whose last day to pay has passed, to filter `open_invoices` by."""
    return Q(due_on__lt=on)
