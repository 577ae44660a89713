"""What is still open of an invoice: the question behind reminders, payment pages, bank matching and the debtors' list.

    open = what it asks - what was credited - what was paid + what of that has left again

Paid is every payment that pays it (Payment.pays, of whatever account) and was received. What has left is what the
ledger booked as given back of those payments: a refund that is decided and not booked is still in hand. Below 0 is too
much in hand, to be given back; never asked for. An invoice that was issued for a payment was paid then and is never
open: what goes back of it is credited by its refund.

Imports models only: actions, admin, duties and views may all ask it.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
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

from payments.models import DocumentKind, Invoice, LedgerEntry, Payment

ZERO = Decimal("0.00")
_MONEY: DecimalField = DecimalField(max_digits=10, decimal_places=2)
#: Money of a payment that went back, and that came back again because the bank refused it.
_LEFT = (LedgerEntry.Kind.REFUND, LedgerEntry.Kind.REFUND_FAILED)


class Age(TextChoices):
    """How long an invoice has been due, as debtors are listed."""

    NOT_DUE = "not_due", _("Not due yet")
    MONTH = "1_30", _("1 to 30 days late")
    TWO_MONTHS = "31_60", _("31 to 60 days late")
    THREE_MONTHS = "61_90", _("61 to 90 days late")
    OLDER = "over_90", _("More than 90 days late")


def _total(rows: QuerySet[Any], of: str, amount: str) -> Coalesce:
    """The sum of `amount` over the rows whose `of` is the invoice of the outer query."""
    sums = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(sums, output_field=_MONEY), Value(ZERO), output_field=_MONEY)


def with_open_amount(invoices: QuerySet[Any]) -> QuerySet[Any]:
    """Each with `open_amount`, VAT included. One query, however many. Credit notes come out without a meaning."""
    asked = (
        F("gross")
        - _total(Invoice.objects.filter(kind=DocumentKind.CREDIT_NOTE), "refers_to", "gross")
        - _total(Payment.objects.filter(status=Payment.Status.PAID), "pays", "amount")
        - _total(LedgerEntry.objects.filter(kind__in=_LEFT), "payment__pays", "amount")  # negative when it left
    )
    return invoices.annotate(
        open_amount=Case(When(payment__isnull=False, then=Value(ZERO)), default=asked, output_field=_MONEY)
    )


def open_amount(invoice: Invoice) -> Decimal:
    """What is still open of this invoice now, VAT included; below 0 is too much in hand."""
    found = with_open_amount(Invoice.objects.filter(pk=invoice.pk)).values_list("open_amount", flat=True)
    return Decimal(found.get())


def open_invoices(on: date) -> QuerySet[Any]:
    """Invoices that were sent out to be paid and are not, whole or in part; those due longest first.

    Each with `open_amount`, and its `age` on this day (a value of Age). Without the XML.
    """
    asked = Invoice.objects.invoices().without_files().filter(payment__isnull=True)
    return (
        with_open_amount(asked)
        .filter(open_amount__gt=0)
        .annotate(
            age=Case(
                When(due_on__gte=on, then=Value(Age.NOT_DUE)),
                When(due_on__gte=on - timedelta(days=30), then=Value(Age.MONTH)),
                When(due_on__gte=on - timedelta(days=60), then=Value(Age.TWO_MONTHS)),
                When(due_on__gte=on - timedelta(days=90), then=Value(Age.THREE_MONTHS)),
                default=Value(Age.OLDER),
                output_field=CharField(),
            )
        )
        .order_by("due_on", "pk")
    )


def overdue(on: date) -> Q:
    """Those whose last day to pay has passed, to filter `open_invoices` by."""
    return Q(due_on__lt=on)
