"""Sends the events to the site, signed as Stripe signs them, and as badly as the switches ask."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from .objects import JSON
from .switches import Switches

log = logging.getLogger("payments.sandbox")

# Stripe retries for up to three days (three times in its own sandbox); a demo cannot wait that long.
BACKOFF_SECONDS = (0.3, 1.0, 3.0, 8.0, 20.0)
REORDER_QUIET_SECONDS = 0.3
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Delivery:
    """One attempt: `status` is the receiver's HTTP status, None when there was no answer (see `error`)."""

    event_id: str
    type: str
    attempt: int
    status: int | None
    error: str
    at: float

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_json(self) -> JSON:
        return asdict(self) | {"ok": self.ok}


@dataclass
class _Job:
    event_id: str
    attempt: int
    not_before: float
    number: int


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over "<timestamp>.<body>"."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Webhooks:
    """The queue and its sender thread. In manual mode that rests, and `deliver_*` send from the caller's."""

    def __init__(
        self,
        *,
        switches: Switches,
        url: Callable[[], str | None],
        secret: str,
        event: Callable[[str], JSON | None],
        done: Callable[..., None],
    ) -> None:
        self._switches, self._url, self._secret, self._event, self._done = switches, url, secret, event, done
        self.backoff: tuple[float, ...] = BACKOFF_SECONDS
        self.deliveries: list[Delivery] = []
        self._jobs: list[_Job] = []
        self._busy = 0
        self._number = 0
        self._last_enqueued = 0.0
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        # A receiver that hangs must not keep the demo alive; the thread is a daemon.
        self._thread.join(timeout=1.0)

    def clear(self) -> None:
        with self._changed:
            self._jobs.clear()
            self.deliveries.clear()
            self._changed.notify_all()

    # --------------------------------------------------------------------------------------- the queue

    def enqueue(self, event_ids: list[str]) -> None:
        with self._changed:
            now = time.monotonic()
            self._last_enqueued = now
            for event_id in event_ids:
                for _ in range(1 + self._switches.duplicate):
                    self._number += 1
                    self._jobs.append(_Job(event_id, 1, now + self._switches.delay, self._number))
            self._changed.notify_all()

    def _pick(self, *, by_hand: bool) -> _Job | None:
        """The next job to send, taken from the queue. Called with the lock held."""
        now = time.monotonic()
        if not by_hand:
            if self._switches.manual:
                return None
            if self._switches.reorder and now < self._last_enqueued + REORDER_QUIET_SECONDS:
                return None
        ready = [job for job in self._jobs if by_hand or job.not_before <= now]
        if not ready:
            return None
        job = (max if self._switches.reorder else min)(ready, key=lambda job: job.number)
        self._jobs.remove(job)
        return job

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                job = self._pick(by_hand=False)
                if job is None:
                    # A short look again while something waits: switches are plain attributes and wake nobody.
                    self._changed.wait(timeout=0.05 if self._jobs else None)
                    continue
                self._busy += 1
            try:
                if self._event(job.event_id) is not None:  # else a reset came in between
                    self._send(job, retry_after=True)
            except Exception:
                log.exception("the webhook sender failed on %s", job.event_id)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def wait_idle(self, timeout: float) -> bool:
        """True once nothing is queued or being sent."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._busy, timeout)

    # ----------------------------------------------------------------------------------------- by hand

    def deliver_next(self) -> Delivery | None:
        """Sends one; a failed one goes to the end of the queue, as the retry that would follow."""
        with self._changed:
            job = self._pick(by_hand=True)
        return self._send(job, retry_after=False) if job else None

    def deliver_all(self) -> list[Delivery]:
        """Sends each queued event once, also those that arise meanwhile, but no retries of what fails now."""
        sent: list[Delivery] = []
        failed: list[_Job] = []
        while True:
            with self._changed:
                job = self._pick(by_hand=True)
                if job is None:
                    self._jobs.extend(failed)
                    return sent
            delivery = self._send(job, retry_after=None)
            sent.append(delivery)
            if not delivery.ok and job.attempt < 1 + len(self.backoff) and delivery.error != "dropped":
                failed.append(self._again(job, 0.0))

    def deliver(self, event_id: str) -> Delivery:
        """Sends this one now, again if need be, as the Resend button of Stripe's dashboard."""
        return self._send(_Job(event_id, 1, 0.0, 0), retry_after=None)

    # ------------------------------------------------------------------------------------- one attempt

    def _again(self, job: _Job, wait: float) -> _Job:
        self._number += 1
        return _Job(job.event_id, job.attempt + 1, time.monotonic() + wait, self._number)

    def _send(self, job: _Job, *, retry_after: bool | None) -> Delivery:
        """`retry_after`: True queues a retry after its back-off, False at once, None leaves it be."""
        event = self._event(job.event_id)
        if event is None:
            raise KeyError(job.event_id)
        url = self._url()
        if url is None:
            delivery = self._record(job, event, None, "no webhook_url")
            self._done(job.event_id, delivered=False)
            return delivery
        if self._switches.take("drop"):
            delivery = self._record(job, event, None, "dropped")
            self._done(job.event_id, delivered=False)
            return delivery
        body, header = self.signed(event)
        status, error = _post(url, body, header)
        delivery = self._record(job, event, status, error)
        if delivery.ok:
            self._done(job.event_id, delivered=True)
        elif retry_after is not None:
            if job.attempt <= len(self.backoff):
                with self._changed:
                    self._jobs.append(self._again(job, self.backoff[job.attempt - 1] if retry_after else 0.0))
            else:
                log.warning("gave up on %s %s after %s attempts", event["type"], job.event_id, job.attempt)
                self._done(job.event_id, delivered=False)
        return delivery

    def signed(self, event: JSON) -> tuple[bytes, str]:
        """(body, Stripe-Signature) as they go over the wire, spoiled as the switches say."""
        body = json.dumps(event, indent=2).encode()
        secret = "whsec_somebody_else" if self._switches.wrong_secret else self._secret
        # The receiver compares with its own clock, so this is the wall clock, not the movable one.
        timestamp = int(time.time()) - (600 if self._switches.old_timestamp else 0)
        return body, signature(body, secret, timestamp)

    def _record(self, job: _Job, event: JSON, status: int | None, error: str) -> Delivery:
        delivery = Delivery(job.event_id, event["type"], job.attempt, status, error, time.time())
        with self._changed:
            self.deliveries.append(delivery)
            del self.deliveries[:-5_000]
        return delivery


def _post(url: str, body: bytes, header: str) -> tuple[int | None, str]:
    """(status, error); no proxy, no redirect: a redirected webhook is a failed one, as with Stripe."""
    parts = urlsplit(url)
    kind: Any = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "POST",
                path,
                body,
                {
                    "Content-Type": "application/json; charset=utf-8",
                    "Stripe-Signature": header,
                    "User-Agent": "Stripe/1.0 (stand-in of Best Practice Tour)",
                },
            )
            reply = connection.getresponse()
            reply.read(100_000)
            return reply.status, ""
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return None, f"{type(problem).__name__}: {problem}"
