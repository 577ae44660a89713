"""Issuing invoices and credit notes: once per fact, numbered without a gap, never changed afterwards.

A document is made whole in memory, its XML included, and written at once; the number is taken last. Asked again for the
same cause, the document that is there is the answer.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from stdnum.be import ogm_vcs

from events import letters
from events.actions.steps import lock_registration
from events.models import Attendee, Event, Registration
from payments.billing import Billing, billing_of
from payments.documents.figures import Figures, VatGroup, figures
from payments.documents.parties import is_reachable
from payments.documents.ubl import ubl
from payments.models import (
    BuyerKind,
    Dispatch,
    DocumentKind,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    LedgerEntry,
    LedgerLine,
    NumberSeries,
    Payment,
    PaymentLine,
    Refund,
    SellerSettings,
    VatCategory,
    VatRule,
)
from payments.refusals import NotAnInvoice, NothingToCredit, NothingToInvoice, SellerIncomplete, TooMuchCredited

log = logging.getLogger("payments")

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class Part(NamedTuple):
    """What a document says of one seat."""

    attendee_id: int
    net: Decimal
    gross: Decimal


# --- Invoices -------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_invoice(
    *,
    registration: Registration,
    at: datetime,
    payment: Payment | None = None,
    due_on: date | None = None,
    cause: str = "",
) -> Invoice:
    """Invoice what a payment paid, seat by seat; without one, what the seats owe and no invoice says yet.

    `cause` names the fact it is issued for, "payment-<pk>" or "registration-<pk>" by default: issued once for it. Due
    on the day itself when paid, else after the seller's days to pay. Locks the registration, then the number series; a
    caller that holds the event's lock took it before. Raises NothingToInvoice and SellerIncomplete.
    """
    cause = cause or (f"payment-{payment.pk}" if payment else f"registration-{registration.pk}")
    registration = lock_registration(registration.pk)
    if (issued := Invoice.objects.filter(cause=cause).first()) is not None:
        return issued
    parts = _paid_parts(payment) if payment else _owed_parts(registration)
    if not parts:
        raise NothingToInvoice
    seller = SellerSettings.load()
    if missing := seller.missing():
        raise SellerIncomplete(missing=missing)
    billing = billing_of(registration)
    with override(registration.language):
        invoice = _invoice_of(registration, seller, billing, at)
        seats = _seats(parts)
        lines = [
            _line(place, part, seats[part.attendee_id], registration.event, seats[part.attendee_id].vat_rate)
            for place, part in enumerate(parts, start=1)
        ]
        sums = figures(lines)
        rule = VatRule.objects.case(
            country=invoice.vat_country, seller=seller.vat_status, buyer=billing.kind, day=invoice.delivered_on
        )
        vat_lines = [_vat_line(group, registration.event, rule) for group in sums.groups]
        invoice.mentions = "\n".join(_mentions(vat_lines, registration.event, rule))
    invoice.cause = cause
    invoice.payment = payment
    invoice.prepaid = sums.gross if payment else ZERO
    _write(invoice, lines, vat_lines, sums, prefix=seller.invoice_prefix, at=at, due_on=due_on, seller=seller)
    return invoice


def _paid_parts(payment: Payment) -> list[Part]:
    """What it paid of each seat, as far as no invoice said so before it was paid.

    What was received for a seat by all payments is held against what invoices ask for it, less what was credited
    without giving money back: an open invoice that is paid online is not invoiced twice.
    """
    seats = list(payment.lines.values_list("attendee_id", flat=True))
    received: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in PaymentLine.objects.filter(attendee__in=seats, payment__status=Payment.Status.PAID):
        received[line.attendee_id] += line.gross
    for said in InvoiceLine.objects.filter(attendee__in=seats, invoice__refund__isnull=True).select_related("invoice"):
        received[said.attendee_id] += said.gross if said.invoice.is_credit_note else -said.gross
    parts = []
    for line in payment.lines.select_related("attendee").order_by("attendee_id"):
        gross = min(line.gross, received[line.attendee_id])
        if gross > 0:
            net = line.net if gross == line.gross else _without_vat(gross, line.attendee.vat_rate)
            parts.append(Part(line.attendee_id, net, gross))
    return parts


def _owed_parts(registration: Registration) -> list[Part]:
    """For each seat what it owes, less what was invoiced, plus what was credited."""
    said: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for line in InvoiceLine.objects.filter(invoice__registration=registration).select_related("invoice"):
        sign = -1 if line.invoice.is_credit_note else 1
        net, gross = said[line.attendee_id]
        said[line.attendee_id] = (net + sign * line.net, gross + sign * line.gross)
    parts = []
    for seat in registration.attendees.order_by("pk"):
        net = seat.price_excl_vat if seat.owed == seat.price_incl_vat else _without_vat(seat.owed, seat.vat_rate)
        said_net, said_gross = said[seat.pk]
        if seat.owed - said_gross > 0:
            parts.append(Part(seat.pk, max(ZERO, net - said_net), seat.owed - said_gross))
    return parts


def _without_vat(gross: Decimal, rate: Decimal) -> Decimal:
    return gross - (gross * rate / (100 + rate)).quantize(CENT, ROUND_HALF_UP)


def _invoice_of(registration: Registration, seller: SellerSettings, billing: Billing, at: datetime) -> Invoice:
    """The document with its parties, not numbered and not saved."""
    event = registration.event
    page = event.page_in(registration.language)
    return Invoice(
        kind=DocumentKind.INVOICE,
        language=registration.language,
        registration=registration,
        issued_at=at,
        delivered_on=event.date,
        event_title=(page.title if page else event.name)[:255],
        buyer_reference=registration.reference,
        purchase_order=billing.purchase_order,
        vat_country=event.vat_country,
        seller_name=seller.legal_name,
        seller_street=seller.street,
        seller_postal_code=seller.postal_code,
        seller_city=seller.city,
        seller_country=seller.country,
        seller_email=seller.email,
        seller_enterprise_number=seller.enterprise_number,
        seller_vat_number=seller.vat_number,
        seller_vat_status=seller.vat_status,
        seller_iban=seller.iban,
        seller_bic=seller.bic,
        seller_peppol_id=seller.peppol_id,
        buyer_kind=billing.kind,
        buyer_name=billing.name,
        buyer_contact=billing.contact,
        buyer_street=billing.street,
        buyer_postal_code=billing.postal_code,
        buyer_city=billing.city,
        buyer_country=billing.country,
        buyer_email=billing.email,
        buyer_enterprise_number=billing.enterprise_number,
        buyer_vat_number=billing.vat_number,
        buyer_peppol_id=billing.peppol_id,
    )


def _seats(parts: Iterable[Part]) -> dict[int, Attendee]:
    return Attendee.objects.select_related("ticket_type").in_bulk([part.attendee_id for part in parts])


def _line(place: int, part: Part, seat: Attendee, event: Event, rate: Decimal) -> InvoiceLine:
    return InvoiceLine(
        position=place,
        attendee=seat,
        description=_("%(ticket)s: %(name)s") % {"ticket": seat.ticket_type.name, "name": seat.name},
        quantity=1,
        unit_price=part.net,
        net=part.net,
        gross=part.gross,
        vat_category=_category(event, rate),
        vat_rate=rate,
    )


def _category(event: Event, rate: Decimal) -> str:
    """The event's, as far as it fits the rate the seat was ordered at: only the standard category has a rate."""
    if rate > 0:
        return VatCategory.STANDARD
    return VatCategory.ZERO if event.vat_category == Event.VatCategory.STANDARD else event.vat_category


