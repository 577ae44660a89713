"""The visits so far, for the results page: counted from the register, without anybody's name."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractYear, Lower, Trim
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.charts import stacked_bars
from cms.results import Chapter, Figure, counted
from events.models import Attendee, Event, Registration


def held(at: datetime) -> "QuerySet[Event]":
    """Visits that are over and went ahead with at least one person."""
    return (
        Event.objects.past(at)
        .filter(status=Event.Status.SCHEDULED, attendees__in=participants(at))
        .distinct()
        .order_by("starts_at", "pk")
    )


def participants(at: datetime) -> "QuerySet[Attendee]":
    """Who had a certain seat on a visit that is over, less whoever was ticked off as absent."""
    return (
        Attendee.objects.live()
        .filter(
            registration__status=Registration.Status.CONFIRMED,
            event__ends_at__lt=at,
            event__in=Event.objects.filter(status=Event.Status.SCHEDULED).not_of_another_site(),
        )
        .exclude(attended=False)
    )


def chapter(*, at: datetime) -> Chapter:
    """Takes four queries, whatever there is."""
    seats = participants(at)
    organisations = seats.aggregate(
        number=Count(
            Lower(Trim("registration__organisation_name")), distinct=True, filter=~Q(registration__organisation_name="")
        )
    )["number"]
    coming = Event.objects.upcoming(at).filter(status=Event.Status.SCHEDULED).told_about().count()
    brussels = timezone.get_default_timezone()
    rows = (
        seats.order_by()
        .values(year=ExtractYear("event__starts_at", tzinfo=brussels), visit=F("event"), is_free=Q(price_incl_vat=0))
        .annotate(number=Count("pk"))
    )
    visits: set[int] = set()
    years: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        visits.add(row["visit"])
        years[row["year"]][0 if row["is_free"] else 1] += row["number"]
    people = sum(sum(both) for both in years.values())
    chart = stacked_bars(
        "participants",
        _("Participants per year"),
        [_("Free seats"), _("Paid seats")],
        [(str(year), years[year]) for year in sorted(years)],
        decimals=0,
        last=True,
    )
    return Chapter(
        _("Visits"),
        [
            Figure(_("Visits held"), counted(len(visits)), _("Those that went ahead and are over.")),
            Figure(
                _("Participants"),
                counted(people),
                _("Seats on those visits, less whoever was ticked off as absent; who came twice counts twice."),
            ),
            Figure(_("Organisations"), counted(organisations), _("By the name they registered with.")),
            Figure(_("Visits to come"), counted(coming)),
        ],
        [chart] if chart else [],
    )
