"""Crediting invoices: in part or whole, never more than an invoice says, once per fact."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.actions.steps import lock_registration
from events.models import Attendee
from payments.actions.writing import CENT, ZERO, Part, without_vat, write_down
from payments.documents.figures import Figures, figures
from payments.models import (
    BuyerKind,
    DocumentKind,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    LedgerEntry,
    LedgerLine,
    Payment,
    Refund,
    SellerSettings,
)
from payments.refusals import NotAnInvoice, NothingToCredit, TooMuchCredited

log = logging.getLogger("payments")


@transaction.atomic
def issue_credit_note(
    *,
    invoice: Invoice,
    reason: str,
    at: datetime,
    amounts: Mapping[int, Decimal] | None = None,
    refund: Refund | None = None,
    cause: str = "",
) -> Invoice:
    """Credit an invoice: `amounts` per seat (attendee pk), VAT included, or all that is left of it.

    Amounts are positive, as on an invoice. `refund` is the money that went back for it, when it did. Issued once for
    its `cause` ("refund-<pk>" for a refund). The invoice's row is locked, so that two notes never credit more than it
    says; its registration before it, so that nobody waits for this invoice with a number in hand.
    Raises TooMuchCredited, NothingToCredit and NotAnInvoice.
    """
    cause = cause or (f"refund-{refund.pk}" if refund else "")
    lock_registration(invoice.registration_id)
    invoice = _locked(invoice)
    if cause and (issued := Invoice.objects.filter(cause=cause).first()) is not None:
        return issued
    left = _left(invoice)
    if amounts is None:
        parts = [part for part in left.values() if part.gross > 0]
    else:
        parts = [_part(left, pk, amount, invoice) for pk, amount in amounts.items() if amount]
    return _credit(invoice, parts, reason=reason, at=at, refund=refund, cause=cause)


def _locked(invoice: Invoice) -> Invoice:
    locked = Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice.pk)
    if locked.is_credit_note:
        raise NotAnInvoice
    return locked


def _left(invoice: Invoice) -> dict[int, Part]:
    """Per seat of the invoice, in its order, what no credit note took off yet."""
    left = {
        line.attendee_id: Part(line.attendee_id, line.net, line.gross) for line in invoice.lines.order_by("position")
    }
    credited = InvoiceLine.objects.filter(invoice__refers_to=invoice).values("attendee")
    for row in credited.annotate(net_sum=Sum("net"), gross_sum=Sum("gross")).order_by("attendee"):
        pk, net, gross = left[row["attendee"]]
        left[pk] = Part(pk, net - row["net_sum"], gross - row["gross_sum"])
    return left


def left_to_credit(invoice: Invoice) -> dict[int, Decimal]:
    """Per seat of an invoice (attendee pk) what can still be credited, VAT included."""
    return {pk: part.gross for pk, part in _left(invoice).items()}


def _part(left: Mapping[int, Part], pk: int, amount: Decimal, invoice: Invoice) -> Part:
    """This much of a seat: exactly its own figures when it is all that is left. Raises TooMuchCredited."""
    rest = left.get(pk, Part(pk, ZERO, ZERO))
    if amount < 0 or amount != amount.quantize(CENT):
        raise NothingToCredit
    if amount > rest.gross:
        name = Attendee.objects.filter(pk=pk).first()
        raise TooMuchCredited(name=str(name or pk), left=rest.gross)
    if amount == rest.gross:
        return rest
    rate = invoice.lines.get(attendee=pk).vat_rate
    return Part(pk, min(rest.net, without_vat(amount, rate)), amount)


def _credit(
    invoice: Invoice, parts: Sequence[Part], *, reason: str, at: datetime, refund: Refund | None, cause: str
) -> Invoice:
    if not parts:
        raise NothingToCredit
    of_invoice = {line.attendee_id: line for line in invoice.lines.all()}
    note = Invoice(kind=DocumentKind.CREDIT_NOTE, refers_to=invoice, reason=reason[:250], issued_at=at, refund=refund)
    note.payment = invoice.payment
    for name in _COPIED:
        setattr(note, name, getattr(invoice, name))
    note.cause = cause or f"credit-{invoice.pk}-{invoice.credit_notes.count() + 1}"
    lines = [
        InvoiceLine(
            position=place,
            attendee_id=part.attendee_id,
            description=of_invoice[part.attendee_id].description,
            quantity=1,
            unit_price=part.net,
            net=part.net,
            gross=part.gross,
            vat_category=of_invoice[part.attendee_id].vat_category,
            vat_rate=of_invoice[part.attendee_id].vat_rate,
        )
        for place, part in enumerate(parts, start=1)
    ]
    sums = figures(lines)
    why = {(row.category, row.rate): row for row in invoice.vat_lines.all()}
    vat_lines = [
        InvoiceVat(
            category=group.category,
            rate=group.rate,
            taxable=group.taxable,
            tax=group.tax,
            exemption_code=why[group.category, group.rate].exemption_code,
            exemption_reason=why[group.category, group.rate].exemption_reason,
        )
        for group in sums.groups
    ]
    with override(note.language):
        note.mentions = "\n".join(_mentions_of_credit(note, vat_lines, sums))
    note.prepaid = sums.gross if refund else ZERO
    seller = SellerSettings.load()
    write_down(note, lines, vat_lines, sums, prefix=seller.credit_note_prefix, at=at, due_on=None, seller=seller)
    return note


#: Of the invoice: a credit note is of the same parties, in the same language, about the same visit.
_COPIED = [
    "language",
    "registration",
    "delivered_on",
    "event_title",
    "currency",
    "buyer_reference",
    "purchase_order",
    "vat_country",
    *(field.name for field in Invoice._meta.fields if field.name.startswith(("seller_", "buyer_"))),
]


def _mentions_of_credit(note: Invoice, vat_lines: Sequence[InvoiceVat], sums: Figures) -> list[str]:
    """The Belgian sentence stands where the buyer may have deducted the VAT (Royal Decree no. 4, article 4)."""
    said = [row.exemption_reason for row in vat_lines if row.exemption_reason]
    if sums.vat and note.vat_country == "BE" and note.buyer_kind != BuyerKind.PRIVATE:
        said.append(_("VAT to be paid back to the State in so far as it was deducted."))
    return said


def credit_refund(*, refund: Refund, at: datetime) -> Invoice | None:
    """The credit note of a refund that was booked; None when its payment has no invoice, or it is credited already.

    Credited is, seat by seat, what went back of the payment beyond what its credit notes say: a refund that failed and
    was paid back another way is credited once. Never raises, for the reason given at invoice_payment.
    """
    if refund.payment.pays_id and refund.payment.registration.is_by_invoice and refund.reason != Refund.Reason.OUTSIDE:
        return None  # credited when it was no longer owed, paid or not: see payments.actions.agreeing
    of_payment = Q(payment=refund.payment_id) | Q(paid_by=refund.payment_id)
    invoice = Invoice.objects.invoices().filter(of_payment).first()
    if invoice is None:
        return None
    invoice = invoice.in_force
    try:
        with transaction.atomic():
            return _credit_refund(invoice, refund, at)
    except NothingToCredit:
        return None
    except Exception:
        log.exception("No credit note yet for refund %s", refund.pk)
    return None


def _credit_refund(invoice: Invoice, refund: Refund, at: datetime) -> Invoice:
    invoice = _locked(invoice)
    cause = f"refund-{refund.pk}"
    if (issued := Invoice.objects.filter(cause=cause).first()) is not None:
        return issued
    left = _left(invoice)
    said = {line.attendee_id: line for line in invoice.lines.all()}
    payments = Payment.objects.filter(Q(invoices=invoice) | Q(pays=invoice) | Q(pays__replaced_by=invoice))
    back = LedgerLine.objects.filter(entry__payment__in=payments, entry__kind__in=LedgerEntry.BACK).exclude(
        # Credited of the invoice whose place this one took, before it did.
        entry__refund__in=Refund.objects.filter(credit_notes__refers_to__replaced_by=invoice)
    )
    parts = []
    for row in back.values("attendee").annotate(net_sum=-Sum("net"), gross_sum=-Sum("gross")).order_by("attendee"):
        if (line := said.get(row["attendee"])) is None:
            continue
        rest = left[line.attendee_id]
        gross = min(rest.gross, row["gross_sum"] - (line.gross - rest.gross))
        net = min(rest.net, row["net_sum"] - (line.net - rest.net))
        if gross > 0:
            parts.append(rest if gross == rest.gross else Part(line.attendee_id, max(ZERO, net), gross))
    return _credit(
        invoice, parts, reason=reason_text(refund.reason, invoice.language), at=at, refund=refund, cause=cause
    )


def reason_text(reason: str, language: str) -> str:
    """Why, for the buyer to read; `reason` is one of Refund.Reason."""
    Reason = Refund.Reason
    with override(language):
        return {
            Reason.CANCELLED: _("Places cancelled."),
            Reason.WITHDRAWN: _("Order withdrawn."),
            Reason.GRANTED: _("Price for members granted."),
            Reason.EVENT_CANCELLED: _("The visit was cancelled."),
        }.get(Reason(reason), _("Price corrected."))