def _vat_line(group: VatGroup, event: Event, rule: VatRule | None) -> InvoiceVat:
    """With the reason why there is no VAT, where there is none: the event's own words, else the rule's (BR-E-10)."""
    row = InvoiceVat(category=group.category, rate=group.rate, taxable=group.taxable, tax=group.tax)
    if group.category in {VatCategory.EXEMPT, VatCategory.REVERSE_CHARGE}:
        fitting = rule if rule is not None and rule.category == group.category else None
        row.exemption_reason = event.vat_mention or (fitting.mention if fitting else "") or _("Exempt from VAT.")
        row.exemption_code = fitting.exemption_code if fitting else ""
    return row


def _mentions(vat_lines: Sequence[InvoiceVat], event: Event, rule: VatRule | None) -> list[str]:
    """What the document says about VAT, each sentence once."""
    said = [row.exemption_reason for row in vat_lines]
    if any(row.category == VatCategory.STANDARD for row in vat_lines):
        said += [event.vat_mention or (rule.mention if rule and rule.category == VatCategory.STANDARD else "")]
    return [sentence for sentence in dict.fromkeys(said) if sentence]


# --- Credit notes ---------------------------------------------------------------------------------------------------


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
    says. Raises TooMuchCredited, NothingToCredit and NotAnInvoice.
    """
    cause = cause or (f"refund-{refund.pk}" if refund else "")
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
    return Part(pk, min(rest.net, _without_vat(amount, rate)), amount)


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
    _write(note, lines, vat_lines, sums, prefix=seller.credit_note_prefix, at=at, due_on=None, seller=seller)
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


# --- Writing it down ------------------------------------------------------------------------------------------------


def _write(
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
    return {
        "document": document.number,
        "amount": str(document.gross),
        "due": str(document.due),
        "due_on": document.due_on.isoformat(),
        "payment_reference": document.payment_reference_text,
        "invoice": document.refers_to.number if document.refers_to else "",
    }


# --- What follows from money ----------------------------------------------------------------------------------------


def invoice_payment(*, payment: Payment, at: datetime) -> Invoice | None:
    """The invoice of a payment that was settled; None for one that got no seat, or when it has to wait.

    Money and seats go first: whatever keeps the document from being issued is logged and leaves them as they are. The
    duty `issue_documents` tries again, and the admin's front page counts what waits.
    """
    if not is_for_a_seat(payment):
        return None
    try:
        return issue_invoice(registration=payment.registration, payment=payment, at=at)
    except NothingToInvoice:
        return _pays_open_invoice(payment)
    except SellerIncomplete as refusal:
        log.warning("No invoice yet for payment %s: %s", payment.pk, refusal)
    except Exception:
        log.exception("No invoice yet for payment %s", payment.pk)
    return None


def _pays_open_invoice(payment: Payment) -> Invoice | None:
    """The invoice that asked for its seats before they were paid; noted on the payment."""
    seats = payment.lines.values("attendee")
    asked = Invoice.objects.invoices().filter(payment__isnull=True, lines__attendee__in=seats)
    invoice = asked.order_by("-pk").first()
    Payment.objects.filter(pk=payment.pk).update(pays=invoice)
    return invoice


def is_for_a_seat(payment: Payment) -> bool:
    """It was received when its registration was confirmed; money for a seat that was gone is only given back."""
    return Payment.objects.for_a_seat().filter(pk=payment.pk).exists()


def credit_refund(*, refund: Refund, at: datetime) -> Invoice | None:
    """The credit note of a refund that was booked; None when its payment has no invoice, or it is credited already.

    Credited is, seat by seat, what went back of the payment beyond what its credit notes say: a refund that failed and
    was paid back another way is credited once. Never raises, for the reason given at invoice_payment.
    """
    of_payment = Q(payment=refund.payment_id) | Q(paid_by=refund.payment_id)
    invoice = Invoice.objects.invoices().filter(of_payment).first()
    if invoice is None:
        return None
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
    payments = Payment.objects.filter(Q(invoices=invoice) | Q(pays=invoice))
    back = LedgerLine.objects.filter(entry__payment__in=payments, entry__kind__in=LedgerEntry.BACK)
    parts = []
    for row in back.values("attendee").annotate(net_sum=-Sum("net"), gross_sum=-Sum("gross")).order_by("attendee"):
        if (line := said.get(row["attendee"])) is None:
            continue
        rest = left[line.attendee_id]
        gross = min(rest.gross, row["gross_sum"] - (line.gross - rest.gross))
        net = min(rest.net, row["net_sum"] - (line.net - rest.net))
        if gross > 0:
            parts.append(rest if gross == rest.gross else Part(line.attendee_id, max(ZERO, net), gross))
    return _credit(invoice, parts, reason=_reason(refund, invoice.language), at=at, refund=refund, cause=cause)


def _reason(refund: Refund, language: str) -> str:
    """Why, for the buyer to read."""
    Reason = Refund.Reason
    with override(language):
        return {
            Reason.CANCELLED: _("Places cancelled."),
            Reason.WITHDRAWN: _("Order withdrawn."),
            Reason.GRANTED: _("Price for members granted."),
            Reason.EVENT_CANCELLED: _("The visit was cancelled."),
        }.get(Reason(refund.reason), _("Price corrected."))
