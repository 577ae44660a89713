"""The real client, the request the site sends, and a receiver that plays the site's webhook view."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

from payments.sandbox import Sandbox

NOW = 1_795_500_000.25
WEBHOOK_SECRET = "whsec_sandbox"


class Receiver:
    """Keeps what it receives as (body, signature header); answers the statuses in `answers`, then 200."""

    def __init__(self) -> None:
        self.received: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def make_client(sandbox: Sandbox, *, retries: int = 0, key: str = "sk_test_sandbox") -> stripe.StripeClient:
    http = stripe.RequestsClient(timeout=10)
    return stripe.StripeClient(key, base_addresses={"api": sandbox.url}, max_network_retries=retries, http_client=http)


def session_params(**changes: Any) -> Any:
    """What the site sends for two seats of 60.50; a change of None takes a parameter away."""
    params: dict[str, Any] = {
        "mode": "payment",
        "success_url": "http://127.0.0.1:8000/thanks/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/registration/",
        "client_reference_id": "BPT-1",
        "customer_email": "an@example.org",
        "locale": "nl",
        "expires_at": int(NOW) + 1_800,
        "metadata": {"order": "BPT-1"},
        "payment_intent_data": {"metadata": {"order": "BPT-1"}, "description": "Best Practice Tour BPT-1"},
        "adaptive_pricing": {"enabled": False},
        "allowed_payment_method_types": ["card", "bancontact", "ideal"],
        "line_items": [
            {
                "quantity": 2,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 6_050,
                    "tax_behavior": "inclusive",
                    "product_data": {"name": "Bezoek <Kringwinkel> & Co"},
                },
            }
        ],
    }
    params |= changes
    return {name: value for name, value in params.items() if value is not None}
