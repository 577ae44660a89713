"""Privacy: forgetting one person on request, and deleting by the clock what has served.

Periods: see docs/operations.md. Invoices, payments and counts stay: the law asks for the first two, the Tour for the
third; they keep no name once the person is forgotten, but for what stands on a document.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pgtrigger
from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import override

from events import announcing
from events.history import told
from events.models import Approval, Attendee, Consent, Entitlement, Letter, Needs, Registration
from events.words import NOBODY, forgotten

#: After the visit, for the no-show policy and certificates; then a registration keeps no person.
REGISTRATION_KEPT = timedelta(days=730)
#: What never became a seat.
DRAFT_KEPT = timedelta(days=30)

FORGOTTEN = "forgotten"
NOWHERE = f"{FORGOTTEN}{NOBODY}"
#: Their reason is about the visit, or is the proof that somebody was forgotten.
IMPERSONAL = ("change_event", "cancel_event", "import_members", "erase", "purge")


class Forgotten(NamedTuple):
    """What became of a request to be forgotten."""

    #: In how many registrations something was forgotten.
    registrations: int
    #: Registrations that still know the person, because a seat or an answer of theirs is to come.
    kept: list[Registration]


@told("erase")
@transaction.atomic
def erase_person(*, email: str, at: datetime, by: Any = None, why: str = "") -> Forgotten:
    """Forget this address wherever it stands: as contact, participant, approver, or as who had a seat before.

    Names, contact data, needs and letters go; their name goes from the letters of others and from the history with its
    reasons. Seats of visits to come have to be given up first: whoever still comes is still known (they are left as
    they are, and named in what is returned). Counts, prices and payments stay.
    """
    over = Q(event__ends_at__lt=at)
    contacts = Registration.objects.filter(email__iexact=email)
    seats = Attendee.objects.filter(email__iexact=email)
    approvals = Approval.objects.filter(email__iexact=email)
    gone_contacts = list(contacts.filter(over | Q(status__in=Registration.ENDED)).values_list("pk", flat=True))
    gone_seats = list(seats.filter(over | Q(released_at__isnull=False)).values_list("pk", flat=True))
    gone_approvals = list(
        approvals.filter(
            ~Q(answer="") | Q(registration__status__in=Registration.ENDED) | Q(registration__event__ends_at__lt=at)
        ).values_list("pk", flat=True)
    )
    still_contact = list(contacts.exclude(pk__in=gone_contacts).values_list("pk", flat=True))
    still_comes = seats.exclude(pk__in=gone_seats)
    still_asked = approvals.exclude(pk__in=gone_approvals)
    busy = {*still_contact, *still_comes.values_list("registration", flat=True)}
    busy |= {*still_asked.values_list("registration", flat=True)}

    of_registrations, of_seats = _changes("Registration"), _changes("Attendee")
    rows = of_registrations.filter(email__iexact=email).exclude(pgh_obj_id__in=still_contact)
    seat_rows = of_seats.filter(email__iexact=email).exclude(pgh_obj_id__in=still_comes.values("pk"))
    names = _names(contacts, seats, rows, seat_rows)
    names |= {(name, "") for name in approvals.values_list("name", flat=True) if name}
    touched = {
        *gone_contacts,
        *Attendee.objects.filter(pk__in=gone_seats).values_list("registration", flat=True),
        *seat_rows.values_list("registration_id", flat=True),
        *rows.values_list("pgh_obj_id", flat=True),
        *Approval.objects.filter(pk__in=gone_approvals).values_list("registration", flat=True),
    }

    mine = Letter.objects.filter(recipient__iexact=email).exclude(registration__in=busy)
    mine.delete()
    Letter.objects.filter(registration__in=gone_contacts, attendee__isnull=True).delete()
    Letter.objects.filter(attendee__in=gone_seats, recipient__iexact=email).delete()
    for letter in Letter.objects.filter(registration__in=touched).select_related("registration"):
        with override(letter.facts.get("language") or letter.registration.language):
            facts = _without(letter.facts, names, forgotten())
        if facts != letter.facts or letter.sent_text:
            Letter.objects.filter(pk=letter.pk).update(facts=facts, sent_text="")
    Approval.objects.filter(Q(pk__in=gone_approvals) | Q(registration__in=gone_contacts)).update(
        name="", email=NOWHERE, remark=""
    )
    _forget_history(rows | of_registrations.filter(pgh_obj_id__in=gone_contacts), seat_rows)
    _forget_rows(gone_contacts, gone_seats)
    announcing.tell_forgotten(touched, at=at)
    kept = Registration.objects.filter(pk__in=busy).select_related("event").order_by("pk")
    return Forgotten(len(touched), list(kept))


def _names(*rows: QuerySet[Any]) -> set[tuple[str, str]]:
    return {pair for found in rows for pair in found.values_list("first_name", "last_name") if any(pair)}


def _without(facts: Any, names: set[tuple[str, str]], instead: str) -> Any:
    """The facts of a letter with these people's names taken out, wherever they stand."""
    if isinstance(facts, dict):
        return {key: _without(value, names, instead) for key, value in facts.items()}
    if isinstance(facts, list):
        return [_without(value, names, instead) for value in facts]
    if not isinstance(facts, str):
        return facts
    for first, last in names:
        if facts == first:
            return instead
        facts = facts.replace(f"{first} {last}".strip(), instead)
    return facts


