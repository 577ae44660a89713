"""What can be done with a registration now, as its page offers it: for a client that has a page of its own."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from events import actions
from events.models import Event, Registration
from events.settlement import MoneyState, installed

Status = Registration.Status

Step = Literal[
    "pay",
    "purchase_order",
    "confirm_mailbox",
    "answer_offer",
    "take_free_seats",
    "accept_part",
    "substitute",
    "cancel",
    "withdraw",
    "calendar",
    "register_again",
]


def money_of(registration: Registration) -> tuple[MoneyState | None, Decimal]:
    """What became of its money, and what is to be paid online now: by invoice nothing is, whatever is open."""
    settlement = installed()
    money = settlement.state(registration) if settlement else None
    due = money.due if money is not None and not registration.is_by_invoice else Decimal("0.00")
    return money, due


def steps_of(
    registration: Registration, event: Event, money: MoneyState | None, *, due: Decimal, at: datetime
) -> list[Step]:
    """What its page on the site would offer now, in the order of that page."""
    live = registration.attendees.live().count()
    holds = registration.hold_expires_at is not None and registration.hold_expires_at > at
    is_over = event.starts_at <= at
    is_last_call = event.status == Event.Status.SCHEDULED and event.last_call_at <= at < event.starts_at
    can_change = bool(live) and not registration.is_ended and not is_over
    can: dict[Step, bool] = {
        "pay": (registration.status == Status.HELD and holds) or (registration.status == Status.CONFIRMED and due > 0),
        "purchase_order": money is not None and money.asks_order,
        "confirm_mailbox": registration.status == Status.UNCONFIRMED_EMAIL and holds,
        "answer_offer": holds and registration.open_offer is not None,
        "take_free_seats": registration.status == Status.WAITING and is_last_call,
        "accept_part": registration.status == Status.WAITING and live > 1 and not registration.accepts_part,
        "substitute": can_change,
        "cancel": can_change,
        "withdraw": actions.may_withdraw(registration, event, at=at),
        "calendar": registration.status == Status.CONFIRMED and not is_over,
        "register_again": registration.is_ended
        and event.page_in(registration.language) is not None
        and event.takes_registrations(at),
    }
    return [step for step, is_possible in can.items() if is_possible]
