"""The visits as a feed to read, and as calendars: one visit to put in, or all of them to subscribe to (webcal)."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cms.feeds import PageFeed
from cms.sites import of_this_site
from events.calendar import public_calendar
from events.models import Event, EventIndexPage, EventPage
from events.models.pages import EventPageQuerySet
from events.news import with_change

#: So long a visit that was stays in the calendar of a subscriber.
KEPT = timedelta(days=365)


def _told() -> EventPageQuerySet:
    pages = of_this_site(EventPage.objects.live().public().filter(locale__language_code=get_language()))
    told: EventPageQuerySet = pages.exclude(event__status=Event.Status.DRAFT).select_related("event", "locale")
    return told


class VisitFeed(PageFeed):
    index_model = EventIndexPage

    def newest(self, index: EventIndexPage) -> QuerySet[EventPage]:
        return with_change(_told().child_of(index)).order_by("-first_published_at", "-pk")

    def item_categories(self, item: EventPage) -> list[str]:
        return [item.event.city]


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Every visit of this language, for a calendar that looks again by itself."""
    if not of_this_site(EventIndexPage.objects.live().public().filter(locale__language_code=get_language())).exists():
        raise Http404
    at = timezone.now()
    pages = _told().filter(event__ends_at__gte=at - KEPT).order_by("event__starts_at", "pk")
    return _as_file(public_calendar(list(pages), at=at), "best-practice-tour")


@require_safe
def one(request: HttpRequest, page_id: int) -> HttpResponse:
    """One visit to put in a calendar; cancelled, the same file takes it out again."""
    page: EventPage = get_object_or_404(_told(), pk=page_id)
    cancelled = page.event.status == Event.Status.CANCELLED
    content = public_calendar([page], at=timezone.now(), method="CANCEL" if cancelled else "PUBLISH")
    return _as_file(content, page.slug)


def _as_file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
