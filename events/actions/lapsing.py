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


def end_line(event: Event, *, at: datetime) -> int:
    """The visit began: whoever still waits waits for nothing. The caller holds the event's lock. Returns how many."""
    waiting = Registration.objects.waiting_in_order(event).select_for_update(of=("self",), no_key=True)
    ended = list(waiting) if at >= event.starts_at else []
    for registration in ended:
        end(registration, Status.EXPIRED, at=at)
        letters.write("line_ended", registration, at=at)
    return len(ended)


def _end_offer(registration: Registration, at: datetime) -> None:
    """Not answered: out of the line. A group that was offered a part keeps its place, and waits for all its seats.

    So does whoever was never told, because our mail did not go out: they wait on where they stood.
    """
    offer = registration.offers.open().get()
    if registration.letters.filter(kind="offer", facts__offer=offer.pk).held_up().exists():
        put_back(registration, Offer.Answer.EXPIRED, accepts_part=registration.accepts_part, at=at)
        return
    if registration.attendees.live().filter(offer__isnull=True).exists():
        put_back(registration, Offer.Answer.EXPIRED, at=at)
    else:
        end(registration, Status.EXPIRED, at=at)
    letters.write("offer_expired", registration, occasion=str(offer.pk), at=at)


def put_back(registration: Registration, answer: str, *, at: datetime, accepts_part: bool = False) -> None:
    """A group did not take a part: it waits on, in its old place, for all its seats."""
    registration.offers.open().update(answer=answer, answered_at=at)
    registration.attendees.live().update(offer=None)
    registration.accepts_part = accepts_part
    registration.save(update_fields=["accepts_part"])
    enter(registration, State(Status.WAITING), at=at)
