"""Events and who comes: the language-neutral facts, and the pages that tell about them."""

from events.models.event import Event, TicketType
from events.models.letter import Letter
from events.models.membership import EmailDomain, Membership, OrganisationCode, Scheme
from events.models.pages import EventIndexPage, EventPage
from events.models.registration import Attendee, Entitlement, Registration

__all__ = [
    "Attendee",
    "EmailDomain",
    "Entitlement",
    "Event",
    "EventIndexPage",
    "EventPage",
    "Letter",
    "Membership",
    "OrganisationCode",
    "Registration",
    "Scheme",
    "TicketType",
]
