"""Calendar files (RFC 5545) for one visit. The UID stays, SEQUENCE grows, so that an update changes the same entry."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar, vCalAddress
from icalendar import Event as CalendarEvent

from cms.models import OrganiserSettings
from events.addresses import manage_url, page_url
from events.models import Event, Registration


def calendar_file(registration: Registration, *, at: datetime) -> bytes:
    """An ICS file with METHOD:PUBLISH: the visit, in the registrant's language, CRLF lines folded at 75 octets.

    PUBLISH carries no ATTENDEE: it is the reader's own note of the visit, not an invitation to answer.
    """
    event = registration.event
    page = event.page_in(registration.language)
    calendar = Calendar()
    calendar.add("prodid", f"-//Best Practice Tour//Events//{registration.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = CalendarEvent()
    entry.add("uid", uid(event))
    entry.add("sequence", event.calendar_sequence)
    entry.add("dtstamp", at.astimezone(UTC))
    zone = timezone.get_default_timezone()
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", page.title if page else event.name)
    entry.add("location", event.address)
    entry.add("url", page_url(registration))
    entry.add("description", f"{registration.reference}\n{manage_url(registration)}")
    cancelled = event.status == Event.Status.CANCELLED
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    organiser = OrganiserSettings.load()
    address = vCalAddress(f"MAILTO:{organiser.email}")
    address.params["CN"] = organiser.name
    entry.add("organizer", address)
    calendar.add_component(entry)
    with override(registration.language):
        calendar.add_missing_timezones()
    return calendar.to_ical()


def uid(event: Event) -> str:
    """One persistent identity per visit, whoever asks for it."""
    return f"event-{event.uid}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname}"
