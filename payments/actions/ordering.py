"""The purchase order number that followed later: onto the invoice that waits for it, or onto a new one.

An issued invoice never changes. One that went out without the number is credited in full and issued again with it,
once, as a bookkeeper expects; what was paid of the first counts for the second.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.actions.steps import lock_registration
from events.history import told
from events.locks import lock_event
from events.models import Registration
from payments.actions.agreeing import document
from payments.actions.billing import set_billing
from payments.actions.crediting import issue_credit_note, left_to_credit
from payments.actions.invoicing import issue_invoice
from payments.actions.writing import Part, without_vat
from payments.billing import billing_of, details_of
from payments.models import Invoice, Payment, SellerSettings
from payments.refusals import NothingInvoiced, OrderNumberKnown, OrderNumberMissing
from payments.terms import day_of, is_invoiced

ZERO = Decimal("0.00")


@told("purchase_order")
@transaction.atomic
def add_purchase_order(*, registration: Registration, number: str, at: datetime) -> list[Invoice]:
    """Write the number down; send the invoice that waited for it, or replace those that are out without one.

    Returns the invoices that carry it now. The same number again changes nothing. Raises OrderNumberMissing,
    OrderNumberKnown when another number stands there already, and NothingInvoiced where no invoice could carry it.
    Locks event, registration, payments, numbers.
    """
    number = number.strip()[:35]
    if not number:
        raise OrderNumberMissing
    lock_event(registration.event_id)
    registration = lock_registration(registration.pk)
    list(registration.payments.select_for_update(of=("self",), no_key=True).order_by("pk"))  # before any number
    known = billing_of(registration).purchase_order
    if known and known != number:
        raise OrderNumberKnown(number=known)
    if not known and not is_invoiced(registration):
        raise NothingInvoiced
    if not known:
        _note(registration, number, at)
    document(registration=registration, reason="price_changed", at=at)
    bare = Invoice.objects.invoices().filter(registration=registration, purchase_order="", payment__isnull=True)
    for invoice in bare.order_by("pk"):
        _replace(invoice, registration, at)
    carrying = Invoice.objects.invoices().filter(registration=registration, purchase_order=number)
    return list(carrying.order_by("pk"))


def _note(registration: Registration, number: str, at: datetime) -> None:
    details = details_of(registration)
    if details is not None:
        set_billing(registration=registration, at=at, **(asdict(details.answers) | {"purchase_order": number}))
    Registration.objects.filter(pk=registration.pk).update(purchase_order=number)
    registration.purchase_order = number


def _replace(invoice: Invoice, registration: Registration, at: datetime) -> None:
    """Credited in full, and issued again for exactly what was left of it. One that was credited already is over."""
    payments = Payment.objects.filter(pays=invoice)
    left = {pk: gross for pk, gross in left_to_credit(invoice).items() if gross > 0}
    if not left:
        return
    lines = {line.attendee_id: line for line in invoice.lines.all()}
    parts = [
        Part(pk, line.net if gross == line.gross else without_vat(gross, line.vat_rate), gross)
        for pk, gross in left.items()
        if (line := lines[pk])
    ]
    with override(invoice.language):
        reason = _("Replaced by an invoice with your purchase order number.")
    issue_credit_note(invoice=invoice, reason=reason, cause=f"replaced-{invoice.pk}", at=at)
    seller = SellerSettings.load()
    least = day_of(at) + timedelta(days=min(seller.shortest_payment_days, seller.payment_days))
    prepaid = max(ZERO, sum((_kept(payment) for payment in payments.received()), start=ZERO))
    new = issue_invoice(
        registration=registration,
        parts=parts,
        prepaid=prepaid,
        due_on=max(invoice.due_on, least) if prepaid < sum(left.values()) else None,
        cause=f"replaces-{invoice.pk}",
        replaces=invoice,
        at=at,
    )
    # What came paid the first, and goes on saying so: the debtors of a past day stay as they were.
    payments.under_way().update(pays=new)


def _kept(payment: Payment) -> Decimal:
    """What came of it and did not leave again."""
    back = sum(
        (-entry.amount for entry in payment.ledger_entries.filter(kind__in=["refund", "refund_failed"])), start=ZERO
    )
    return payment.amount - back
