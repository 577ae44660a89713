"""What keeps a page about a visit from going live. One question, asked wherever a page could be published.

That a visit has its two moments, in their order, its seats and never two prices for the same people, the database sees
to itself. An empty place, and no price at all, it does not.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from events.models import Event, EventPage


def obstacles(page: "EventPage", *, at: datetime) -> list[str]:
    """A sentence for each thing that is to be filled in, with where; empty when the page may go live. Two queries."""
    if page.event_id is None:
        return [_("Choose the event that this page tells about.")]
    event: Event = page.event
    found = []
    missing = [
        str(event._meta.get_field(name).verbose_name)
        for name in ("venue", "city")
        if not str(getattr(event, name)).strip()
    ]
    if missing:
        found.append(
            _("Nobody can find the visit: fill in at the event “%(event)s”: %(facts)s.")
            % {"event": event.name, "facts": ", ".join(missing)}
        )
    # What was, or is cancelled, is told about without a price. A draft is not: it opens by itself once it is scheduled.
    is_to_come = event.status != event.Status.CANCELLED and at < event.closes_at
    if is_to_come and not event.ticket_types.exists():
        found.append(
            _("Nobody can register: the event “%(event)s” has no ticket type. Add one with its price; 0 is free.")
            % {"event": event.name}
        )
    return found
