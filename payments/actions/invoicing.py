"""Issuing invoices: once per fact, for what was paid or is owed. Asked again for the same cause, the document that is
there is the answer.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.actions.steps import lock_registration
from events.models import Attendee, Event, Registration
from payments.actions.writing import ZERO, Part, without_vat, write_down
from payments.billing import Billing, billing_of
from payments.documents.figures import VatGroup, figures
from payments.models import (
    DocumentKind,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    Payment,
    PaymentLine,
    SellerSettings,
    VatCategory,
    VatRule,
)
from payments.refusals import NothingToInvoice, SellerIncomplete

log = logging.getLogger("payments")


@transaction.atomic
def issue_invoice(
    *,
    registration: Registration,
    at: datetime,
    payment: Payment | None = None,
    due_on: date | None = None,
    cause: str = "",
    parts: Sequence[Part] | None = None,
    replaces: Invoice | None = None,
    prepaid: Decimal = ZERO,
) -> Invoice:
    """Invoice what a payment paid, seat by seat; without one, what the seats owe and no invoice says yet, or `parts`.

    `cause` names the fact it is issued for, "payment-<pk>" or "registration-<pk>" by default: issued once for it. Due
    on the day itself when paid, else after the seller's days to pay. `prepaid` is what came already of the invoice that
    this one `replaces`. Locks the registration, then the number series; a caller that holds the event's lock took it
    before. Raises NothingToInvoice and SellerIncomplete.
    """
    cause = cause or (f"payment-{payment.pk}" if payment else f"registration-{registration.pk}")
    registration = lock_registration(registration.pk)
    if (issued := Invoice.objects.filter(cause=cause).first()) is not None:
        return issued
    if parts is None:
        parts = _paid_parts(payment) if payment else owed_parts(registration)
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
    invoice.replaces = replaces
    invoice.prepaid = sums.gross if payment else min(sums.gross, prepaid)
    write_down(invoice, lines, vat_lines, sums, prefix=seller.invoice_prefix, at=at, due_on=due_on, seller=seller)
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
            net = line.net if gross == line.gross else without_vat(gross, line.attendee.vat_rate)
            parts.append(Part(line.attendee_id, net, gross))
    return parts


def owed_parts(registration: Registration, *, reopened: Q | None = None) -> list[Part]:
    """For each seat what it owes, less what was invoiced, plus what was credited.

    `reopened` says which credit notes leave their amount to be invoiced again; all of them, when it is not given.
    """
    said: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    lines = InvoiceLine.objects.filter(invoice__registration=registration)
    if reopened is not None:
        lines = lines.filter(Q(invoice__kind=DocumentKind.INVOICE) | reopened)
    for line in lines.select_related("invoice"):
        sign = -1 if line.invoice.is_credit_note else 1
        net, gross = said[line.attendee_id]
        said[line.attendee_id] = (net + sign * line.net, gross + sign * line.gross)
    parts = []
    for seat in registration.attendees.order_by("pk"):
        net = seat.price_excl_vat if seat.owed == seat.price_incl_vat else without_vat(seat.owed, seat.vat_rate)
        said_net, said_gross = said[seat.pk]
        if seat.owed - said_gross > 0:
            parts.append(Part(seat.pk, max(ZERO, net - said_net), seat.owed - said_gross))
    return parts


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


def invoice_payment(*, payment: Payment, at: datetime) -> Invoice | None:
    """The invoice of a payment that was settled; None for one that got no seat, or when it has to wait.

    Money and seats go first: whatever keeps the document from being issued is logged and leaves them as they are. The
    duty `issue_documents` tries again, and the admin's front page counts what waits.
    """
    if payment.pays_id is not None:
        return payment.pays  # it was asked for by an invoice: what it paid is on paper already
    if not Payment.objects.for_a_seat().filter(pk=payment.pk).exists():
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
