"""Writing down to whom a registration is billed, and what the register of VAT numbers says of it."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from cms.conf import configured
from events.actions.steps import lock_registration
from events.models import Registration
from payments.models import BillingDetails


@transaction.atomic
def set_billing(*, registration: Registration, at: datetime, **details: Any) -> BillingDetails:
    """Write the billing details of a registration, new or changed; `details` are fields of BillingDetails.

    A VAT number that changed is asked of VIES after the commit, where that is switched on; the answer never keeps
    anybody from ordering. Invoices that are out keep what they say. Raises ValidationError, with the fields it is
    about.
    """
    registration = lock_registration(registration.pk)
    billing = BillingDetails.objects.filter(registration=registration).first()
    billing = billing or BillingDetails(registration=registration, created_at=at)
    before = billing.vat_number
    for name, value in details.items():
        setattr(billing, name, value)
    billing.full_clean()
    if billing.vat_number != before:
        billing.vies, billing.vies_answer, billing.vies_asked_at = BillingDetails.Vies.NOT_ASKED, "", None
    billing.save()
    if billing.vat_number and billing.vat_number != before and configured.VIES_URL:
        transaction.on_commit(partial(_ask_vies, billing.pk), robust=True)
    return billing


def _ask_vies(pk: int) -> None:
    from payments.tasks import ask_vies  # noqa: PLC0415  (tasks call this package)

    ask_vies.enqueue(pk)


def record_vies(*, pk: int, vat_number: str, state: str, answer: str, at: datetime) -> bool:
    """Note what VIES said of this number. False when the number was changed meanwhile: the answer is of another."""
    return bool(
        BillingDetails.objects.filter(pk=pk, vat_number=vat_number).update(
            vies=state, vies_answer=answer[:250], vies_asked_at=at
        )
    )
