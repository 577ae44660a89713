"""Which price applies to whom: the question asked before registering. It writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils import timezone

from events.models import (
    Attendee,
    EmailDomain,
    Entitlement,
    Event,
    Membership,
    OrganisationCode,
    Registration,
    Scheme,
    TicketType,
)
from events.models.attendee import AttendeeQuerySet
from events.models.membership import MembershipQuerySet, covers, is_generic
from events.refusals import (
    CodeExpired,
    CodeNotValidYet,
    CodeUnknown,
    CodeWithoutBenefit,
    MembershipNotValid,
    NothingForYou,
)

#: So far back a no-show counts.
NO_SHOW_MONTHS = 12


@dataclass(frozen=True)
class Decision:
    """The ticket type somebody gets, and when it is a scheme's: by whose membership and with what proof.

    `beyond` is the ticket type of the seats the quota does not cover, None when nobody else may come.
    """

    ticket_type: TicketType
    membership: Membership | None = None
    proof: str = ""
    evidence: str = ""
    beyond: TicketType | None = None

    @property
    def needs_mailbox(self) -> bool:
        """The domain alone proves nothing: whoever typed it has to open a link we mail there."""
        return self.proof == Entitlement.Proof.MAILBOX

    def for_seats(self, kinds: Sequence[TicketType]) -> "Decision":
        """The same for seats of these types; the price for everyone when none of them is the scheme's.

        Whoever pays what everybody pays has nothing to prove. A code is proven already, and is kept as evidence.
        """
        if self.needs_mailbox and self.beyond is not None and self.ticket_type not in kinds:
            return Decision(self.beyond)
        return self


class Limit(NamedTuple):
    """A limit, and what is used of it."""

    used: int
    limit: int


@dataclass(frozen=True)
class Quota:
    """How many seats of an organisation go at the scheme's price. None is no limit."""

    per_event: int | None
    per_year: int | None
    #: People of the organisation who did not come, in the last twelve months; from the scheme's limit on it counts.
    no_shows: int
    is_reduced: bool
    #: The no-shows lowered the limit of each visit, where that was not as low already.
    is_cut: bool = False
    used_for_event: int = 0
    used_this_year: int = 0

    @property
    def left(self) -> int | None:
        """Seats still to be had for this event, None without limit."""
        ends = [limit.limit - limit.used for limit in self._limits.values()]
        return max(0, min(ends)) if ends else None

    def exceeded_by(self, seats: int) -> dict[str, Limit]:
        """The limits so many seats more would go beyond: for the "event", for the "year", both or none."""
        return {which: limit for which, limit in self._limits.items() if limit.used + seats > limit.limit}

    def is_cut_for(self, seats: int) -> bool:
        """Whether so many seats more are too many because people of the organisation did not come before."""
        return self.is_cut and "event" in self.exceeded_by(seats)

    @property
    def _limits(self) -> dict[str, Limit]:
        limits = {"event": (self.used_for_event, self.per_event), "year": (self.used_this_year, self.per_year)}
        return {which: Limit(used, most) for which, (used, most) in limits.items() if most is not None}


def decide(*, event: Event, code: str, email: str, at: datetime) -> Decision:
    """The best price this person can prove: by organisation code, else by mailbox, else the price for everyone.

    A code that cannot be used is refused with the reason, never ignored; a mail domain that proves nothing is simply
    not a proof. Raises CodeUnknown, CodeExpired, CodeNotValidYet, MembershipNotValid, CodeWithoutBenefit, or
    NothingForYou when no ticket type is left.
    """
    for_schemes, for_everyone = _ticket_types(event)
    if code.strip():
        return _by_code(event, code, for_schemes, for_everyone, at)
    decision = _by_mailbox(event, email, for_schemes)
    if decision and (for_everyone is None or decision.ticket_type.price_excl_vat < for_everyone.price_excl_vat):
        return replace(decision, beyond=for_everyone)
    if for_everyone is None:
        raise NothingForYou
    return Decision(for_everyone)


def decide_for(*, event: Event, membership: Membership) -> Decision:
    """What an organiser's decision gives: the price of the membership's scheme. Raises CodeWithoutBenefit."""
    for_schemes, for_everyone = _ticket_types(event)
    best = _cheapest(Membership.objects.filter(pk=membership.pk), for_schemes)
    if best is None:
        raise CodeWithoutBenefit
    return Decision(best[1], membership, Entitlement.Proof.DECISION, str(membership.organisation)[:250], for_everyone)


