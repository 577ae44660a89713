"""VAT by what was invoiced and credited, paid or not: what is due when it is due on invoicing.

Belgian VAT is due when the invoice is issued or the money comes, whichever is first (VAT code, articles 22 and 22bis).
Read from the documents by their day, which never change, so a month gives the same answer for ever.
"""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncMonth

from payments.models import DocumentKind, InvoiceVat
from payments.movements import Period, total


def vat_on_documents(period: Period) -> "QuerySet[Any, Any]":
    """Per month, VAT country, category and rate: invoiced, credited, and what is left. Euro; credited is positive."""
    asked = Q(invoice__kind=DocumentKind.INVOICE)
    rows = InvoiceVat.objects.all()
    if period.since is not None:
        rows = rows.filter(invoice__issued_on__gte=period.since)
    if period.until is not None:
        rows = rows.filter(invoice__issued_on__lte=period.until)
    return (
        rows.order_by()
        .values("category", "rate", month=TruncMonth("invoice__issued_on"), country=F("invoice__vat_country"))
        .annotate(
            base=total("taxable", asked),
            vat=total("tax", asked),
            base_credited=total("taxable", ~asked),
            vat_credited=total("tax", ~asked),
        )
        .annotate(base_left=F("base") - F("base_credited"), vat_left=F("vat") - F("vat_credited"))
        .order_by("month", "country", "-rate", "category")
    )
