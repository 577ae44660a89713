"""When a visit changed last, for whoever follows the site: sitemaps and feeds."""

from datetime import datetime

from django.apps import apps
from django.db.models import Max, OuterRef, Subquery
from django.db.models.query import QuerySet

from events.models import Event, EventPage


def with_change(pages: QuerySet[EventPage]) -> QuerySet[EventPage]:
    """Each page with `changed_at`: when the facts of its visit changed last, by the visit's history."""
    history = apps.get_model("events", "EventChange")._default_manager.filter(pgh_obj=OuterRef("event"))
    latest = history.order_by().values("pgh_obj").annotate(latest=Max("pgh_created_at")).values("latest")
    return pages.annotate(changed_at=Subquery(latest))


def page_news() -> dict[int, datetime | None]:
    """One query. A visit that is not arranged yet is no news: its page is listed when it is."""
    rows = with_change(EventPage.objects.all()).values_list("pk", "event__status", "changed_at")
    return {pk: None if status == Event.Status.DRAFT else changed for pk, status, changed in rows}