def normal_price(event: Event) -> TicketType | None:
    """The ticket type for everyone, None when only members may come."""
    return _ticket_types(event)[1]


def quota_of(membership: Membership, *, event: Event, at: datetime, but_for: Registration | None = None) -> Quota:
    """The organisation's quota for this event and what it used of it, seats waited for included.

    What one registration uses is left out when it is named: its seats are judged, and do not stand in their own way.
    Asked again under the membership's lock when seats are given. The year is the calendar year of the visit.
    """
    quota = _limits(membership, at)
    if quota.per_event is None and quota.per_year is None:
        return quota
    used = _at_scheme_price(membership.organisation_id, membership.scheme)
    if but_for is not None:
        used = used.exclude(registration=but_for)
    return replace(
        quota,
        used_for_event=used.filter(event=event).count(),
        used_this_year=used.filter(event__starts_at__year=timezone.localtime(event.starts_at).year).count(),
    )


def seats_beyond_quota(registration: Registration, *, at: datetime) -> tuple[int, bool]:
    """(How many of its seats at the scheme's price the quota does not cover, whether that is because of no-shows)."""
    found = registration.entitlements.current().select_related("membership__scheme").first()
    if found is None:
        return 0, False
    membership = found.membership
    wanted = registration.attendees.live().filter(ticket_type__scheme=membership.scheme).count()
    quota = quota_of(membership, event=registration.event, at=at, but_for=registration)
    return 0 if quota.left is None else max(0, wanted - quota.left), quota.is_cut_for(wanted)


def quota_this_year(membership: Membership, *, at: datetime) -> Quota:
    """The same for the year of `at` and no visit in particular, for whoever looks after the members."""
    used = _at_scheme_price(membership.organisation_id, membership.scheme)
    year = timezone.localtime(at).year
    return replace(_limits(membership, at), used_this_year=used.filter(event__starts_at__year=year).count())


def _limits(membership: Membership, at: datetime) -> Quota:
    """The limits as they are now, lowered after no-shows; nothing counted as used."""
    scheme = membership.scheme
    per_event = scheme.quota_per_event if membership.quota_per_event is None else membership.quota_per_event
    per_year = scheme.quota_per_year if membership.quota_per_year is None else membership.quota_per_year
    no_shows = count_no_shows(membership, at=at)
    is_reduced = no_shows >= scheme.no_show_limit
    is_cut = is_reduced and (per_event is None or scheme.quota_after_no_shows < per_event)
    if is_cut:
        per_event = scheme.quota_after_no_shows
    return Quota(per_event, per_year, no_shows, is_reduced, is_cut)


def count_no_shows(membership: Membership, *, at: datetime) -> int:
    """Seats of the organisation nobody came to and nobody gave up, in the last twelve months and since forgiven."""
    since: date = timezone.localtime(at).date() - relativedelta(months=NO_SHOW_MONTHS)
    if membership.no_shows_forgiven_on is not None:
        since = max(since, membership.no_shows_forgiven_on)
    mine = Q(registration__entitlements__membership__organisation=membership.organisation_id) & Q(
        registration__entitlements__withdrawn_at__isnull=True
    )
    absent = Attendee.objects.live().filter(mine, attended=False, event__starts_at__date__gte=since)
    return absent.distinct().count()


def _at_scheme_price(organisation_id: int, scheme: Scheme) -> AttendeeQuerySet:
    return Attendee.objects.live().filter(
        registration__entitlements__membership__organisation=organisation_id,
        registration__entitlements__withdrawn_at__isnull=True,
        ticket_type__scheme=scheme,
    )


def _ticket_types(event: Event) -> tuple[dict[int | None, TicketType], TicketType | None]:
    """({scheme: its ticket type}, the one for everyone)."""
    types = list(event.ticket_types.select_related("scheme"))
    for_schemes = {kind.scheme_id: kind for kind in types if kind.scheme_id is not None}
    return for_schemes, next((kind for kind in types if kind.scheme_id is None), None)


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
    evidence = f"{code.code} ({code.organisation.name})"[:250]
    return Decision(ticket_type, membership, Entitlement.Proof.CODE, evidence, for_everyone)


def _by_mailbox(event: Event, email: str, for_schemes: dict[int | None, TicketType]) -> Decision | None:
    domain = email.rpartition("@")[2].strip().lower()
    known = EmailDomain.objects.filter(domain=domain, verified_on__isnull=False).select_related("organisation").first()
    if known is None or not for_schemes or is_generic(domain):
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
