"""What people do who have no registration of their own: an approver who answers, a participant who cannot come.

Each is known by the token of their own mail; the address names nobody.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from cms.api import Problem, Strict, refuse_unknown_parameters
from cms.headless.fields import iso
from cms.headless.shapes import ProblemOut
from events import actions
from events.answer_views import seats_asked_of, state_of
from events.api_orders import storable
from events.api_shapes import attendee_out, refused, token_in
from events.models import Approval, Attendee, Event
from events.refusals import Refusal

approvals = Router(tags=["registrations"])
seats = Router(tags=["registrations"])
REFUSALS: dict[int, Any] = {401: ProblemOut, 409: ProblemOut, 422: ProblemOut}


class VisitOut(Schema):
    id: int
    title: str
    starts_at: str
    ends_at: str
    address: str


class NamedSeatOut(Schema):
    name: str
    ticket_type: str
    price_incl_vat: str


class QuestionOut(Schema):
    """What an approver is asked, as it was asked, and what became of it."""

    state: Literal["open", "approved", "rejected", "lapsed", "cancelled", "moot"]
    registration: str
    asked_by: str
    organisation: str
    approver: str
    event: VisitOut
    seats: list[NamedSeatOut]
    total_incl_vat: str
    currency: str
    answer_by: str | None
    remark: str


def _visit(event: Event, language: str) -> dict[str, Any]:
    return {
        "id": event.pk,
        "title": event.title_in(language),
        "starts_at": iso(event.starts_at),
        "ends_at": iso(event.ends_at),
        "address": event.address,
    }


def _question(asked: Approval) -> dict[str, Any]:
    registration = asked.registration
    at = timezone.now()
    found = seats_asked_of(asked, at)
    total = sum((seat.price_incl_vat for seat in found), start=registration.total_incl_vat * 0)
    state = state_of(asked, at)
    until = registration.hold_expires_at if state == "open" else None
    return {
        "state": state,
        "registration": registration.reference,
        "asked_by": registration.contact_name,
        "organisation": registration.organisation_name,
        "approver": asked.name,
        "event": _visit(registration.event, registration.language),
        "seats": [
            {
                "name": seat.name,
                "ticket_type": seat.ticket_type.name,
                "price_incl_vat": f"{seat.price_incl_vat:.2f}",
            }
            for seat in found
        ],
        "total_incl_vat": f"{total:.2f}",
        "currency": "EUR",
        "answer_by": iso(until) if until else None,
        "remark": asked.remark,
    }


def _approval(request: HttpRequest) -> Approval:
    pk = Approval.pk_in(token_in(request))
    asked = Approval.objects.select_related("registration__event").filter(pk=pk).first() if pk else None
    if asked is None:
        raise Problem(401, _("Send the token of this question as a bearer token."), kind="invalid_token")
    return asked


@approvals.get(
    "/",
    response={200: QuestionOut, 401: ProblemOut, 422: ProblemOut},
    summary="What an approver is asked to say yes to",
)
def read_question(request: HttpRequest) -> dict[str, Any]:
    """With the token of the approver's mail."""
    refuse_unknown_parameters(request, ())
    asked = _approval(request)
    with translation.override(asked.registration.language):
        return _question(asked)


class AnswerIn(Strict):
    answer: Literal["approve", "reject"]
    #: For whoever asked.
    remark: Annotated[str, Field(max_length=500), AfterValidator(storable)] = ""


@approvals.post("/", response={200: QuestionOut, **REFUSALS}, summary="An approver's yes or no")
def answer_question(request: HttpRequest, body: AnswerIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    asked = _approval(request)
    deed = actions.approve if body.answer == "approve" else actions.reject
    with translation.override(asked.registration.language):
        try:
            deed(approval=asked, at=timezone.now(), remark=body.remark)
        except Refusal as refusal:
            raise refused(refusal) from refusal
        return _question(Approval.objects.select_related("registration__event").get(pk=asked.pk))


class OwnSeatOut(Schema):
    """One person's own seat: nothing of the others."""

    first_name: str
    last_name: str
    status: str
    ticket_type: str
    event: VisitOut
    contact: str
    #: What would be kept of its price were it given up now, VAT included.
    kept_when_given_up: str
    can_be_given_up: bool


def _seat(request: HttpRequest) -> Attendee:
    uid = Attendee.calendar_uid_in(token_in(request))
    found = Attendee.objects.select_related("registration__event", "ticket_type")
    own = found.filter(calendar_uid=uid).first() if uid else None
    if own is None:
        raise Problem(401, _("Send the token of this seat as a bearer token."), kind="invalid_token")
    return own


def _seat_out(own: Attendee) -> dict[str, Any]:
    registration = own.registration
    at = timezone.now()
    told = attendee_out(own, registration)
    is_theirs = own.released_at is None and not registration.is_ended
    kept = actions.cancellation_fee(registration, own, registration.event, at=at)
    return {
        "first_name": told["first_name"],
        "last_name": told["last_name"],
        "status": told["status"],
        "ticket_type": told["ticket_type"],
        "event": _visit(registration.event, registration.language),
        "contact": registration.contact_name,
        "kept_when_given_up": f"{kept:.2f}" if is_theirs else "0.00",
        "can_be_given_up": is_theirs and registration.event.starts_at > at,
    }


@seats.get("/", response={200: OwnSeatOut, 401: ProblemOut, 422: ProblemOut}, summary="One participant's own seat")
def read_seat(request: HttpRequest) -> dict[str, Any]:
    """With the token of the participant's own mail."""
    refuse_unknown_parameters(request, ())
    own = _seat(request)
    with translation.override(own.registration.language):
        return _seat_out(own)


@seats.post("/cancel/", response={200: OwnSeatOut, **REFUSALS}, summary="A participant cannot come")
def give_up_seat(request: HttpRequest, body: Strict) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    own = _seat(request)
    registration = own.registration
    with translation.override(registration.language):
        try:
            actions.cancel(registration=registration, attendee_ids=[own.pk], at=timezone.now(), own_seat=True)
        except Refusal as refusal:
            raise refused(refusal) from refusal
        return _seat_out(_seat(request))
