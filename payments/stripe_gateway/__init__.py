"""Stripe, in our own words.

Amounts cross this edge as integer cents and leave it as Decimal. Every create carries a deterministic idempotency key,
so that a retry, a double click or a crash in between asks for the same thing once.
"""

from payments.stripe_gateway.balance import (
    Movement,
    StripeDispute,
    StripePayout,
    Warning,
    fetch_dispute,
    fetch_payout,
    fetch_warning,
    movements_of,
    notices_since,
    payouts_since,
    service_fees_since,
)
from payments.stripe_gateway.checkout import Checkout, Line, create_checkout, expire_checkout, fetch_checkout
from payments.stripe_gateway.client import (
    BadSignature,
    GatewayDown,
    GatewayError,
    GatewayRefused,
    NoNotice,
    NotAtStripe,
    Notice,
    is_configured,
    is_live,
    verified,
)
from payments.stripe_gateway.refunds import StripeRefund, create_refund, fetch_refund, refunds_of

__all__ = [
    "BadSignature",
    "Checkout",
    "GatewayDown",
    "GatewayError",
    "GatewayRefused",
    "Line",
    "Movement",
    "NoNotice",
    "NotAtStripe",
    "Notice",
    "StripeDispute",
    "StripePayout",
    "StripeRefund",
    "Warning",
    "create_checkout",
    "create_refund",
    "expire_checkout",
    "fetch_checkout",
    "fetch_dispute",
    "fetch_payout",
    "fetch_refund",
    "fetch_warning",
    "is_configured",
    "is_live",
    "movements_of",
    "notices_since",
    "payouts_since",
    "refunds_of",
    "service_fees_since",
    "verified",
]
