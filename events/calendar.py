"""Calendar files (RFC 5545) for one visit. The UID stays, SEQUENCE grows, so that an update changes the same entry."""

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar, vCalAddress
from icalendar import Event as CalendarEvent

from cms.models import OrganiserSettings
from events.addresses import page_url
from events.models import Attendee, Event, Registration


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
    calendar = Calendar()
    calendar.add("prodid", f"-//Best Practice Tour//Events//{registration.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    visit = CalendarEvent()
    visit.add("uid", uid(entry))
    visit.add("sequence", entry.sequence)
    visit.add("dtstamp", at.astimezone(UTC))
    zone = timezone.get_default_timezone()
    visit.add("dtstart", event.starts_at.astimezone(zone))
    visit.add("dtend", event.ends_at.astimezone(zone))
    visit.add("summary", page.title if page else event.name)
    visit.add("location", event.address)
    visit.add("url", page_url(registration))
    visit.add("description", f"{registration.reference}\n{link}".strip())
    cancelled = method == "CANCEL" or event.status == Event.Status.CANCELLED
    visit.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    organiser = OrganiserSettings.load()
    address = vCalAddress(f"MAILTO:{organiser.email}")
    address.params["CN"] = organiser.name
    visit.add("organizer", address)
    calendar.add_component(visit)
    with override(registration.language):
        calendar.add_missing_timezones()
    return calendar.to_ical()


def uid(entry: Entry) -> str:
    """One persistent identity per person and visit, so that taking one seat away takes no other out of a calendar."""
    return f"{entry.name}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname}"
