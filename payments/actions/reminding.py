"""Reminders of invoices that are not paid: before the day they are due, and after it. Each once, and none once paid."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from events import letters
from events.actions.steps import lock_registration
from events.models import Letter
from payments.actions.agreeing import document
from payments.actions.writing import letter_facts
from payments.models import Invoice, SellerSettings
from payments.open_items import open_invoices
from payments.terms import day_of

log = logging.getLogger("payments")
KINDS = ("invoice_due", "invoice_late")


def remind_invoices(*, at: datetime) -> int:
    """Owe a letter for every open invoice that has reached a day of the seller's settings. Returns how many were new.

    Only the latest stage that was reached is written, so that a duty that was down for a month does not write three at
    once. Run twice at once it writes each once. One that cannot be written is logged, and keeps no other waiting.
    Nobody's place is cancelled for it.
    """
    seller, today = SellerSettings.load(), day_of(at)
    soon = today + timedelta(days=seller.remind_before_days or 0)
    listed = open_invoices(today).filter(due_on__lte=soon).select_related("registration")
    sent = Letter.objects.filter(kind__in=KINDS, registration__in=listed.order_by().values("registration"))
    known = set(sent.values_list("kind", "occasion"))
    written = 0
    for invoice in listed.iterator(chunk_size=500):
        stage = _stage(invoice, seller, today)
        if not stage or (_kind(stage), f"{invoice.number}-{stage}") in known:
            continue
        try:
            written += _remind(invoice, stage, at)
        except Exception:
            log.exception("No reminder of %s", invoice.number)
    return written


def _stage(invoice: Invoice, seller: SellerSettings, today: date) -> str:
    """Which reminder is due today ("before", "after-7"); empty for none."""
    late = (today - invoice.due_on).days
    reached = [days for days in seller.remind_after_days if late >= days]
    if reached:
        return f"after-{max(reached)}"
    before = seller.remind_before_days
    # One that was sent out with fewer days to pay than that has just said so itself.
    is_near = before is not None and -before <= late <= 0 and (invoice.due_on - invoice.issued_on).days > before
    return "before" if is_near else ""


def _kind(stage: str) -> str:
    return KINDS[0] if stage == "before" else KINDS[1]


@transaction.atomic
def _remind(invoice: Invoice, stage: str, at: datetime) -> bool:
    registration = lock_registration(invoice.registration_id)
    still = open_invoices(day_of(at)).filter(pk=invoice.pk).first()  # paid or credited since it was listed?
    if still is None:
        return False
    if document(registration=registration, reason="price_changed", at=at):
        return False  # it asked for what is not owed: corrected first, reminded of next time
    facts: dict[str, Any] = letter_facts(invoice) | {
        "open": str(still.open_amount),
        "iban": invoice.seller_iban,
        "payee": invoice.seller_name,
        "lacks_order": not invoice.purchase_order and invoice.buyer_kind != "private",
    }
    written = letters.write(
        _kind(stage),
        registration,
        occasion=f"{invoice.number}-{stage}",
        facts=facts,
        recipient=invoice.buyer_email,
        at=at,
    )
    return written is not None
