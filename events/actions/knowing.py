"""Privacy: everything we know of one person, for who asks to see it."""

from typing import Any

from django.apps import apps
from django.utils.translation import get_language

from cms.headless.fields import iso
from events.models import Approval, Attendee, Letter, Needs, Registration


def person_data(email: str) -> dict[str, Any]:
    """Everything kept under this address, as plain JSON: what an access request (GDPR, article 15) is answered with.

    Each visit is called as its page in the active language calls it; times are in the site's zone, as in the mails.
    """
    language = get_language() or "nl"
    contacts = Registration.objects.filter(email__iexact=email).select_related("event").order_by("pk")
    seats = Attendee.objects.filter(email__iexact=email).select_related("event", "registration", "ticket_type")
    return {
        "email": email,
        "as_contact": [_registration(registration, language) for registration in contacts],
        "as_participant": [_seat(seat, language) for seat in seats.order_by("pk")],
        "as_approver": [
            {
                "registration": asked.registration.reference,
                "name": asked.name,
                "asked_at": iso(asked.asked_at),
                "answer": asked.answer,
                "remark": asked.remark,
            }
            for asked in Approval.objects.filter(email__iexact=email).select_related("registration").order_by("pk")
        ],
        "letters": [
            {"kind": letter.kind, "written_at": iso(letter.created_at), "sent": letter.sent_at is not None}
            for letter in Letter.objects.filter(recipient__iexact=email).order_by("pk")
        ],
        "history": [*_history("RegistrationChange", email), *_history("AttendeeChange", email)],
    }


def _history(name: str, email: str) -> list[dict[str, Any]]:
    """What the append-only history holds under this address, also where somebody else has the seat by now."""
    rows = apps.get_model("events", name)._default_manager.filter(email__iexact=email)
    return [
        {
            "of": "registration" if name == "RegistrationChange" else "seat",
            "at": iso(row.pgh_created_at),
            "deed": row.pgh_context.metadata.get("deed", "") if row.pgh_context else "",
            "name": f"{row.first_name} {row.last_name}",
        }
        for row in rows.select_related("pgh_context").order_by("pgh_id")
    ]


def _registration(registration: Registration, language: str) -> dict[str, Any]:
    return {
        "reference": registration.reference,
        "visit": registration.event.title_in(language),
        "status": registration.status,
        "name": registration.contact_name,
        "phone": registration.phone,
        "organisation": registration.organisation_name,
        "enterprise_number": registration.enterprise_number,
        "vat_number": registration.vat_number,
        "registered_at": iso(registration.created_at),
        "terms_accepted_at": iso(registration.accepted_terms_at),
    }


def _seat(seat: Attendee, language: str) -> dict[str, Any]:
    needs = Needs.objects.filter(attendee=seat).first()
    fields = ("diet", "access", "shoe_size", "clothing_size", "licence_plate")
    return {
        "reference": seat.registration.reference,
        "visit": seat.event.title_in(language),
        "date": seat.event.date.isoformat(),
        "name": seat.name,
        "ticket": seat.ticket_type.name,
        "price_incl_vat": f"{seat.price_incl_vat:.2f}",
        "given_up_at": iso(seat.released_at),
        "attended": seat.attended,
        "needs": {name: getattr(needs, name) for name in fields if getattr(needs, name)} if needs else {},
        "consents": [
            {
                "purpose": consent.purpose,
                "wording": consent.wording,
                "given_at": iso(consent.given_at),
                "withdrawn_at": iso(consent.withdrawn_at),
            }
            for consent in seat.consents.all()
        ],
    }
