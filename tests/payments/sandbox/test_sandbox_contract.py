"""What the stand-in refuses: by stripe-python's types, by Stripe's rules, and by good sense."""

from __future__ import annotations

import base64
import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from stand_in_support import NOW, make_client, session_params

from payments.sandbox import Sandbox, contract

Create = Callable[..., Any]


def raw(
    sandbox: Sandbox, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """A request no SDK would send, with a good key unless told otherwise."""
    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]), timeout=10)
    try:
        connection.request(
            method,
            path,
            body,
            {
                "Authorization": "Bearer sk_test_sandbox",
                "Stripe-Version": stripe.api_version,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            | (headers or {}),
        )
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def item(**price: Any) -> list[dict[str, Any]]:
    data = {"currency": "eur", "unit_amount": 5_000, "product_data": {"name": "Visit"}} | price
    return [{"quantity": 1, "price_data": {key: value for key, value in data.items() if value is not None}}]


REFUSED: list[tuple[dict[str, Any], str | None, str | None]] = [
    ({"sucess_url": "https://example.org/"}, "parameter_unknown", "sucess_url"),
    ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
    ({"line_items": item(colour="red")}, "parameter_unknown", "line_items[0][price_data][colour]"),
    ({"line_items": item(currency=None)}, "parameter_missing", "line_items[0][price_data][currency]"),
    ({"line_items": item(product_data={})}, "parameter_missing", "line_items[0][price_data][product_data]"),
    ({"line_items": item(unit_amount=None)}, "parameter_missing", "line_items[0][price_data][unit_amount]"),
    (
        {"line_items": item(unit_amount="12.50")},
        "parameter_invalid_integer",
        "line_items[0][price_data][unit_amount]",
    ),
    (
        {"line_items": item(unit_amount=-5)},
        "parameter_invalid_integer",
        "line_items[0][price_data][unit_amount]",
    ),
    ({"line_items": item(unit_amount=49)}, "amount_too_small", "line_items"),
    ({"line_items": item(currency="usd")}, "stand_in_unsupported", "line_items[0][price_data][currency]"),
    ({"line_items": [{"price": "price_1", "quantity": 1}]}, "resource_missing", "line_items[0][price]"),
    ({"line_items": None}, "parameter_missing", "line_items"),
    ({"success_url": None}, "parameter_missing", "success_url"),
    ({"success_url": "/thanks/"}, "url_invalid", "success_url"),
    ({"success_url": "https://example.org/\r\nX: y"}, "url_invalid", "success_url"),
    ({"mode": None}, "parameter_missing", "mode"),
    ({"mode": "gift"}, None, "mode"),
    ({"locale": "vls"}, None, "locale"),
    ({"locale": ""}, None, "locale"),
    ({"client_reference_id": ""}, "parameter_invalid_empty", "client_reference_id"),
    ({"allowed_payment_method_types": ["wero"]}, None, "allowed_payment_method_types[0]"),
    ({"adaptive_pricing": {"enabled": "maybe"}}, None, "adaptive_pricing[enabled]"),
    ({"adaptive_pricing": "no"}, None, "adaptive_pricing"),
    ({"automatic_tax": {"enabled": True}}, "stand_in_unsupported", "automatic_tax[enabled]"),
    ({"shipping_options": [{"shipping_rate": "shr_1"}]}, "stand_in_unsupported", "shipping_options"),
    ({"expires_at": int(NOW) + 1_799}, None, "expires_at"),
    ({"expires_at": int(NOW) + 86_401}, None, "expires_at"),
    ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
    ({"metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
    ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
    ({"expand": ["customer"]}, None, "expand"),
]


@pytest.mark.parametrize(("changes", "code", "param"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_request_stripe_would_refuse_is_refused(
    create: Create, changes: dict[str, Any], code: str | None, param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        create(**changes)

    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (400, code, param)


@pytest.mark.parametrize("seconds", [1_800, 86_400])
def test_the_bounds_of_expires_at_themselves_are_fine(create: Create, seconds: int) -> None:
    assert create(expires_at=int(NOW) + seconds).expires_at == int(NOW) + seconds


def test_expires_at_defaults_to_a_day(create: Create) -> None:
    assert create(expires_at=None).expires_at == int(NOW) + 86_400


def test_the_same_idempotency_key_replays_and_a_changed_request_is_an_error(
    sandbox: Sandbox, client: stripe.StripeClient
) -> None:
    sessions: Any = client.v1.checkout.sessions
    first = sessions.create(params=session_params(), options={"idempotency_key": "order-1"})
    again = sessions.create(params=session_params(), options={"idempotency_key": "order-1"})

    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    with pytest.raises(stripe.IdempotencyError) as conflict:
        sessions.create(params=session_params(locale="en"), options={"idempotency_key": "order-1"})
    assert conflict.value.http_status == 400
    assert len(sessions.list().data) == 1
    sandbox.advance_clock(86_401)
    assert sessions.create(params=session_params(expires_at=None), options={"idempotency_key": "order-1"}).id not in (
        first.id,
    )


def test_a_refused_deed_is_replayed_but_a_refused_parameter_is_not(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    sandbox.pay(create().id)
    intent = client.v1.payment_intents.list().data[0].id
    client.v1.refunds.create(params={"payment_intent": intent})
    options: Any = {"idempotency_key": "refund-1"}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.refunds.create(params={"payment_intent": intent}, options=options)
    assert refusal.value.headers is not None
    assert refusal.value.headers["Idempotent-Replayed"] == "true"
    options = {"idempotency_key": "typo"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(params=session_params(lokale="nl"), options=options)
    client.v1.checkout.sessions.create(params=session_params(), options=options)


def test_a_lost_answer_is_not_a_second_session_when_the_client_retries(sandbox: Sandbox) -> None:
    client = make_client(sandbox, retries=1)
    sandbox.switches.timeout_next = 1

    session = client.v1.checkout.sessions.create(params=session_params())

    assert [s.id for s in client.v1.checkout.sessions.list().data] == [session.id]
    assert [r.method for r in sandbox.requests] == ["POST", "POST", "GET"]


def test_an_asked_for_failure_is_a_500_and_does_nothing(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    sandbox.switches.set(fail_next=1, fail_prefix="/v1/checkout/")

    assert client.v1.refunds.list().data == []
    with pytest.raises(stripe.APIError) as failure:
        client.v1.checkout.sessions.create(params=session_params())
    assert failure.value.http_status == 500
    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize("key", ["sk_test_other", "sk_live_sandbox", "rk_live_x", "x"])
def test_another_key_is_a_401(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as refusal:
        make_client(sandbox, key=key).v1.balance.retrieve()

    assert refusal.value.http_status == 401


def test_a_key_may_travel_as_the_user_name_and_must_travel(sandbox: Sandbox) -> None:
    basic = base64.b64encode(b"sk_test_sandbox:").decode()

    assert raw(sandbox, "GET", "/v1/balance", headers={"Authorization": f"Basic {basic}"})[0] == 200
    for header in ("", "Bearer", "Basic ####", "Bearer é", "Digest sk_test_sandbox"):
        assert raw(sandbox, "GET", "/v1/balance", headers={"Authorization": header})[0] == 401


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1"])
def test_no_stand_in_starts_with_a_live_key(key: str) -> None:
    with pytest.raises(ValueError, match="refuses live keys"):
        Sandbox(api_key=key)


def test_an_unknown_id_or_address_is_a_404(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    for ask in (
        lambda: client.v1.checkout.sessions.retrieve("cs_test_nobody"),
        lambda: client.v1.checkout.sessions.line_items.list("cs_test_nobody"),
        lambda: client.v1.payment_intents.retrieve("pi_nobody"),
        lambda: client.v1.refunds.retrieve("re_nobody"),
        lambda: client.v1.payouts.retrieve("po_nobody"),
        lambda: client.v1.events.retrieve("evt_nobody"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            ask()
        assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    for method, path in [
        ("GET", "/v1/customers"),
        ("DELETE", "/v1/balance"),
        ("POST", "/v1/balance"),
        ("GET", "/"),
    ]:
        assert raw(sandbox, method, path)[0] == 404


def test_another_api_version_is_refused(sandbox: Sandbox) -> None:
    for version in ("2024-06-20", ""):
        assert raw(sandbox, "GET", "/v1/balance", headers={"Stripe-Version": version})[0] == 400


GARBAGE = [
    ("POST", "/v1/checkout/sessions", b"mode=pay%00ment", {}),
    ("POST", "/v1/checkout/sessions", b"mode=\x00", {}),
    ("POST", "/v1/checkout/sessions", b"mode=%ff%fe", {}),
    ("POST", "/v1/checkout/sessions", b"\xff\xfe\xfd", {}),
    ("POST", "/v1/checkout/sessions", b"[]=1&[a]=2&a[=3&]=4", {}),
    ("POST", "/v1/checkout/sessions", b"mode=a&mode=b", {}),
    ("POST", "/v1/checkout/sessions", b"mode=a&mode[b]=c", {}),
    ("POST", "/v1/checkout/sessions", b"a" + b"[b]" * 5_000 + b"=1", {}),
    ("POST", "/v1/checkout/sessions", b"&".join(b"metadata[k%d]=1" % n for n in range(3_000)), {}),
    ("POST", "/v1/checkout/sessions", b"line_items[99999999999999]=1", {}),
    ("POST", "/v1/checkout/sessions", b"line_items=1", {}),
    ("POST", "/v1/checkout/sessions", b"expires_at=" + b"9" * 5_000, {}),
    ("POST", "/v1/checkout/sessions", b"expires_at=\xd9\xa1", {}),
    ("POST", "/v1/checkout/sessions", b'{"mode": "payment"}', {"Content-Type": "application/json"}),
    ("POST", "/v1/checkout/sessions?mode=payment", b"", {}),
    ("POST", "/v1/refunds", b"amount=0&payment_intent=pi_1", {}),
    ("POST", "/v1/refunds", b"", {"Idempotency-Key": "k" * 256}),
    ("GET", "/v1/events?limit=0", b"", {}),
    ("GET", "/v1/events?limit=x", b"", {}),
    ("GET", "/v1/events?created[gte]=%00", b"", {}),
    ("GET", "/v1/events?expand[]=data.a.b.c.d.e.f", b"", {}),
    ("GET", "/v1/events?expand[]=%2e", b"", {}),
    ("GET", "/v1/balance_transactions?payout=po_nobody", b"", {}),
    ("GET", "/v1/events/%00", b"", {}),
    ("GET", "/v1/events/" + "x" * 3_000, b"", {}),
    ("PATCH", "/v1/events", b"x", {}),
    ("POST", "/c/pay/cs_test_nobody", b"\x00\xff", {}),
    ("PUT", "/c/pay/cs_test_nobody", b"", {}),
    ("POST", "/_sandbox/settle", b"{", {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/settle", b"[" * 100_000, {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/settle", b'{"session": 5}', {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/settle", b'{"session": "cs_x"}', {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/advance_clock", b'{"seconds": 1e999}', {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/advance_clock", b'{"seconds": NaN}', {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/switches", b'{"duplicate": -1}', {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/switches", b'{"_lock": 1}', {"Content-Type": "application/json"}),
    ("POST", "/_sandbox/reset", b"{}", {"Content-Type": "text/plain"}),
    ("GET", "/_sandbox/nothing", b"", {}),
    ("BREW", "/v1/events", b"", {}),
]


@pytest.mark.parametrize(("method", "path", "body", "headers"), GARBAGE)
def test_garbage_is_refused_and_never_a_fault_of_ours(
    sandbox: Sandbox, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    status, _ = raw(sandbox, method, path, body, headers)

    assert 400 <= status < 500
    assert raw(sandbox, "GET", "/v1/balance")[0] == 200


@pytest.mark.parametrize(
    "request_line",
    [b"GET http://[/v1/events HTTP/1.1", b"\x16\x03\x01\x00 nonsense", b"GET / HTTP/9.9", b"G" * 70_000],
)
def test_a_garbled_request_line_is_a_4xx(sandbox: Sandbox, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(request_line + b"\r\nConnection: close\r\n\r\n")
        reply = connection.makefile("rb").readline()

    assert reply.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 505"))


@pytest.mark.parametrize("path", ["/v1/checkout/sessions", "/c/pay/cs_test_nobody", "/_sandbox/settle"])
def test_a_body_of_two_megabytes_is_refused_politely(sandbox: Sandbox, path: str) -> None:
    assert raw(sandbox, "POST", path, b"a" * 2_000_000)[0] == 413


def test_the_used_part_of_stripe_is_written_down(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    client.v1.refunds.list(params={"limit": 3, "created": {"gte": 5}})

    assert sandbox.contract() == {
        "api_version": "2026-10-28.endive",
        "sdk_version": "16.1.0",
        "endpoints": {"GET /v1/refunds": ["created.gte", "limit"]},
        "events": [],
    }


def test_a_reply_that_breaks_stripes_types_is_a_500_and_fails_the_test() -> None:
    with pytest.raises(contract.ContractViolation, match="'much' is not int"), Sandbox() as sandbox:
        sandbox.state.balance_cents = lambda: "much"  # type: ignore[method-assign,assignment,return-value]
        with pytest.raises(stripe.APIError) as failure:
            make_client(sandbox).v1.balance.retrieve()
        assert failure.value.http_status == 500


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"amount": "5"}, "'5' is not int"),
        ({"amount": True}, "True is not int"),
        ({"colour": "red"}, "refund.colour: not a field of Refund"),
        ({"charge": {"object": "charge"}}, "refund.charge.amount: missing"),
        ({"metadata": {"order": 5}}, "refund.metadata.order: 5 is not str"),
        ({"reason": "because"}, "refund.reason"),
    ],
)
def test_a_reply_is_held_against_stripes_types(changes: dict[str, Any], problem: str) -> None:
    refund: dict[str, Any] = {"id": "re_1", "object": "refund", "amount": 5, "created": 5, "currency": "eur"}
    contract.check_reply("refund", refund)

    with pytest.raises(contract.ContractViolation, match=re.escape(problem)):
        contract.check_reply("refund", refund | changes)


def test_importing_the_package_does_not_import_stripe() -> None:
    code = "import sys, payments.sandbox; sys.exit('stripe' in sys.modules or 'django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
