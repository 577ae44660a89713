"""A deed that needs a second yes: what is unusual about it is said above its form, and has to be read first."""

from hashlib import sha256
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from events.entitlement import quota_of
from events.models import Event, Membership, Registration


class SecondYes:
    """For a form view: `unread` is what has to be shown first, `seen` in the post names what was shown."""

    request: HttpRequest

    def warnings(self, facts: dict[str, Any]) -> list[str]:
        """What is unusual about the deed with these facts, a sentence each."""
        return []

    def unread(self, form: forms.Form) -> dict[str, Any]:
        """Context for the page that shows it; empty when nothing is, or when exactly this was read."""
        said = self.warnings(form.cleaned_data)
        seen = sha256("\n".join(said).encode()).hexdigest()
        return {"warnings": said, "seen": seen} if said and self.request.POST.get("seen") != seen else {}


def beyond_quota(membership: Membership, *, event: Event, seats: int, but_for: Registration | None = None) -> list[str]:
    """Which quota of the organisation so many seats would go beyond, and how far it is used; nothing within it.

    The seats of `but_for` itself are not counted as used: they are those that are asked for.
    """
    quota = quota_of(membership, event=event, at=timezone.now(), but_for=but_for)
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
