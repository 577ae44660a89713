"""The HTTP face: sorts requests to the API, the hosted page and the control API, on loopback only."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import control, pages
from .errors import StripeError
from .forms import decode_form
from .objects import JSON

if TYPE_CHECKING:
    from . import Sandbox

log = logging.getLogger("payments.sandbox")

MAX_BODY = 1_000_000
# A body that is too big is still read up to here, so that the client gets our answer and not a broken pipe.
_MAX_DRAIN = 16_000_000


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Two demos on one port must be an error, not a lottery.
    allow_reuse_port = False
    request_queue_size = 128

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a client hung up", exc_info=True)

    def close_connections(self) -> None:
        """Ends kept-alive connections, which would go on talking to a stand-in that is gone."""
        with self._open_lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "stripe-stand-in"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet per answer
    timeout = 60

    def do_GET(self) -> None:
        self._serve("GET")

    def do_HEAD(self) -> None:
        self._serve("HEAD")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    do_PUT = do_PATCH = do_OPTIONS = do_DELETE

    def _serve(self, method: str) -> None:
        body = self._read_body()
        if body is None:
            return
        try:
            parts = urlsplit("http://stand-in" + self.path if self.path.startswith("/") else self.path)
        except ValueError:
            self._json(400, StripeError("Invalid request line.").body())
            return
        sandbox = self.server.sandbox
        if parts.path.startswith("/c/pay/"):
            self._page(method, parts.path.removeprefix("/c/pay/"), body)
        elif parts.path.startswith("/_sandbox/"):
            name = parts.path.removeprefix("/_sandbox/").strip("/")
            self._guarded(
                lambda: self._json(
                    *control.answer(sandbox, method, name, body, str(self.client_address[0]), self.headers)
                )
            )
        else:
            reply = sandbox.api.answer(method, parts.path, parts.query, body, self.headers)
            if reply.hang_up:
                self.close_connection = True
                return
            self._json(reply.status, reply.body, reply.headers)

    def _page(self, method: str, session_id: str, body: bytes) -> None:
        sandbox, language = self.server.sandbox, self.headers.get("Accept-Language") or ""

        def reply() -> None:
            if method in ("GET", "HEAD"):
                self._html(pages.show(sandbox.state, session_id, language))
            elif method == "POST":
                try:
                    outcome = decode_form(body).get("outcome", "")
                except StripeError:
                    outcome = ""
                self._html(pages.submit(sandbox.state, session_id, str(outcome), language))
            else:
                self._json(405, StripeError("GET or POST.", status=405).body(), {"Allow": "GET, HEAD, POST"})

        self._guarded(reply)

    def _guarded(self, deed: Callable[[], None]) -> None:
        """Whatever goes wrong in here is our fault: a log line for us, no traceback for the client."""
        try:
            deed()
        except ConnectionError:
            raise
        except Exception:
            log.exception("the stand-in failed on %s", self.path)
            self._json(500, StripeError("The stand-in failed; see its log.", kind="api_error").body())

    def _read_body(self) -> bytes | None:
        """The body, or None after answering that there is something wrong with it."""
        length_text = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding"):
            return self._refuse(411, "Send a Content-Length.")
        if not length_text.isascii() or not length_text.isdigit() or len(length_text) > 12:
            return self._refuse(400, "Invalid Content-Length.")
        length = int(length_text)
        if length > MAX_BODY:
            left = min(length, _MAX_DRAIN)
            while left > 0 and (chunk := self.rfile.read(min(left, 65_536))):
                left -= len(chunk)
            return self._refuse(413, f"The request body may be {MAX_BODY} bytes at most.")
        return self.rfile.read(length) if length else b""

    def _refuse(self, status: int, message: str) -> bytes | None:
        self.close_connection = True
        self._json(status, StripeError(message).body(), {"Connection": "close"})
        return None

    # ----------------------------------------------------------------------------------------- answers

    def _json(self, status: int, body: JSON, headers: dict[str, str] | None = None) -> None:
        self._answer(status, "application/json", json.dumps(body, indent=2), headers or {})

    def _html(self, page: pages.PageReply) -> None:
        # A browser applies form-action to where the form's redirect leads, so the site's own origins are
        # named.
        targets = " ".join(["'self'", *page.form_targets])
        headers = {
            "Content-Security-Policy": f"default-src 'none'; style-src 'unsafe-inline'; "
            f"form-action {targets}; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        if page.location is not None:
            headers["Location"] = page.location
        self._answer(page.status, "text/html; charset=utf-8", page.html, headers)

    def _answer(self, status: int, kind: str, text: str, headers: dict[str, str]) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server refuses itself (a garbled request line, too many headers), in Stripe's shape."""
        status = 405 if code == 501 else int(code)
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = "HTTP/1.1"  # of a garbled line it is unknown, and then no headers would be sent
        self._json(status, StripeError(message or "Invalid request.").body(), {"Connection": "close"})

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
