"""Reminders: a week and a day before, to each person; and to the contact while names are missing. Once each."""

from datetime import datetime, timedelta

from django.db import transaction

from events import letters
from events.actions.steps import Status
from events.models import Attendee, Event, Registration

WEEK, DAY = timedelta(days=7), timedelta(days=1)
#: The names are asked for so long before they are due.
NAMES_AHEAD = timedelta(days=3)


def remind(*, at: datetime) -> int:
    """Write every reminder whose time has come. Returns how many. Run again, or twice at once, it writes none twice.

    Who registers within the week gets no reminder of the week, within the day none at all: the confirmation just came.
    """
    written = 0
    coming = Event.objects.filter(status=Event.Status.SCHEDULED, starts_at__gt=at, starts_at__lte=at + WEEK)
    for event in coming.order_by("pk"):
        kind, ahead = ("reminder_day", DAY) if event.starts_at - at <= DAY else ("reminder_week", WEEK)
        seats = (
            Attendee.objects.live()
            .named()
            .filter(event=event, registration__status=Status.CONFIRMED)
            .filter(registration__confirmed_at__lt=event.starts_at - ahead)
            .exclude(letters__kind=kind)
            .select_related("registration")
            .order_by("pk")
        )
        for seat in seats:
            with transaction.atomic():
                written += letters.write_to_seats(kind, seat.registration, [seat], at=at)
    return written + _ask_for_names(at)


def _ask_for_names(at: datetime) -> int:
    written = 0
    unnamed = Registration.objects.filter(
        status=Status.CONFIRMED,
        event__status=Event.Status.SCHEDULED,
        event__starts_at__gt=at,
        attendees__released_at__isnull=True,
        attendees__email="",
    ).select_related("event")
    for registration in unnamed.distinct().order_by("pk"):
        if at >= registration.event.names_due_at - NAMES_AHEAD:
            with transaction.atomic():
                written += letters.write("names_due", registration, at=at) is not None
    return written
