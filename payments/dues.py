"""What is owed and what is too much, seat by seat: the question behind every payment page and every refund.

A seat owes its price, or what is kept of it once it was given up (Attendee.owed). In hand is what was received for it,
less what was given back or is on its way back; a refund that failed is in hand again, and owed again. What somebody
gave back in Stripe's dashboard was given on purpose: it is not asked again, and it is not given twice.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from events.models import Attendee, Registration
from payments.models import Payment, PaymentLine, Refund, RefundLine

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class Share(NamedTuple):
    """One seat's part of an amount."""

    seat: Attendee
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


def open_shares(registration: Registration) -> list[Share]:
    """For each seat what it owes less what is in hand: positive is due, negative is too much."""
    in_hand: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    received = PaymentLine.objects.filter(payment__registration=registration, payment__status=Payment.Status.PAID)
    for line in received:
        net, vat = in_hand[line.attendee_id]
        in_hand[line.attendee_id] = (net + line.net, vat + line.vat)
    forgiven: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    given = RefundLine.objects.filter(refund__payment__registration=registration).select_related("refund")
    for back in given.exclude(refund__status=Refund.Status.FAILED):
        net, vat = in_hand[back.attendee_id]
        in_hand[back.attendee_id] = (net - back.net, vat - back.vat)
        if back.refund.reason == Refund.Reason.OUTSIDE:
            net, vat = forgiven[back.attendee_id]
            forgiven[back.attendee_id] = (net + back.net, vat + back.vat)
    shares = []
    for seat in _seats(registration, in_hand):
        net, vat = _owed(seat)
        had_net, had_vat = in_hand[seat.pk]
        share = Share(seat, net - had_net, vat - had_vat)
        if share.gross > 0 and seat.pk in forgiven:
            let_go = Share(seat, *forgiven[seat.pk])
            left = max(ZERO, share.gross - let_go.gross)
            share = Share(seat, share.net - let_go.net, share.vat - let_go.vat) if left else Share(seat, ZERO, ZERO)
        shares.append(share)
    return shares


def balance(registration: Registration) -> Decimal:
    """What is still to be paid, VAT included; negative when too much is in hand."""
    return sum((share.gross for share in open_shares(registration)), start=ZERO)


def allot(shares: Iterable[Share], amount: Decimal) -> list[Share]:
    """An amount over the seats it is open for, in their order, each at most what is open. Positive shares come out.

    `shares` are those with the sign that is meant, turned positive. Raises ValueError when they come to less.
    """
    left, parts = amount, []
    for share in shares:
        if share.gross <= 0 or not left:
            continue
        if share.gross <= left:
            parts.append(share)
        else:
            rate = share.seat.vat_rate
            vat = (left * rate / (100 + rate)).quantize(CENT, ROUND_HALF_UP)
            parts.append(Share(share.seat, left - vat, vat))
        left -= parts[-1].gross
    if left:
        raise ValueError(f"The seats do not add up to {amount}: {left} has no seat.")
    return parts


def turned(shares: Iterable[Share]) -> list[Share]:
    """The same with the other sign: what is too much, as positive amounts."""
    return [Share(share.seat, -share.net, -share.vat) for share in shares]


def _seats(registration: Registration, in_hand: Iterable[int]) -> list[Attendee]:
    """Its seats, and those that were split off after money came for them here."""
    mine = list(registration.attendees.order_by("pk"))
    elsewhere = set(in_hand) - {seat.pk for seat in mine}
    return [*mine, *Attendee.objects.filter(pk__in=elsewhere).order_by("pk")] if elsewhere else mine


def _owed(seat: Attendee) -> tuple[Decimal, Decimal]:
    """(excl. VAT, VAT): exactly the seat's own figures when all of its price is owed."""
    owed = seat.owed
    if owed == seat.price_incl_vat:
        return seat.price_excl_vat, seat.vat_amount
    vat = (owed * seat.vat_rate / (100 + seat.vat_rate)).quantize(CENT, ROUND_HALF_UP)
    return owed - vat, vat
