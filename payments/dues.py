"""What is owed and what is too much, seat by seat: the question behind every payment page and every refund.

A seat owes its price, or what is kept of it once it was given up (Attendee.owed). In hand is what was received for it,
less what was given back or is on its way back; a refund that failed is in hand again, and owed again. What somebody
gave back in Stripe's dashboard was given on purpose: it is not asked again, and it is not given twice. Nor is asked
again what finance credited by hand of an invoice that was sent out to be paid. What a bank took back in a dispute is
neither in hand nor asked again.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from events.models import Attendee, Registration
from payments.models import InvoiceLine, LedgerEntry, LedgerLine, Payment, PaymentLine, Refund, RefundLine

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: (excl. VAT, VAT)
_Figures = tuple[Decimal, Decimal]


class Share(NamedTuple):
    """One seat's part of an amount."""

    seat: Attendee
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


def vat_within(gross: Decimal, rate: Decimal) -> Decimal:
    """The VAT in an amount that includes it, to the cent. `rate` in percent."""
    return (gross * rate / (100 + rate)).quantize(CENT, ROUND_HALF_UP)


def part_of(seat: Attendee, gross: Decimal) -> Share:
    """So much of a seat's price, with its VAT."""
    vat = vat_within(gross, seat.vat_rate)
    return Share(seat, gross - vat, vat)


def open_shares(registration: Registration) -> list[Share]:
    """For each seat what it owes less what is in hand: positive is due, negative is too much."""
    return shares_by_registration([registration])[registration.pk]


def shares_by_registration(registrations: Sequence[Registration]) -> dict[int, list[Share]]:
    """The same for many registrations, in as many queries as for one."""
    pks = [registration.pk for registration in registrations]
    in_hand: dict[int, dict[int, _Figures]] = {pk: {} for pk in pks}
    received = PaymentLine.objects.filter(payment__registration__in=pks, payment__status=Payment.Status.PAID)
    for line in received.select_related("payment"):
        _add(in_hand[line.payment.registration_id], line.attendee_id, line.net, line.vat)
    forgiven: dict[int, dict[int, _Figures]] = {pk: {} for pk in pks}
    given = RefundLine.objects.filter(refund__payment__registration__in=pks).select_related("refund__payment")
    for back in given.exclude(refund__status=Refund.Status.FAILED):
        registration_id = back.refund.payment.registration_id
        _add(in_hand[registration_id], back.attendee_id, -back.net, -back.vat)
        if back.refund.reason == Refund.Reason.OUTSIDE:
            _add(forgiven[registration_id], back.attendee_id, back.net, back.vat)
    by_hand = InvoiceLine.objects.filter(invoice__registration__in=pks, invoice__cause__startswith="manual-")
    for credited in by_hand.filter(invoice__refers_to__payment__isnull=True).select_related("invoice"):
        registration_id = credited.invoice.registration_id
        _add(forgiven[registration_id], credited.attendee_id, credited.net, credited.gross - credited.net)
    disputed = LedgerLine.objects.filter(entry__registration__in=pks, entry__kind__in=LedgerEntry.DISPUTED)
    for taken in disputed.select_related("entry"):
        if (booked_for := taken.entry.registration_id) is not None:
            _add(in_hand[booked_for], taken.attendee_id, taken.net, taken.vat)
            _add(forgiven[booked_for], taken.attendee_id, -taken.net, -taken.vat)
    seats = _seats(pks, in_hand)
    return {pk: [_share(seat, in_hand[pk], forgiven[pk]) for seat in seats[pk]] for pk in pks}


def _add(figures: dict[int, _Figures], seat: int, net: Decimal, vat: Decimal) -> None:
    had_net, had_vat = figures.get(seat, (ZERO, ZERO))
    figures[seat] = (had_net + net, had_vat + vat)


def _share(seat: Attendee, in_hand: dict[int, _Figures], forgiven: dict[int, _Figures]) -> Share:
    net, vat = _owed(seat)
    had_net, had_vat = in_hand.get(seat.pk, (ZERO, ZERO))
    share = Share(seat, net - had_net, vat - had_vat)
    if share.gross > 0 and seat.pk in forgiven:
        let_go = Share(seat, *forgiven[seat.pk])
        left = max(ZERO, share.gross - let_go.gross)
        share = Share(seat, share.net - let_go.net, share.vat - let_go.vat) if left else Share(seat, ZERO, ZERO)
    return share


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
            parts.append(part_of(share.seat, left))
        left -= parts[-1].gross
    if left:
        raise ValueError(f"The seats do not add up to {amount}: {left} has no seat.")
    return parts


def turned(shares: Iterable[Share]) -> list[Share]:
    """The same with the other sign: what is too much, as positive amounts."""
    return [Share(share.seat, -share.net, -share.vat) for share in shares]


def _seats(registrations: list[int], in_hand: dict[int, dict[int, _Figures]]) -> dict[int, list[Attendee]]:
    """The seats of each, and those that were split off after money came for them here."""
    seats: dict[int, list[Attendee]] = {pk: [] for pk in registrations}
    mine = Attendee.objects.filter(registration__in=registrations).order_by("pk").in_bulk()
    for seat in mine.values():
        seats[seat.registration_id].append(seat)
    paid_for = {seat for figures in in_hand.values() for seat in figures}
    others = Attendee.objects.in_bulk(paid_for - set(mine)) if paid_for - set(mine) else {}
    known = mine | others
    for pk, figures in in_hand.items():
        seats[pk] += [known[seat] for seat in sorted(figures) if known[seat].registration_id != pk]
    return seats


def _owed(seat: Attendee) -> tuple[Decimal, Decimal]:
    """(excl. VAT, VAT): exactly the seat's own figures when all of its price is owed."""
    owed = seat.owed
    if owed == seat.price_incl_vat:
        return seat.price_excl_vat, seat.vat_amount
    part = part_of(seat, owed)
    return part.net, part.vat