def _changes(name: str) -> Any:
    return apps.get_model("events", f"{name}Change")._default_manager.all()


def _forget_history(registration_rows: Any, seat_rows: Any) -> None:
    """History is append-only; a person's right to be forgotten is the one thing above that."""
    # The reason why somebody took a seat over stands with the next one's row: every row of the seat is looked at.
    of_seats = _changes("Attendee").filter(pgh_obj_id__in=list(seat_rows.values_list("pgh_obj_id", flat=True)))
    contexts = {pk for rows in (registration_rows, of_seats) for pk in rows.values_list("pgh_context_id", flat=True)}
    with pgtrigger.ignore("events.RegistrationChange:append_only", "events.AttendeeChange:append_only"):
        for rows in (registration_rows, seat_rows):
            named = _changes(rows.model.__name__.removesuffix("Change")).filter(
                pk__in=list(rows.values_list("pk", flat=True))
            )
            named.exclude(email="").update(first_name=FORGOTTEN, last_name="", email=NOWHERE)
    said = apps.get_model("pghistory", "Context")._default_manager
    for context in said.filter(pk__in=contexts).exclude(metadata__deed__in=IMPERSONAL).exclude(metadata__why=""):
        context.metadata["why"] = ""
        context.save(update_fields=["metadata"])


def _forget_rows(contact_pks: list[int], seat_pks: list[int]) -> None:
    # A code or a domain is an organisation's; what an organiser wrote down may name somebody.
    said = Entitlement.objects.filter(registration__in=contact_pks)
    said.filter(proof=Entitlement.Proof.DECISION).update(evidence="")
    said.update(withdrawn_why="")
    Needs.objects.filter(attendee__in=seat_pks).delete()
    Consent.objects.filter(attendee__in=seat_pks).delete()
    for pk in contact_pks:
        Registration.objects.filter(pk=pk).update(
            first_name=FORGOTTEN, last_name=str(pk), email=f"{FORGOTTEN}-{pk}{NOBODY}", phone=""
        )
    for pk in seat_pks:
        Attendee.objects.filter(pk=pk).exclude(email="").update(
            first_name=FORGOTTEN, last_name=str(pk), email=f"{FORGOTTEN}-{pk}{NOBODY}"
        )


@told("purge")
def purge(*, at: datetime) -> dict[str, int]:
    """Delete or pseudonymise what has served. Returns how much of each. Run again it finds nothing."""
    with transaction.atomic():
        needs = Needs.objects.served(at)
        Consent.objects.filter(attendee__needs__in=needs, purpose=Consent.Purpose.NEEDS).delete()
        needs_gone, _rows = needs.delete()
    known = Registration.objects.filter(forgotten_at__isnull=True)
    old = known.filter(event__ends_at__lt=at - REGISTRATION_KEPT)
    drafts = known.filter(status__in=Registration.ENDED, confirmed_at__isnull=True, ended_at__lt=at - DRAFT_KEPT)
    forgotten = 0
    for registrations in (old, drafts):
        with transaction.atomic():
            pks = list(registrations.order_by("pk").values_list("pk", flat=True)[:500])
            _forget_wholly(pks, at)
            forgotten += len(pks)
    return {"needs": needs_gone, "registrations": forgotten}


def _forget_wholly(pks: list[int], at: datetime) -> None:
    """These registrations keep nobody: contact, participants now and before, approver, letters, history."""
    seats = Attendee.objects.filter(registration__in=pks)
    seat_pks = list(seats.values_list("pk", flat=True))
    Letter.objects.filter(registration__in=pks).delete()
    Approval.objects.filter(registration__in=pks).update(name="", email=NOWHERE, remark="", private_note="")
    _forget_history(
        _changes("Registration").filter(pgh_obj_id__in=pks), _changes("Attendee").filter(pgh_obj_id__in=seat_pks)
    )
    _forget_rows(pks, seat_pks)
    announcing.tell_forgotten(pks, at=at)
    # The change itself wrote names once more, as they were made up: nothing of a person is in them.
    Registration.objects.filter(pk__in=pks).update(forgotten_at=at)
