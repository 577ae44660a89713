"""Where a registration stands, for whoever reads its page; once it ended by whose word, or because a time ran out."""

from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from events.models import Approval, Offer, Registration

Status = Registration.Status


class How(StrEnum):
    VISIT_CANCELLED = "visit_cancelled"
    REJECTED = "rejected"
    DECLINED = "declined"
    OFFER_PASSED = "offer_passed"
    NOT_APPROVED_IN_TIME = "not_approved_in_time"
    EXPIRED = "expired"
    LEFT_LINE = "left_line"
    CANCELLED = "cancelled"


class Ending(NamedTuple):
    how: How
    #: The no it ended by.
    approval: Approval | None = None


def ending_of(registration: Registration) -> Ending | None:
    """None while it has not ended."""
    if not registration.is_ended:
        return None
    approvals = list(registration.approvals.all())
    # A no to the seats beyond a quota alone did not end it.
    noes = [row for row in approvals if row.answer == Approval.Answer.REJECTED]
    if rejected := next((row for row in noes if row.answered_at == registration.ended_at), None):
        return Ending(How.REJECTED, rejected)
    offer = registration.offers.last()
    # An offer that was answered earlier did not end it: something else did, later.
    if offer is not None and offer.answered_at == registration.ended_at:
        if offer.answer == Offer.Answer.DECLINED:
            return Ending(How.DECLINED)
        if offer.answer == Offer.Answer.EXPIRED:
            return Ending(How.OFFER_PASSED)
    if registration.status == Status.EXPIRED:
        proof = registration.entitlement
        asked = any(not row.answer for row in approvals) and (proof is None or proof.proven_at is not None)
        return Ending(How.NOT_APPROVED_IN_TIME if asked else How.EXPIRED)
    # Whoever cancelled before the visit was has ended by their own deed.
    if registration.letters.filter(kind="visit_cancelled").exists():
        return Ending(How.VISIT_CANCELLED)
    last = registration.letters.filter(kind="cancelled").order_by("pk").last()
    # Whoever never had a place did not give one up.
    waited = last is not None and last.facts.get("stood") in (Status.WAITING, Status.OFFERED)
    return Ending(How.LEFT_LINE if waited else How.CANCELLED)


def standing(registration: Registration, ending: Ending | None) -> str:
    """Where a registration stands, as the heading of its page says it."""
    match registration.status:
        case Status.CONFIRMED:
            return _("You are registered")
        case Status.HELD:
            return _("Your places are held")
        case Status.UNCONFIRMED_EMAIL:
            return _("Confirm your e-mail address")
        case Status.WAITING:
            return _("You are on the waiting list")
        case Status.OFFERED:
            return _("A place is free for you")
        case Status.AWAITING_APPROVAL:
            return _("Waiting for approval")
    match ending and ending.how:
        case How.REJECTED:
            return _("Your registration was not approved")
        case How.DECLINED:
            return _("You declined the offer")
        case How.VISIT_CANCELLED:
            return _("This visit has been cancelled")
        case How.OFFER_PASSED:
            return _("The offer has passed")
        case How.LEFT_LINE:
            return _("You are no longer on the waiting list")
    if registration.status == Status.CANCELLED:
        return _("Your registration is cancelled")
    return _("Your registration has expired")
