"""Calendar files (RFC 5545) for one visit. The UID stays, SEQUENCE grows, so that an update changes the same entry."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, override
from icalendar import Calendar, vCalAddress
from icalendar import Event as CalendarEvent

from cms.linked import absolute
from cms.models import OrganiserSettings
from events.addresses import page_url
from events.models import Attendee, Event, EventPage, Registration

#: How often a calendar that subscribed looks again.
REFRESHED = timedelta(hours=6)


class Entry(NamedTuple):
    """One entry in one person's calendar. A change has the same name and a higher sequence."""

    name: str
    sequence: int


def entry_of_seat(seat: Attendee) -> Entry:
    return Entry(f"seat-{seat.calendar_uid}", seat.calendar_sequence)


def entry_of_contact(registration: Registration) -> Entry:
    """The contact's own seat, also when it was given up together with the registration; else one for who stays home."""
    own = registration.attendees.filter(email__iexact=registration.email)
    seat = own.filter(released_at=registration.ended_at).order_by("pk").first()
    return (
        entry_of_seat(seat) if seat else Entry(f"registration-{registration.reference}", registration.calendar_sequence)
    )


def gave_up_own_seat(registration: Registration) -> bool:
    """The contact came along and does not any more: the visit left their calendar and does not come back into it."""
    own = registration.attendees.filter(email__iexact=registration.email)
    if own.filter(released_at=registration.ended_at).exists():
        return False
    taken_out = registration.letters.filter(
        kind__in=["cancelled", "seat_passed_on"], recipient__iexact=registration.email, facts__entry__startswith="seat-"
    )
    return taken_out.exists()


def calendar_file(
    registration: Registration, *, entry: Entry, at: datetime, method: str = "PUBLISH", link: str = ""
) -> bytes:
    """An ICS file: the visit, in the registrant's language, CRLF lines folded at 75 octets.

    `link` is the reader's own page, and stands in the description: say nothing and there is none.

    METHOD PUBLISH puts it in the calendar or changes it there, CANCEL takes it out (RFC 5546, 3.2.1 and 3.2.5). Neither
    carries an ATTENDEE: it is the reader's own note of the visit, not an invitation to answer.
    """
    event = registration.event
    page = event.page_in(registration.language)
    calendar = _calendar(registration.language, method)
    visit = _visit(event, entry, at=at, is_cancelled=method == "CANCEL", organiser=OrganiserSettings.load())
    visit.add("summary", page.title if page else event.name)
    visit.add("url", page_url(registration))
    visit.add("description", f"{registration.reference}\n{link}".strip())
    calendar.add_component(visit)
    with override(registration.language):
        calendar.add_missing_timezones()
    return calendar.to_ical()


def public_calendar(pages: Sequence[EventPage], *, at: datetime, method: str = "PUBLISH") -> bytes:
    """The visits these pages of one language tell about, for anybody: nobody's name, seat or reference is in it.

    A subscriber's calendar looks again by itself (RFC 7986, 5.7), and finds a cancelled visit as CANCELLED.
    """
    language = get_language() or settings.LANGUAGE_CODE
    calendar = _calendar(language, method)
    if method == "PUBLISH":
        for name in ("name", "x-wr-calname"):
            calendar.add(name, settings.WAGTAIL_SITE_NAME)
        calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    organiser = OrganiserSettings.load()
    for page in pages:
        event = page.event
        entry = Entry(f"visit-{event.uid}", event.calendar_sequence)
        visit = _visit(event, entry, at=at, is_cancelled=False, organiser=organiser)
        visit.add("summary", page.told_title)
        visit.add("url", absolute(page.full_url))
        visit.add("description", f"{page.summary}\n{absolute(page.full_url)}".strip())
        calendar.add_component(visit)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _calendar(language: str, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Best Practice Tour//Events//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _visit(
    event: Event, entry: Entry, *, at: datetime, is_cancelled: bool, organiser: OrganiserSettings
) -> CalendarEvent:
    """When, where and by whom, without words. A cancelled event is CANCELLED whoever asks."""
    visit = CalendarEvent()
    visit.add("uid", uid(entry))
    visit.add("sequence", entry.sequence)
    visit.add("dtstamp", at.astimezone(UTC))
    zone = timezone.get_default_timezone()
    visit.add("dtstart", event.starts_at.astimezone(zone))
    visit.add("dtend", event.ends_at.astimezone(zone))
    visit.add("location", event.address)
    is_cancelled = is_cancelled or event.status == Event.Status.CANCELLED
    visit.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    address = vCalAddress(f"MAILTO:{organiser.email}")
    address.params["CN"] = organiser.name
    visit.add("organizer", address)
    return visit


def uid(entry: Entry) -> str:
    """One persistent identity per person and visit, so that taking one seat away takes no other out of a calendar."""
    return f"{entry.name}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname}"
