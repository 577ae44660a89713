"""Bringing what was announced to who wants it: once at a time, again when it fails, never behind anybody's back."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from cms.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from cms.models.outgoing import BOTH_SECRETS, CLAIM, PATIENCE, new_seed
from cms.outgoing.body import body_of
from cms.outgoing.posting import Reply, post
from cms.outgoing.signing import signed_headers

State = WebhookDelivery.State


def bring(*, pk: int, at: datetime) -> bool:
    """Try to bring a delivery now, when it is due and nobody else is at it. Returns whether it was tried.

    Not to be called inside a transaction: no lock waits for the network. Broken off half-way it is tried again after
    the claim ends; so a receiver may hear a message twice, and knows it by its webhook-id.
    """
    if not _claimed(pk, at):
        return False
    delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=pk)
    body = body_of(delivery.payload)
    began = timezone.now()
    headers = signed_headers(delivery.message_id, body, delivery.endpoint.secrets_at(began), at=began)
    note_reply(pk=pk, reply=post(delivery.endpoint.url, body, headers), at=at)
    return True


def _claimed(pk: int, at: datetime) -> bool:
    """Two workers ask in one statement each: one of them finds it not due any more."""
    mine = WebhookDelivery.objects.filter(pk=pk, state=State.WAITING, next_at__lte=at)
    pinged = mine.filter(kind="ping")
    return bool(mine.filter(endpoint__is_active=True).update(next_at=at + CLAIM) or pinged.update(next_at=at + CLAIM))


@transaction.atomic
def note_reply(*, pk: int, reply: Reply, at: datetime) -> None:
    """Keep how an attempt ended, and what follows: delivered, again later, given up, or the endpoint switched off."""
    found = _locked(pk)
    if found is None:
        return  # the endpoint was deleted meanwhile
    endpoint, delivery = found
    WebhookAttempt.objects.create(
        delivery=delivery, at=at, status=reply.status, milliseconds=reply.milliseconds, problem=reply.problem
    )
    if not reply.problem:
        delivery.state, delivery.next_at = State.DELIVERED, None
        endpoint.failing_since = None
        endpoint.save(update_fields=["failing_since"])
    elif delivery.state == State.WAITING:
        delivery.failures += 1
        pause = WebhookDelivery.retry_after(delivery.failures)
        if pause is None or delivery.kind == "ping":
            delivery.state, delivery.next_at = State.GIVEN_UP, None
        else:
            delivery.next_at = at + max(pause, timedelta(seconds=reply.wait))
    delivery.save(update_fields=["state", "next_at", "failures"])
    if reply.problem and delivery.kind != "ping":
        _note_failure(endpoint, reply, at)


def _locked(pk: int) -> tuple[WebhookEndpoint, WebhookDelivery] | None:
    """The endpoint first: switching it off writes its other deliveries, and each worker at one of them waits for it."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(deliveries__pk=pk).first()
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).filter(pk=pk).first()
    return (endpoint, delivery) if endpoint is not None and delivery is not None else None


def _note_failure(endpoint: WebhookEndpoint, reply: Reply, at: datetime) -> None:
    endpoint.failing_since = endpoint.failing_since or at
    is_gone = reply.status == 410
    if endpoint.is_active and (is_gone or endpoint.failing_since <= at - PATIENCE):
        endpoint.is_active = False
        endpoint.switched_off_at = at
        endpoint.switched_off_why = reply.problem
        give_up_waiting(endpoint)
    endpoint.save(update_fields=["failing_since", "is_active", "switched_off_at", "switched_off_why"])


def give_up_waiting(endpoint: WebhookEndpoint) -> None:
    """It is told nothing any more: what was on its way stays in the log, to be sent again by hand."""
    endpoint.deliveries.filter(state=State.WAITING).update(state=State.GIVEN_UP, next_at=None)


@transaction.atomic
def send_again(*, delivery: WebhookDelivery, at: datetime) -> bool:
    """Bring it once more, with all its attempts again. False where the endpoint is not active."""
    from cms.tasks import bring_webhook  # noqa: PLC0415  (the task imports this deed)

    found = WebhookDelivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk, endpoint__is_active=True)
    if not found.update(state=State.WAITING, next_at=at, failures=0):
        return False
    transaction.on_commit(partial(bring_webhook.enqueue, delivery.pk), robust=True)
    return True


@transaction.atomic
def renew_secret(*, endpoint: WebhookEndpoint, at: datetime) -> WebhookEndpoint:
    """A new secret; the former one stays valid beside it for a day, so that the receiver can follow."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.former_seed, locked.former_until = locked.seed, at + BOTH_SECRETS
    locked.seed = new_seed()
    locked.save(update_fields=["seed", "former_seed", "former_until"])
    return locked


@transaction.atomic
def end_former_secret(*, endpoint: WebhookEndpoint) -> None:
    """The former secret is signed with no more: the receiver has the new one, or the former leaked."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(former_seed="", former_until=None)


@transaction.atomic
def activate(*, endpoint: WebhookEndpoint) -> None:
    """Tell it again, from now on."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        is_active=True, failing_since=None, switched_off_at=None, switched_off_why=""
    )
