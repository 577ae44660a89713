"""Signatures, retries, and everything that can go wrong between Stripe and the site."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from stand_in_support import WEBHOOK_SECRET, Receiver, make_client, session_params

from payments.sandbox import Sandbox, Switches

Create = Callable[..., Any]
PAID = ["payment_intent.succeeded", "checkout.session.completed", "charge.succeeded"]


def types(receiver: Receiver) -> list[str]:
    return [json.loads(body)["type"] for body, _ in receiver.received]


def test_the_real_client_accepts_our_signature_and_reads_the_event(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create, receiver: Receiver
) -> None:
    session_id = create().id
    sandbox.pay(session_id)

    delivery = sandbox.deliver_next()

    assert delivery is not None
    assert (delivery.ok, delivery.status, delivery.type) == (True, 200, PAID[0])
    sandbox.deliver_next()
    event = client.construct_event(*receiver.received[1], WEBHOOK_SECRET)
    assert (event.type, event.api_version, event.livemode) == (PAID[1], stripe.api_version, False)
    assert event.data.object["id"] == session_id
    assert client.v1.events.retrieve(event.id).pending_webhooks == 0
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(receiver.received[1][0] + b" ", receiver.received[1][1], WEBHOOK_SECRET)


@pytest.mark.parametrize("switch", ["wrong_secret", "old_timestamp"])
def test_the_real_client_refuses_a_spoiled_signature(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create, receiver: Receiver, switch: str
) -> None:
    sandbox.switches.set(**{switch: True})
    sandbox.pay(create().id)

    sandbox.deliver_next()

    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(*receiver.received[0], WEBHOOK_SECRET)


def test_signed_gives_what_would_go_over_the_wire(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    sandbox.pay(create().id)

    event = client.construct_event(*sandbox.signed(sandbox.events[1]["id"]), WEBHOOK_SECRET)

    assert event.to_dict()["id"] == sandbox.events[1]["id"]


def test_duplicates_arrive_with_the_same_event_id(sandbox: Sandbox, create: Create, receiver: Receiver) -> None:
    sandbox.switches.duplicate = 2
    sandbox.pay(create().id)

    sandbox.deliver_all()

    ids = [json.loads(body)["id"] for body, _ in receiver.received]
    assert ids == [event["id"] for event in sandbox.events for _ in range(3)]


def test_a_dropped_event_never_arrives_but_is_still_listed(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create, receiver: Receiver
) -> None:
    sandbox.switches.drop = 2
    sandbox.pay(create().id)

    assert [delivery.error for delivery in sandbox.deliver_all()] == ["dropped", "dropped", ""]

    assert types(receiver) == PAID[2:]
    assert [event.type for event in client.v1.events.list().data] == PAID[::-1]
    assert [e.type for e in client.v1.events.list(params={"type": "checkout.session.*"}).data] == [PAID[1]]
    assert sandbox.deliver(sandbox.events[1]["id"]).ok


def test_reordered_events_arrive_newest_first(sandbox: Sandbox, create: Create, receiver: Receiver) -> None:
    sandbox.switches.reorder = True
    sandbox.pay(create().id)

    sandbox.deliver_all()

    assert types(receiver) == PAID[::-1]


def test_by_hand_a_failed_delivery_waits_for_the_next_call(
    sandbox: Sandbox, create: Create, receiver: Receiver
) -> None:
    receiver.answers = [500]
    sandbox.pay(create().id)

    assert [delivery.status for delivery in sandbox.deliver_all()] == [500, 200, 200]
    retry = sandbox.deliver_next()

    assert retry is not None
    assert (retry.attempt, retry.type, retry.status) == (2, PAID[0], 200)
    assert sandbox.deliver_next() is None


def test_left_alone_it_sends_and_retries_until_it_is_taken(receiver: Receiver) -> None:
    receiver.answers = [500, 302]
    with Sandbox(webhook_url=receiver.url) as sandbox:
        sandbox._webhooks.backoff = (0.0,) * 5
        session = make_client(sandbox).v1.checkout.sessions.create(params=session_params(expires_at=None))
        sandbox.pay(session.id)

        assert sandbox.wait_idle(5)

        assert sorted(d.status for d in sandbox.deliveries if d.status) == [200, 200, 200, 302, 500]
        assert sorted(d.type for d in sandbox.deliveries if d.ok) == sorted(PAID)


def test_left_alone_it_gives_up_after_six_attempts(receiver: Receiver) -> None:
    receiver.answers = [503] * 18
    with Sandbox(webhook_url=receiver.url) as sandbox:
        sandbox._webhooks.backoff = (0.0,) * 5
        session = make_client(sandbox).v1.checkout.sessions.create(params=session_params(expires_at=None))
        sandbox.expire(session.id)

        assert sandbox.wait_idle(5)

        assert [(d.attempt, d.status) for d in sandbox.deliveries] == [(n, 503) for n in range(1, 7)]


def test_an_unreachable_site_is_a_recorded_failure(sandbox: Sandbox, create: Create) -> None:
    sandbox.webhook_url = "http://127.0.0.1:1/"
    sandbox.pay(create().id)

    delivery = sandbox.deliver_next()

    assert delivery is not None
    assert (delivery.status, delivery.error.split(":")[0]) == (None, "ConnectionRefusedError")


def test_an_event_is_a_snapshot_of_that_moment_and_names_the_request(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    sandbox.pay(create().id)
    charge = client.v1.payment_intents.list().data[0].latest_charge
    options: Any = {"idempotency_key": "refund-1"}
    client.v1.refunds.create(params={"charge": str(charge)}, options=options)

    events = sandbox.events
    assert events[2]["data"]["object"]["refunded"] is False
    assert events[4]["data"]["object"]["refunded"] is True
    assert events[2]["request"] == {"id": None, "idempotency_key": None}
    assert events[3]["request"]["idempotency_key"] == "refund-1"


@pytest.mark.parametrize(("switch", "value", "expected"), [("reorder", True, PAID[::-1]), ("delay", 0.05, PAID)])
def test_left_alone_it_delays_and_reorders(receiver: Receiver, switch: str, value: Any, expected: list[str]) -> None:
    with Sandbox(webhook_url=receiver.url) as sandbox:
        sandbox.switches.set(**{switch: value})
        session = make_client(sandbox).v1.checkout.sessions.create(params=session_params(expires_at=None))
        sandbox.pay(session.id)
        assert not sandbox.wait_idle(0)

        assert sandbox.wait_idle(5)

    assert types(receiver) == expected


def test_switches_refuse_what_they_do_not_know() -> None:
    switches = Switches()

    for wrong in ({"drp": 1}, {"duplicate": "2"}, {"duplicate": True}, {"manual": 1}, {"delay": -1}):
        with pytest.raises(ValueError, match=r"switch|must be"):
            switches.set(**wrong)

    assert switches == Switches()
