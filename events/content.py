"""What a visit tells in the API: the facts of its Event, and what its pages add."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone
from ninja import Schema

from cms.headless.content import PageContent
from cms.headless.fields import Counted, iso
from cms.headless.reading import Reading
from events.models import Event, EventPage
from events.models.choices import Availability


class TicketTypeOut(Schema):
    id: int
    name: str
    price_excl_vat: str
    price_incl_vat: str
    currency: str
    eligibility: Literal["everyone", "scheme"]
    scheme: str | None


class FactsOut(Schema):
    """The event behind a page: one for both languages."""

    id: int
    starts_at: str
    ends_at: str
    city: str
    country: str
    #: What is spoken during the visit.
    language: Literal["nl", "en", "fr", "de"]
    status: Literal["upcoming", "open", "full", "closed", "past", "cancelled"]
    seats_left: int
    waiting_list: bool
    ticket_types: list[TicketTypeOut]
    venue: str
    address: str
    capacity: int
    vat_rate: str
    vat_country: str
    vat_mention: str
    registration_opens_at: str | None
    registration_closes_at: str


def in_lists(event: Event, at: datetime) -> dict[str, Any]:
    """The facts a list of visits shows, in the active language."""
    return {
        "starts_at": iso(event.starts_at),
        "ends_at": iso(event.ends_at),
        "city": event.city,
        "country": event.country,
        "language": event.language,
        "status": event.availability(at).value,
        "seats_left": event.seats_for_newcomers(at),
        "waiting_list": event.waiting_list,
        "ticket_types": [
            {
                "id": kind.pk,
                "name": kind.name,
                "price_excl_vat": f"{kind.price_excl_vat:.2f}",
                "price_incl_vat": f"{kind.price_incl_vat:.2f}",
                "currency": kind.currency,
                "eligibility": kind.eligibility,
                "scheme": kind.scheme.name if kind.scheme else None,
            }
            for kind in event.ticket_types.all()
        ],
    }


def in_detail(event: Event) -> dict[str, Any]:
    """What is said of one visit beside it."""
    return {
        "venue": event.venue,
        "address": event.address,
        "capacity": event.capacity,
        "vat_rate": f"{event.vat_rate:.2f}",
        "vat_country": event.vat_country,
        "vat_mention": event.vat_mention,
        "registration_opens_at": iso(event.registration_opens_at),
        "registration_closes_at": iso(event.closes_at),
    }


def _event(page: EventPage, reading: Reading) -> dict[str, Any]:
    return {"id": page.event.pk} | in_lists(page.event, timezone.now()) | in_detail(page.event)


def _with_event(pages: QuerySet[Any]) -> QuerySet[Any]:
    return pages.with_event(timezone.now())  # type: ignore[attr-defined]


def not_arranged_yet() -> Q:
    """A visit that is still a draft is nobody's business: its page is for who was given the address."""
    return Q(pk__in=EventPage.objects.filter(event__status=Event.Status.DRAFT).values("pk"))


def availabilities() -> list[tuple[str, Any]]:
    """What a visit's `status` can be."""
    return list(Availability.choices)


event_index_page = PageContent(["intro"])
event_page = PageContent(
    ["intro", "case", "programme", "practical", Counted("event", FactsOut, _event, _with_event)],
    changes_by_itself=True,
)
