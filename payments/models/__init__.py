"""Money: one row per attempt to move it, an append-only ledger of what moved, and the documents about it."""

from payments.models.billing import BillingDetails, BuyerKind
from payments.models.concern import Concern
from payments.models.dispatch import Dispatch
from payments.models.invoice import Invoice, InvoiceLine, InvoiceVat
from payments.models.ledger import LedgerEntry, LedgerLine
from payments.models.numbers import DocumentKind, NumberSeries
from payments.models.payment import Payment, PaymentLine, Refund, RefundLine
from payments.models.seller import SellerSettings, VatStatus
from payments.models.stripe_event import StripeEvent
from payments.models.vat import Supply, VatCategory, VatRule

__all__ = [
    "BillingDetails",
    "BuyerKind",
    "Concern",
    "Dispatch",
    "DocumentKind",
    "Invoice",
    "InvoiceLine",
    "InvoiceVat",
    "LedgerEntry",
    "LedgerLine",
    "NumberSeries",
    "Payment",
    "PaymentLine",
    "Refund",
    "RefundLine",
    "SellerSettings",
    "StripeEvent",
    "Supply",
    "VatCategory",
    "VatRule",
    "VatStatus",
]
