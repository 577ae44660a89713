"""What happens when a hold runs out: one function for the duty, and for every deed that needs to know what is free."""

from datetime import datetime

from events import letters
from events.actions.steps import State, Status, end, enter
from events.models import Event, Offer, Registration


def end_lapsed_holds(event: Event, *, at: datetime) -> int:
    """End the holds that ran out. The caller holds the event's lock. Returns how many registrations it touched."""
    lapsed = list(event.registrations.lapsed(at).select_for_update(of=("self",), no_key=True).order_by("pk"))
    for registration in lapsed:
        if registration.status == Status.OFFERED:
            _end_offer(registration, at)
            continue
        was_unanswered = registration.status == Status.AWAITING_APPROVAL
        end(registration, Status.EXPIRED, at=at)
        letters.write("approval_lapsed" if was_unanswered else "hold_expired", registration, at=at)
    return len(lapsed)


def _end_offer(registration: Registration, at: datetime) -> None:
    """Not answered: out of the line. A group that was offered a part keeps its place, and waits for all its seats."""
    offer = registration.offers.open().get()
    if registration.attendees.live().filter(offer__isnull=True).exists():
        put_back(registration, Offer.Answer.EXPIRED, at=at)
    else:
        end(registration, Status.EXPIRED, at=at)
    letters.write("offer_expired", registration, occasion=str(offer.pk), at=at)


def put_back(registration: Registration, answer: str, *, at: datetime) -> None:
    """A group did not take a part: it waits on, in its old place, for all its seats."""
    registration.offers.open().update(answer=answer, answered_at=at)
    registration.attendees.live().update(offer=None)
    registration.accepts_part = False
    registration.save(update_fields=["accepts_part"])
    enter(registration, State(Status.WAITING), at=at)
