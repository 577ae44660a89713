"""Signatures as Standard Webhooks 1.0 writes them (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime


def signed_headers(message_id: str, body: bytes, keys: Iterable[bytes], *, at: datetime) -> dict[str, str]:
    """The three headers: which message, when this attempt was made, and a signature by each key, spaces between."""
    stamp = str(int(at.timestamp()))
    told = f"{message_id}.{stamp}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, told, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
