"""Absolute addresses of a registration's pages, in the registration's own language."""

import uuid

from django.urls import reverse
from django.utils.translation import override

from cms.conf import configured
from cms.sites import origin
from events.models import Approval, Attendee, Registration


def absolute(path: str) -> str:
    return f"{origin()}{path}"


def _url(registration: Registration, name: str, token: str) -> str:
    """On this site, or on the front end that REGISTRATION_ADDRESSES names for it."""
    if elsewhere := configured.REGISTRATION_ADDRESSES.get(name):
        return str(elsewhere).replace("{language}", registration.language).replace("{token}", token)
    with override(registration.language):
        return absolute(reverse(f"events:{name}", args=[token]))


def manage_url(registration: Registration) -> str:
    return _url(registration, "manage", registration.manage_token)


def confirm_mailbox_url(registration: Registration) -> str:
    return _url(registration, "confirm_mailbox", registration.mailbox_token)


def offer_url(registration: Registration) -> str:
    """Answers an offer, or takes a last place. Mailed only, so that answering proves the mailbox."""
    return _url(registration, "offer", registration.mailbox_token)


def approval_url(approval: Approval) -> str:
    return _url(approval.registration, "approval", approval.token)


def seat_url(seat: Attendee) -> str:
    """One person's own page: "I cannot come"."""
    return _url(seat.registration, "seat", seat.token)


def own_seat_url(registration: Registration, calendar_uid: uuid.UUID) -> str:
    """The same page by the calendar entry noted earlier: it is dead when somebody else has the seat now."""
    return _url(registration, "seat", Attendee.token_of(calendar_uid))


def desk_url(registration: Registration) -> str:
    """Where an organiser sees it, in the back office."""
    return absolute(reverse("tour_registrations:inspect", args=[registration.pk]))


def page_url(registration: Registration) -> str:
    """The event's page in the registrant's language, the home page when there is none (any more)."""
    page = registration.event.page_in(registration.language)
    path = page.get_url() if page else None
    return path if path and path.startswith("http") else absolute(path or f"/{registration.language}/")
