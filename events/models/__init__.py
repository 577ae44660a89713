"""Events and who comes: the language-neutral facts, and the pages that tell about them."""

from events.models.attendee import Attendee
from events.models.columns import SavedColumns
from events.models.entitlement import Approval, Entitlement
from events.models.event import Event
from events.models.letter import Letter
from events.models.membership import EmailDomain, Membership, OrganisationCode, Scheme
from events.models.offer import Offer
from events.models.pages import EventIndexPage, EventPage
from events.models.privacy import Consent, Needs
from events.models.registration import Registration
from events.models.terms import CancellationStep, Ladder, Veto
from events.models.ticket_type import TicketType

__all__ = [
    "Approval",
    "Attendee",
    "CancellationStep",
    "Consent",
    "EmailDomain",
    "Entitlement",
    "Event",
    "EventIndexPage",
    "EventPage",
    "Ladder",
    "Letter",
    "Membership",
    "Needs",
    "Offer",
    "OrganisationCode",
    "Registration",
    "SavedColumns",
    "Scheme",
    "TicketType",
    "Veto",
]
