"""The switches that make the stand-in misbehave."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Switches:
    """Set the attributes, or several by `set(**values)`, which refuses unknown names and wrong types.

    Webhooks: `duplicate` sends every event n extra times; `drop` loses all events (True) or the next n;
    `delay` waits that many seconds before the first attempt; `reorder` holds events until it is quiet, then
    sends the newest first; `wrong_secret` and `old_timestamp` spoil the signature; `manual` sends only when
    told to. API: `fail_next` answers HTTP 500 to the next n requests under `fail_prefix`, doing nothing;
    `timeout_next` does the work of the next n requests under `timeout_prefix` and hangs up without answering.
    Refunds: `slow_refunds` leaves new ones "pending" until `settle_refund`.
    Payouts: `payout_lists_itself` makes `balance_transactions?payout=` also list the payout's own
    transaction.
    """

    duplicate: int = 0
    drop: int = 0
    delay: float = 0.0
    reorder: bool = False
    wrong_secret: bool = False
    old_timestamp: bool = False
    manual: bool = False
    fail_next: int = 0
    fail_prefix: str = "/v1/"
    timeout_next: int = 0
    timeout_prefix: str = "/v1/"
    slow_refunds: bool = False
    payout_lists_itself: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def set(self, **values: bool | float | str) -> None:
        kinds: dict[str, Any] = {f.name: type(f.default) for f in fields(self) if not f.name.startswith("_")}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"no such switch: {name}")
            kind = kinds[name]
            allowed = (int, float) if kind is float else kind
            if not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool and name != "drop"):
                raise ValueError(f"{name} must be {kind.__name__}")
            if isinstance(value, int | float) and not 0 <= value <= 1_000:
                raise ValueError(f"{name} must be between 0 and 1000")
        for name, value in values.items():
            setattr(self, name, value)

    def values(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self) if not f.name.startswith("_")}

    def take(self, name: str, path: str = "") -> bool:
        """Uses up one of `fail_next`, `timeout_next` or `drop`; True means: do it now."""
        prefix = {"fail_next": self.fail_prefix, "timeout_next": self.timeout_prefix}.get(name, "")
        with self._lock:
            left = getattr(self, name)
            if not left or not path.startswith(prefix):
                return False
            if left is not True:
                setattr(self, name, left - 1)
            return True
