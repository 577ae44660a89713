"""What events needs from whoever takes the money. The payments chapter brings the implementation through the registry.

Registering and cancelling are one deed for free and paid seats alike; without an implementation seats are free only.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol, cast

from cms import plugins
from events.billing import Billing
from events.models import Event, Registration

ZERO = Decimal("0.00")


class MoneyState(NamedTuple):
    """What happened with the money of one registration, for its manage page."""

    paid: Decimal
    refunded: Decimal
    is_processing: bool
    #: Still to be paid, VAT included; never below 0.
    due: Decimal
    #: Decided to be given back and not known to have arrived; of that, what a person transfers to the payer's account.
    coming_back: Decimal = ZERO
    by_transfer: Decimal = ZERO
    #: In hand beyond what the seats owe, and nobody decided yet that it goes back: a refund failed, or a person looks.
    undecided: Decimal = ZERO
    #: What a bank took back for its customer, and has not returned. Neither in hand nor asked again.
    disputed: Decimal = ZERO
    #: What the payment service kept of it.
    fees: Decimal = ZERO
    #: Asked for by invoices that are out and not paid, and the day the first of them is due.
    invoiced: Decimal = ZERO
    due_on: date | None = None
    #: The invoice waits for the buyer's purchase order number until here; None when it does not.
    order_until: date | None = None
    #: A purchase order number given now would stand on an invoice.
    asks_order: bool = False

    @property
    def coming_online(self) -> Decimal:
        """What is on its way back the way it was paid."""
        return self.coming_back - self.by_transfer

    @property
    def in_hand(self) -> Decimal:
        """What came and was neither given back, nor is on its way back, nor was taken by a bank."""
        return self.paid - self.refunded - self.coming_back - self.disputed


class ToBePaid(NamedTuple):
    """What a visit still brings, VAT included, by how it is asked for."""

    online: Decimal = ZERO
    #: Ordered by invoice, also where the invoice is not out yet, and also what is kept of seats that were given up.
    by_invoice: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.online + self.by_invoice


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

    def to_be_paid(self, event: Event) -> ToBePaid:
        """What is still to be paid for seats that are held or certain. As many queries for many as for one."""
        ...

    def takes_invoices(self) -> bool:
        """Whether seats can be ordered by invoice: whoever sells can issue one."""
        ...

    def due_on(self, event: Event, *, at: datetime) -> date:
        """The last day to pay an invoice for this event that would be issued now."""
        ...

    def bill(self, registration: Registration, billing: Billing, *, at: datetime) -> None:
        """Write down to whom a registration is billed. Called inside the deed's transaction."""
        ...

    def document(self, registration: Registration, reason: str, *, at: datetime) -> None:
        """Make the invoices of a registration ask what its seats owe now: issue, or credit. Does nothing twice.

        The last thing a deed does with its locks: the documents' numbers are locked after everything. `reason` is one
        of those of `give_back`. Never raises for a document: seats do not wait for paper.
        """
        ...

    def to_dos(self, event: Event, *, at: datetime) -> list[tuple[str, str]]:
        """(what waits for a person about the money of this event, where it is seen)."""
        ...


class CannotAsk(Exception):
    """The payment service does not answer; the seats stay held and paying can be tried again."""


def takes_invoice(event: Event, at: datetime) -> bool:
    """Whether this event can be ordered by invoice now: it says so, it is early enough, and there is a seller."""
    until = event.invoice_until
    settlement = installed()
    return until is not None and at < until and settlement is not None and settlement.takes_invoices()


def installed() -> Settlement | None:
    """The installed settlement, None when seats are free only."""
    return cast("Settlement | None", plugins.settlement())
