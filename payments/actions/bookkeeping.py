"""Writing facts into the ledger, split over the seats. The caller holds the payment's lock."""

from datetime import datetime
from decimal import Decimal

from payments import announcing
from payments.actions.closing import CURRENCY, booking_day
from payments.dues import Share, allot, open_shares, part_of
from payments.models import LedgerEntry, LedgerLine, Payment, PaymentLine, Refund, RefundLine
from payments.splitting import split
from payments.stripe_gateway import Movement

CENT = Decimal("0.01")


def book_payment(payment: Payment, *, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry:
    """Money in: one line per seat it was asked for.

    Raises ValueError when the seats do not add up to the payment; nothing is booked then.
    """
    lines = plan_payment(payment)
    if sum(line.gross for line in lines) != payment.amount:
        raise ValueError(f"The seats of {payment.registration.reference} do not add up to {payment.amount}.")
    entry = _entry(LedgerEntry.Kind.PAYMENT, payment, payment.amount, source, occurred_at, at)
    _lines(entry, [(line.attendee_id, line.net, line.vat) for line in lines])
    return entry


def book_taken_back(entry: LedgerEntry, payment: Payment, *, at: datetime) -> LedgerEntry:
    """The opposite of a payment that was for something else, seat by seat, on the same day while that is open."""
    back = _entry(entry.kind, payment, -entry.amount, f"{entry.source}-back", entry.occurred_at, at)
    _lines(back, [(line.attendee_id, -line.net, -line.vat) for line in entry.lines.all()])
    return back


def plan_payment(payment: Payment) -> list[PaymentLine]:
    """What the payment asks for each seat: written once, with the attempt; what is due now when it was not yet.

    Raises ValueError when less is due than it asks.
    """
    if planned := list(payment.lines.all()):
        return planned
    shares = open_shares(payment.registration)
    if payment.pays is not None:
        seats = set(payment.pays.lines.values_list("attendee_id", flat=True))
        shares.sort(key=lambda share: share.seat.pk not in seats)  # what its invoice asks for, first
    parts = allot(shares, payment.amount)
    return PaymentLine.objects.bulk_create(
        [PaymentLine(payment=payment, attendee=part.seat, net=part.net, vat=part.vat) for part in parts]
    )


def plan_refund(refund: Refund) -> list[RefundLine]:
    """What the refund gives back of each seat: written with the decision; else a share of what each seat paid.

    Nothing of a seat when it gives back money that was never matched.
    """
    if planned := list(refund.lines.all()):
        return planned
    if refund.payment.status == Payment.Status.MISMATCH:
        return []
    received = [Share(line.attendee, line.net, line.vat) for line in refund.payment.lines.select_related("attendee")]
    parts = [
        share if part == share.gross else part_of(share.seat, part)
        for share, part in zip(received, split(refund.amount, [share.gross for share in received]), strict=True)
    ]
    return RefundLine.objects.bulk_create(
        [RefundLine(refund=refund, attendee=part.seat, net=part.net, vat=part.vat) for part in parts]
    )


def book_fee(payment: Payment, *, fee: Decimal, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry | None:
    """What the payment service kept, shared over the seats by what was paid for them. None when booked before.

    Of money that is not what was asked it is the visit's, and no seat's.
    """
    if LedgerEntry.objects.filter(kind=LedgerEntry.Kind.FEE, source=source).exists():
        return None
    lines = plan_payment(payment) if payment.status != Payment.Status.MISMATCH else []
    entry = _entry(LedgerEntry.Kind.FEE, payment, -fee, source, occurred_at, at)
    shares = split(fee, [line.gross for line in lines]) if lines else []
    _lines(entry, [(line.attendee_id, -share, Decimal("0.00")) for line, share in zip(lines, shares, strict=True)])
    return entry


def book_unmatched(payment: Payment, *, amount: Decimal, source: str, at: datetime) -> LedgerEntry:
    """Money that is not what was asked. It belongs to no seat until a person says what it is for."""
    occurred_at = payment.paid_at or at
    entry = LedgerEntry.objects.create(
        kind=LedgerEntry.Kind.UNMATCHED,
        source=source,
        registration=payment.registration,
        event=payment.registration.event,
        payment=payment,
        amount=amount,
        currency=CURRENCY,
        occurred_at=occurred_at,
        recorded_at=at,
        booked_on=booking_day(occurred_at),
    )
    announcing.tell(entry, at=at)
    return entry


def book_dispute(payment: Payment, movement: Movement, *, at: datetime) -> None:
    """What a dispute moved, shared over the seats by what was paid for them, and Stripe's fee for it. Once each.

    Of money that is not what was asked it has no seats: it is taken from what nobody matched. Nothing of money that
    stands apart.
    """
    if payment.stands_apart:
        return
    Kind = LedgerEntry.Kind
    if movement.amount and payment.status in Payment.CAME:
        kind, sign = (Kind.DISPUTE, -1) if movement.amount < 0 else (Kind.DISPUTE_WON, 1)
        if not LedgerEntry.objects.filter(kind=kind, source=movement.transaction_id).exists():
            entry = _entry(kind, payment, movement.amount, movement.transaction_id, movement.occurred_at, at)
            lines = plan_payment(payment) if payment.status == Payment.Status.PAID else []
            shares = split(abs(movement.amount), [line.gross for line in lines]) if lines else []
            parts = [part_of(line.attendee, part) for line, part in zip(lines, shares, strict=True)]
            _lines(entry, [(part.seat.pk, sign * part.net, sign * part.vat) for part in parts])
    if movement.fee:
        fee_source = movement.transaction_id
        if not LedgerEntry.objects.filter(kind=Kind.DISPUTE_FEE, source=fee_source).exists():
            _entry(Kind.DISPUTE_FEE, payment, -movement.fee, fee_source, movement.occurred_at, at)


def book_movement(
    kind: str,
    source: str,
    amount: Decimal,
    occurred_at: datetime,
    *,
    at: datetime,
    account: str = LedgerEntry.Account.STRIPE,
    currency: str = "EUR",
) -> LedgerEntry:
    """What moved without belonging to one registration: a payout, a fee of the service. Once per kind and source."""
    entry, _is_new = LedgerEntry.objects.get_or_create(
        kind=kind,
        source=source,
        defaults={
            "account": account,
            "amount": amount,
            "currency": currency,
            "occurred_at": occurred_at,
            "recorded_at": at,
            "booked_on": booking_day(occurred_at),
        },
    )
    return entry


def book_refund(
    refund: Refund,
    *,
    source: str,
    occurred_at: datetime,
    at: datetime,
    account: str | None = None,
) -> LedgerEntry | None:
    """Money back, seat by seat, VAT included, from this account: by default the one it came on.

    None when it was booked before, and for money that stands apart.
    """
    return _book_back(LedgerEntry.Kind.REFUND, refund, -1, source, occurred_at, at, account)


def book_failed_refund(refund: Refund, *, source: str, occurred_at: datetime, at: datetime) -> LedgerEntry | None:
    """A refund booked as given back failed after all: we owe the money again. None when not or already booked."""
    if not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.REFUND, source=source).exists():
        return None
    return _book_back(LedgerEntry.Kind.REFUND_FAILED, refund, 1, source, occurred_at, at)


def _book_back(
    kind: str,
    refund: Refund,
    sign: int,
    source: str,
    occurred_at: datetime,
    at: datetime,
    account: str | None = None,
) -> LedgerEntry | None:
    if refund.payment.stands_apart or LedgerEntry.objects.filter(kind=kind, source=source).exists():
        return None
    entry = _entry(kind, refund.payment, sign * refund.amount, source, occurred_at, at, refund, account)
    _lines(entry, [(line.attendee_id, sign * line.net, sign * line.vat) for line in plan_refund(refund)])
    return entry


def _entry(
    kind: str,
    payment: Payment,
    amount: Decimal,
    source: str,
    occurred_at: datetime,
    at: datetime,
    refund: Refund | None = None,
    account: str | None = None,
) -> LedgerEntry:
    entry = LedgerEntry.objects.create(
        kind=kind,
        account=account or payment.account,
        source=source,
        registration=payment.registration,
        event=payment.registration.event,
        payment=payment,
        refund=refund,
        amount=amount,
        currency=CURRENCY,
        occurred_at=occurred_at,
        recorded_at=at,
        booked_on=booking_day(occurred_at),
    )
    announcing.tell(entry, at=at)
    return entry


def _lines(entry: LedgerEntry, rows: list[tuple[int, Decimal, Decimal]]) -> None:
    LedgerLine.objects.bulk_create(
        [LedgerLine(entry=entry, attendee_id=seat, net=net, vat=vat, gross=net + vat) for seat, net, vat in rows]
    )
