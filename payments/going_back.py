"""What waits to go back by bank, and which of it a movement of money out could be: one refund, or several together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from events.models import Registration
from payments.models import BankParty, LedgerEntry, Refund

Kind = LedgerEntry.Kind
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class GoingBack:
    """A refund that waits to be transferred, or what a person said was and no statement showed yet.

    `amount` is above zero. It is known by the reference of its registration and by the account it came from; money
    that was never matched has no registration.
    """

    told: LedgerEntry | Refund
    iban: str = ""

    @property
    def key(self) -> str:
        return f"{self.told._meta.model_name}-{self.told.pk}"

    @property
    def amount(self) -> Decimal:
        return abs(self.told.amount)

    @property
    def is_noted(self) -> bool:
        """A person said already that it was transferred."""
        return isinstance(self.told, LedgerEntry)

    @property
    def registration(self) -> Registration | None:
        return self.told.payment.registration if self.told.payment else None

    @property
    def reference(self) -> str:
        return self.registration.reference if self.registration else ""


#: Some of what goes back, that one movement may give back together.
Together = tuple[GoingBack, ...]


def total(several: Iterable[GoingBack]) -> Decimal:
    return sum((back.amount for back in several), start=ZERO)


def going_back() -> list[GoingBack]:
    """Everything that waits to be seen on a statement, noted or not, oldest first; in four queries at most."""
    refunds = list(Refund.objects.to_transfer().select_related("payment__registration__event").order_by("pk"))
    noted = list(
        LedgerEntry.objects.filter(
            account=LedgerEntry.Account.BANK,
            kind__in=[Kind.REFUND, Kind.MATCHED],
            amount__lt=0,
            bank_link__isnull=True,
        )
        .select_related("payment__registration__event")
        .order_by("pk")
    )
    told: list[LedgerEntry | Refund] = [*noted, *refunds]
    payments = {row.payment_id for row in told if row.payment_id is not None}
    came = dict(
        BankParty.objects.filter(
            transaction__links__entry__payment__in=payments, transaction__links__entry__kind=Kind.PAYMENT
        ).values_list("transaction__links__entry__payment", "iban")
    )
    # Money that was never matched goes back to where its movement came from.
    sent = dict(
        BankParty.objects.filter(transaction__sent_back__entry__in=[entry.pk for entry in noted]).values_list(
            "transaction__sent_back__entry", "iban"
        )
    )
    return [GoingBack(row, came.get(row.payment_id, "") if row.payment_id else sent.get(row.pk, "")) for row in told]


def sums_that_fit(amount: Decimal, waiting: Sequence[GoingBack]) -> list[Together]:
    """Of what waits: each one of this amount, and each registration of which several come to it together."""
    found: dict[frozenset[str], Together] = {}
    for several in [*((back,) for back in waiting), *_per_registration(waiting)]:
        if total(several) == amount:
            found.setdefault(frozenset(back.key for back in several), several)
    return list(found.values())


def _per_registration(waiting: Sequence[GoingBack]) -> list[Together]:
    registrations = dict.fromkeys(back.registration.pk for back in waiting if back.registration)
    found = []
    for pk in registrations:
        found += _all_of([back for back in waiting if back.registration and back.registration.pk == pk])
    return found


def _all_of(waiting: Sequence[GoingBack]) -> list[Together]:
    """All that waits, all that was noted already, and the two together."""
    noted = tuple(back for back in waiting if back.is_noted)
    new = tuple(back for back in waiting if not back.is_noted)
    return [several for several in dict.fromkeys((new, noted, (*noted, *new))) if several]


def what_it_names(party: BankParty, waiting: Sequence[GoingBack]) -> list[GoingBack]:
    """Of what waits, what a movement to this party tells of: by our reference in its text, else by the account.

    The amount alone says nothing.
    """
    text = party.text.upper()
    named = [back for back in waiting if back.reference and back.reference.upper() in text]
    return named or [back for back in waiting if back.iban and back.iban == party.iban]


def surely(amount: Decimal, party: BankParty, waiting: Sequence[GoingBack]) -> Together:
    """What a movement of this amount to this party gives back, when it can be one thing only; else nothing."""
    named = what_it_names(party, waiting)
    found = sums_that_fit(amount, named)
    if not found:  # one buyer's, of several registrations
        found = [several for several in _all_of(named) if total(several) == amount]
    return found[0] if len(found) == 1 else ()
