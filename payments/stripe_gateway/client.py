"""How we speak to Stripe: the client, its time-outs and retries, its errors in our words, its signatures.

The only module of the product that imports stripe. Time-outs and retries are set here because StripeClient of stripe 16
does not retry by itself and waits 80 seconds.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe

from cms.conf import configured

log = logging.getLogger("payments")

TIMEOUT = (3, 10)  # seconds to connect, to answer
RETRIES = 2
#: Stripe's own largest page.
PAGE = 100
#: Seconds a notice may be old.
TOLERANCE = 300


class GatewayError(Exception):
    """Stripe did not do what was asked."""


class GatewayDown(GatewayError):
    """No answer, or a failure on Stripe's side: trying again later may work."""


class GatewayRefused(GatewayError):
    """Stripe understood and refused; trying again will not help."""


class NotAtStripe(GatewayRefused):
    """Stripe has no such object."""


class BadSignature(Exception):
    """A notice that was not signed with our secret, or too long ago."""


class NoNotice(Exception):
    """Signed with our secret, and yet no notice of Stripe's."""


@dataclass(frozen=True)
class Notice:
    """A verified webhook notice: what happened to which object. A hint only; the object is fetched again."""

    event_id: str
    type: str
    #: Empty when it is about no single object.
    object_id: str
    is_live: bool = False


def is_configured() -> bool:
    return bool(configured.STRIPE_API_KEY)


def is_live() -> bool:
    """Whether our key moves real money."""
    return configured.STRIPE_API_KEY.startswith(("sk_live_", "rk_live_"))


def client() -> stripe.StripeClient:
    base = configured.STRIPE_API_BASE
    bases: dict[str, Any] = {"base_addresses": {"api": base}} if base else {}
    return stripe.StripeClient(
        configured.STRIPE_API_KEY,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        **bases,
    )


def _translated(error: stripe.StripeError) -> GatewayError:
    text = error.user_message or str(error)
    if isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing":
        return NotAtStripe(text)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        # A wrong key is ours to mend and says nothing about what was asked: nothing is given up for it.
        log.error("Stripe does not accept our key: %s", text)
        return GatewayDown(text)
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError | stripe.APIError) and not isinstance(
        error, stripe.InvalidRequestError | stripe.IdempotencyError
    ):
        return GatewayDown(text)
    return GatewayRefused(text)


@contextmanager
def speaking() -> Iterator[None]:
    """Stripe's errors come out in our words: NotAtStripe, GatewayDown, GatewayRefused."""
    try:
        yield
    except stripe.StripeError as error:
        raise _translated(error) from error


def verified(body: bytes, signature: str) -> Notice:
    """The notice in a webhook's raw body. Raises BadSignature, and NoNotice for a signed body that is no event."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, configured.STRIPE_WEBHOOK_SECRET, TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadSignature(str(error)) from error
    try:
        event = json.loads(text)
        event_id, kind = event["id"], event["type"]
        about = (event.get("data") or {}).get("object") or event.get("related_object") or {}
        object_id = about.get("id") or ""
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise NoNotice(f"{type(error).__name__}: {error}") from error
    for value in (event_id, kind, object_id):
        if not isinstance(value, str) or len(value) > 255 or "\x00" in value:
            raise NoNotice("An identifier is not what Stripe sends.")
    if not event_id or not kind:
        raise NoNotice("It has no identifier or no type.")
    return Notice(event_id, kind, object_id, event.get("livemode") is True)


def money(cents: int | None) -> Decimal:
    """Integer cents as an amount in the currency's unit."""
    return Decimal(cents or 0) / 100


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def made_at(thing: Any) -> datetime | None:
    """When an object was made; None when there is none, or it was not fetched with what refers to it."""
    return None if thing is None or isinstance(thing, str) else moment(thing.created)


def id_of(thing: Any) -> str:
    """The id of a reference, expanded or not."""
    if thing is None:
        return ""
    return thing if isinstance(thing, str) else str(thing.id)


def noted(metadata: Any, key: str) -> str:
    """A value of ours in Stripe's metadata, which is an object of its own and no dict."""
    return str(metadata[key]) if key in metadata else ""
