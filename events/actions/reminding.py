"""Reminders: a week and a day before, to each person; and to the contact while names are missing. Once each."""

from datetime import datetime, timedelta

from django.db import transaction

from events import letters
from events.actions.steps import Status
from events.days import days_after, days_before
from events.models import Approval, Attendee, Event, Letter, Registration

#: So many days before the visit.
WEEK, DAY = 7, 1
#: The names are asked for so many days before they are due.
NAMES_AHEAD = 3
#: Whoever was asked so short ago needs no reminder.
SOON_ENOUGH = timedelta(hours=12)


def remind(*, at: datetime) -> int:
    """Write every reminder whose time has come. Returns how many. Run again, or twice at once, it writes none twice.

    Who registers within the week gets no reminder of the week, within the day none at all: the confirmation just came.
    """
    written = 0
    coming = Event.objects.filter(status=Event.Status.SCHEDULED, starts_at__gt=at, starts_at__lte=days_after(at, WEEK))
    for event in coming.order_by("pk"):
        kind, ahead = ("reminder_day", DAY) if at >= days_before(event.starts_at, DAY) else ("reminder_week", WEEK)
        seats = (
            Attendee.objects.live()
            .named()
            .filter(event=event, registration__status=Status.CONFIRMED)
            .filter(registration__confirmed_at__lt=days_before(event.starts_at, ahead))
            .exclude(pk__in=Letter.objects.filter(kind=kind, occasion__startswith=_occasion(event)).values("attendee"))
            .select_related("registration")
            .order_by("pk")
        )
        for seat in seats:
            with transaction.atomic():
                written += letters.write_to_seats(kind, seat.registration, [seat], occasion=_occasion(event), at=at)
    return written + _ask_for_names(at) + _remind_organiser(at)


def _occasion(event: Event) -> str:
    """Once for each visit and each date of it: moved to another date it comes near once more."""
    return f"{event.pk}/{event.date:%Y%m%d}"


def _remind_organiser(at: datetime) -> int:
    """The day before the places of whoever waits for the organiser's yes are given up."""
    written = 0
    asked = Approval.objects.open().filter(
        asked=Approval.Asked.ORGANISER,
        registration__status=Status.AWAITING_APPROVAL,
        registration__hold_expires_at__gt=at,
        registration__hold_expires_at__lte=days_after(at, DAY),
        asked_at__lte=at - SOON_ENOUGH,
    )
    for approval in asked.select_related("registration").order_by("pk"):
        with transaction.atomic():
            written += letters.ask_organiser("approval_lapses", approval, at=at) is not None
    return written


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
        if at >= days_before(registration.event.names_due_at, NAMES_AHEAD):
            with transaction.atomic():
                occasion = _occasion(registration.event)
                written += letters.write("names_due", registration, occasion=occasion, at=at) is not None
    return written
