"""The deeds of the payments chapter: ask, learn what happened, give back, write it down."""

from payments.actions.agreeing import document
from payments.actions.bank import foresee_statement, forget_parties, import_statement, keep_upload, match_again
from payments.actions.bank_decisions import (
    CannotBook,
    assign,
    note_fee,
    note_given_back,
    note_not_ours,
    note_payout,
    note_sent_back,
    note_unmatched,
)
from payments.actions.billing import record_vies, set_billing
from payments.actions.bulk_refunds import CannotConfirm, carry_out_bulk_refund, confirm_bulk_refund
from payments.actions.checkout import NothingToPay, start_checkout, sync_checkout, withdraw_checkout
from payments.actions.concerns import CannotDecide, decide
from payments.actions.crediting import credit_refund, issue_credit_note
from payments.actions.dispatching import export, follow_letters, mark_failed, mark_sent, send_again
from payments.actions.disputes import sync_dispute, sync_warning
from payments.actions.invoicing import invoice_payment, issue_invoice
from payments.actions.issuing import issue_missing
from payments.actions.moving import follow_moves
from payments.actions.notices import hear_what_was_missed, process_notice, receive_notice, tell_given_up
from payments.actions.ordering import add_purchase_order
from payments.actions.payouts import book_service_fees, sync_payout
from payments.actions.refunds import carry_out_refund, give_back, sync_refund
from payments.actions.reminding import remind_invoices
from payments.actions.taking_back import take_back

__all__ = [
    "CannotBook",
    "CannotConfirm",
    "CannotDecide",
    "NothingToPay",
    "add_purchase_order",
    "assign",
    "book_service_fees",
    "carry_out_bulk_refund",
    "carry_out_refund",
    "confirm_bulk_refund",
    "credit_refund",
    "decide",
    "document",
    "export",
    "follow_letters",
    "follow_moves",
    "foresee_statement",
    "forget_parties",
    "give_back",
    "hear_what_was_missed",
    "import_statement",
    "invoice_payment",
    "issue_credit_note",
    "issue_invoice",
    "issue_missing",
    "keep_upload",
    "mark_failed",
    "mark_sent",
    "match_again",
    "note_fee",
    "note_given_back",
    "note_not_ours",
    "note_payout",
    "note_sent_back",
    "note_unmatched",
    "process_notice",
    "receive_notice",
    "record_vies",
    "remind_invoices",
    "send_again",
    "set_billing",
    "start_checkout",
    "sync_checkout",
    "sync_dispute",
    "sync_payout",
    "sync_refund",
    "sync_warning",
    "take_back",
    "tell_given_up",
    "withdraw_checkout",
]
