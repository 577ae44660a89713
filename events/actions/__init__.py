"""The deeds of the events chapter. Each is atomic, takes its time as `at`, and refuses with a Refusal."""

from events.actions.approving import approve, reject
from events.actions.cancelling import cancel, cancellation_fee, foresee_cancelling, may_withdraw, withdraw_from
from events.actions.changing import grant, lower_prices, mark_attendance, substitute, withdraw_entitlement
from events.actions.confirming import confirm, confirm_mailbox
from events.actions.forgetting import erase_person, purge
from events.actions.holds import expire_holds, extend_hold, release_hold
from events.actions.knowing import person_data
from events.actions.lapsing import end_lapsed_holds
from events.actions.line import (
    accept_offer,
    accept_part,
    decline_offer,
    offer_free_seats,
    offer_seats,
    take_free_seats,
)
from events.actions.orders import Approver, Attending, Contact, Order
from events.actions.outlook import (
    ahead_of,
    decision_for,
    must_take,
    offered_at_once,
    outlook,
    ticket_types,
    time_after_yes,
)
from events.actions.posting import mark_bounced, send_again
from events.actions.registering import must_be_payable, register
from events.actions.reminding import remind
from events.actions.running import cancel_event, change_event, foresee, move, seats_by_state, write_message
from events.actions.steps import window_on_last_day

__all__ = [
    "Approver",
    "Attending",
    "Contact",
    "Order",
    "accept_offer",
    "accept_part",
    "ahead_of",
    "approve",
    "cancel",
    "cancel_event",
    "cancellation_fee",
    "change_event",
    "confirm",
    "confirm_mailbox",
    "decision_for",
    "decline_offer",
    "end_lapsed_holds",
    "erase_person",
    "expire_holds",
    "extend_hold",
    "foresee",
    "foresee_cancelling",
    "grant",
    "lower_prices",
    "mark_attendance",
    "mark_bounced",
    "may_withdraw",
    "move",
    "must_be_payable",
    "must_take",
    "offer_free_seats",
    "offer_seats",
    "offered_at_once",
    "outlook",
    "person_data",
    "purge",
    "register",
    "reject",
    "release_hold",
    "remind",
    "seats_by_state",
    "send_again",
    "substitute",
    "take_free_seats",
    "ticket_types",
    "time_after_yes",
    "window_on_last_day",
    "withdraw_entitlement",
    "withdraw_from",
    "write_message",
]
