"""Writing a document down: numbered last, its XML made, all its rows saved at once, its letter owed.

A document is made whole in memory and never changes afterwards.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from stdnum.be import ogm_vcs

from events import letters
from payments.addresses import billing_url
from payments.documents.figures import Figures
from payments.documents.parties import is_reachable
from payments.documents.ubl import ubl
from payments.dues import vat_within
from payments.models import (
    BuyerKind,
    Dispatch,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    NumberSeries,
    SellerSettings,
)

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class Part(NamedTuple):
    """What a document says of one seat."""

    attendee_id: int
    net: Decimal
    gross: Decimal


def without_vat(gross: Decimal, rate: Decimal) -> Decimal:
    return gross - vat_within(gross, rate)


def write_down(
    document: Invoice,
    lines: list[InvoiceLine],
    vat_lines: list[InvoiceVat],
    sums: Figures,
    *,
    prefix: str,
    at: datetime,
    due_on: date | None,
    seller: SellerSettings,
) -> None:
    """Number it, make its XML, save all of it, and owe the letter. From here on nothing of it changes."""
    document.net, document.vat, document.rounding, document.gross = sums.net, sums.vat, sums.rounding, sums.gross
    today = timezone.localtime(at).date()
    count, document.number, document.issued_on = NumberSeries.take(document.kind, prefix=prefix, on=today)
    document.due_on = due_on or document.issued_on + timedelta(days=seller.payment_days if document.due else 0)
    if not document.is_credit_note:
        document.payment_reference = _payment_reference(document.issued_on.year, count)
    document.ubl = ubl(document, lines, vat_lines).decode()
    document.save(force_insert=True)
    for line in lines:
        line.invoice = document
    for vat_line in vat_lines:
        vat_line.invoice = document
    InvoiceLine.objects.bulk_create(lines)
    InvoiceVat.objects.bulk_create(vat_lines)
    _owe(document, at)


def _payment_reference(year: int, count: int) -> str:
    """Twelve digits: 1, the year, the number in the series, and the rest of the division by 97 (97 when it is 0)."""
    digits = f"1{year % 100:02d}{count:07d}"
    return digits + str(ogm_vcs.calc_check_digits(digits))


def _owe(document: Invoice, at: datetime) -> None:
    """The mail with the PDF, and a row of the outbox for each way the document has to go."""
    letters.write(
        document.kind,
        document.registration,
        occasion=document.number,
        facts=letter_facts(document),
        recipient=document.buyer_email,
        at=at,
    )
    channels = [Dispatch.Channel.MAIL]
    is_on_peppol = is_reachable(
        peppol_id=document.buyer_peppol_id,
        country=document.buyer_country,
        enterprise_number=document.buyer_enterprise_number,
        vat_number=document.buyer_vat_number,
    )
    if is_on_peppol and document.buyer_kind != BuyerKind.PRIVATE:
        channels.append(Dispatch.Channel.PEPPOL)
    Dispatch.objects.bulk_create([Dispatch(document=document, channel=channel, at=at) for channel in channels])


def letter_facts(document: Invoice) -> dict[str, Any]:
    """What its letter says of a document."""
    #: Read by the bookkeeping: its link opens what is to be paid, not the registration.
    for_bookkeeping = document.buyer_email != document.registration.email
    return {
        "document": document.number,
        "amount": str(document.gross),
        "due": str(document.due),
        "due_on": document.due_on.isoformat(),
        "payment_reference": document.payment_reference_text,
        "invoice": document.refers_to.number if document.refers_to else "",
        "pay_url": billing_url(document.registration),
        "for_bookkeeping": for_bookkeeping,
        **({"first_name": document.buyer_name} if for_bookkeeping else {}),
    }
