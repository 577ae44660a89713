"""What should have been issued and was not: particulars were missing, the process died, a person decided later."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum

from events.models import Registration
from payments.actions.agreeing import document, undocumented
from payments.actions.crediting import credit_refund
from payments.actions.invoicing import invoice_payment
from payments.models import Invoice, LedgerEntry, Payment, Refund, SellerSettings

MOST = 200


def waiting_payments() -> int:
    """How many payments for a seat have no invoice yet."""
    return Payment.objects.without_invoice().count()


def issue_missing(*, at: datetime) -> int:
    """Issue the invoices of settled payments and the credit notes of booked refunds that have none. Returns how many.

    Nothing while the seller's particulars are incomplete. Run twice at once it issues each document once.
    """
    if SellerSettings.load().missing():
        return 0
    payments = Payment.objects.without_invoice().select_related("registration").order_by("settled_at", "pk")[:MOST]
    issued = sum(1 for payment in payments if invoice_payment(payment=payment, at=at))
    issued += sum(
        len(document(registration=registration, reason=Refund.Reason.PRICE_CHANGED, at=at))
        for registration in undocumented()
    )
    return issued + sum(1 for refund in _uncredited() if credit_refund(refund=refund, at=at))


def _uncredited() -> list[Refund]:
    """Booked refunds without a credit note, of payments whose invoice is not credited in full.

    Each refund looks up its own invoice: asked every few minutes, it may not grow with all documents there are.
    """
    notes = Invoice.objects.filter(refers_to=OuterRef("pk")).order_by().values("refers_to")
    credited = notes.annotate(total=Sum("gross")).values("total")
    not_in_full = Q(credited_gross__isnull=True) | Q(credited_gross__lt=F("gross"))
    asked = Invoice.objects.invoices().annotate(credited_gross=Subquery(credited)).filter(not_in_full)
    own, paid = (
        asked.filter(payment=OuterRef("payment")),
        asked.filter(Q(pk=OuterRef("payment__pays")) | Q(replaces=OuterRef("payment__pays"))),
    )
    booked = LedgerEntry.objects.filter(refund=OuterRef("pk"), kind=LedgerEntry.Kind.REFUND)
    noted = Invoice.objects.filter(refund=OuterRef("pk"))
    by_invoice = Q(payment__pays__isnull=False, payment__registration__billing_method=Registration.Billing.INVOICE)
    refunds = Refund.objects.filter(Exists(booked), ~Exists(noted), Exists(own) | Exists(paid)).exclude(
        by_invoice & ~Q(reason=Refund.Reason.OUTSIDE)
    )
    return list(refunds.order_by("created_at", "pk")[:MOST])
