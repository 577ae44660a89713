"""What giving seats up would come to, before it is done: for the page that asks, and for who asks the API."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from events import actions
from events.models import Attendee, Registration
from events.settlement import installed

ZERO = Decimal("0.00")


class Cost(NamedTuple):
    """All amounts include VAT."""

    #: What is kept of the price, on the terms it was ordered under.
    kept: Decimal
    #: What comes back of what was paid.
    given_back: Decimal
    #: What an invoice asks less; part of it may come back.
    credited: Decimal


def cost_of_leaving(registration: Registration, leaving: Sequence[Attendee], *, at: datetime) -> Cost:
    """What comes back is never more than what came; the rest of what is not kept is credited on the invoice."""
    kept = sum(
        (actions.cancellation_fee(registration, seat, registration.event, at=at) for seat in leaving), start=ZERO
    )
    paid_for = sum((seat.price_incl_vat for seat in leaving), start=ZERO)
    not_kept = paid_for - kept if registration.status == Registration.Status.CONFIRMED else ZERO
    if not registration.is_by_invoice:
        return Cost(kept, not_kept, ZERO)
    settlement = installed()
    in_hand = max(ZERO, settlement.state(registration).in_hand) if settlement is not None else ZERO
    still_owed = registration.total_incl_vat - paid_for + kept
    return Cost(kept, min(not_kept, max(ZERO, in_hand - still_owed)), not_kept)
