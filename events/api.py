"""Events over HTTP, as the API contract of docs/api.md names them."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, create_model

from cms.api import Problem, refuse_unknown_parameters
from cms.countries import COUNTRIES
from cms.headless.access import reader_of
from cms.headless.choosing import chosen_fields, known_parameters, wrong
from cms.headless.content import contents
from cms.headless.delivery import answer
from cms.headless.fields import Told
from cms.headless.narrowing import condition, counts, facet, ordering, parameters
from cms.headless.pages import next_address
from cms.headless.reading import Reading
from cms.headless.representation import prepared, represent
from cms.headless.shapes import FacetOut, PageRef
from events.addresses import absolute
from events.content import FactsOut, TicketTypeOut, in_detail, in_lists
from events.models import Event, EventPage

events = Router(tags=["events"])

Language = Literal["nl", "en"]
#: The site's own: what is said of a visit when nobody asks for a language.
FIRST_LANGUAGE: Any = settings.LANGUAGE_CODE
MOST = 100
BIGGEST_ID = 2**63 - 1
#: In a body a number is a number: true and "1" are mistakes, and named as such.
Number = Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID)]


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
    #: What is told of it in this language: GET /pages/{id}/.
    page: PageRef
    intro: str
    venue: str
    address: str
    capacity: int
    vat_rate: str
    vat_country: str
    vat_mention: str
    registration_opens_at: str | None
    registration_closes_at: str


def _fact(name: str, annotation: Any, **more: Any) -> Told:
    """A fact of the event behind the page; fetched with it."""

    def read(page: Any, reading: Reading, specs: tuple[str, ...]) -> Any:
        if not hasattr(page, "facts"):
            page.facts = in_lists(page.event, timezone.now()) | in_detail(page.event)
        return page.facts[name]

    return Told(name, annotation, read, **more)


#: How a fact of the event is narrowed by.
SOUGHT = {
    "starts_at": {"sought_as": "moment", "lookup": "event__starts_at"},
    "ends_at": {"sought_as": "moment", "lookup": "event__ends_at"},
    "city": {"sought_as": "text", "lookup": "event__city"},
    "country": {"sought_as": "text", "lookup": "event__country"},
    "language": {"sought_as": "text", "lookup": "event__language"},
    "capacity": {"sought_as": "number", "lookup": "event__capacity"},
    "waiting_list": {"sought_as": "truth", "lookup": "event__waiting_list"},
}
OF_THE_PAGE = ("title", "intro", "slug", "locale", "programme", "practical", "case", "parent", "translations")
#: What can be asked of an item: it is about the event, and what its page in this language tells beside it.
TOLD: dict[str, Told] = {
    "id": Told("id", int, lambda page, reading, specs: page.event_id, sought_as="number", lookup="event_id"),
    **{name: contents()["events.EventPage"][name] for name in OF_THE_PAGE},
    **{
        name: _fact(name, field.annotation, **SOUGHT.get(name, {}))
        for name, field in FactsOut.model_fields.items()
        if name != "id"
    },
    "page": Told(
        "page",
        PageRef | None,
        lambda page, reading, specs: reading.page_ref(page.pk),
        want=lambda page, reading, specs: reading.want_page(page.pk),
    ),
    "html_url": Told("html_url", str, lambda page, reading, specs: _html_url(page)),
}
EventItemOut = create_model(
    "EventItemOut",
    __base__=Schema,
    __doc__=f"Without `fields` each has {', '.join(EventOut.model_fields)}; with it `id` and those asked for.",
    **{name: (one.annotation, ... if name == "id" else None) for name, one in TOLD.items()},  # type: ignore[call-overload]
)


class EventList(Schema):
    items: list[EventItemOut]  # type: ignore[valid-type]
    total: int
    next: str | None
    facets: list[FacetOut] = Field([], description="Only when `facets` asks for some.")


class EventQuery(Schema):
    locale: Language = FIRST_LANGUAGE
    when: Literal["upcoming", "past", "all"] = Field("upcoming", description="By when the visit ends.")
    fields: str = Field(
        "", max_length=2_000, description="Names with commas: `title,starts_at,programme,translations`."
    )
    facets: str = Field("", max_length=100, description="With how many visits each: city, country, language.")
    order: str = Field("", max_length=200, description="Names with commas; `-` before one that goes down.")
    starts_at__gte: str = Field("", max_length=40, description="A day or a time.")
    starts_at__lte: str = Field("", max_length=40)
    ends_at__gte: str = Field("", max_length=40)
    ends_at__lte: str = Field("", max_length=40)
    title__contains: str = Field("", max_length=200)
    city: str = Field("", max_length=200)
    city__in: str = Field("", max_length=2_000)
    city__contains: str = Field("", max_length=200)
    country: str = Field("", max_length=2)
    language: str = Field("", max_length=2)
    limit: int = Field(20, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)


#: Parameters that are not about a field.
BESIDES = {"locale", "when", "fields", "facets", "order", "limit", "offset"}
FACETS = ("city", "country", "language")


def _event_out(page: EventPage, at: Any) -> dict[str, Any]:
    event = page.event
    return {"id": event.pk, "title": page.title, **in_lists(event, at), "html_url": _html_url(page)}


def _html_url(page: EventPage) -> str:
    return str(page.full_url or absolute("/"))


@events.get(
    "/", response=EventList, url_name="events", operation_id="list_events", summary="Events to come, in one language"
)
def list_events(request: HttpRequest, query: Query[EventQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(EventQuery) | set(parameters(TOLD)))
    at = timezone.now()
    reading = Reading(reader_of(request), request)
    window = slice(query.offset, query.offset + query.limit)
    with translation.override(query.locale):
        choice = chosen_fields(query.fields, [TOLD])
        public = reading.pages.filter(locale__language_code=query.locale)
        pages = _when(query.when, EventPage.objects.filter(pk__in=public.values("pk")), at)
        pages = pages.filter(condition(request, TOLD, BESIDES))
        facets = _facets(query.facets, pages)
        pages = pages.order_by(*ordering(request, TOLD, DEFAULT_ORDER[query.when]))
        total = pages.count()
        shown = list(prepared(pages.with_event(at), choice if query.fields else {}, TOLD)[window])
        if query.fields:
            items = represent(shown, choice, reading, told=TOLD)
        else:
            items = [_event_out(page, at) for page in shown]
    following = next_address(request, reading, "events", window.stop) if window.stop < total else None
    body = {"items": items, "total": total, "next": following}
    # Seats and prices: no cache keeps them unasked.
    return answer(request, body | ({"facets": facets} if facets else {}))


DEFAULT_ORDER = {
    "upcoming": ("event__starts_at", "pk"),
    "past": ("-event__starts_at", "pk"),
    "all": ("event__starts_at", "pk"),
}


def _when(when: str, pages: Any, at: Any) -> Any:
    match when:
        case "upcoming":
            return pages.upcoming(at)
        case "past":
            return pages.past(at)
    return pages.exclude(event__status=Event.Status.DRAFT)


def _facets(written: str, pages: Any) -> list[dict[str, Any]]:
    names = [part.strip() for part in written.split(",") if part.strip()]
    if set(names) - set(FACETS):
        raise wrong("facets", _("Choose from these: %(choices)s.") % {"choices": ", ".join(FACETS)})
    labels = {"country": dict(COUNTRIES), "language": dict(Event._meta.get_field("language").flatchoices)}
    return [
        facet(
            name,
            Event._meta.get_field(name).verbose_name,
            [
                (value, labels.get(name, {}).get(value, value), number)
                for value, number in counts(pages, f"event__{name}")
            ],
        )
        for name in names
    ]


class DetailQuery(Schema):
    locale: Language = FIRST_LANGUAGE


@events.get("/{int:event_id}/", response=EventDetailOut, summary="One event")
def read_event(request: HttpRequest, event_id: int, query: Query[DetailQuery]) -> dict[str, Any]:
    refuse_unknown_parameters(request, DetailQuery.model_fields)
    reading = Reading(reader_of(request), request)
    at = timezone.now()
    page = None
    if event_id <= BIGGEST_ID:
        public = reading.pages.filter(locale__language_code=query.locale)
        page = EventPage.objects.filter(pk__in=public.values("pk"), event_id=event_id).with_event(at).first()
    with translation.override(query.locale):
        if page is None:
            raise Problem(404, _("There is no such event in this language."))
        event = page.event
        return _event_out(page, at) | {"intro": page.intro, "page": reading.told(page)} | in_detail(event)
