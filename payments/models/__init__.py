"""Money: one row per attempt to move it, an append-only ledger of what moved, and the documents about it."""

from events.billing import BuyerKind
from payments.models.accounts import JournalAccounts
from payments.models.bank import BankLink, BankParty, BankStatement, BankTransaction, BankUpload, SentBack
from payments.models.billing import BillingDetails
from payments.models.bulk_refund import BulkRefund, BulkRefundRow
from payments.models.closing import ClosedMonth
from payments.models.concern import Concern
from payments.models.costs import CostLine, CostPrice, CostPriceRule, EventCosts, ProgrammeCost
from payments.models.dispatch import Dispatch
from payments.models.experiments import Experiment, ExperimentVisit
from payments.models.invoice import Invoice, InvoiceLine, InvoiceVat
from payments.models.ledger import LedgerEntry, LedgerLine
from payments.models.numbers import DocumentKind, NumberSeries
from payments.models.partners import PartnerShare, Partnership
from payments.models.payment import Payment, PaymentLine, Refund, RefundLine
from payments.models.payout import Dispute, Payout, PayoutItem
from payments.models.revenue_models import RevenueModel
from payments.models.seller import SellerSettings, VatStatus
from payments.models.stripe_event import StripeEvent
from payments.models.vat import Supply, VatCategory, VatRule
from payments.models.willingness import PriceAnswer, PriceStudy

__all__ = [
    "BankLink",
    "BankParty",
    "BankStatement",
    "BankTransaction",
    "BankUpload",
    "BillingDetails",
    "BulkRefund",
    "BulkRefundRow",
    "BuyerKind",
    "ClosedMonth",
    "Concern",
    "CostLine",
    "CostPrice",
    "CostPriceRule",
    "Dispatch",
    "Dispute",
    "DocumentKind",
    "EventCosts",
    "Experiment",
    "ExperimentVisit",
    "Invoice",
    "InvoiceLine",
    "InvoiceVat",
    "JournalAccounts",
    "LedgerEntry",
    "LedgerLine",
    "NumberSeries",
    "PartnerShare",
    "Partnership",
    "Payment",
    "PaymentLine",
    "Payout",
    "PayoutItem",
    "PriceAnswer",
    "PriceStudy",
    "ProgrammeCost",
    "Refund",
    "RefundLine",
    "RevenueModel",
    "SellerSettings",
    "SentBack",
    "StripeEvent",
    "Supply",
    "VatCategory",
    "VatRule",
    "VatStatus",
]
