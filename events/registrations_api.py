"""Registering and managing a registration over HTTP, as the API contract of docs/api.md names it."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from cms.api import Problem, Strict, refuse_unknown_parameters
from events import actions
from events.actions import Attending
from events.addresses import manage_url
from events.api import BIGGEST_ID, iso
from events.api_orders import PersonIn, RegistrationIn, order_of
from events.models import Attendee, Event, Registration
from events.models.registration import MAX_ATTENDEES
from events.refusals import Refusal
from events.settlement import CannotAsk, installed

registrations = Router(tags=["registrations"])


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


class ErrorItem(Schema):
    loc: list[str | int]
    msg: str
    type: str


class ProblemOut(Schema):
    """An RFC 9457 problem, sent as application/problem+json."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorItem]


def _registration_out(registration: Registration) -> dict[str, Any]:
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
        "attendees": [_attendee_out(attendee, registration) for attendee in attendees],
    }


def _attendee_out(attendee: Attendee, registration: Registration) -> dict[str, Any]:
    attendee.registration = registration
    return {
        "id": attendee.pk,
        "first_name": attendee.first_name,
        "last_name": attendee.last_name,
        "status": attendee.status,
        "ticket_type": attendee.ticket_type.name,
        "price_incl_vat": f"{attendee.price_incl_vat:.2f}",
    }


def _refused(refusal: Refusal, prefix: str = "body") -> Problem:
    location: list[str | int] = [prefix, refusal.field] if refusal.field else [prefix]
    if refusal.field == "Idempotency-Key":
        location = ["header", refusal.field]
    return Problem(refusal.status, refusal.text(), [{"loc": location, "msg": refusal.text(), "type": refusal.code}])


@registrations.post(
    "/",
    response={201: RegistrationCreated, 409: ProblemOut, 422: ProblemOut},
    summary="Register one to ten people",
    openapi_extra={
        "parameters": [
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": False,
                "schema": {"type": "string", "maxLength": 200},
                "description": "The same key with the same body gives the same registration, however often it is sent.",
            }
        ]
    },
)
def create_registration(request: HttpRequest, body: RegistrationIn) -> Status:
    refuse_unknown_parameters(request, ())
    at = timezone.now()
    with translation.override(body.locale):
        if not body.accept_terms:
            message = _("Accept the terms to register.")
            raise Problem(422, message, [{"loc": ["body", "accept_terms"], "msg": message, "type": "terms"}])
        order = order_of(body, _idempotency_key(request))
        event = Event.objects.published().told_about().filter(pk=body.event).first()
        if event is None:
            message = _("There is no such event.")
            raise Problem(422, message, [{"loc": ["body", "event"], "msg": message, "type": "unknown_event"}])
        try:
            registration = actions.register(event=event, order=order, at=at)
        except Refusal as refusal:
            raise _refused(refusal) from refusal
        created = _registration_out(registration) | {
            "checkout_url": _checkout_url(registration, at),
            "manage_url": manage_url(registration),
            "manage_token": registration.manage_token,
        }
        # The first payment page may have lengthened the hold.
        registration.refresh_from_db(fields=["hold_expires_at"])
        if registration.hold_expires_at:
            created["hold_expires_at"] = iso(registration.hold_expires_at)
        return Status(201, created)


def _idempotency_key(request: HttpRequest) -> str | None:
    """Kept as a digest: whatever bytes a client sends, it is short, storable and the same again."""
    key = request.headers.get("Idempotency-Key", "")
    return f"api-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()}" if key else None


def _checkout_url(registration: Registration, at: Any) -> str | None:
    """Where to pay; None for a free seat, and when the service does not answer (the manage page tries again)."""
    settlement = installed()
    if registration.status != Registration.Status.HELD or settlement is None:
        return None
    try:
        return settlement.ask(registration, at=at)
    except CannotAsk:
        return None


def _authorised(request: HttpRequest, reference: str) -> Registration:
    """The registration, for whoever sends its manage token. The same answer for a wrong token and a wrong reference."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    named = Registration.reference_in(token.strip()) if scheme.lower() == "bearer" else None
    registration = None
    if named is not None and named == reference:
        registration = Registration.objects.select_related("event").filter(reference=reference).first()
    if registration is None:
        raise Problem(401, _("Send the manage token of this registration as a bearer token."))
    return registration


@registrations.get(
    "/{reference}/",
    response={200: RegistrationOut, 401: ProblemOut},
    summary="One registration, with its manage token",
)
def read_registration(request: HttpRequest, reference: str) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    with translation.override(registration.language):
        return _registration_out(registration)


class CancelIn(Strict):
    #: Left out: all of them. An empty list is a mistake, not a wish.
    attendees: (
        Annotated[list[Annotated[int, Field(ge=1, le=BIGGEST_ID)]], Field(min_length=1, max_length=MAX_ATTENDEES)]
        | None
    ) = None


@registrations.post(
    "/{reference}/cancel/",
    response={200: RegistrationOut, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut},
    summary="Give up some seats, or all",
)
def cancel_registration(request: HttpRequest, reference: str, body: CancelIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    return _done(
        registration, lambda at: actions.cancel(registration=registration, attendee_ids=body.attendees or (), at=at)
    )


class SubstituteIn(PersonIn):
    attendee: Annotated[int, Field(ge=1, le=BIGGEST_ID)]


@registrations.post(
    "/{reference}/substitute/",
    response={200: RegistrationOut, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut},
    summary="Somebody else on a seat, or the name that was to follow",
)
def substitute(request: HttpRequest, reference: str, body: SubstituteIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    person = Attending(body.first_name, body.last_name, body.email)
    return _done(
        registration,
        lambda at: actions.substitute(registration=registration, attendee_id=body.attendee, person=person, at=at),
    )


class OfferIn(Strict):
    answer: Literal["accept", "decline"]


class OfferAnswered(RegistrationOut):
    checkout_url: str | None


@registrations.post(
    "/{reference}/offer/",
    response={200: OfferAnswered, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut},
    summary="Answer the offer of a free place; in the last 24 hours, take one",
)
def answer_offer(request: HttpRequest, reference: str, body: OfferIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    at = timezone.now()
    is_last_call = registration.status == Registration.Status.WAITING and at >= registration.event.last_call_at
    deed: Callable[..., Any] = actions.decline_offer
    if body.answer == "accept":
        deed = actions.take_free_seats if is_last_call else actions.accept_offer
    answered = _done(registration, lambda at: deed(registration=registration, at=at))
    registration.refresh_from_db()
    return answered | {"checkout_url": _checkout_url(registration, at)}


def _done(registration: Registration, deed: Callable[[datetime], Any]) -> dict[str, Any]:
    """Do it, and say how the registration is now. Raises Problem when it is refused."""
    with translation.override(registration.language):
        try:
            deed(timezone.now())
        except Refusal as refusal:
            raise _refused(refusal) from refusal
        return _registration_out(Registration.objects.select_related("event").get(pk=registration.pk))
