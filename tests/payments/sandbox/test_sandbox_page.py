"""The hosted page over HTTP, the control API, and the stand-in as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe
from stand_in_support import NOW, make_client

from payments.sandbox import Sandbox
from payments.sandbox.pages import language, money

Create = Callable[..., Any]


def post(url: str, outcome: str) -> requests.Response:
    with requests.Session() as session:
        return session.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=10)


def get(url: str, **headers: str) -> requests.Response:
    with requests.Session() as session:
        return session.get(url, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("locale", "banner", "total"),
    [("nl", "DEMO, geen echte betaling", "€\u00a0121,00"), ("en", "DEMO, no real payment", "€121.00")],
)
def test_the_page_speaks_the_sessions_language(create: Create, locale: str, banner: str, total: str) -> None:
    page = get(create(locale=locale).url)

    assert page.status_code == 200
    assert f'<html lang="{locale}">' in page.text
    assert banner in page.text
    assert page.text.count(total) == 3
    assert "Bezoek &lt;Kringwinkel&gt; &amp; Co" in page.text
    assert page.text.count("<h1>") == 1
    assert page.text.count('name="outcome"') == 4
    assert 'name="viewport"' in page.text


def test_the_page_asks_nothing_of_anybody_and_runs_no_script(create: Create) -> None:
    page = get(create().url)

    assert "<script" not in page.text
    assert "src=" not in page.text
    assert "http" not in page.text
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:8000 "
        "http://127.0.0.1:8000; base-uri 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("locale", "accept", "expected"),
    [
        ("nl", "en", "nl"),
        ("fr", "nl", "en"),
        ("auto", "nl-BE,nl;q=0.9", "nl"),
        (None, "en-GB", "en"),
        (None, "", "nl"),
    ],
)
def test_the_language_is_the_sessions_or_else_the_browsers(locale: str | None, accept: str, expected: str) -> None:
    assert language(locale, accept) == expected


def test_money_is_written_as_the_language_writes_it() -> None:
    assert (money(123_456_789, "nl"), money(5, "en")) == ("€\u00a01.234.567,89", "€0.05")


def test_paying_over_http_redirects_once_and_then_says_it_was_paid(sandbox: Sandbox, create: Create) -> None:
    session = create()

    first, second = post(session.url, "pay"), post(session.url, "pay")

    assert (first.status_code, first.headers["Location"]) == (
        303,
        f"http://127.0.0.1:8000/thanks/?session={session.id}",
    )
    assert second.status_code == 200
    assert "Deze bestelling is al betaald" in second.text
    assert sandbox.balance_cents() == 11_893


def test_declined_late_expired_and_unknown_pages_say_so(sandbox: Sandbox, create: Create) -> None:
    declined = post(create(locale="en").url, "fail")
    assert (declined.status_code, "Your card was declined" in declined.text) == (200, True)
    late = create(locale="en")
    assert post(late.url, "pay_late").status_code == 303
    assert "being processed" in get(late.url).text
    expired = create(locale="en")
    sandbox.expire(expired.id)
    for page in (get(expired.url), post(expired.url, "pay")):
        assert (page.status_code, "has expired" in page.text) == (410, True)
    assert get(f"{sandbox.url}/c/pay/cs_test_nobody").status_code == 404
    wrong = post(create(locale="en").url, "steal")
    assert (wrong.status_code, "There is no such choice" in wrong.text) == (400, True)
    assert post(create(cancel_url=None).url, "abandon").status_code == 200


def test_the_control_api_does_what_the_object_does(sandbox: Sandbox, create: Create) -> None:
    session = create()
    control = f"{sandbox.url}/_sandbox/"
    with requests.Session() as http:
        http.post(control + "pay", json={"session": session.id, "outcome": "pay_late"}, timeout=10)
        assert (
            http.post(control + "settle", json={"session": session.id}, timeout=10).json()["payment_status"] == "paid"
        )
        assert http.get(control + "balance", timeout=10).json() == {
            "balance_cents": 11_893,
            "currency": "eur",
        }
        assert http.post(control + "create_payout", json={}, timeout=10).json()["amount"] == 11_893
        assert http.post(control + "switches", json={"duplicate": 1}, timeout=10).json()["duplicate"] == 1
        assert http.get(control + "contract", timeout=10).json()["api_version"] == stripe.api_version
        sent = http.post(control + "deliver", json={}, timeout=10).json()["deliveries"]
        assert http.get(control + "deliveries", timeout=10).json()["deliveries"] == sent
        http.post(control + "advance_clock", json={"seconds": 5}, timeout=10)
        assert sandbox.now() == NOW + 5
        assert http.post(control + "reset", json={}, timeout=10).json() == {"ok": True}
    assert (sandbox.events, sandbox.balance_cents(), sandbox.switches.manual) == ([], 0, True)


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}]
)
def test_the_control_api_is_for_this_machine_only(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert get(f"{sandbox.url}/_sandbox/balance", **headers).status_code == 403


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_as_a_process_it_says_where_it_listens_and_stops_when_told(tmp_path: Any, stop: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "payments.sandbox", "--port", "0", "--state-path", str(tmp_path / "s.json")],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        balance = get(line.split()[-1] + "/_sandbox/balance").json()
        process.send_signal(stop)
        code = process.wait(timeout=2)

    assert line.startswith("Stripe stand-in (DEMO, no real payments) on http://127.0.0.1:")
    assert balance == {"balance_cents": 0, "currency": "eur"}
    assert code == 0


def test_as_a_process_it_refuses_a_live_key() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "payments.sandbox", "--port", "0", "--api-key", "sk_live_x"],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )

    assert (done.returncode, done.stderr) == (
        1,
        "the Stripe stand-in cannot start: The stand-in refuses live keys.\n",
    )


def test_two_stand_ins_do_not_share_a_port(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        Sandbox(port=port)


def test_a_closed_stand_in_answers_nobody_not_even_on_an_open_connection() -> None:
    sandbox = Sandbox()
    client = make_client(sandbox)
    client.v1.balance.retrieve()
    sandbox.close()

    with pytest.raises(stripe.APIConnectionError):
        client.v1.balance.retrieve()
