"""Questions finance asks, answered from the ledger alone. Nothing here writes.

Everything is in euro: a ticket type knows no other currency.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    Min,
    Q,
    QuerySet,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Attendee
from payments.models import LedgerEntry, LedgerLine

ZERO = Decimal("0.00")
_MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=12, decimal_places=2)
_PAYMENT = Q(ledger_lines__entry__kind=LedgerEntry.Kind.PAYMENT)
#: Not what was assigned to a wrong invoice and taken back.
_CAME = _PAYMENT & Q(ledger_lines__gross__gt=0)
_FEE = Q(ledger_lines__entry__kind=LedgerEntry.Kind.FEE)
_BACK = Q(ledger_lines__entry__kind__in=LedgerEntry.BACK)
_DISPUTED = Q(ledger_lines__entry__kind__in=LedgerEntry.DISPUTED)


class TicketMoney(TextChoices):
    """What became of the money of a paid seat, by the ledger."""

    PAID = "paid", _("Paid")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    REFUNDED = "refunded", _("Refunded")
    DISPUTED = "disputed", _("Disputed, taken back by the bank")


@dataclass(frozen=True)
class PaidTicketFilters:
    """Which paid seats; None is no limit. Days are days in Brussels, the last one included."""

    paid_from: date | None = None
    paid_until: date | None = None
    event_from: date | None = None
    event_until: date | None = None
    event: int | None = None
    ticket_type: int | None = None
    status: str | None = None


@dataclass(frozen=True)
class Totals:
    """The sums of a set of paid seats."""

    tickets: int = 0
    net: Decimal = ZERO
    vat: Decimal = ZERO
    gross: Decimal = ZERO
    fee: Decimal = ZERO
    refunded: Decimal = ZERO
    disputed: Decimal = ZERO
    left: Decimal = ZERO


def paid_tickets(filters: PaidTicketFilters) -> "QuerySet[Attendee]":
    """One row per paid seat, by the moment it was paid and then by id, with its figures from the ledger's lines.

    A seat is paid when the ledger has payments for it that were not taken back, also when its registration was
    cancelled or expired since.
    Each row is annotated with

    - `paid_at`: when the (first) payment occurred;
    - `net`, `vat`, `gross`: the sums of its payment lines; net + vat = gross, as the database holds of every line;
    - `fee`: what the payment service kept of it, the sum of its fee lines turned positive;
    - `refunded`: what went back, VAT included: its refund lines turned positive, less refunds that failed after all;
    - `disputed`: what a bank took back and did not give again, VAT included;
    - `left`: gross - fee - refunded - disputed, below zero when all went back and the fee did not;
    - `money`: a TicketMoney: disputed when a bank has some of it, refunded when nothing of the gross stayed, partly
      when some went back, else paid.

    The period chooses seats by `paid_at` and cuts nothing off their figures: a refund after the period is counted, so
    the same period asked again later may show more refunded. For what moved within a period, read the ledger.
    """
    seats = Attendee.objects.filter(
        pk__in=LedgerLine.objects.filter(entry__kind=LedgerEntry.Kind.PAYMENT).values("attendee")
    )
    if filters.event is not None:
        seats = seats.filter(event=filters.event)
    if filters.ticket_type is not None:
        seats = seats.filter(ticket_type=filters.ticket_type)
    if filters.event_from is not None:
        seats = seats.filter(event__starts_at__gte=_first_moment(filters.event_from))
    if filters.event_until is not None:
        seats = seats.filter(event__starts_at__lt=_first_moment(filters.event_until + timedelta(days=1)))
    figures = _with_figures(seats).filter(gross__gt=0)
    if filters.paid_from is not None:
        figures = figures.filter(paid_at__gte=_first_moment(filters.paid_from))
    if filters.paid_until is not None:
        figures = figures.filter(paid_at__lt=_first_moment(filters.paid_until + timedelta(days=1)))
    if filters.status is not None:
        figures = figures.filter(money=filters.status)
    return figures.select_related("event", "registration", "ticket_type").order_by("paid_at", "pk")


def _with_figures(seats: "QuerySet[Attendee]") -> "QuerySet[Any]":
    # One join to the lines carries every sum, so no line is counted twice.
    def total(column: str, kind: Q) -> Coalesce:
        return Coalesce(Sum(f"ledger_lines__{column}", filter=kind), Value(ZERO), output_field=_MONEY)

    return (
        seats.annotate(
            paid_at=Min("ledger_lines__entry__occurred_at", filter=_CAME),
            net=total("net", _PAYMENT),
            vat=total("vat", _PAYMENT),
            gross=total("gross", _PAYMENT),
            fee=-total("gross", _FEE),
            refunded=-total("gross", _BACK),
            disputed=-total("gross", _DISPUTED),
        )
        .annotate(left=F("gross") - F("fee") - F("refunded") - F("disputed"))
        .annotate(
            money=Case(
                When(disputed__gt=0, then=Value(TicketMoney.DISPUTED.value)),
                When(refunded__lte=0, then=Value(TicketMoney.PAID.value)),
                When(refunded__gte=F("gross"), then=Value(TicketMoney.REFUNDED.value)),
                default=Value(TicketMoney.PARTLY_REFUNDED.value),
            )
        )
    )


def totals(seats: "QuerySet[Attendee]") -> Totals:
    """The sums over all rows of paid_tickets(), whatever page is shown; counted by the database in one statement."""
    sums = seats.order_by().aggregate(
        tickets=Count("pk"),
        **{f"sum_{name}": Sum(name) for name in ("net", "vat", "gross", "fee", "refunded", "disputed", "left")},
    )
    return Totals(
        tickets=sums["tickets"],
        net=sums["sum_net"] or ZERO,
        vat=sums["sum_vat"] or ZERO,
        gross=sums["sum_gross"] or ZERO,
        fee=sums["sum_fee"] or ZERO,
        refunded=sums["sum_refunded"] or ZERO,
        disputed=sums["sum_disputed"] or ZERO,
        left=sums["sum_left"] or ZERO,
    )


def _first_moment(day: date) -> datetime:
    # Not the reader's own time zone, which Wagtail activates: a period is the same money for everyone.
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
