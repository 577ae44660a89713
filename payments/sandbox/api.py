"""The /v1 endpoints: from an HTTP request to a deed or question of the state, and back in Stripe's shape."""

from __future__ import annotations

import base64
import copy
import hmac
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from . import cards, contract, rules
from .bank import balance
from .errors import StripeError
from .forms import decode_form
from .objects import JSON, new_id
from .queries import expand, list_objects, page
from .state import State
from .switches import Switches

log = logging.getLogger("payments.sandbox")

Deed = Callable[[State, str, JSON], JSON]


class Recorded(NamedTuple):
    """One request as the stand-in understood it; `params` is as sent where it was refused."""

    method: str
    path: str
    params: JSON


@dataclass
class Answer:
    status: int
    body: JSON
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


@dataclass(frozen=True)
class Route:
    """`path` with at most one {id}; `params` under `stripe.params`; `reply` as for contract.check_reply."""

    method: str
    path: str
    params: str
    reply: str
    deed: Deed

    def match(self, method: str, path: str) -> str | None:
        """The id in the address ("" where there is none), or None."""
        if method != self.method:
            return None
        found = re.fullmatch(self.path.replace("{id}", "([A-Za-z0-9_]{1,255})"), path)
        return None if found is None else "".join(found.groups())


def _listing(name: str, url: str) -> Deed:
    return lambda state, _, params: list_objects(state, name, url, params)


def _retrieve(name: str) -> Deed:
    return lambda state, object_id, _: state.get(name, object_id)


def _label(name: str) -> Deed:
    return lambda state, object_id, params: cards.label(state, name, object_id, params)


def _line_items(state: State, object_id: str, params: JSON) -> JSON:
    state.get("checkout.session", object_id, param="session")
    url = f"/v1/checkout/sessions/{object_id}/line_items"
    return page(state.line_items[object_id], "item", url, params)


def _resource(name: str, url: str, single: str, many: str) -> list[Route]:
    return [
        Route("GET", url, many, f"list:{name}", _listing(name, url)),
        Route("GET", url + "/{id}", single, name, _retrieve(name)),
    ]


_SESSIONS = "/v1/checkout/sessions"
ROUTES = [
    Route(
        "POST",
        _SESSIONS,
        "checkout.SessionCreateParams",
        "checkout.session",
        lambda s, _, p: s.create_session(p),
    ),
    *_resource("checkout.session", _SESSIONS, "checkout.SessionRetrieveParams", "checkout.SessionListParams"),
    Route(
        "POST",
        _SESSIONS + "/{id}/expire",
        "checkout.SessionExpireParams",
        "checkout.session",
        lambda s, i, _: s.expire(i),
    ),
    Route("GET", _SESSIONS + "/{id}/line_items", "checkout.SessionListLineItemsParams", "list:item", _line_items),
    Route("POST", _SESSIONS + "/{id}", "checkout.SessionUpdateParams", "checkout.session", _label("checkout.session")),
    Route(
        "POST", "/v1/payment_intents", "PaymentIntentCreateParams", "payment_intent", lambda s, _, p: cards.pay(s, p)
    ),
    Route("POST", "/v1/payment_intents/{id}", "PaymentIntentUpdateParams", "payment_intent", _label("payment_intent")),
    *_resource("payment_intent", "/v1/payment_intents", "PaymentIntentRetrieveParams", "PaymentIntentListParams"),
    Route("GET", "/v1/charges/{id}", "ChargeRetrieveParams", "charge", _retrieve("charge")),
    Route("POST", "/v1/refunds", "RefundCreateParams", "refund", lambda s, _, p: s.create_refund(p)),
    Route("POST", "/v1/refunds/{id}", "RefundUpdateParams", "refund", _label("refund")),
    *_resource("refund", "/v1/refunds", "RefundRetrieveParams", "RefundListParams"),
    *_resource(
        "balance_transaction",
        "/v1/balance_transactions",
        "BalanceTransactionRetrieveParams",
        "BalanceTransactionListParams",
    ),
    Route("GET", "/v1/balance", "BalanceRetrieveParams", "balance", lambda s, _, p: balance(s.balance_cents())),
    *_resource("payout", "/v1/payouts", "PayoutRetrieveParams", "PayoutListParams"),
    *_resource("dispute", "/v1/disputes", "DisputeRetrieveParams", "DisputeListParams"),
    *_resource(
        "radar.early_fraud_warning",
        "/v1/radar/early_fraud_warnings",
        "radar.EarlyFraudWarningRetrieveParams",
        "radar.EarlyFraudWarningListParams",
    ),
    *_resource("event", "/v1/events", "EventRetrieveParams", "EventListParams"),
]


