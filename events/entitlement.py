"""Which price applies to whom: the question asked before registering. It writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from events.models import EmailDomain, Entitlement, Event, Membership, OrganisationCode, TicketType
from events.models.membership import MembershipQuerySet, covers
from events.refusals import (
    CodeExpired,
    CodeNotValidYet,
    CodeUnknown,
    CodeWithoutBenefit,
    MembershipNotValid,
    NothingForYou,
)


@dataclass(frozen=True)
class Decision:
    """The ticket type somebody gets, and when it is a scheme's: by whose membership and with what proof."""

    ticket_type: TicketType
    membership: Membership | None = None
    proof: str = ""
    evidence: str = ""

    @property
    def needs_mailbox(self) -> bool:
        """The domain alone proves nothing: whoever typed it has to open a link we mail there."""
        return self.proof == Entitlement.Proof.MAILBOX


def decide(*, event: Event, code: str, email: str, at: datetime) -> Decision:
    """The best price this person can prove: by organisation code, else by mailbox, else the price for everyone.

    A code that cannot be used is refused with the reason, never ignored; a mail domain that proves nothing is simply
    not a proof. Raises CodeUnknown, CodeExpired, CodeNotValidYet, MembershipNotValid, CodeWithoutBenefit, or
    NothingForYou when no ticket type is left.
    """
    types = list(event.ticket_types.select_related("scheme"))
    for_schemes = {kind.scheme_id: kind for kind in types if kind.scheme_id is not None}
    for_everyone = next((kind for kind in types if kind.scheme_id is None), None)

    if code.strip():
        return _by_code(event, code, for_schemes, for_everyone, at)
    decision = _by_mailbox(event, email, for_schemes)
    if decision and (for_everyone is None or decision.ticket_type.price_excl_vat < for_everyone.price_excl_vat):
        return decision
    if for_everyone is None:
        raise NothingForYou
    return Decision(for_everyone)


def _by_code(
    event: Event,
    written: str,
    for_schemes: dict[int | None, TicketType],
    for_everyone: TicketType | None,
    at: datetime,
) -> Decision:
    code = OrganisationCode.objects.written(written).select_related("organisation").first()
    if code is None:
        raise CodeUnknown
    today = timezone.localtime(at).date()
    if not covers(code, today):
        if code.valid_from and today < code.valid_from:
            raise CodeNotValidYet(valid_from=code.valid_from)
        raise CodeExpired(valid_until=code.valid_until)
    memberships = Membership.objects.filter(organisation=code.organisation)
    if not memberships.entitling_on(event.date).exists():
        raise MembershipNotValid(organisation=code.organisation.name)
    best = _cheapest(memberships.entitling_on(event.date), for_schemes)
    if best is None:
        if for_everyone is not None and for_everyone.is_free:
            return Decision(for_everyone)  # everybody comes free: the code is not needed, and harms nobody
        raise CodeWithoutBenefit
    membership, ticket_type = best
    return Decision(ticket_type, membership, Entitlement.Proof.CODE, f"{code.code} ({code.organisation.name})"[:250])


def _by_mailbox(event: Event, email: str, for_schemes: dict[int | None, TicketType]) -> Decision | None:
    domain = email.rpartition("@")[2].strip().lower()
    known = EmailDomain.objects.filter(domain=domain, verified_on__isnull=False).select_related("organisation").first()
    if known is None or not for_schemes:
        return None
    memberships = Membership.objects.filter(organisation=known.organisation).entitling_on(event.date)
    best = _cheapest(memberships, for_schemes)
    if best is None:
        return None
    membership, ticket_type = best
    return Decision(
        ticket_type,
        membership,
        Entitlement.Proof.MAILBOX,
        f"{known.domain} ({known.organisation.name})"[:250],
    )


def _cheapest(
    memberships: MembershipQuerySet, for_schemes: dict[int | None, TicketType]
) -> tuple[Membership, TicketType] | None:
    """Of the schemes the organisation belongs to, the one with the lowest price for this event."""
    found = [
        (membership, for_schemes[membership.scheme_id])
        for membership in memberships.select_related("scheme", "organisation").order_by("pk")
        if membership.scheme_id in for_schemes
    ]
    return min(found, key=lambda pair: pair[1].price_excl_vat, default=None)
