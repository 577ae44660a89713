"""Every letter of a visit as it would read to somebody invented, before anybody has to get it.

The registration is made for real, so that the letter is written by what writes every letter, inside a transaction that
is undone: nothing of it stays, and nothing is sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.models import OrganiserSettings
from events import letters
from events.addresses import page_url
from events.models import Approval, Attendee, Event, Letter, Registration
from events.settlement import MoneyState, installed

Status = Registration.Status
#: How long an invented hold still runs.
HELD = timedelta(days=2)
#: Where the registration stands when a letter of this kind is written; confirmed, for the kinds that are not here.
STANDS = {
    "confirm_mailbox": Status.UNCONFIRMED_EMAIL,
    "held": Status.HELD,
    "approved": Status.HELD,
    "payment_failed": Status.HELD,
    "payment_differs": Status.HELD,
    "waiting": Status.WAITING,
    "rest_waits": Status.WAITING,
    "last_call": Status.WAITING,
    "seats_kept": Status.WAITING,
    "offer": Status.OFFERED,
    "awaiting_approval": Status.AWAITING_APPROVAL,
    "approval_request": Status.AWAITING_APPROVAL,
    "approval_waits": Status.AWAITING_APPROVAL,
    "approval_lapses": Status.AWAITING_APPROVAL,
    "hold_expired": Status.EXPIRED,
    "approval_lapsed": Status.EXPIRED,
    "offer_expired": Status.EXPIRED,
    "line_ended": Status.EXPIRED,
    "paid_without_seat": Status.EXPIRED,
    "offer_declined": Status.CANCELLED,
    "rejected": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
    "withdrawn": Status.CANCELLED,
    "seat_cancelled": Status.CANCELLED,
    "visit_cancelled": Status.CANCELLED,
    "refund": Status.CANCELLED,
}
TO_A_SEAT = {"seat_confirmed", "seat_cancelled", "seat_passed_on", "reminder_week", "reminder_day"}
DAYS_BEFORE = {"reminder_week": timedelta(days=7), "reminder_day": timedelta(days=1)}
TO_THE_APPROVER = {"approval_request"}
TO_THE_DESK = {"approval_waits", "approval_lapses", "seats_kept"}


class NothingToSell(Exception):
    """The visit has no ticket type yet: there is no registration to write about."""


def sample(event: Event, kind: str, language: str, at: datetime) -> EmailMultiAlternatives:
    """The letter of this kind of the catalogue about this visit, in this language, without its files.

    A reminder reads as on its day. Raises NothingToSell, and KeyError for a kind the catalogue does not have.
    """
    at = event.starts_at - DAYS_BEFORE[kind] if kind in DAYS_BEFORE else at
    with _invented(event, kind, language, at) as registration:
        seat = registration.attendees.order_by("pk").first()
        letter = Letter(
            registration=registration,
            kind=kind,
            recipient=registration.email,
            attendee=seat if kind in TO_A_SEAT else None,
            facts=_facts(registration, kind, language, at),
            created_at=at,
        )
        return letters.written(letter, at=at)


@contextmanager
def _invented(event: Event, kind: str, language: str, at: datetime) -> Iterator[Registration]:
    """A registration of two seats at this visit, undone at the end."""
    with transaction.atomic():
        try:
            yield _registration(event, kind, language, at)
        finally:
            transaction.set_rollback(True)


def _registration(event: Event, kind: str, language: str, at: datetime) -> Registration:
    ticket = event.ticket_types.order_by("scheme", "pk").last()  # the price for everyone, where there is one
    if ticket is None:
        raise NothingToSell
    status = STANDS.get(kind, Status.CONFIRMED)
    with override(language):
        first, last, organisation = _("Sam"), _("Sample"), _("Sample organisation")
    registration = Registration.objects.create(
        event=event,
        status=status,
        language=language,
        first_name=first,
        last_name=last,
        email="sample@example.org",
        organisation_name=organisation,
        created_at=at,
        accepted_terms_at=at,
        hold_expires_at=at + HELD if status in Registration.HOLDING else None,
        confirmed_at=at if status in {Status.CONFIRMED, Status.CANCELLED} else None,
        ended_at=at if status in Registration.ENDED else None,
        terms=[list(rung) for rung in event.cancellation_steps.values_list("days_before", "fee_percent")],
    )
    for person in ({"first_name": first, "last_name": last, "email": "sample@example.org"}, {}):
        Attendee.objects.create(
            registration=registration,
            event=event,
            ticket_type=ticket,
            price_excl_vat=ticket.price_excl_vat,
            vat_rate=event.vat_rate,
            price_incl_vat=ticket.price_incl_vat,
            **person,
        )
    return registration


def _facts(registration: Registration, kind: str, language: str, at: datetime) -> dict[str, Any]:
    """What the deed that writes such a letter would note with it."""
    event = registration.event
    total = registration.total_incl_vat or Decimal("100.00")
    facts: dict[str, Any] = {
        **_words(registration, language),
        **_figures(total, event.date),
        "pay_url": page_url(registration),
        "seats": 2,
        "free": 1,
        "wanted": 2,
        "was_from": (event.starts_at - timedelta(days=1)).isoformat(),
        "until": (at + HELD).isoformat(),
    }
    if kind == "moved":
        facts["before"] = facts["title_before"]
    if kind == "quota_refused":
        facts |= {"kept": facts["names"], "given_up": [facts["after"]], "price": str(total / 2)}
    if kind in TO_A_SEAT:
        seat = registration.attendees.order_by("pk")[0]
        facts |= {"uid": str(seat.calendar_uid)}
    if kind in TO_THE_APPROVER or kind == "awaiting_approval":
        asked = Approval.objects.create(
            registration=registration,
            asked=Approval.Asked.APPROVER,
            name=str(facts["name"]),
            email="boss@example.org",
            asked_at=at,
        )
        if kind in TO_THE_APPROVER:
            facts |= {"approval": asked.pk, "first_name": asked.name}
    if kind in TO_THE_DESK:
        facts |= {
            "for_desk": True,
            "language": settings.LANGUAGE_CODE,
            "first_name": OrganiserSettings.load().name,
        }
    if kind == "confirmed" and installed() is not None and registration.total_incl_vat:
        facts["money"] = MoneyState(
            paid=registration.total_incl_vat, refunded=Decimal(0), is_processing=False, due=Decimal(0)
        )
    return facts


def _words(registration: Registration, language: str) -> dict[str, Any]:
    with override(language):
        return {
            "names": [registration.contact_name],
            "name": _("Bo Boss"),
            "asked": "approver",
            "gave_up": "contact",
            "before": registration.contact_name,
            "after": _("Kim Colleague"),
            "first": registration.contact_name,
            "subject": _("The subject you type"),
            "text": _("The text you type."),
            "title_before": _("Another visit"),
            "was_at": _("Sample hall, Old Street 1, 9000 Gent"),
        }


def _figures(total: Decimal, day: date) -> dict[str, Any]:
    """Of a document nobody has: its number says so."""
    return {
        "amount": str(total),
        "currency": "EUR",
        "reason": "cancelled",
        "due": str(total),
        "open": str(total),
        "received": str(total),
        "document": "0000",
        "invoice": "0000",
        "due_on": day.isoformat(),
        "payment_reference": "+++000/0000/00000+++",
        "iban": "BE00 0000 0000 0000",
        "payee": OrganiserSettings.load().name,
    }
