"""The control API under /_sandbox/: JSON in, JSON out, for loopback callers only."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .errors import StripeError
from .objects import JSON

if TYPE_CHECKING:
    from . import Sandbox


def answer(sandbox: Sandbox, method: str, name: str, body: bytes, client: str, headers: Any) -> tuple[int, JSON]:
    """(status, JSON) for `/_sandbox/<name>`; mistakes of the caller are 4xx with {"error": …}."""
    if not _is_local(client, headers):
        return 403, {"error": "only for callers on this machine"}
    try:
        if method == "GET":
            return 200, _look(sandbox, name)
        if method == "POST":
            return 200, _act(sandbox, name, _body(body, headers))
        return 405, {"error": "GET or POST"}
    except LookupError as problem:
        return 404, {"error": f"unknown: {problem}"}
    except StripeError as error:
        return error.status, error.body()
    except (TypeError, ValueError) as problem:
        return 400, {"error": str(problem)}


def _is_local(client: str, headers: Any) -> bool:
    """From this machine, not through a proxy, and not a web page that renamed 127.0.0.1 (DNS rebinding)."""
    host = urlsplit("//" + (headers.get("Host") or "")).hostname or ""
    if host != "localhost":
        try:
            if not ipaddress.ip_address(host).is_loopback:
                return False
        except ValueError:
            return False
    forwarded = any(headers.get(name) for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    return ipaddress.ip_address(client).is_loopback and not forwarded


def _body(body: bytes, headers: Any) -> JSON:
    # A web page cannot send this content type elsewhere without being asked first, so no forged clicks.
    if (headers.get("Content-Type") or "").partition(";")[0].strip().lower() != "application/json":
        raise ValueError("send application/json")
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise ValueError("that is not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("send a JSON object")
    return value


def _look(sandbox: Sandbox, name: str) -> JSON:
    match name:
        case "health":
            return {"ok": True, "url": sandbox.url}
        case "switches":
            return sandbox.switches.values()
        case "deliveries":
            return {"deliveries": [delivery.as_json() for delivery in sandbox.deliveries]}
        case "contract":
            return sandbox.contract()
        case "balance":
            return {"balance_cents": sandbox.balance_cents(), "currency": "eur"}
        case "events":
            return {"events": sandbox.events}
        case "requests":
            return {"requests": [recorded._asdict() for recorded in sandbox.requests]}
        case "violations":
            return {"violations": list(sandbox.violations)}
    raise LookupError(name)


def _act(sandbox: Sandbox, name: str, body: JSON) -> JSON:
    match name:
        case "switches":
            sandbox.switches.set(**body)
            return sandbox.switches.values()
        case "webhook_url":
            sandbox.webhook_url = _text(body, "url") or None
            return {"webhook_url": sandbox.webhook_url}
        case "pay":
            page = sandbox.pay(_text(body, "session"), _text(body, "outcome"))
            return {"status": page.status, "location": page.location}
        case "settle":
            return sandbox.settle(_text(body, "session"), _flag(body, "succeed", True))
        case "expire":
            return sandbox.expire(_text(body, "session"))
        case "advance_clock":
            sandbox.advance_clock(_number(body, "seconds"))
            return {"now": sandbox.now()}
        case "forget_keys":
            sandbox.forget_keys()
            return {"ok": True}
        case "create_payout":
            return sandbox.create_payout()
        case "open_dispute":
            return sandbox.open_dispute(_text(body, "payment_intent"), inquiry=_flag(body, "inquiry", False))
        case "answer_dispute":
            return sandbox.answer_dispute(_text(body, "dispute"))
        case "close_dispute":
            return sandbox.close_dispute(_text(body, "dispute"), won=_flag(body, "won", False))
        case "warn_of_fraud":
            return sandbox.warn_of_fraud(_text(body, "payment_intent"))
        case "fail_payout":
            return sandbox.fail_payout(_text(body, "payout"))
        case "charge_fee":
            return sandbox.charge_fee(int(_number(body, "cents")))
        case "settle_refund":
            return sandbox.settle_refund(_text(body, "refund"))
        case "refund_in_dashboard":
            return sandbox.refund_in_dashboard(_text(body, "payment_intent"), int(_number(body, "cents")) or None)
        case "fail_refund":
            return sandbox.fail_refund(_text(body, "refund"))
        case "deliver":
            if "event" in body:
                return sandbox.deliver(_text(body, "event")).as_json()
            return {"deliveries": [delivery.as_json() for delivery in sandbox.deliver_all()]}
        case "reset":
            sandbox.reset()
            return {"ok": True}
    raise LookupError(name)


def _text(body: JSON, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(f"{name} must be text")
    return value


def _flag(body: JSON, name: str, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")
    return value


def _number(body: JSON, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e9 < value < 1e9:
        raise ValueError(f"{name} must be a number")
    return float(value)
