"""How a registration came to its end, for whoever reads its page: by whose word, or because a time ran out."""

from enum import StrEnum
from typing import NamedTuple

from events.models import Approval, Offer, Registration


class How(StrEnum):
    VISIT_CANCELLED = "visit_cancelled"
    REJECTED = "rejected"
    DECLINED = "declined"
    OFFER_PASSED = "offer_passed"
    NOT_APPROVED_IN_TIME = "not_approved_in_time"
    EXPIRED = "expired"
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
    if registration.status == Registration.Status.EXPIRED:
        proof = registration.entitlement
        asked = any(not row.answer for row in approvals) and (proof is None or proof.proven_at is not None)
        return Ending(How.NOT_APPROVED_IN_TIME if asked else How.EXPIRED)
    # Whoever cancelled before the visit was has ended by their own deed.
    with_the_visit = registration.letters.filter(kind="visit_cancelled").exists()
    return Ending(How.VISIT_CANCELLED if with_the_visit else How.CANCELLED)
