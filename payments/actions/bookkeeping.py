"""Writing facts into the ledger, split over the seats. The caller holds the payment's lock."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from events.models import Attendee
from payments.models import LedgerEntry, LedgerLine, Payment, Refund
from payments.models.ledger import split

CENT = Decimal("0.01")


def book_payment(payment: Payment, *, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry:
    """Money in: one line per seat of the order, at the price copied on the seat.

    Raises ValueError when the seats do not add up to the payment; nothing is booked then.
    """
    seats = list(payment.registration.attendees.all())
    if sum(seat.price_incl_vat for seat in seats) != payment.amount:
        raise ValueError(f"The seats of {payment.registration.reference} do not add up to {payment.amount}.")
    entry = _entry(LedgerEntry.Kind.PAYMENT, payment, payment.amount, source, occurred_at, at)
    _lines(entry, [(seat, seat.price_excl_vat, seat.vat_amount) for seat in seats])
    return entry


def book_fee(payment: Payment, *, fee: Decimal, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry | None:
    """What the payment service kept, shared over the seats by price. None when it was booked before."""
    if LedgerEntry.objects.filter(kind=LedgerEntry.Kind.FEE, source=source).exists():
        return None
    seats = list(payment.registration.attendees.all())
    entry = _entry(LedgerEntry.Kind.FEE, payment, -fee, source, occurred_at, at)
    shares = split(fee, [seat.price_incl_vat for seat in seats])
    _lines(entry, [(seat, -share, Decimal("0.00")) for seat, share in zip(seats, shares, strict=True)])
    return entry


def book_refund(refund: Refund, *, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry | None:
    """Money back, seat by seat, VAT included. None when it was booked before."""
    return _book_back(LedgerEntry.Kind.REFUND, refund, -1, source, occurred_at, at)


def book_failed_refund(refund: Refund, *, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry | None:
    """A refund booked as given back failed after all: we owe the money again. None when not or already booked."""
    if not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.REFUND, source=source).exists():
        return None
    return _book_back(LedgerEntry.Kind.REFUND_FAILED, refund, 1, source, occurred_at, at)


def _book_back(
    kind: str, refund: Refund, sign: int, source: str, occurred_at: datetime, at: datetime
) -> LedgerEntry | None:
    if LedgerEntry.objects.filter(kind=kind, source=source).exists():
        return None
    payment = refund.payment
    seats = list(payment.registration.attendees.all())
    entry = _entry(kind, payment, sign * refund.amount, source, occurred_at, at, refund)
    shares = split(refund.amount, [seat.price_incl_vat for seat in seats])
    _lines(
        entry,
        [(seat, sign * net, sign * vat) for seat, (net, vat) in zip(seats, _with_vat(seats, shares), strict=True)],
    )
    return entry


def _with_vat(seats: list[Attendee], shares: list[Decimal]) -> list[tuple[Decimal, Decimal]]:
    """Each share as (excl. VAT, VAT): exactly the seat's own figures when all of it goes back."""
    parts = []
    for seat, share in zip(seats, shares, strict=True):
        if share == seat.price_incl_vat:
            parts.append((seat.price_excl_vat, seat.vat_amount))
        else:
            vat = (share * seat.vat_rate / (100 + seat.vat_rate)).quantize(CENT, ROUND_HALF_UP)
            parts.append((share - vat, vat))
    return parts


def _entry(
    kind: str,
    payment: Payment,
    amount: Decimal,
    source: str,
    occurred_at: datetime,
    at: datetime,
    refund: Refund | None = None,
) -> LedgerEntry:
    return LedgerEntry.objects.create(
        kind=kind,
        source=source,
        registration=payment.registration,
        payment=payment,
        refund=refund,
        amount=amount,
        currency=payment.currency,
        occurred_at=occurred_at,
        recorded_at=at,
    )


def _lines(entry: LedgerEntry, rows: list[tuple[Attendee, Decimal, Decimal]]) -> None:
    LedgerLine.objects.bulk_create(
        [LedgerLine(entry=entry, attendee=seat, net=net, vat=vat, gross=net + vat) for seat, net, vat in rows]
    )
