"""The rest of a registration's way over HTTP: what its own page on the site can do, at /registrations/{reference}/…"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from cms.api import Problem, Strict, refuse_unknown_parameters
from cms.headless.fields import iso
from cms.headless.shapes import ProblemOut
from events import actions
from events.addresses import manage_url
from events.api import BIGGEST_ID
from events.api_shapes import (
    AttendeeOut,
    OfferAnswered,
    PayOut,
    RegistrationOut,
    RungOut,
    attendee_out,
    authorised,
    authorised_by_either,
    authorised_by_mail,
    checkout_url,
    done,
    mailed_token_wanted,
    problem,
    registration_out,
)
from events.calendar import calendar_file, entry_of_contact
from events.journey import Step, money_of, steps_of
from events.leaving import cost_of_leaving
from events.models import Registration
from events.models.registration import MAX_ATTENDEES
from events.settlement import CannotAsk, installed

journeys = Router(tags=["registrations"])
Status = Registration.Status
REFUSALS: dict[int, Any] = {401: ProblemOut, 409: ProblemOut, 422: ProblemOut}


class ContactOut(Schema):
    first_name: str
    last_name: str
    email: str
    phone: str
    organisation: str


class SeatOut(AttendeeOut):
    email: str
    #: False while the name is to follow.
    is_named: bool
    #: Of a seat that was given up: what is kept of its price.
    fee_kept: str
    #: Of a group that was offered a part: this seat is one of those offered.
    is_offered: bool


class MoneyOut(Schema):
    paid: str
    refunded: str
    due: str
    coming_back: str
    invoiced: str
    due_on: str | None
    is_processing: bool


class OfferOut(Schema):
    seats: int
    expires_at: str
    #: Until when what comes after the yes has to be done.
    until_after_yes: str


class ApprovalOut(Schema):
    asked: Literal["approver", "organiser"]
    #: Of the registrant's own approver; the organiser's office has no name here.
    name: str
    answer: Literal["", "approved", "rejected"]
    remark: str


class PartOut(Schema):
    reference: str
    status: str
    seats: int
    manage_token: str


class JourneyOut(RegistrationOut):
    """A registration as its own page tells it."""

    language: Literal["nl", "en"]
    html_url: str
    contact: ContactOut
    seats: list[SeatOut]
    #: What can be done with it now, each at its own address.
    steps: list[Step]
    money: MoneyOut | None
    offer: OfferOut | None
    approvals: list[ApprovalOut]
    accepts_part: bool
    names_due_at: str
    confirmed_at: str | None
    ended_at: str | None
    pay_by: str | None
    may_withdraw_until: str | None
    cancellation_terms: list[RungOut]
    #: The rest of a group of which a part had seats.
    parts: list[PartOut]
    billing_method: Literal["online", "invoice"]
    purchase_order: str


def journey_out(registration: Registration, *, at: datetime) -> dict[str, Any]:
    """Everything its page on the site tells, in the active language."""
    event = registration.event
    money, due = money_of(registration)
    offer = registration.open_offer
    until = registration.withdrawal_until
    return registration_out(registration) | {
        "language": registration.language,
        "html_url": manage_url(registration),
        "contact": {
            "first_name": registration.first_name,
            "last_name": registration.last_name,
            "email": registration.email if registration.can_be_written_to else "",
            "phone": registration.phone,
            "organisation": registration.organisation_name,
        },
        "seats": [
            attendee_out(seat, registration)
            | {
                "email": "" if seat.is_forgotten else seat.email,
                "is_named": seat.is_named,
                "fee_kept": f"{seat.fee_kept:.2f}",
                "is_offered": seat.offer_id is not None and seat.offer_id == (offer.pk if offer else None),
            }
            for seat in registration.attendees.select_related("ticket_type").order_by("pk")
        ],
        "steps": steps_of(registration, event, money, due=due, at=at),
        "money": {
            "paid": f"{money.paid:.2f}",
            "refunded": f"{money.refunded:.2f}",
            "due": f"{due:.2f}",
            "coming_back": f"{money.coming_back:.2f}",
            "invoiced": f"{money.invoiced:.2f}",
            "due_on": money.due_on.isoformat() if money.due_on else None,
            "is_processing": money.is_processing,
        }
        if money
        else None,
        "offer": {
            "seats": offer.seats,
            "expires_at": iso(offer.expires_at),
            "until_after_yes": iso(actions.time_after_yes(offer.expires_at, at=at)),
        }
        if offer
        else None,
        "approvals": [
            {"asked": asked.asked, "name": asked.name, "answer": asked.answer, "remark": asked.remark}
            for asked in registration.approvals.order_by("pk")
        ],
        "accepts_part": registration.accepts_part,
        "names_due_at": iso(event.names_due_at),
        "confirmed_at": iso(registration.confirmed_at) if registration.confirmed_at else None,
        "ended_at": iso(registration.ended_at) if registration.ended_at else None,
        "pay_by": iso(registration.pay_by) if registration.pay_by else None,
        "may_withdraw_until": iso(min(until, event.starts_at)) if until and at <= until else None,
        "cancellation_terms": [
            {"from_at": iso(moment), "kept_percent": percent}
            for moment, percent in registration.ladder.left(starts_at=event.starts_at, at=at).steps
        ],
        "parts": [
            {
                "reference": part.reference,
                "status": part.status,
                "seats": part.seats,
                "manage_token": part.manage_token,
            }
            for part in Registration.objects.of_one_group(registration).with_total()
        ],
        "billing_method": registration.billing_method,
        "purchase_order": registration.purchase_order,
    }


@journeys.get(
    "/{reference}/journey/",
    response={200: JourneyOut, 401: ProblemOut, 422: ProblemOut},
    summary="Everything its page tells, and what can be done now",
)
def read_journey(request: HttpRequest, reference: str) -> dict[str, Any]:
    """With the manage token, or the one in a mail to the contact."""
    refuse_unknown_parameters(request, ())
    registration = authorised_by_either(request, reference)
    with translation.override(registration.language):
        return journey_out(registration, at=timezone.now())


@journeys.post(
    "/{reference}/pay/",
    response={200: PayOut, **REFUSALS, 503: ProblemOut},
    summary="A payment page, once more",
)
def pay(request: HttpRequest, reference: str, body: Strict) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised_by_either(request, reference)
    at = timezone.now()
    settlement = installed()
    with translation.override(registration.language):
        money, due = money_of(registration)
        if settlement is None or "pay" not in steps_of(registration, registration.event, money, due=due, at=at):
            raise problem(409, _("There is nothing to pay here now."), "nothing_to_pay")
        try:
            return {"checkout_url": settlement.ask(registration, at=at)}
        except CannotAsk as error:
            text = _("The payment page does not answer at the moment. Your places stay held; try again.")
            raise problem(503, text, "payment_unavailable") from error


@journeys.post(
    "/{reference}/confirm/",
    response={200: OfferAnswered, **REFUSALS},
    summary="The contact opened the mailed link: the mailbox is proven",
)
def confirm_mailbox(request: HttpRequest, reference: str, body: Strict) -> dict[str, Any]:
    """With the token that stands in the mail, and with no other."""
    refuse_unknown_parameters(request, ())
    registration = authorised_by_mail(request, reference)
    answered = done(registration, lambda at: actions.confirm_mailbox(registration=registration, at=at))
    registration.refresh_from_db()
    return answered | {"checkout_url": checkout_url(registration, timezone.now())}


class LeavingQuery(Schema):
    #: Left out: all of them.
    attendees: list[Annotated[int, Field(ge=1, le=BIGGEST_ID)]] = Field(default=[], max_length=MAX_ATTENDEES)


class LeavingOut(Schema):
    attendees: list[int]
    kept: str
    given_back: str
    credited: str
    currency: str


@journeys.get(
    "/{reference}/cancellation/",
    response={200: LeavingOut, **REFUSALS},
    summary="What giving up these seats now would come to",
)
def cost_of_cancelling(request: HttpRequest, reference: str, query: Query[LeavingQuery]) -> dict[str, Any]:
    refuse_unknown_parameters(request, LeavingQuery.model_fields)
    registration = authorised(request, reference)
    with translation.override(registration.language):
        seats = {seat.pk: seat for seat in registration.attendees.live().order_by("pk")}
        if unknown := set(query.attendees) - set(seats):
            text = _("These seats are not of this registration, or were given up.")
            errors = [
                {"loc": ["query", "attendees", query.attendees.index(pk)], "msg": text, "type": "unknown_attendee"}
                for pk in sorted(unknown)
            ]
            raise Problem(422, text, errors, "unknown_attendee")
        leaving = [seat for pk, seat in seats.items() if not query.attendees or pk in query.attendees]
        cost = cost_of_leaving(registration, leaving, at=timezone.now())
    return {
        "attendees": [seat.pk for seat in leaving],
        "kept": f"{cost.kept:.2f}",
        "given_back": f"{cost.given_back:.2f}",
        "credited": f"{cost.credited:.2f}",
        "currency": "EUR",
    }


@journeys.post(
    "/{reference}/withdraw/",
    response={200: RegistrationOut, **REFUSALS},
    summary="The right of withdrawal: all seats, all money back",
)
def withdraw(request: HttpRequest, reference: str, body: Strict) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised(request, reference)
    return done(registration, lambda at: actions.withdraw_from(registration=registration, at=at))


@journeys.post(
    "/{reference}/accept-part/",
    response={200: RegistrationOut, **REFUSALS},
    summary="A waiting group is glad with fewer seats too",
)
def accept_part(request: HttpRequest, reference: str, body: Strict) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = authorised_by_either(request, reference)
    return done(registration, lambda at: actions.accept_part(registration=registration, at=at))


@journeys.get(
    "/{reference}/calendar/",
    response={401: ProblemOut, 409: ProblemOut, 422: ProblemOut},
    summary="The visit for the contact's calendar (text/calendar), once it is certain",
    openapi_extra={
        "responses": {200: {"description": "OK", "content": {"text/calendar": {"schema": {"type": "string"}}}}}
    },
)
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    refuse_unknown_parameters(request, ())
    registration = authorised(request, reference)
    with translation.override(registration.language):
        if registration.status != Status.CONFIRMED:
            raise problem(409, _("There is a calendar entry once the registration is certain."), "not_confirmed")
        entry = entry_of_contact(registration)
        file = calendar_file(registration, entry=entry, at=timezone.now(), link=manage_url(registration))
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="best-practice-tour.ics"'
    return response


class PersonDataOut(Schema):
    email: str
    as_contact: list[dict[str, Any]]
    as_participant: list[dict[str, Any]]
    as_approver: list[dict[str, Any]]
    letters: list[dict[str, Any]]
    history: list[dict[str, Any]]


@journeys.get(
    "/{reference}/my-data/",
    response={200: PersonDataOut, 401: ProblemOut, 422: ProblemOut},
    summary="Everything kept under the contact's address (GDPR, article 15)",
)
def my_data(request: HttpRequest, reference: str) -> dict[str, Any]:
    """With the token that is only ever mailed: whoever sends it reads that mailbox.

    Erasing is asked of the organiser: it cannot be undone, and a person decides it.
    """
    refuse_unknown_parameters(request, ())
    registration = authorised_by_mail(request, reference)
    if not registration.can_be_written_to:
        raise Problem(401, mailed_token_wanted(), kind="invalid_token")
    with translation.override(registration.language):
        return actions.person_data(registration.email)
