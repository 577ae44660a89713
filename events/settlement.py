"""What events needs from whoever takes the money. The payments chapter brings the implementation through the registry.

Registering and cancelling are one deed for free and paid seats alike; without an implementation seats are free only.
"""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol, cast

from cms import plugins
from events.models import Registration


class MoneyState(NamedTuple):
    """What happened with the money of one registration, for its manage page."""

    paid: Decimal
    refunded: Decimal
    is_processing: bool
    #: Still to be paid, VAT included; never below 0.
    due: Decimal
    #: Decided to be given back and not known to have arrived.
    coming_back: Decimal = Decimal("0.00")


class Settlement(Protocol):
    """Asks for what is owed, and stops asking. All amounts include VAT."""

    def is_ready(self) -> bool:
        """Whether a payment can be asked for at all (keys are configured)."""
        ...

    def ask(self, registration: Registration, *, at: datetime) -> str:
        """The address where the contact pays what is owed. Not to be called inside a transaction.

        Raises CannotAsk when the payment service does not answer.
        """
        ...

    def withdraw(self, registration: Registration, *, at: datetime) -> None:
        """Stop asking: the seats were given up. Money that still arrives is given back."""
        ...

    def give_back(self, registration: Registration, reason: str, *, at: datetime) -> None:
        """Decide to give back what was received beyond what its seats owe now (Attendee.owed).

        Called inside the deed's transaction, with event and registration locked. `reason` is "cancelled", "withdrawn",
        "granted", "price_changed", "event_cancelled" or "seat_gone". Nothing when nothing is too much.
        """
        ...

    def state(self, registration: Registration) -> MoneyState:
        """What was paid and refunded so far."""
        ...


class CannotAsk(Exception):
    """The payment service does not answer; the seats stay held and paying can be tried again."""


def installed() -> Settlement | None:
    """The installed settlement, None when seats are free only."""
    return cast("Settlement | None", plugins.settlement())
