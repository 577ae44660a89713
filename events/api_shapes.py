"""What every answer about a registration shares: its shape, who may ask, and how a refusal is said."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Schema

from cms.api import Problem
from cms.headless.fields import iso
from events.models import Attendee, Registration
from events.refusals import Refusal
from events.settlement import CannotAsk, installed


class AttendeeOut(Schema):
    id: int
    first_name: str
    last_name: str
    status: str
    ticket_type: str
    price_incl_vat: str


RegistrationStatus = Literal[
    "unconfirmed_email",
    "awaiting_approval",
    "held",
    "waiting",
    "offered",
    "confirmed",
    "cancelled",
    "expired",
]


class RegistrationOut(Schema):
    reference: str
    event: int
    status: RegistrationStatus
    total_incl_vat: str
    currency: str
    hold_expires_at: str | None
    place_in_line: int | None
    attendees: list[AttendeeOut]


class RegistrationCreated(RegistrationOut):
    checkout_url: str | None
    manage_url: str
    manage_token: str


class OfferAnswered(RegistrationOut):
    """After a yes of the contact: where to pay, when that is next."""

    checkout_url: str | None


class PayOut(Schema):
    checkout_url: str


class RungOut(Schema):
    """A rung of the ladder of cancellation: from this moment on so many percent is kept."""

    from_at: str
    kept_percent: int


def registration_out(registration: Registration) -> dict[str, Any]:
    attendees = list(registration.attendees.select_related("ticket_type"))
    total = sum((a.price_incl_vat for a in attendees if a.released_at is None), start=registration.total_incl_vat * 0)
    return {
        "reference": registration.reference,
        "event": registration.event_id,
        "status": registration.status,
        "total_incl_vat": f"{total:.2f}",
        "currency": "EUR",
        "hold_expires_at": iso(registration.hold_expires_at) if registration.hold_expires_at else None,
        "place_in_line": registration.place_in_line(),
        "attendees": [attendee_out(attendee, registration) for attendee in attendees],
    }


def attendee_out(attendee: Attendee, registration: Registration) -> dict[str, Any]:
    attendee.registration = registration
    return {
        "id": attendee.pk,
        "first_name": attendee.first_name,
        "last_name": attendee.last_name,
        "status": attendee.status,
        "ticket_type": attendee.ticket_type.name,
        "price_incl_vat": f"{attendee.price_incl_vat:.2f}",
    }


def refused(refusal: Refusal, prefix: str = "body") -> Problem:
    location: list[str | int] = [prefix, refusal.field] if refusal.field else [prefix]
    if refusal.field == "Idempotency-Key":
        location = ["header", refusal.field]
    wait = refusal.facts.get("seconds")
    headers = {"Retry-After": str(wait)} if wait else None
    return problem(refusal.status, refusal.text(), refusal.code, location, headers)


def problem(
    status: int, text: str, kind: str, location: Sequence[str | int] = ("body",), headers: dict[str, str] | None = None
) -> Problem:
    """One thing that is wrong: its stable code stands at the top, where a client looks first, and at its place."""
    return Problem(status, text, [{"loc": list(location), "msg": text, "type": kind}], kind, headers)


def checkout_url(registration: Registration, at: datetime) -> str | None:
    """Where to pay; None for a free seat, and when the service does not answer (the manage page tries again)."""
    settlement = installed()
    if registration.status != Registration.Status.HELD or settlement is None:
        return None
    try:
        return settlement.ask(registration, at=at)
    except CannotAsk:
        return None


def token_in(request: HttpRequest) -> str:
    """The bearer token of a request, empty for none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def authorised(request: HttpRequest, reference: str) -> Registration:
    """The registration, for whoever sends its manage token. The same answer for a wrong token and a wrong reference."""
    named = Registration.reference_in(token_in(request))
    return _named(reference, named, _("Send the manage token of this registration as a bearer token."))


def authorised_by_mail(request: HttpRequest, reference: str) -> Registration:
    """The same for the token that is only ever mailed: whoever has it reads the contact's mailbox."""
    return _named(reference, Registration.reference_in_mailbox_token(token_in(request)), mailed_token_wanted())


def mailed_token_wanted() -> str:
    """What is asked of whoever sent another token, the manage token among them."""
    return _(
        "Send the token from a mail to the contact of this registration as a bearer token: the mailbox token. The "
        "manage token does not open this."
    )


def proves_mailbox(request: HttpRequest) -> bool:
    """Whether the token sent is the mailed one."""
    return Registration.reference_in_mailbox_token(token_in(request)) is not None


def authorised_by_either(request: HttpRequest, reference: str) -> Registration:
    """For whoever sends the manage token or the mailed one."""
    token = token_in(request)
    named = Registration.reference_in(token) or Registration.reference_in_mailbox_token(token)
    wanted = _("Send the manage token of this registration, or the mailbox token from a mail, as a bearer token.")
    return _named(reference, named, wanted)


def _named(reference: str, named: str | None, wanted: str) -> Registration:
    registration = None
    if named is not None and named == reference:
        registration = Registration.objects.select_related("event").filter(reference=reference).first()
    if registration is None:
        raise Problem(401, wanted, kind="invalid_token")
    return registration


def done(registration: Registration, deed: Callable[[datetime], Any]) -> dict[str, Any]:
    """Do it, and say how the registration is now. Raises Problem when it is refused."""
    with translation.override(registration.language):
        try:
            deed(timezone.now())
        except Refusal as refusal:
            raise refused(refusal) from refusal
        return registration_out(Registration.objects.select_related("event").get(pk=registration.pk))
