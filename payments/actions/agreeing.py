"""Registrations by invoice: their documents ask what their seats owe, no more and no less, whatever happened to them.

An online payment is invoiced when it came and credited when it left again. By invoice it is the other way round: the
document comes first. So whenever a deed has changed what is owed, what is not asked yet is invoiced and what is asked
too much is credited at once, whether or not it was paid; money goes back by its own rule (payments.dues), and only what
came.
"""

import logging
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from events.actions.steps import lock_registration
from events.models import Attendee, Registration
from payments.actions.crediting import issue_credit_note, left_to_credit, reason_text
from payments.actions.invoicing import issue_invoice, owed_parts
from payments.models import Concern, Invoice, SellerSettings
from payments.refusals import SellerIncomplete
from payments.terms import day_of, due_on, order_until

log = logging.getLogger("payments")
ZERO = Decimal("0.00")
MOST = 200
#: Credit notes this module and payments.actions.orders made: what they took off may be asked again. What finance
#: credited by hand may not: somebody decided it.
REOPENED = Q(invoice__cause__startswith="owed-") | Q(invoice__cause__startswith="replaced-")


def document(*, registration: Registration, reason: str, at: datetime) -> list[Invoice]:
    """Credit what is asked too much of a registration by invoice, and invoice what is not asked yet.

    `reason` is one of Refund.Reason, for the buyer to read on a credit note. Asked again it finds nothing left. What
    keeps a document from being issued leaves everything else as it is: a person is told, the duty tries again, and once
    it succeeds nobody has to look any more.
    """
    try:
        made = _document(registration, reason, at)
    except SellerIncomplete as refusal:
        log.warning("No invoice yet for %s: %s", registration.reference, refusal)
        if Invoice.objects.filter(registration=registration).exists():
            _tell(registration, str(refusal), at)  # a first invoice is counted where the seller's data are asked for
    except Exception as error:
        log.exception("No documents yet for %s", registration.reference)
        _tell(registration, f"{type(error).__name__}: {error}", at)
    else:
        if registration.is_by_invoice:
            told = Concern.objects.open().filter(kind=Concern.Kind.DOCUMENTS, source=str(registration.pk))
            told.update(resolved_at=at)
        return made
    return []


def _tell(registration: Registration, why: str, at: datetime) -> None:
    text = f"{registration.reference}: {why}"
    Concern.raise_again(Concern.Kind.DOCUMENTS, str(registration.pk), text=text, at=at)


@transaction.atomic
def _document(registration: Registration, reason: str, at: datetime) -> list[Invoice]:
    registration = lock_registration(registration.pk)
    if not registration.is_by_invoice or registration.confirmed_at is None:
        return []
    made = _credit_too_much(registration, reason, at)
    if made and registration.payments.under_way().filter(session_id__isnull=False).exists():
        transaction.on_commit(partial(close_pages, registration.pk), robust=True)
    return [*made, *_invoice_missing(registration, at)]


def _credit_too_much(registration: Registration, reason: str, at: datetime) -> list[Invoice]:
    """Seat by seat, from the newest invoice back. Only of those that were sent out to be paid."""
    sent = Invoice.objects.invoices().filter(registration=registration, payment__isnull=True)
    # All of them locked before the first takes a number.
    asked = list(sent.without_files().select_for_update(of=("self",), no_key=True).order_by("-pk"))
    left = {invoice.pk: left_to_credit(invoice) for invoice in asked}
    amounts: dict[int, dict[int, Decimal]] = {invoice.pk: {} for invoice in asked}
    seats = {pk for lines in left.values() for pk in lines}
    for seat in Attendee.objects.filter(pk__in=seats).order_by("pk"):
        too_much = sum((lines.get(seat.pk, ZERO) for lines in left.values()), start=ZERO) - seat.owed
        for invoice in asked:
            part = min(too_much, left[invoice.pk].get(seat.pk, ZERO))
            if part > 0:
                amounts[invoice.pk][seat.pk] = part
                too_much -= part
    return [
        issue_credit_note(
            invoice=invoice,
            amounts=amounts[invoice.pk],
            reason=reason_text(reason, invoice.language),
            cause=f"owed-{invoice.pk}-{invoice.credit_notes.count() + 1}",
            at=at,
        )
        for invoice in reversed(asked)
        if amounts[invoice.pk]
    ]


def _invoice_missing(registration: Registration, at: datetime) -> list[Invoice]:
    parts = owed_parts(registration, reopened=REOPENED)
    seller = SellerSettings.load()
    waits_until = order_until(registration, seller)
    earlier = Invoice.objects.invoices().filter(registration=registration).count()
    if not parts or (waits_until is not None and day_of(at) <= waits_until and not earlier):
        return []
    return [
        issue_invoice(
            registration=registration,
            parts=parts,
            due_on=due_on(visit=registration.event.date, issued=day_of(at), seller=seller),
            cause=f"registration-{registration.pk}" + (f"-{earlier + 1}" if earlier else ""),
            at=at,
        )
    ]


def close_pages(registration_id: int) -> None:
    """Have the payment pages closed that ask for what is not owed any more, by the worker."""
    from payments.tasks import withdraw  # noqa: PLC0415  (tasks call this package)

    withdraw.enqueue(registration_id)


def undocumented() -> "list[Registration]":
    """By invoice, with something owed and no invoice yet: they wait for an order number, or for the seller's data.

    First those of which a document failed.
    """
    failed = Concern.objects.open().filter(kind=Concern.Kind.DOCUMENTS).values_list("source", flat=True)
    again = list(Registration.objects.filter(pk__in=[int(pk) for pk in failed]).order_by("pk"))
    owing = Attendee.objects.filter(registration=OuterRef("pk")).filter(
        Q(released_at__isnull=True, price_incl_vat__gt=0) | Q(fee_kept__gt=0)
    )
    rows = Registration.objects.filter(
        Exists(owing),
        ~Exists(Invoice.objects.filter(registration=OuterRef("pk"))),
        billing_method=Registration.Billing.INVOICE,
        confirmed_at__isnull=False,
    )
    first = rows.exclude(status__in=Registration.HOLDING).exclude(pk__in=[row.pk for row in again])
    return [*again, *first.select_related("event").order_by("confirmed_at", "pk")[:MOST]]
