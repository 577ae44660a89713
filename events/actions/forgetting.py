"""Privacy: what we know of one person, forgetting it, and deleting by the clock what has served.

Periods: see docs/operations.md. Invoices, payments and counts stay: the law asks for the first two, the Tour for the
third; they keep no name once the person is forgotten, but for what stands on a document.
"""

from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events.history import told
from events.models import Approval, Attendee, Consent, Letter, Needs, Registration

#: After the visit, for the no-show policy and certificates; then a registration keeps no person.
REGISTRATION_KEPT = timedelta(days=730)
#: What never became a seat.
DRAFT_KEPT = timedelta(days=30)

FORGOTTEN = "forgotten"


def person_data(email: str) -> dict[str, Any]:
    """Everything kept under this address, as plain JSON: what an access request (GDPR, article 15) is answered with."""
    contacts = Registration.objects.filter(email__iexact=email).select_related("event").order_by("pk")
    seats = Attendee.objects.filter(email__iexact=email).select_related("event", "registration", "ticket_type")
    return {
        "email": email,
        "as_contact": [_registration(registration) for registration in contacts],
        "as_participant": [_seat(seat) for seat in seats.order_by("pk")],
        "as_approver": [
            {"registration": asked.registration.reference, "name": asked.name, "answer": asked.answer}
            for asked in Approval.objects.filter(email__iexact=email).select_related("registration").order_by("pk")
        ],
        "letters": [
            {"kind": letter.kind, "written_at": letter.created_at.isoformat(), "sent": letter.sent_at is not None}
            for letter in Letter.objects.filter(recipient__iexact=email).order_by("pk")
        ],
    }


def _registration(registration: Registration) -> dict[str, Any]:
    return {
        "reference": registration.reference,
        "visit": registration.event.name,
        "status": registration.status,
        "name": registration.contact_name,
        "phone": registration.phone,
        "organisation": registration.organisation_name,
        "enterprise_number": registration.enterprise_number,
        "vat_number": registration.vat_number,
        "registered_at": registration.created_at.isoformat(),
        "terms_accepted_at": registration.accepted_terms_at.isoformat(),
    }


def _seat(seat: Attendee) -> dict[str, Any]:
    needs = Needs.objects.filter(attendee=seat).first()
    fields = ("diet", "access", "shoe_size", "clothing_size", "licence_plate")
    return {
        "reference": seat.registration.reference,
        "visit": seat.event.name,
        "date": seat.event.date.isoformat(),
        "name": seat.name,
        "ticket": seat.ticket_type.name,
        "price_incl_vat": f"{seat.price_incl_vat:.2f}",
        "given_up_at": seat.released_at.isoformat() if seat.released_at else None,
        "attended": seat.attended,
        "needs": {name: getattr(needs, name) for name in fields if getattr(needs, name)} if needs else {},
        "consents": [
            {
                "purpose": consent.purpose,
                "wording": consent.wording,
                "given_at": consent.given_at.isoformat(),
                "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
            }
            for consent in seat.consents.all()
        ],
    }


@told("erase")
@transaction.atomic
def erase_person(*, email: str, at: datetime, by: Any = None, why: str = "") -> int:
    """Forget this address: names, contact data, needs, letters, and the same in the history. Returns rows changed.

    Seats of visits to come have to be given up first: whoever still comes is still known (they are left as they are).
    Counts, prices and payments stay.
    """
    over = Q(event__ends_at__lt=at)
    contacts = Registration.objects.filter(email__iexact=email).filter(over | Q(status__in=Registration.ENDED))
    seats = Attendee.objects.filter(email__iexact=email).filter(over | Q(released_at__isnull=False))
    return _forget(contacts, seats, at)


def _forget(contacts: QuerySet[Registration], seats: QuerySet[Attendee], at: datetime) -> int:
    contact_pks = list(contacts.values_list("pk", flat=True))
    seat_pks = list(seats.values_list("pk", flat=True))
    Needs.objects.filter(attendee__in=seat_pks).delete()
    Consent.objects.filter(attendee__in=seat_pks).delete()
    Letter.objects.filter(Q(registration__in=contact_pks, attendee__isnull=True) | Q(attendee__in=seat_pks)).delete()
    Approval.objects.filter(registration__in=contact_pks).update(name="", email=f"{FORGOTTEN}@invalid.invalid")
    for pk in contact_pks:
        Registration.objects.filter(pk=pk).update(
            first_name=FORGOTTEN, last_name=str(pk), email=f"{FORGOTTEN}-{pk}@invalid.invalid", phone=""
        )
    for pk in seat_pks:
        Attendee.objects.filter(pk=pk).update(
            first_name=FORGOTTEN, last_name=str(pk), email=f"{FORGOTTEN}-{pk}@invalid.invalid"
        )
    _forget_in_history(contact_pks, seat_pks)
    return len(contact_pks) + len(seat_pks)


def _forget_in_history(contact_pks: list[int], seat_pks: list[int]) -> None:
    """History is append-only; a person's right to be forgotten is the one thing above that."""
    registrations, attendees = (apps.get_model("events", f"{name}Change") for name in ("Registration", "Attendee"))
    with pgtrigger.ignore("events.RegistrationChange:append_only", "events.AttendeeChange:append_only"):
        gone = {"first_name": FORGOTTEN, "last_name": "", "email": f"{FORGOTTEN}@invalid.invalid"}
        registrations._default_manager.filter(pgh_obj_id__in=contact_pks).update(**gone)
        attendees._default_manager.filter(pgh_obj_id__in=seat_pks).update(**gone)


@told("purge")
def purge(*, at: datetime) -> dict[str, int]:
    """Delete or pseudonymise what has served. Returns how much of each. Run again it finds nothing."""
    today = timezone.localtime(at).date()
    with transaction.atomic():
        needs = Needs.objects.filter(purge_on__lte=today)
        Consent.objects.filter(attendee__needs__in=needs, purpose=Consent.Purpose.NEEDS).delete()
        needs_gone, _rows = needs.delete()
    known = ~Q(first_name=FORGOTTEN)
    old = Registration.objects.filter(known, event__ends_at__lt=at - REGISTRATION_KEPT)
    drafts = Registration.objects.filter(
        known, status__in=Registration.ENDED, confirmed_at__isnull=True, ended_at__lt=at - DRAFT_KEPT
    )
    forgotten = 0
    for registrations in (old, drafts):
        with transaction.atomic():
            pks = list(registrations.values_list("pk", flat=True)[:500])
            seats = Attendee.objects.filter(registration__in=pks)
            _forget(Registration.objects.filter(pk__in=pks), seats, at)
            forgotten += len(pks)
    return {"needs": needs_gone, "registrations": forgotten}
