"""What the stand-in remembers: the objects, the lock, the clock, the file.

One lock guards everything: each deed sees and leaves a whole state, so a parallel double click pays once.
Events made by a deed leave for the webhook sender only after the state is written.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import objects, rules
from .errors import missing
from .objects import JSON

log = logging.getLogger("payments.sandbox")

# object name -> the word Stripe uses in "No such …"
NOUNS = {
    "checkout.session": "checkout.session",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "refund": "refund",
    "balance_transaction": "balance transaction",
    "payout": "payout",
    "dispute": "dispute",
    "radar.early_fraud_warning": "early fraud warning",
    "event": "event",
}
# "API keys for idempotency can be removed … after they're at least 24 hours old."
IDEMPOTENCY_SECONDS = 24 * 3600
# Kept in the file at `state_path`; the rest is wiring.
_SAVED = (
    "objects",
    "line_items",
    "intent_data",
    "due",
    "paid_out",
    "undelivered",
    "idempotency",
    "clock_offset",
)


class Store:
    """`objects[name][id]` in the order they were made, plus what belongs to them.

    `line_items[session]` items; `intent_data[session]` the payment_intent_data it was made with;
    `due[session]` = [time, "expire" | "settle"]; `paid_out[txn]` = payout id; `undelivered` events to send;
    `idempotency[key]` = {"request", "status", "body", "at"}.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float],
        late_seconds: float,
        page_url: Callable[[str], str],
        api_version: str,
        check: Callable[[str, JSON], None],
        send: Callable[[list[str]], None],
        listening: Callable[[], bool],
        path: Path | None = None,
    ) -> None:
        self._now, self.late_seconds, self._page_url = now, late_seconds, page_url
        self._api_version, self._check, self._send, self._listening = api_version, check, send, listening
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._fresh: list[str] = []
        # Who is asking, for the `request` of the events: set by the API for the length of one call.
        self.asking: JSON = {"id": None, "idempotency_key": None}
        self._forget()
        if path is not None and path.exists():
            self._load(path)

    def _forget(self) -> None:
        self.objects: dict[str, dict[str, JSON]] = {name: {} for name in NOUNS}
        self.line_items: dict[str, list[JSON]] = {}
        self.intent_data: dict[str, JSON] = {}
        self.due: dict[str, list[Any]] = {}
        self.paid_out: dict[str, str] = {}
        self.undelivered: list[str] = []
        self.idempotency: dict[str, JSON] = {}
        self.clock_offset: float = 0.0

    # --------------------------------------------------------------------------------------- the frame

    @contextmanager
    def change(self) -> Iterator[None]:
        """One deed, alone: what it did is saved before its events leave, also when it ends in a refusal."""
        fresh: list[str] = []
        try:
            with self._lock:
                self._depth += 1
                try:
                    if self._depth == 1:
                        self._run_due()
                    yield
                finally:
                    self._depth -= 1
                    if self._depth == 0:
                        fresh, self._fresh = self._fresh, []
                        self._save()
        finally:
            if fresh:
                self._send(fresh)

    def _save(self) -> None:
        if self._path is None:
            return
        written = self._path.with_name(self._path.name + ".new")
        written.write_text(json.dumps({name: getattr(self, name) for name in _SAVED}), encoding="utf-8")
        os.replace(written, self._path)

    def _load(self, path: Path) -> None:
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            for name in _SAVED:
                if not isinstance(saved[name], type(getattr(self, name))):
                    raise ValueError(name)
            for name in _SAVED:
                setattr(self, name, saved[name])
            # What an older stand-in did not know yet.
            self.objects = {name: {} for name in NOUNS} | self.objects
        except (ValueError, KeyError, TypeError):
            aside = path.with_name(path.name + ".broken")
            os.replace(path, aside)
            log.warning("the saved state could not be read; it is kept as %s and we start empty", aside)
            self._forget()

    def reset(self) -> None:
        with self.change():
            self._forget()
            self._fresh = []

    def time(self) -> float:
        return self._now() + self.clock_offset

    def at(self) -> int:
        return int(self.time())

    def advance(self, seconds: float) -> None:
        with self.change():
            self.clock_offset += seconds
            self._run_due()

    def tick(self) -> None:
        """Lets what is due happen; called by the clock thread. Looking at anything does the same."""
        with self._lock:
            waiting = any(when <= self.time() for when, _ in self.due.values())
        if waiting:
            with self.change():
                pass

    def _run_due(self) -> None:
        """What the passing of time does; the deeds know."""
        raise NotImplementedError

    # --------------------------------------------------------------------------------------- questions

    def get(self, name: str, object_id: str, *, param: str = "id", status: int = 404) -> JSON:
        """The object itself (not a copy), or Stripe's `resource_missing`."""
        try:
            return self.objects[name][object_id]
        except KeyError:
            raise missing(NOUNS[name], object_id, param=param, status=status) from None

    def all(self, name: str) -> list[JSON]:
        """Newest first, as every list of Stripe."""
        return list(reversed(self.objects[name].values()))

    def balance_cents(self) -> int:
        """Of euro: each currency has a balance of its own."""
        with self._lock:
            movements = self.objects["balance_transaction"].values()
            return sum(txn["net"] for txn in movements if txn["currency"] == "eur")

    def events(self) -> list[JSON]:
        """Oldest first."""
        with self._lock:
            return copy.deepcopy(list(self.objects["event"].values()))

    # ---------------------------------------------------------------------------- small parts of deeds

    def put(self, thing: JSON) -> JSON:
        self.objects[thing["object"]][thing["id"]] = thing
        return thing

    def emit(self, kind: str, subject: JSON) -> None:
        pending = 1 if self._listening() else 0
        event = objects.event(
            kind,
            copy.deepcopy(subject),
            api_version=self._api_version,
            request=dict(self.asking),
            pending=pending,
            at=self.at(),
        )
        self._check("event", event)
        self.put(event)
        self.undelivered.append(event["id"])
        self._fresh.append(event["id"])

    def event_done(self, event_id: str, *, delivered: bool) -> None:
        """The sender is through with an event: it arrived, was dropped, or was given up."""
        with self.change():
            if event_id in self.undelivered:
                self.undelivered.remove(event_id)
            event = self.objects["event"].get(event_id)
            if event is not None and delivered:
                event["pending_webhooks"] = 0

    # ------------------------------------------------------------------------------------- idempotency

    def replay(self, key: str, request: JSON) -> JSON | None:
        """The stored answer to the first use of this key, if any: {"status", "body"}."""
        stored = self.idempotency.get(key)
        if stored is None or stored["at"] <= self.time() - IDEMPOTENCY_SECONDS:
            return None
        rules.same_request(stored["request"], request)
        return stored

    def remember(self, key: str, request: JSON, status: int, body: JSON) -> None:
        # "The idempotency layer saves the resulting status code and body of the first request made for any
        # given idempotency key, regardless of whether it succeeds or fails."
        self.idempotency[key] = {"request": request, "status": status, "body": body, "at": self.time()}

    def forget_keys(self) -> None:
        with self.change():
            self.idempotency.clear()
