"""Events over HTTP, as the API contract of docs/api.md names them."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from cms.api import Problem, refuse_unknown_parameters
from events.addresses import absolute
from events.content import TicketTypeOut, in_detail, in_lists
from events.models import Event, EventPage

events = Router(tags=["events"])

Language = Literal["nl", "en"]
MOST = 100
BIGGEST_ID = 2**63 - 1


class EventOut(Schema):
    id: int
    title: str
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
    html_url: str


class EventDetailOut(EventOut):
    intro: str
    venue: str
    address: str
    capacity: int
    vat_rate: str
    vat_country: str
    vat_mention: str
    registration_opens_at: str | None
    registration_closes_at: str


class EventList(Schema):
    items: list[EventOut]
    total: int
    next: str | None


class EventQuery(Schema):
    locale: Language = "nl"
    limit: int = Field(20, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)


def iso(moment: Any) -> str:
    return timezone.localtime(moment).isoformat()


def _event_out(page: EventPage, at: Any) -> dict[str, Any]:
    event = page.event
    return {"id": event.pk, "title": page.title, **in_lists(event, at), "html_url": _html_url(page)}


def _html_url(page: EventPage) -> str:
    url = page.get_url() or "/"
    return url if url.startswith("http") else absolute(url)


@events.get("/", response=EventList, summary="Events to come, in one language")
def list_events(request: HttpRequest, query: Query[EventQuery]) -> dict[str, Any]:
    refuse_unknown_parameters(request, EventQuery.model_fields)
    at = timezone.now()
    with translation.override(query.locale):
        pages = EventPage.objects.live().public().filter(locale__language_code=query.locale).upcoming(at)
        total = pages.count()
        items = [_event_out(page, at) for page in pages.with_event(at)[query.offset : query.offset + query.limit]]
    after = query.offset + query.limit
    following = f"/api/v1/events/?locale={query.locale}&limit={query.limit}&offset={after}"
    return {"items": items, "total": total, "next": absolute(following) if after < total else None}


class DetailQuery(Schema):
    locale: Language = "nl"


@events.get("/{int:event_id}/", response=EventDetailOut, summary="One event")
def read_event(request: HttpRequest, event_id: int, query: Query[DetailQuery]) -> dict[str, Any]:
    refuse_unknown_parameters(request, DetailQuery.model_fields)
    at = timezone.now()
    page = None
    if event_id <= BIGGEST_ID:
        page = (
            EventPage.objects.live()
            .public()
            .filter(locale__language_code=query.locale, event_id=event_id)
            .exclude(event__status=Event.Status.DRAFT)
            .with_event(at)
            .first()
        )
    with translation.override(query.locale):
        if page is None:
            raise Problem(404, _("There is no such event in this language."))
        event = page.event
        return _event_out(page, at) | {"intro": page.intro} | in_detail(event)
