"""Questions about what moved in a period, as finance reports it: VAT, fees, refunds, deferred income, the journal.

All are answered from the ledger by its booking day, so that a closed month gives the same answer for ever. Amounts are
euro, signed from the organiser's side; days are days in Brussels, the last one included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from events.models import Attendee, Event, TicketType
from payments.models import LedgerEntry, LedgerLine, Payout

Kind = LedgerEntry.Kind
ZERO = Decimal("0.00")
MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=14, decimal_places=2)
#: What is turnover: paid, given back, taken back by a bank, moved from one visit to another.
SALES = (Kind.PAYMENT, Kind.REFUND, Kind.REFUND_FAILED, Kind.DISPUTE, Kind.DISPUTE_WON, Kind.MOVED)
#: What changes the VAT that is owed. A bank that takes money back for its customer undoes no sale: its VAT stays
#: owed until a credit note takes it off; the journal books it as a cost in the same way.
TAXED = (Kind.PAYMENT, Kind.REFUND, Kind.REFUND_FAILED, Kind.MOVED)
#: What went out again of it, by whatever way; a move between two visits is none of these.
WENT_BACK = (Kind.REFUND, Kind.REFUND_FAILED, Kind.DISPUTE, Kind.DISPUTE_WON)
FEES = (Kind.FEE, Kind.DISPUTE_FEE, Kind.SERVICE_FEE)


@dataclass(frozen=True)
class Period:
    """From and until, both included; None is no limit."""

    since: date | None = None
    until: date | None = None

    def narrow(self, rows: "QuerySet[Any]", prefix: str = "") -> "QuerySet[Any]":
        if self.since is not None:
            rows = rows.filter(**{f"{prefix}booked_on__gte": self.since})
        if self.until is not None:
            rows = rows.filter(**{f"{prefix}booked_on__lte": self.until})
        return rows


class Counted(Subquery):
    """How many rows a query about the outer row has, whatever it is grouped by."""

    template = "(SELECT count(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()


def total(column: str, condition: Q | None = None) -> Coalesce:
    return Coalesce(Sum(column, filter=condition), Value(ZERO), output_field=MONEY)


def vat_by_rate(period: Period) -> "QuerySet[Any, dict[str, Any]]":
    """Per month, VAT country and rate: `base`, `vat_in`, `gross_in` received, what was given back, and what is left.

    Given back counts in the month it was booked, as a credit note does. What was moved to a visit in another country
    stands there as given back, below 0, and here as given back. What a bank took in a dispute is none of it (TAXED).
    """
    came, went = Q(entry__kind=Kind.PAYMENT), ~Q(entry__kind=Kind.PAYMENT)
    lines = period.narrow(LedgerLine.objects.filter(entry__kind__in=TAXED), "entry__")
    return (
        lines.order_by()
        .values(
            month=TruncMonth("entry__booked_on"),
            country=F("entry__event__vat_country"),
            rate=F("attendee__vat_rate"),
        )
        .annotate(
            base=total("net", came),
            vat_in=total("vat", came),
            gross_in=total("gross", came),
            base_back=total("net", went),
            vat_back=total("vat", went),
            base_left=total("net"),
            vat_left=total("vat"),
            gross_left=total("gross"),
        )
        .order_by("month", "country", "rate")
    )


def entries(period: Period, kinds: tuple[str, ...]) -> "QuerySet[LedgerEntry]":
    """Entries of these kinds, in the order of the books."""
    rows = period.narrow(LedgerEntry.objects.filter(kind__in=kinds))
    return rows.select_related("event", "registration").order_by("booked_on", "pk")


def deferred_income(as_of: date) -> "QuerySet[Event]":
    """Events after this day with what was booked for them until it: income of later, on the day of the visit.

    Each with `known_start`, the start it had by the end of this day (a visit that is moved later leaves a closed month
    as it was), `seats` of which something is in hand, `net` and `vat` in hand. Nothing for an event that gave all back.
    """
    until = Q(ledger_entries__booked_on__lte=as_of, ledger_entries__kind__in=SALES)
    lines = LedgerLine.objects.filter(entry__event=OuterRef("pk"), entry__booked_on__lte=as_of, entry__kind__in=SALES)
    in_hand = lines.order_by().values("attendee").annotate(left=Sum("gross")).filter(left__gt=0).values("attendee")
    after = timezone.make_aware(datetime.combine(as_of + timedelta(days=1), time.min), timezone.get_default_timezone())
    return (
        Event.objects.with_start_known_at(after)
        .filter(known_start__gte=after)
        .annotate(
            seats=Counted(in_hand),
            net=total("ledger_entries__lines__net", until),
            vat=total("ledger_entries__lines__vat", until),
        )
        .filter(net__gt=0)
        .order_by("known_start", "pk")
    )


def free_seats(since: date | None, until: date | None) -> "QuerySet[Event]":
    """Per event: its seats, paid and free, what the paid ones brought, and what the free ones would have.

    `notional` is the free seats at the event's own price for everyone, excl. VAT: what a funder would have to bear for
    them. It is no revenue and stands in no other report. `subsidy` is what cost price leaves to be found: all seats at
    that price less what was brought in; nothing of a visit that is cancelled.
    """
    brussels = timezone.get_default_timezone()
    events = Event.objects.exclude(status=Event.Status.DRAFT)
    if since is not None:
        events = events.filter(starts_at__gte=timezone.make_aware(datetime.combine(since, time.min), brussels))
    if until is not None:
        end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min), brussels)
        events = events.filter(starts_at__lt=end)
    seat = Attendee.objects.filter(
        event=OuterRef("pk"), released_at__isnull=True, registration__status="confirmed"
    ).order_by()

    def count(**filters: Any) -> Coalesce:
        rows = seat.filter(**filters).values("event").annotate(count=Count("pk")).values("count")
        return Coalesce(Subquery(rows), 0)

    brought = (
        LedgerLine.objects.filter(entry__event=OuterRef("pk"), entry__kind__in=SALES)
        .order_by()
        .values("entry__event")
        .annotate(total=Sum("net"))
        .values("total")
    )
    price = TicketType.objects.filter(event=OuterRef("pk"), scheme__isnull=True).order_by().values("price_excl_vat")[:1]
    return (
        events.annotate(
            paid=count(price_incl_vat__gt=0),
            free=count(price_incl_vat=0),
            net=Coalesce(Subquery(brought), Value(ZERO), output_field=MONEY),
            price=Coalesce(Subquery(price), Value(ZERO), output_field=MONEY),
        )
        .annotate(
            notional=F("free") * F("price"),
            subsidy=Case(
                When(status=Event.Status.CANCELLED, then=Value(ZERO)),
                default=(F("free") + F("paid")) * F("price") - F("net"),
                output_field=MONEY,
            ),
        )
        .order_by("starts_at", "pk")
    )


def payouts(since: date | None, until: date | None) -> "QuerySet[Payout]":
    """Payouts by the day they are in the bank, each with the sums of what it gathered."""
    rows = Payout.objects.all()
    if since is not None:
        rows = rows.filter(arrives_on__gte=since)
    if until is not None:
        rows = rows.filter(arrives_on__lte=until)

    def of(*categories: str) -> Q:
        return Q(items__category__in=categories)

    return rows.annotate(
        charges=total("items__amount", of("charge")),
        back=total("items__amount", of("refund", "refund_failure")),
        disputes=total("items__amount", of("dispute", "dispute_reversal")),
        fees=total("items__fee") - total("items__amount", of("fee")),
        other=total("items__amount", ~of("charge", "refund", "refund_failure", "dispute", "dispute_reversal", "fee")),
        gathered=total("items__net"),
    ).order_by("arrives_on", "pk")


def balance_on(day: date, account: str) -> Decimal:
    """What the account held at the end of a day, by the books."""
    rows = LedgerEntry.objects.filter(account=account, booked_on__lte=day)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


def brought_per_month(period: Period) -> Iterator[tuple[date, Decimal, Decimal]]:
    """(month, incl. VAT received less given back, fees): for a chart. Money nobody matched is not brought in.

    A fee has no VAT of ours, so that its lines and its entry are the same; one that is of no seat has no lines.
    """
    month = TruncMonth("booked_on")
    sales = period.narrow(LedgerEntry.objects.filter(kind__in=SALES)).order_by().values(month=month)
    kept = period.narrow(LedgerEntry.objects.filter(kind__in=FEES)).order_by().values(month=month)
    gross = dict(sales.annotate(total=total("lines__gross")).values_list("month", "total"))
    fees = dict(kept.annotate(total=total("amount")).values_list("month", "total"))
    for day in sorted(gross.keys() | fees.keys()):
        yield day, gross.get(day, ZERO), -fees.get(day, ZERO)
