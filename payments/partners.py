"""What a period brought per visit and partner, split to the cent. Read from the ledger; no person stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from events.models import Event
from payments.models import LedgerEntry, LedgerLine, PartnerShare, Partnership, SellerSettings
from payments.movements import SALES, WENT_BACK, ZERO, Period, total
from payments.splitting import split

Kind = LedgerEntry.Kind


@dataclass(frozen=True)
class PartnerRow:
    """One partner's part of one visit. Signed: what left is negative. `net` = `revenue` + `refunds` + `fees`."""

    partner: str
    organisation: int | None
    is_owner: bool
    event: str
    event_date: date
    percentage: Decimal
    revenue: Decimal
    refunds: Decimal
    fees: Decimal

    @property
    def net(self) -> Decimal:
        return self.revenue + self.refunds + self.fees


class Rows(list[PartnerRow]):
    """Rows as the reports want them."""

    def iterator(self, chunk_size: int = 0) -> Iterator[PartnerRow]:
        return iter(self)


@dataclass(frozen=True)
class Brought:
    """What a visit brought: received excl. VAT, what went back or was disputed, and what the payment service kept."""

    revenue: Decimal
    refunds: Decimal
    fees: Decimal


def brought_by_event(period: Period) -> dict[int, Brought]:
    """By event. Fees that belong to no registration are nobody's; the reports of fees have them."""
    lines = period.narrow(LedgerLine.objects.filter(entry__kind__in=[*SALES, Kind.FEE]), "entry__")
    sums = (
        lines.order_by()
        .values(event=F("entry__event"))
        .annotate(
            # What a registration had paid for another visit and took along came here as what it paid, and left there.
            revenue=total("net", Q(entry__kind__in=[Kind.PAYMENT, Kind.MOVED])),
            refunds=total("net", Q(entry__kind__in=WENT_BACK)),
            fees=total("net", Q(entry__kind=Kind.FEE)),
        )
    )
    found = {row["event"]: Brought(row["revenue"], row["refunds"], row["fees"]) for row in sums}
    of_no_seat = Q(kind=Kind.DISPUTE_FEE) | Q(kind=Kind.FEE, lines__isnull=True)
    kept = period.narrow(LedgerEntry.objects.filter(of_no_seat, event__isnull=False))
    for row in kept.order_by().values("event").annotate(fees=total("amount")):
        had = found.get(row["event"], Brought(ZERO, ZERO, ZERO))
        found[row["event"]] = Brought(had.revenue, had.refunds, had.fees + row["fees"])
    return found


def partner_rows(period: Period, organisation: int | None = None) -> Rows:
    """A row per partner of each visit that moved money in the period; without partners one row, the seller's.

    Each figure is shared by largest remainder, so the rows of a visit come to what it brought. A constant number of
    queries.
    """
    brought = brought_by_event(period)
    events = Event.objects.filter(pk__in=brought).order_by("starts_at", "pk")
    shares: dict[int, list[PartnerShare]] = {}
    rows = PartnerShare.objects.filter(partnership__event__in=brought)
    for share in rows.select_related("partnership", "organisation").order_by("-percentage", "pk"):
        shares.setdefault(share.partnership.event_id, []).append(share)
    seller = SellerSettings.load().legal_name
    made = Rows()
    for event in events:
        mine = shares.get(event.pk, [])
        made += _shared(event, brought[event.pk], mine) if mine else [_unshared(event, brought[event.pk], seller)]
    if organisation is not None:
        return Rows(row for row in made if row.organisation == organisation)
    return made


def _shared(event: Event, brought: Brought, shares: list[PartnerShare]) -> list[PartnerRow]:
    weights = [share.percentage for share in shares]
    figures = zip(*(split(amount, weights) for amount in (brought.revenue, brought.refunds, brought.fees)), strict=True)
    return [
        PartnerRow(
            partner=share.organisation.name,
            organisation=share.organisation_id,
            is_owner=_is_owner(share),
            event=event.name,
            event_date=_day(event),
            percentage=share.percentage,
            revenue=revenue,
            refunds=refunds,
            fees=fees,
        )
        for share, (revenue, refunds, fees) in zip(shares, figures, strict=True)
    ]


def _is_owner(share: PartnerShare) -> bool:
    partnership: Partnership = share.partnership
    return partnership.owner_id == share.organisation_id


def _unshared(event: Event, brought: Brought, seller: str) -> PartnerRow:
    return PartnerRow(
        partner=seller,
        organisation=None,
        is_owner=True,
        event=event.name,
        event_date=_day(event),
        percentage=Decimal(100),
        revenue=brought.revenue,
        refunds=brought.refunds,
        fees=brought.fees,
    )


def _day(event: Any) -> date:
    return timezone.localtime(event.starts_at, timezone.get_default_timezone()).date()
