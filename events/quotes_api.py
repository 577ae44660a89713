"""Before the order over HTTP: what it would come to, and whether an organisation is in. Nothing is written."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AfterValidator, StringConstraints

from cms.api import refuse_unknown_parameters
from cms.headless.fields import iso
from cms.headless.shapes import ProblemOut
from events import actions
from events.api_orders import RegistrationIn, order_of, storable
from events.api_shapes import RegistrationStatus, RungOut, problem, refused
from events.entitlement import quota_of
from events.models import Event, Ladder, Membership
from events.refusals import Refusal
from events.settlement import installed
from events.views import MOST_FOUND

quotes = Router(tags=["registrations"])
members = Router(tags=["registrations"])


class QuotedSeatOut(Schema):
    first_name: str
    last_name: str
    ticket_type: str
    price_excl_vat: str
    price_incl_vat: str


class AheadOut(Schema):
    status: RegistrationStatus
    until: str | None


class QuoteOut(Schema):
    event: int
    seats: list[QuotedSeatOut]
    total_excl_vat: str
    total_vat: str
    total_incl_vat: str
    currency: str
    #: Whose price it is, "" for everybody's.
    scheme: str
    #: Seats beyond the organisation's quota, at the normal price.
    seats_beyond_quota: int
    #: The organiser is asked for seats beyond the quota; they can be paid for instead.
    asks_for_more: bool
    can_pay_instead: bool
    quota_left: int | None
    will_wait: bool
    seats_left: int
    #: Where it would stand at once, and each step from there to a certain seat.
    ahead: list[AheadOut]
    asks_approver: bool
    cancellation_terms: list[RungOut]
    #: By invoice: the last day to pay it, were it issued now.
    invoice_due_on: str | None


@quotes.post(
    "/",
    response={200: QuoteOut, 409: ProblemOut, 422: ProblemOut},
    summary="What an order would come to, before it is one",
)
def quote(request: HttpRequest, body: RegistrationIn) -> dict[str, Any]:
    """The body of a registration, its terms not accepted yet. Refused as the registration itself would be."""
    refuse_unknown_parameters(request, ())
    at = timezone.now()
    with translation.override(body.locale):
        order = order_of(body, None)
        event = Event.objects.published().told_about().filter(pk=body.event).first()
        if event is None:
            message = _("There is no such event.")
            raise problem(422, message, "unknown_event", ["body", "event"])
        try:
            return _quote(event, order, at)
        except Refusal as refusal:
            raise refused(refusal) from refusal


def _quote(event: Event, order: actions.Order, at: Any) -> dict[str, Any]:
    decision = actions.decision_for(event, order, at)
    kinds, asks_organiser = actions.ticket_types(event, order, decision, at)
    event.count_seats(at)
    zero = event.vat_rate * 0
    total = sum((kind.price_incl_vat for kind in kinds), start=zero)
    total_excl = sum((kind.price_excl_vat for kind in kinds), start=zero)
    if not all(kind.is_free for kind in kinds):
        actions.must_be_payable(event, order, at)
    seen = actions.outlook(event, order, decision, kinds, total=total, asks_organiser=asks_organiser, at=at)
    membership = seen.decision.membership
    settlement = installed()
    ladder = Ladder(event.cancellation_steps.values_list("days_before", "fee_percent"))
    due_on = settlement.due_on(event, at=at) if settlement is not None and order.is_by_invoice else None
    return {
        "event": event.pk,
        "seats": [
            {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "ticket_type": kind.name,
                "price_excl_vat": f"{kind.price_excl_vat:.2f}",
                "price_incl_vat": f"{kind.price_incl_vat:.2f}",
            }
            for person, kind in zip(order.attendees, kinds, strict=True)
        ],
        "total_excl_vat": f"{total_excl:.2f}",
        "total_vat": f"{total - total_excl:.2f}",
        "total_incl_vat": f"{total:.2f}",
        "currency": "EUR",
        "scheme": membership.scheme.name if membership else "",
        "seats_beyond_quota": sum(1 for kind in kinds if kind != decision.ticket_type),
        "asks_for_more": asks_organiser,
        "can_pay_instead": asks_organiser and decision.beyond is not None,
        "quota_left": quota_of(membership, event=event, at=at).left if membership else None,
        "will_wait": seen.will_wait,
        "seats_left": event.seats_for_newcomers(at),
        "ahead": [
            {"status": step.status, "until": iso(step.hold_expires_at) if step.hold_expires_at else None}
            for step in seen.ahead
        ],
        "asks_approver": any(approval.asked == "approver" for approval in seen.approvals),
        "cancellation_terms": [
            {"from_at": iso(moment), "kept_percent": percent}
            for moment, percent in ladder.left(starts_at=event.starts_at, at=at).steps
        ],
        "invoice_due_on": due_on.isoformat() if due_on else None,
    }


class MembersQuery(Schema):
    #: Counted without the spaces around it: three of those would ask for everybody.
    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=100), AfterValidator(storable)]
    locale: Literal["nl", "en"] = "nl"


class MemberOut(Schema):
    organisation: str
    scheme: str


class MembersOut(Schema):
    items: list[MemberOut]
    #: More were found than are told: ask more precisely.
    more: bool


@members.get("/", response={200: MembersOut, 422: ProblemOut}, summary="Is my organisation in?")
def look_up(request: HttpRequest, query: Query[MembersQuery]) -> dict[str, Any]:
    """Names of organisations with a membership that is valid today; no people, no codes. Five at most."""
    refuse_unknown_parameters(request, MembersQuery.model_fields)
    valid = Membership.objects.entitling_on(timezone.localdate()).named(query.q)
    found = list(valid.select_related("organisation", "scheme").order_by("organisation__name", "pk")[: MOST_FOUND + 1])
    with translation.override(query.locale):
        return {
            "items": [
                {"organisation": member.organisation.name, "scheme": member.scheme.name}
                for member in found[:MOST_FOUND]
            ],
            "more": len(found) > MOST_FOUND,
        }
