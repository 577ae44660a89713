"""The story of a payment, told to Stripe itself with the owner's test key, and compared with what our code expects."""

from payments.live_check.story import LiveCheck
from payments.live_check.table import Row, Table

__all__ = ["LiveCheck", "Row", "Table"]
