"""The deeds of the payments chapter: ask, learn what happened, give back, write it down."""

from payments.actions.checkout import NothingToPay, start_checkout, sync_checkout, withdraw_checkout
from payments.actions.concerns import CannotDecide, decide
from payments.actions.notices import process_notice, receive_notice
from payments.actions.refunds import carry_out_refund, give_back, sync_refund

__all__ = [
    "CannotDecide",
    "NothingToPay",
    "carry_out_refund",
    "decide",
    "give_back",
    "process_notice",
    "receive_notice",
    "start_checkout",
    "sync_checkout",
    "sync_refund",
    "withdraw_checkout",
]
