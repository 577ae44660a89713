"""What can be asked of many events at once."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cms.sites import below_this_site, of_this_site
from events.models.choices import Status

if TYPE_CHECKING:
    from events.models.event import Event  # noqa: F401  (named in QuerySet["Event"])


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        """Told about on the site: scheduled or cancelled, not a draft."""
        return self.exclude(status=Status.DRAFT)

    def told_about(self) -> "EventQuerySet":
        """Those with a page everybody may see on the site that is asked, in whatever language."""
        from events.models.pages import EventPage  # noqa: PLC0415  (the models name each other)

        pages = of_this_site(EventPage.objects.live().public()).filter(event=OuterRef("pk"))
        return self.filter(Exists(pages))

    def not_of_another_site(self) -> "EventQuerySet":
        """All but those that only pages of another site than the one that is asked tell about."""
        from events.models.pages import EventPage  # noqa: PLC0415  (the models name each other)

        here = below_this_site()
        if here is None:
            return self
        pages = EventPage.objects.filter(event=OuterRef("pk"))
        return self.filter(~Exists(pages) | Exists(pages.filter(here)))

    def with_languages(self) -> "EventQuerySet":
        """Each with `languages`: those in which it has a page everybody may see."""
        from events.models.pages import EventPage  # noqa: PLC0415  (the models name each other)

        pages = EventPage.objects.live().public().filter(event=OuterRef("pk")).order_by()
        return self.annotate(languages=ArraySubquery(pages.values("locale__language_code").distinct()))

    def upcoming(self, at: datetime) -> "EventQuerySet":
        return self.filter(ends_at__gte=at)

    def past(self, at: datetime) -> "EventQuerySet":
        return self.filter(ends_at__lt=at)

    def with_start_known_at(self, moment: datetime) -> "EventQuerySet":
        """Each with `known_start`: when it was to start by what was known just before this moment.

        By its history; one that was made later has the start it has now.
        """
        changes = apps.get_model("events", "EventChange")._default_manager
        known = changes.filter(pgh_obj=OuterRef("pk"), pgh_created_at__lt=moment).order_by("-pgh_created_at", "-pk")
        return self.annotate(known_start=Coalesce(Subquery(known.values("starts_at")[:1]), F("starts_at")))

    def with_seats(self, at: datetime) -> "EventQuerySet":
        """Each event with `counted_taken` and `counted_waiting`, so that a list needs no query an event."""
        from events.models.attendee import Attendee  # noqa: PLC0415  (the models name each other)

        def count(attendees: Any) -> Coalesce:
            per_event = attendees.order_by().values("event").annotate(count=Count("pk")).values("count")
            return Coalesce(Subquery(per_event), 0)

        mine = Attendee.objects.filter(event=OuterRef("pk"))
        return self.annotate(counted_taken=count(mine.taking_a_seat(at)), counted_waiting=count(mine.in_line()))
