"""The deeds of the payments chapter: ask, learn what happened, give back, write it down."""

from payments.actions.checkout import NothingToPay, start_checkout, sync_checkout, withdraw_checkout
from payments.actions.concerns import CannotDecide, decide
from payments.actions.disputes import sync_dispute, sync_warning
from payments.actions.notices import hear_what_was_missed, process_notice, receive_notice
from payments.actions.payouts import sync_payout
from payments.actions.refunds import carry_out_refund, give_back, sync_refund

__all__ = [
    "CannotDecide",
    "NothingToPay",
    "carry_out_refund",
    "decide",
    "give_back",
    "hear_what_was_missed",
    "process_notice",
    "receive_notice",
    "start_checkout",
    "sync_checkout",
    "sync_dispute",
    "sync_payout",
    "sync_refund",
    "sync_warning",
    "withdraw_checkout",
]
