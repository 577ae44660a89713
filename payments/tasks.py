"""Work the worker does for payments. Each can run twice without harm."""

from django.utils import timezone
from django_tasks import task

from events.models import Registration
from payments import actions


@task()
def process(event_pk: int) -> None:
    """Act on a kept Stripe notice."""
    actions.process_notice(event_pk, at=timezone.now())


@task()
def carry_out(refund_id: int) -> None:
    """Give money back that was decided to be given back."""
    actions.carry_out_refund(refund_id, at=timezone.now())


@task()
def withdraw(registration_id: int) -> None:
    """Close the payment pages of a registration that ended."""
    actions.withdraw_checkout(registration=Registration.objects.get(pk=registration_id), at=timezone.now())
