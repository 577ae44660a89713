"""A visit and registrations for the check alone: they exist inside its transaction, which is rolled back."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from events import actions as events
from events.models import Event, Registration, TicketType
from payments.models import SellerSettings

NAME = "Live check: no visit"
PRICE_EXCL_VAT = Decimal("95.00")
#: With the 21 % an event has by default.
PRICE = Decimal("114.95")


def visit(at: datetime) -> Event:
    """A visit in two months. Nothing waits long for us: somebody who closes a month or edits the seller goes first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
    # No documents: their numbers come from a row every real invoice waits for.
    SellerSettings.objects.update(legal_name="")
    event = Event.objects.create(
        name=NAME,
        status=Event.Status.SCHEDULED,
        starts_at=at + timedelta(days=60),
        ends_at=at + timedelta(days=60, hours=3),
        venue="-",
        street="-",
        postal_code="1000",
        city="Brussel",
        capacity=10,
        vat_rate=Decimal(21),
    )
    TicketType.objects.create(event=event, name_nl="Proef", name_en="Trial", price_excl_vat=PRICE_EXCL_VAT)
    return event


def register(event: Event, *, number: int, seats: int, at: datetime) -> Registration:
    """So many seats of it, held until paid."""
    people = tuple(
        events.Attending("Live", f"Check {seat}", f"live-check-{number}-{seat}@example.org") for seat in range(seats)
    )
    contact = events.Contact("Live", "Check", f"live-check-{number}@example.org", "Live check")
    return events.register(event=event, order=events.Order(contact=contact, attendees=people, language="en"), at=at)
