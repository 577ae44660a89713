"""Work the worker does for payments. Each can run twice without harm."""

from django.utils import timezone
from django_tasks import task

from events.models import Registration
from payments import actions, vies
from payments.models import BillingDetails


@task()
def process(event_pk: int) -> None:
    """Act on a kept Stripe notice."""
    actions.process_notice(event_pk, at=timezone.now())


@task()
def carry_out(refund_id: int) -> None:
    """Give money back that was decided to be given back."""
    actions.carry_out_refund(refund_id, at=timezone.now())


@task()
def carry_out_bulk(bulk_pk: int) -> None:
    """Give back to everybody of a cancelled visit, as somebody confirmed."""
    actions.carry_out_bulk_refund(bulk_pk, at=timezone.now())


@task()
def withdraw(registration_id: int) -> None:
    """Close the payment pages of a registration that ended."""
    actions.withdraw_checkout(registration=Registration.objects.get(pk=registration_id), at=timezone.now())


@task()
def ask_vies(billing_pk: int) -> None:
    """Ask the register about a buyer's VAT number, and note its answer and the time."""
    billing = BillingDetails.objects.filter(pk=billing_pk).first()
    if billing is None or not billing.vat_number:
        return
    answer = vies.ask(billing.vat_number)
    actions.record_vies(
        pk=billing.pk, vat_number=billing.vat_number, state=answer.state, answer=answer.text, at=timezone.now()
    )