class Api:
    """Answers /v1. `requests` are the calls so far, `used` the parameters seen per endpoint."""

    def __init__(self, *, state: State, switches: Switches, api_key: str, check: Callable[[str, JSON], None]) -> None:
        self._state, self._switches, self._api_key, self._check = state, switches, api_key, check
        self.requests: list[Recorded] = []
        self.used: dict[str, set[str]] = {}

    def answer(self, method: str, path: str, query: str, body: bytes, headers: Any) -> Answer:
        """Never raises: a refusal is a 4xx, a fault of the stand-in a 500 with a log line."""
        request_id = new_id("req")
        try:
            reply = self._answer(method, path, query, body, headers, request_id)
        except StripeError as error:
            reply = Answer(error.status, error.body())
        except Exception:
            log.exception("the stand-in failed on %s %s", method, path)
            reply = Answer(500, StripeError("The stand-in failed; see its log.", kind="api_error").body())
        reply.headers |= {"Request-Id": request_id, "Stripe-Version": contract.API_VERSION}
        return reply

    def _answer(self, method: str, path: str, query: str, body: bytes, headers: Any, request_id: str) -> Answer:
        self._authenticate(headers.get("Authorization"))
        if self._switches.take("fail_next", path):
            self._record(Recorded(method, path, {}))
            return Answer(500, StripeError("An unknown error occurred (asked for).", kind="api_error").body())
        contract.check_version(headers.get("Stripe-Version"))
        route, object_id = self._find(method, path)
        raw = self._read(method, query, body, headers)
        try:
            params = contract.read_request(route.params, raw)
        except StripeError:
            self._record(Recorded(method, path, raw))
            raise
        self._record(Recorded(method, path, params))
        self.used.setdefault(f"{method} {route.path}", set()).update(_names(params))
        key = headers.get("Idempotency-Key") if method == "POST" else None
        reply = self._carry_out(route, object_id, params, path, raw, key, request_id)
        reply.hang_up = self._switches.take("timeout_next", path)
        return reply

    def _authenticate(self, header: str | None) -> None:
        kind, _, value = (header or "").partition(" ")
        key = value.strip()
        if kind.lower() == "basic":
            # "Authentication to the API is performed via HTTP Basic Auth": the key is the user name.
            try:
                key = base64.b64decode(key, validate=True).decode().partition(":")[0]
            except ValueError:
                key = ""
        elif kind.lower() != "bearer":
            key = ""
        if not key:
            raise StripeError("You did not provide an API key.", status=401)
        if is_live(key):
            raise StripeError("This is a stand-in: never send it a live key.", status=401, code="livemode_mismatch")
        if not hmac.compare_digest(key.encode(), self._api_key.encode()):
            raise StripeError(f"Invalid API Key provided: {key[:8]}****", status=401)

    def _find(self, method: str, path: str) -> tuple[Route, str]:
        for route in ROUTES:
            object_id = route.match(method, path)
            if object_id is not None:
                return route, object_id
        raise StripeError(f"Unrecognized request URL ({method}: {path[:200]}).", status=404)

    def _read(self, method: str, query: str, body: bytes, headers: Any) -> JSON:
        if method == "GET":
            return decode_form(query)
        if query:
            raise StripeError("Parameters of a POST belong in its body.")
        kind = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if body and kind != "application/x-www-form-urlencoded":
            raise StripeError(
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."
            )
        return decode_form(body)

    def _carry_out(
        self,
        route: Route,
        object_id: str,
        params: JSON,
        path: str,
        raw: JSON,
        key: str | None,
        request_id: str,
    ) -> Answer:
        request = {"path": path, "params": raw}
        with self._state.change():
            if key is not None:
                stored = self._state.replay(rules.check_idempotency_key(key), request)
                if stored is not None:
                    return Answer(stored["status"], copy.deepcopy(stored["body"]), {"Idempotent-Replayed": "true"})
            self._state.asking = {"id": request_id, "idempotency_key": key}
            try:
                status, body = 200, self._reply(route, object_id, params)
            except StripeError as error:
                status, body = error.status, error.body()
            finally:
                self._state.asking = {"id": None, "idempotency_key": None}
            if key is not None:
                self._state.remember(key, request, status, body)
        return Answer(status, body)

    def _reply(self, route: Route, object_id: str, params: JSON) -> JSON:
        reply = expand(self._state, route.deed(self._state, object_id, params), params.get("expand", []))
        self._check(route.reply, reply)
        return reply

    def _record(self, recorded: Recorded) -> None:
        self.requests.append(recorded)
        del self.requests[:-5_000]


def is_live(key: str) -> bool:
    return re.match(r"(sk|rk|pk)_live_", key) is not None


def _names(params: JSON, at: str = "") -> set[str]:
    """{"a": {"b": 1}, "c": [{"d": 2}]} -> {"a.b", "c[].d"}; names inside metadata are the caller's own."""
    names: set[str] = set()
    for key, value in params.items():
        name = f"{at}.{key}" if at else key
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for item in value:
                names |= _names(item, name + "[]")
        elif isinstance(value, dict) and key != "metadata":
            names |= _names(value, name)
        else:
            names.add(name)
    return names
