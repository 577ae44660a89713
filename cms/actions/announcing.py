"""Telling the outside world: one deed for every chapter, written down with what it tells."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.models import WebhookDelivery, WebhookEndpoint
from cms.plugins import announced_kinds
from cms.tasks import bring_webhook

#: What an administrator sends to see whether an endpoint listens. Nobody subscribes to it.
PING = "ping"


class Message(NamedTuple):
    """`subject` names what it is about, so that one moment tells a fact once. `facts` are ids, references, states,
    amounts and addresses to ask; never a name, a mailbox or a token.
    """

    kind: str
    subject: str
    facts: Mapping[str, Any]


def announce(*messages: Message, at: datetime) -> None:
    """Owe every endpoint the messages of a kind it wants; they are sent after the transaction commits.

    To be called in the transaction of what they tell: rolled back, it was never told. One query where nobody listens.
    Raises LookupError for a kind no plugin says it announces.
    """
    known = announced_kinds()
    if unknown := {message.kind for message in messages} - known.keys():
        raise LookupError(f"No installed plugin announces {', '.join(sorted(unknown))}.")
    wanted = WebhookEndpoint.objects.wanting([message.kind for message in messages]).values_list("pk", "kinds")
    endpoints = list(wanted.order_by("pk"))
    for message in messages:
        _write([pk for pk, kinds in endpoints if message.kind in kinds], message, at)


def ping(*, endpoint: WebhookEndpoint, at: datetime) -> WebhookDelivery:
    """Send an endpoint a message that says nothing, also one that is not active."""
    [delivery] = _write([endpoint.pk], Message(PING, str(endpoint.pk), {}), at)
    return delivery


def _write(endpoints: Collection[int], message: Message, at: datetime) -> list[WebhookDelivery]:
    """One delivery for each; one that was written for this fact already is left as it is."""
    if not endpoints:
        return []
    message_id = WebhookDelivery.id_of(message.kind, message.subject, at)
    payload = {"type": message.kind, "timestamp": timezone.localtime(at).isoformat(), "data": dict(message.facts)}
    with transaction.atomic():
        WebhookDelivery.objects.bulk_create(
            [
                WebhookDelivery(
                    endpoint_id=pk,
                    message_id=message_id,
                    kind=message.kind,
                    payload=payload,
                    next_at=at,
                    created_at=at,
                )
                for pk in endpoints
            ],
            ignore_conflicts=True,
        )
        written = list(WebhookDelivery.objects.filter(message_id=message_id, endpoint__in=endpoints).order_by("pk"))
        for delivery in written:
            transaction.on_commit(partial(bring_webhook.enqueue, delivery.pk), robust=True)
    return written


def api_address(path: str) -> str:
    """Where the API tells more: "/pages/5/" -> "https://…/api/v1/pages/5/"."""
    return f"{settings.WAGTAILADMIN_BASE_URL}/api/v1{path}"
