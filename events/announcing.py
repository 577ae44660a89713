"""What of events is told to other people's systems (cms.actions.announcing): which words, and nothing of a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from cms.actions.announcing import Message, announce, api_address
from events.models import Attendee, Event, Registration

Status = Registration.Status
#: What happened to a registration that entered a state. Any other state is a change.
_KIND = {
    Status.CONFIRMED: "registration.confirmed",
    Status.CANCELLED: "registration.cancelled",
    Status.EXPIRED: "registration.expired",
}
#: What anybody can read of a visit; what else an organiser changes is theirs.
PUBLIC = frozenset(
    [
        "status",
        "starts_at",
        "ends_at",
        "venue",
        "street",
        "postal_code",
        "city",
        "country",
        "language",
        "capacity",
        "waiting_list",
        "registration_opens_at",
        "registration_closes_at",
        "vat_country",
        "vat_category",
        "vat_rate",
        "vat_mention_nl",
        "vat_mention_en",
        "ticket_types",
    ]
)


def tell_event(kind: str, event: Event, *, at: datetime, changed: Iterable[str] = ()) -> None:
    """`changed` names what is public of it; a visit that is still a draft, or has no page yet, is not."""
    if event.status == Event.Status.DRAFT or not Event.objects.told_about().filter(pk=event.pk).exists():
        return
    facts: dict[str, Any] = {
        "id": event.pk,
        "status": event.status,
        "starts_at": timezone.localtime(event.starts_at).isoformat(),
        "ends_at": timezone.localtime(event.ends_at).isoformat(),
        "api_url": api_address(f"/events/{event.pk}/"),
    }
    if changed:
        facts["changed"] = sorted(changed)
    announce(Message(kind, str(event.pk), facts), at=at)


def tell_seats(event: Event, *, at: datetime) -> None:
    """How many are free is another number, without any registration having changed."""
    announce(_seats_of(event.pk), at=at)


def tell_registration(
    kind: str, registration: Registration, *, at: datetime, seat: Attendee | None = None, seats_move: bool = False
) -> None:
    """`seat`: of which of its seats it is said. `seats_move`: seats of the visit may have come or gone with it."""
    messages = [_of(kind, registration, seat)]
    if seats_move:
        messages.append(_seats_of(registration.event_id))
    announce(*messages, at=at)


def tell_state(registration: Registration, *, at: datetime) -> None:
    """It entered the state it has now, and seats may have come or gone with it."""
    kind = _KIND.get(Status(registration.status), "registration.changed")
    tell_registration(kind, registration, at=at, seats_move=True)


def tell_created(registration: Registration, *, at: datetime) -> None:
    messages = [_of("registration.created", registration), _seats_of(registration.event_id)]
    if registration.status == Status.CONFIRMED:
        messages.insert(1, _of("registration.confirmed", registration))
    announce(*messages, at=at)


def tell_forgotten(registrations: Iterable[int], *, at: datetime) -> None:
    """Somebody's name and mailbox went from these: whoever copied them has to let go of them too."""
    forgotten = Registration.objects.filter(pk__in=list(registrations)).order_by("pk")
    announce(*(_of("registration.forgotten", registration) for registration in forgotten), at=at)


def _of(kind: str, registration: Registration, seat: Attendee | None = None) -> Message:
    facts: dict[str, Any] = {
        "reference": registration.reference,
        "event": registration.event_id,
        "status": registration.status,
        "api_url": api_address(f"/registrations/{registration.reference}/"),
    }
    subject = registration.reference
    if seat is not None:
        facts["attendee"] = seat.pk
        subject = f"{subject}/{seat.pk}"
    # A deed may lead it through two states at one moment: each is a fact.
    return Message(kind, f"{subject}/{registration.status}", facts)


def _seats_of(event_id: int) -> Message:
    """Said once however many seats a deed moves; which number it is now, is asked."""
    return Message(
        "event.seats_changed", str(event_id), {"id": event_id, "api_url": api_address(f"/events/{event_id}/")}
    )
