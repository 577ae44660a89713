"""Money that follows a registration to another visit, in the books: out of the one, into the other, once.

A closed month says for ever which visit it was for. So a move is a fact of its own, of the day it is seen.
"""

import logging
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum

from events.actions.steps import lock_registration
from events.locks import lock_event
from events.models import Attendee, Event, Registration
from payments.actions.closing import CURRENCY, booking_day
from payments.models import LedgerEntry, LedgerLine
from payments.movements import SALES

log = logging.getLogger("payments")


def follow_moves(*, at: datetime) -> int:
    """Book for every registration that stands at another visit than its money. Returns how many.

    Safe to run twice, and twice at once. One that cannot be booked is logged, and keeps no other waiting.
    """
    elsewhere = LedgerLine.objects.filter(entry__kind__in=SALES).exclude(entry__event=F("attendee__event"))
    sums = elsewhere.order_by().values("attendee__registration", "attendee", "entry__event")
    moved = {
        row["attendee__registration"]
        for row in sums.annotate(net=Sum("net"), vat=Sum("vat"))
        if row["net"] or row["vat"]
    }
    followed = 0
    for registration in Registration.objects.filter(pk__in=moved).order_by("pk"):
        try:
            _follow(registration, at)
        except Exception:
            log.exception("The money of %s does not follow it", registration.reference)
        else:
            followed += 1
    return followed


@transaction.atomic
def _follow(registration: Registration, at: datetime) -> None:
    event = lock_event(registration.event_id)
    registration = lock_registration(registration.pk)
    seats = Attendee.objects.filter(registration=registration, event=event)
    lines = LedgerLine.objects.filter(entry__kind__in=SALES, attendee__in=seats).exclude(entry__event=event)
    before: dict[int, list[tuple[int, Decimal, Decimal]]] = {}
    sums = lines.order_by().values_list("entry__event", "attendee").annotate(net=Sum("net"), vat=Sum("vat"))
    for old, seat, net, vat in sums.order_by("entry__event", "attendee"):
        if net or vat:
            before.setdefault(old, []).append((seat, net, vat))
    for old, parts in before.items():
        number = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.MOVED, registration=registration).count() + 1
        source = f"moved-{registration.pk}-{number}"
        _book(
            registration, Event.objects.get(pk=old), [(pk, -net, -vat) for pk, net, vat in parts], f"{source}-out", at
        )
        _book(registration, event, parts, f"{source}-in", at)


def _book(
    registration: Registration, event: Event, parts: list[tuple[int, Decimal, Decimal]], source: str, at: datetime
) -> None:
    entry = LedgerEntry.objects.create(
        kind=LedgerEntry.Kind.MOVED,
        source=source,
        registration=registration,
        event=event,
        amount=sum((net + vat for _pk, net, vat in parts), start=Decimal("0.00")),
        currency=CURRENCY,
        occurred_at=at,
        recorded_at=at,
        booked_on=booking_day(at),
    )
    LedgerLine.objects.bulk_create(
        [LedgerLine(entry=entry, attendee_id=pk, net=net, vat=vat, gross=net + vat) for pk, net, vat in parts]
    )
