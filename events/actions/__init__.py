"""The deeds of the events chapter. Each is atomic, takes its time as `at`, and refuses with a Refusal."""

from events.actions.cancelling import cancel, expire_holds
from events.actions.confirming import confirm, confirm_mailbox, extend_hold, release_hold
from events.actions.registering import Attending, Contact, Order, must_take, register

__all__ = [
    "Attending",
    "Contact",
    "Order",
    "cancel",
    "confirm",
    "confirm_mailbox",
    "expire_holds",
    "extend_hold",
    "must_take",
    "register",
    "release_hold",
]
