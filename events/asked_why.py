"""Why the organiser is asked: said on the desk's screens and in the letter to the office, never to the contact."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.entitlement import quota_of
from events.models import Approval, Event, Membership, Registration


def why_asked(approval: Approval, *, at: datetime) -> list[str]:
    """A sentence for each reason, with the figures as they are now."""
    registration = approval.registration
    said = []
    if registration.event.requires_approval:
        said.append(_("Every registration for this visit waits for your yes."))
    entitlement = registration.entitlement
    if Approval.Reason.QUOTA in approval.reasons and entitlement is not None:
        seats = registration.attendees.live().count()
        membership, event = entitlement.membership, registration.event
        left = quota_of(membership, event=event, at=at, but_for=registration).left
        beyond = 0 if left is None else max(0, seats - left)
        words = ngettext(
            "%(beyond)s of the %(seats)s seats asked for goes beyond the quota of %(organisation)s.",
            "%(beyond)s of the %(seats)s seats asked for go beyond the quota of %(organisation)s.",
            beyond,
        )
        said.append(words % {"beyond": beyond, "seats": seats, "organisation": membership.organisation})
        said += beyond_quota(membership, event=event, seats=seats, at=at, but_for=registration)
    if Approval.Reason.VETO in approval.reasons:
        said.append(_("The host would rather not receive this organisation."))
    return said


def beyond_quota(
    membership: Membership, *, event: Event, seats: int, at: datetime, but_for: Registration | None = None
) -> list[str]:
    """Which quota of the organisation so many seats would go beyond, and how far it is used; nothing within it.

    The seats of `but_for` itself are not counted as used: they are those that are asked for.
    """
    quota = quota_of(membership, event=event, at=at, but_for=but_for)
    said = {
        "event": _(
            "Of the quota of %(organisation)s for this visit %(used)s of %(limit)s seats are used; this asks for "
            "%(seats)s more."
        ),
        "year": _(
            "Of the quota of %(organisation)s for %(year)s %(used)s of %(limit)s seats are used; this asks for "
            "%(seats)s more."
        ),
    }
    organisation, year = str(membership.organisation), str(event.date.year)
    found = [
        said[which]
        % {"organisation": organisation, "year": year, "used": beyond.used, "limit": beyond.limit, "seats": seats}
        for which, beyond in quota.exceeded_by(seats).items()
    ]
    if "event" in quota.exceeded_by(seats) and quota.is_reduced:
        found.append(_("The quota for a visit is lowered, because people did not come and did not say so."))
    return found
