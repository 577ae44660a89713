"""Money: one row per attempt to move it, and an append-only ledger of what moved."""

from payments.models.accounts import JournalAccounts
from payments.models.closing import ClosedMonth
from payments.models.concern import Concern
from payments.models.ledger import LedgerEntry, LedgerLine
from payments.models.payment import Payment, PaymentLine, Refund, RefundLine
from payments.models.payout import Dispute, Payout, PayoutItem
from payments.models.stripe_event import StripeEvent

__all__ = [
    "ClosedMonth",
    "Concern",
    "Dispute",
    "JournalAccounts",
    "LedgerEntry",
    "LedgerLine",
    "Payment",
    "PaymentLine",
    "Payout",
    "PayoutItem",
    "Refund",
    "RefundLine",
    "StripeEvent",
]
