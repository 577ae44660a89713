"""A message as it goes over the line."""

import json
from typing import Any


def body_of(payload: dict[str, Any]) -> bytes:
    """JSON without spaces, its keys in one order whatever the database keeps them in."""
    told = {name: payload[name] for name in ("type", "timestamp", "data") if name in payload}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
