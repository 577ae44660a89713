"""A stand-in for the part of Stripe this project uses, as real HTTP on loopback.

    with Sandbox(webhook_url="http://127.0.0.1:8000/payments/webhook/") as sandbox:
        client = stripe.StripeClient("sk_test_sandbox", base_addresses={"api": sandbox.url})

It is Django-free. Importing this package does not import `stripe` (heavy); making a Sandbox does.
It proves that requests and replies fit stripe-python's types and the rules written here. It never met Stripe.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from . import pages, trouble
from .objects import JSON
from .pages import PageReply
from .server import Server
from .state import State
from .switches import Switches
from .webhooks import Delivery, Webhooks

if TYPE_CHECKING:
    from .api import Recorded

__all__ = ["Delivery", "PageReply", "Sandbox", "Switches"]

log = logging.getLogger("payments.sandbox")

Outcome = Literal["pay", "fail", "pay_late", "abandon"]
_TICK_SECONDS = 0.5


class Sandbox:
    """One stand-in, listening from the moment it is made; use it as a context manager or call `close()`."""

    def __init__(
        self,
        port: int = 0,
        api_key: str = "sk_test_sandbox",
        webhook_url: str | None = None,
        webhook_secret: str = "whsec_sandbox",  # noqa: S107 -- opens nothing but this stand-in
        public_url: str | None = None,
        state_path: str | Path | None = None,
        deliver: Literal["auto", "manual"] = "auto",
        late_seconds: float = 20,
        now: Callable[[], float] = time.time,
    ) -> None:
        if re.match(r"(sk|rk|pk)_live_", api_key):
            raise ValueError("The stand-in refuses live keys.")
        if not api_key or not webhook_secret:
            raise ValueError("The stand-in needs a key and a webhook secret.")
        # Here and not above: these bring in stripe, which a process that only imports us should not pay for.
        from . import contract  # noqa: PLC0415 -- heavy
        from .api import Api  # noqa: PLC0415 -- heavy

        self._contract_module = contract
        self.api_key, self.webhook_secret = api_key, webhook_secret
        self.webhook_url = webhook_url
        self.violations: list[str] = []
        self.switches = Switches(manual=deliver == "manual")
        self._webhooks = Webhooks(
            switches=self.switches,
            url=lambda: self.webhook_url,
            secret=webhook_secret,
            event=self._event,
            done=lambda event_id, *, delivered: self.state.event_done(event_id, delivered=delivered),
        )
        self._server = Server(port, self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.public_url = (public_url or self.url).rstrip("/")
        self.state = State(
            now=now,
            late_seconds=late_seconds,
            page_url=lambda session_id: f"{self.public_url}/c/pay/{session_id}",
            api_version=contract.API_VERSION,
            check=self._check,
            send=lambda event_ids: self._webhooks.enqueue(event_ids),
            listening=lambda: self.webhook_url is not None,
            path=Path(state_path) if state_path is not None else None,
        )
        self.state.slow_refunds = lambda: self.switches.slow_refunds
        self.api = Api(state=self.state, switches=self.switches, api_key=api_key, check=self._check)
        # Events a former run did not get rid of.
        self._webhooks.enqueue(list(self.state.undelivered))
        self._webhooks.start()
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox-http", daemon=True),
            threading.Thread(target=self._tick, name="sandbox-clock", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.close()
        if kind is None and self.violations:
            raise self._contract_module.ContractViolation("; ".join(self.violations))

    def close(self) -> None:
        """Stops listening and sending, at once; safe to call twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._webhooks.stop()
        for thread in self._threads:
            thread.join(timeout=2)

    def _tick(self) -> None:
        while not self._closing.wait(_TICK_SECONDS):
            try:
                self.state.tick()
            except Exception:
                log.exception("the stand-in's clock failed")

    def _check(self, kind: str, reply: JSON) -> None:
        try:
            self._contract_module.check_reply(kind, reply)
        except self._contract_module.ContractViolation as violation:
            self.violations.append(f"{kind}: {violation}")
            raise

    def _event(self, event_id: str) -> JSON | None:
        return self.state.objects["event"].get(event_id)

    # --------------------------------------------------------------------------------------- the buyer

    def pay(self, session_id: str, outcome: Outcome | str = "pay") -> PageReply:
        """Presses a button of the hosted page: the code the page itself runs."""
        return pages.press(self.state, session_id, outcome)

    def settle(self, session_id: str, succeed: bool = True) -> JSON:
        """A `pay_late` session comes through now, or fails. Answers the session."""
        return self.state.settle(session_id, succeed)

    def expire(self, session_id: str) -> JSON:
        return self.state.expire(session_id)

    # ---------------------------------------------------------------------------------------- the bank

    def create_payout(self) -> JSON:
        """Pays out all that was not paid out yet. Answers the payout."""
        return self.state.create_payout(lists_itself=self.switches.payout_lists_itself)

    def open_dispute(self, intent_id: str, *, inquiry: bool = False) -> JSON:
        """The cardholder's bank takes a payment back."""
        return trouble.open_dispute(self.state, intent_id, inquiry=inquiry)

    def answer_dispute(self, dispute_id: str) -> JSON:
        """The seller hands in evidence."""
        return trouble.answer_dispute(self.state, dispute_id)

    def close_dispute(self, dispute_id: str, *, won: bool) -> JSON:
        """The bank decides a dispute."""
        return trouble.close_dispute(self.state, dispute_id, won=won)

    def warn_of_fraud(self, intent_id: str) -> JSON:
        """An issuer thinks that a payment was fraud."""
        return trouble.warn_of_fraud(self.state, intent_id)

    def fail_payout(self, payout_id: str) -> JSON:
        """The bank sends a payout back."""
        return trouble.fail_payout(self.state, payout_id)

    def charge_fee(self, cents: int, description: str = "Radar (example)") -> JSON:
        """A fee of Stripe's own (reporting_category "fee"). Answers the balance transaction."""
        return self.state.charge_fee(cents, description)

    def settle_refund(self, refund_id: str) -> JSON:
        """A refund left pending by the switch `slow_refunds` arrives."""
        return self.state.settle_refund(refund_id)

    def refund_in_dashboard(self, intent_id: str, cents: int | None = None) -> JSON:
        """Somebody gives a payment back by hand, in Stripe's dashboard."""
        with self.state.change():
            params: JSON = {"payment_intent": intent_id} | ({"amount": cents} if cents else {})
            return self.state.create_refund(params)

    def fail_refund(self, refund_id: str) -> JSON:
        """A succeeded refund bounces. Answers the refund."""
        return self.state.fail_refund(refund_id)

    def balance_cents(self) -> int:
        """The sum of the net of all balance transactions in euro."""
        return self.state.balance_cents()

    # --------------------------------------------------------------------------------------- the clock

    def now(self) -> float:
        return self.state.time()

    def advance_clock(self, seconds: float) -> None:
        """Moves the stand-in's clock; what falls due happens at once."""
        self.state.advance(seconds)

    def forget_keys(self) -> None:
        """Forgets every idempotency key, as Stripe may after 24 hours: what is asked again is done again."""
        self.state.forget_keys()

    # ------------------------------------------------------------------------------------ the webhooks

    @property
    def events(self) -> list[JSON]:
        """All events so far, oldest first (copies)."""
        return self.state.events()

    @property
    def deliveries(self) -> list[Delivery]:
        """All attempts so far, oldest first."""
        return list(self._webhooks.deliveries)

    def deliver_next(self) -> Delivery | None:
        return self._webhooks.deliver_next()

    def deliver_all(self) -> list[Delivery]:
        return self._webhooks.deliver_all()

    def deliver(self, event_id: str) -> Delivery:
        return self._webhooks.deliver(event_id)

    def signed(self, event_id: str) -> tuple[bytes, str]:
        """(body, Stripe-Signature header) of one event, for a test client that posts it itself."""
        return self._webhooks.signed(self.state.objects["event"][event_id])

    def wait_idle(self, timeout: float = 5) -> bool:
        """True once every queued webhook was sent, retries included."""
        return self._webhooks.wait_idle(timeout)

    # ----------------------------------------------------------------------------------------- looking

    @property
    def requests(self) -> list[Recorded]:
        """All API calls so far as (method, path, params)."""
        return list(self.api.requests)

    def contract(self) -> JSON:
        """What of Stripe was used so far: print it, and an SDK upgrade shows what changed."""
        return {
            "api_version": self._contract_module.API_VERSION,
            "sdk_version": self._contract_module.SDK_VERSION,
            "endpoints": {name: sorted(params) for name, params in sorted(self.api.used.items())},
            "events": sorted({event["type"] for event in self.events}),
        }

    def reset(self) -> None:
        """Forgets all objects, records, queued webhooks and switches; the address stays."""
        self.state.reset()
        self._webhooks.clear()
        self.api.requests.clear()
        self.api.used.clear()
        self.violations.clear()
        self.switches.set(**Switches(manual=self.switches.manual).values())
