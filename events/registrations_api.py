"""Registering and managing a registration over HTTP, as the API contract of docs/api.md names it."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from cms.api import Strict, refuse_unknown_parameters
from cms.headless.fields import iso
from cms.headless.shapes import ProblemOut
from events import actions
from events.actions import Attending
from events.addresses import manage_url
from events.api import Number
from events.api_orders import PersonIn, RegistrationIn, order_of
from events.api_shapes import (
    OfferAnswered,
    RegistrationCreated,
    RegistrationOut,
    authorised,
    authorised_by_either,
    checkout_url,
    done,
    problem,
    proves_mailbox,
    refused,
    registration_out,
)
from events.guessing import counting_guesses
from events.journey_api import journeys
from events.models import Event, Registration
from events.models.registration import MAX_ATTENDEES
from events.refusals import Refusal

LONGEST_KEY = 200
registrations = Router(tags=["registrations"])
registrations.add_router("", journeys)


@registrations.post(
    "/",
    response={201: RegistrationCreated, 409: ProblemOut, 422: ProblemOut, 429: ProblemOut},
    summary="Register one to ten people",
    openapi_extra={
        "parameters": [
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": False,
                "schema": {"type": "string", "maxLength": LONGEST_KEY},
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
            raise problem(422, message, "terms", ["body", "accept_terms"])
        order = order_of(body, _idempotency_key(request))
        event = Event.objects.published().told_about().filter(pk=body.event).first()
        if event is None:
            message = _("There is no such event.")
            raise problem(422, message, "unknown_event", ["body", "event"])
        try:
            with counting_guesses(request, at=at):
                registration = actions.register(event=event, order=order, at=at)
        except Refusal as refusal:
            raise refused(refusal) from refusal
        created = registration_out(registration) | {
            "checkout_url": checkout_url(registration, at),
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
    if len(key) > LONGEST_KEY:
        text = _("Use at most %(max)s characters.") % {"max": LONGEST_KEY}
        location = ["header", "Idempotency-Key"]
        raise problem(422, text, "string_too_long", location)
    return f"api-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()}" if key else None


@registrations.get(
    "/{reference}/",
    response={200: RegistrationOut, 401: ProblemOut},
    summary="One registration, with its manage token",
)
def read_registration(request: HttpRequest, reference: str) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised(request, reference)
    with translation.override(registration.language):
        return registration_out(registration)


class CancelIn(Strict):
    #: Left out: all of them. An empty list is a mistake, not a wish.
    attendees: Annotated[list[Number], Field(min_length=1, max_length=MAX_ATTENDEES)] | None = None


@registrations.post(
    "/{reference}/cancel/",
    response={200: RegistrationOut, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut},
    summary="Give up some seats, or all",
)
def cancel_registration(request: HttpRequest, reference: str, body: CancelIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised(request, reference)
    return done(
        registration, lambda at: actions.cancel(registration=registration, attendee_ids=body.attendees or (), at=at)
    )


class SubstituteIn(PersonIn):
    attendee: Number


@registrations.post(
    "/{reference}/substitute/",
    response={200: RegistrationOut, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut, 429: ProblemOut},
    summary="Somebody else on a seat, or the name that was to follow",
)
def substitute(request: HttpRequest, reference: str, body: SubstituteIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised(request, reference)
    person = Attending(body.first_name, body.last_name, body.email)

    def deed(at: datetime) -> None:
        with counting_guesses(request, at=at):
            actions.substitute(registration=registration, attendee_id=body.attendee, person=person, at=at)

    return done(registration, deed)


class OfferIn(Strict):
    answer: Literal["accept", "decline"]


@registrations.post(
    "/{reference}/offer/",
    response={200: OfferAnswered, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut},
    summary="Answer the offer of a free place; in the last 24 hours, take one",
)
def answer_offer(request: HttpRequest, reference: str, body: OfferIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised_by_either(request, reference)
    at = timezone.now()
    is_last_call = registration.status == Registration.Status.WAITING and at >= registration.event.last_call_at
    proves = {"proves_mailbox": proves_mailbox(request)} if body.answer == "accept" else {}
    deed: Callable[..., Any] = actions.decline_offer
    if body.answer == "accept":
        deed = actions.take_free_seats if is_last_call else actions.accept_offer
    answered = done(registration, lambda at: deed(registration=registration, at=at, **proves))
    registration.refresh_from_db()
    return answered | {"checkout_url": checkout_url(registration, at)}
