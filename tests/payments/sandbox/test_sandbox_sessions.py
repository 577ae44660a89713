"""Checkout sessions, payments, refunds and payouts through the real StripeClient."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from stand_in_support import NOW, make_client, session_params

from payments.sandbox import Sandbox

Create = Callable[..., Any]


def kinds(sandbox: Sandbox) -> list[str]:
    return [event["type"] for event in sandbox.events]


def test_a_new_session_is_open_unpaid_and_has_no_payment_intent_yet(sandbox: Sandbox, create: Create) -> None:
    session = create()

    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.locale) == (12_100, "eur", "nl")
    assert (session.created, session.expires_at) == (int(NOW), int(NOW) + 1_800)
    assert session.url == f"{sandbox.url}/c/pay/{session.id}"
    assert session.payment_method_types == ["card", "bancontact", "ideal"]
    assert sandbox.events == []


def test_paying_makes_one_charge_with_the_example_fee_and_tells_it_in_three_events(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    session_id = create().id

    reply = sandbox.pay(session_id, "pay")

    assert (reply.status, reply.location) == (303, f"http://127.0.0.1:8000/thanks/?session={session_id}")
    session: Any = client.v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    )
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    intent = session.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 12_100, "BPT-1")
    booked = intent.latest_charge.balance_transaction
    # 1.5 % of 121.00 is 1.815, rounded half up to 1.82, plus 0.25.
    assert (booked.amount, booked.fee, booked.net) == (12_100, 207, 11_893)
    assert (booked.reporting_category, booked.source) == ("charge", intent.latest_charge.id)
    assert [(i.description, i.quantity, i.amount_total) for i in session.line_items.data] == [
        ("Bezoek <Kringwinkel> & Co", 2, 12_100)
    ]
    assert kinds(sandbox) == ["payment_intent.succeeded", "checkout.session.completed", "charge.succeeded"]


@pytest.mark.parametrize(("cents", "fee"), [(50, 26), (100, 27), (33, None), (12_100, 207), (99_999_999, 1_500_025)])
def test_the_fee_is_one_and_a_half_percent_plus_a_quarter_and_there_is_a_minimum(
    sandbox: Sandbox, create: Create, cents: int, fee: int | None
) -> None:
    items = session_params()["line_items"]
    items[0] |= {"quantity": 1}
    items[0]["price_data"] |= {"unit_amount": cents}
    if fee is None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            create(line_items=items)
        assert refusal.value.code == "amount_too_small"
        return

    sandbox.pay(create(line_items=items).id)

    assert sandbox.balance_cents() == cents - fee


def test_a_declined_card_leaves_the_session_open_and_the_next_try_uses_the_same_payment_intent(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    session_id = create().id

    reply = sandbox.pay(session_id, "fail")

    assert (reply.status, 'role="alert"' in reply.html) == (200, True)
    declined: Any = client.v1.checkout.sessions.retrieve(session_id, params={"expand": ["payment_intent"]})
    assert (declined.status, declined.payment_intent.status) == ("open", "requires_payment_method")
    assert declined.payment_intent.last_payment_error.code == "card_declined"
    sandbox.pay(session_id, "pay")
    paid = client.v1.checkout.sessions.retrieve(session_id)
    assert (paid.payment_status, paid.payment_intent) == ("paid", declined.payment_intent.id)
    assert kinds(sandbox)[0] == "payment_intent.payment_failed"


def test_abandoning_goes_back_and_changes_nothing(sandbox: Sandbox, create: Create) -> None:
    reply = sandbox.pay(create().id, "abandon")

    assert (reply.status, reply.location) == (303, "http://127.0.0.1:8000/registration/")
    assert sandbox.events == []


@pytest.mark.parametrize(
    ("succeed", "status", "last_events", "net"),
    [
        (
            True,
            "paid",
            ["payment_intent.succeeded", "checkout.session.async_payment_succeeded", "charge.succeeded"],
            11_893,
        ),
        (False, "unpaid", ["payment_intent.payment_failed", "checkout.session.async_payment_failed"], 0),
    ],
)
def test_a_late_payment_completes_unpaid_and_settles_or_fails_once(
    sandbox: Sandbox,
    client: stripe.StripeClient,
    create: Create,
    succeed: bool,
    status: str,
    last_events: Any,
    net: int,
) -> None:
    session_id = create().id

    sandbox.pay(session_id, "pay_late")

    waiting = client.v1.checkout.sessions.retrieve(session_id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert kinds(sandbox) == ["checkout.session.completed"]
    sandbox.settle(session_id, succeed)
    assert client.v1.checkout.sessions.retrieve(session_id).payment_status == status
    assert kinds(sandbox)[1:] == last_events
    assert sandbox.balance_cents() == net
    with pytest.raises(Exception, match="not waiting"):
        sandbox.settle(session_id)


def test_a_late_payment_settles_by_itself_when_its_time_comes(sandbox: Sandbox, create: Create) -> None:
    session_id = create().id
    sandbox.pay(session_id, "pay_late")

    sandbox.advance_clock(19)
    assert sandbox.balance_cents() == 0
    sandbox.advance_clock(1)

    assert sandbox.balance_cents() == 11_893


def test_a_session_expires_by_the_clock_and_can_no_longer_be_paid(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    session_id = create().id

    sandbox.advance_clock(1_800)

    assert client.v1.checkout.sessions.retrieve(session_id).status == "expired"
    assert sandbox.pay(session_id, "pay").status == 410
    assert kinds(sandbox) == ["checkout.session.expired"]


def test_only_an_open_session_can_be_expired(client: stripe.StripeClient, create: Create) -> None:
    session_id = create().id

    assert client.v1.checkout.sessions.expire(session_id).status == "expired"

    with pytest.raises(stripe.InvalidRequestError, match='status in \\["open"\\]'):
        client.v1.checkout.sessions.expire(session_id)


def test_twenty_parallel_payments_of_one_session_make_one_charge(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    session_id, start = create().id, threading.Barrier(20)
    statuses: list[int] = []

    def press() -> None:
        start.wait()
        statuses.append(sandbox.pay(session_id, "pay").status)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] * 19 + [303]
    assert len(client.v1.balance_transactions.list().data) == 1
    assert sandbox.balance_cents() == 11_893


def test_refunds_stop_at_what_is_left_on_the_charge_and_give_no_fee_back(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    session_id = create().id
    sandbox.pay(session_id)
    intent = str(client.v1.checkout.sessions.retrieve(session_id).payment_intent)

    part: Any = client.v1.refunds.create(
        params={"payment_intent": intent, "amount": 6_050, "expand": ["balance_transaction"]}
    )
    booked = part.balance_transaction
    assert (booked.amount, booked.fee, booked.net, booked.reporting_category) == (-6_050, 0, -6_050, "refund")
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 6_051})
    assert too_much.value.param == "amount"
    assert client.v1.refunds.create(params={"payment_intent": intent}).amount == 6_050
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.refunds.create(params={"payment_intent": intent})
    assert again.value.code == "charge_already_refunded"
    assert sandbox.balance_cents() == -207
    assert kinds(sandbox)[3:] == ["refund.created", "charge.refunded"] * 2


def test_a_failed_refund_puts_the_money_back(sandbox: Sandbox, client: stripe.StripeClient, create: Create) -> None:
    session_id = create().id
    sandbox.pay(session_id)
    intent = str(client.v1.checkout.sessions.retrieve(session_id).payment_intent)
    refund = client.v1.refunds.create(params={"payment_intent": intent})

    sandbox.fail_refund(refund.id)

    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert sandbox.balance_cents() == 11_893
    assert client.v1.refunds.create(params={"payment_intent": intent}).amount == 12_100


def test_nothing_is_refunded_that_was_never_paid(sandbox: Sandbox, client: stripe.StripeClient, create: Create) -> None:
    session_id = create().id
    sandbox.pay(session_id, "pay_late")
    intent = str(client.v1.checkout.sessions.retrieve(session_id).payment_intent)

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create(params={"payment_intent": intent})


def test_a_payout_equals_the_net_of_what_it_gathers_and_gathers_nothing_twice(
    sandbox: Sandbox, client: stripe.StripeClient, create: Create
) -> None:
    paid = [create().id for _ in range(3)]
    sandbox.pay(paid[0])
    sandbox.pay(paid[1], "pay_late")
    sandbox.settle(paid[1])
    intent = str(client.v1.checkout.sessions.retrieve(paid[0]).payment_intent)
    client.v1.refunds.create(params={"payment_intent": intent, "amount": 1_234})
    sandbox.charge_fee(199)

    first = sandbox.create_payout()

    assert first["amount"] == 2 * 11_893 - 1_234 - 199
    gathered = client.v1.balance_transactions.list(params={"payout": first["id"]}).data
    assert sum(txn.net for txn in gathered) == first["amount"]
    assert sorted(txn.reporting_category for txn in gathered) == ["charge", "charge", "fee", "refund"]
    assert sorted(txn.type for txn in gathered) == ["charge", "payment", "refund", "stripe_fee"]
    assert sandbox.balance_cents() == 0
    sandbox.pay(paid[2])
    assert sandbox.create_payout()["amount"] == 11_893
    with pytest.raises(Exception, match="nothing to pay out"):
        sandbox.create_payout()
    assert client.v1.payouts.retrieve(first["id"]).status == "paid"


def test_lists_come_newest_first_in_pages(client: stripe.StripeClient, create: Create) -> None:
    made = [create().id for _ in range(5)]

    first = client.v1.checkout.sessions.list(params={"limit": 2})
    second = client.v1.checkout.sessions.list(params={"limit": 2, "starting_after": first.data[-1].id})
    last = client.v1.checkout.sessions.list(params={"limit": 2, "starting_after": second.data[-1].id})

    assert [s.id for page in (first, second, last) for s in page.data] == made[::-1]
    assert [page.has_more for page in (first, second, last)] == [True, True, False]
    assert [s.id for s in client.v1.checkout.sessions.list(params={"limit": 2}).auto_paging_iter()] == made[::-1]
    before = client.v1.checkout.sessions.list(params={"limit": 1, "ending_before": made[0]})
    assert ([s.id for s in before.data], before.has_more) == ([made[1]], True)
    wrong: list[Any] = [{"limit": 101}, {"starting_after": "cs_test_nobody"}]
    for params in wrong:
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.list(params=params)


def test_everything_survives_a_restart(tmp_path: Any, receiver: Any) -> None:
    file = tmp_path / "stripe.json"
    params = session_params()
    with Sandbox(webhook_url=receiver.url, deliver="manual", state_path=file, now=lambda: NOW) as sandbox:
        client = make_client(sandbox)
        options: Any = {"idempotency_key": "order-1"}
        session = client.v1.checkout.sessions.create(params=params, options=options)
        sandbox.pay(session.id)
        sandbox.advance_clock(60)
        events = sandbox.events

    with Sandbox(webhook_url=receiver.url, deliver="manual", state_path=file, now=lambda: NOW) as sandbox:
        client = make_client(sandbox)
        assert sandbox.events == events
        assert sandbox.balance_cents() == 11_893
        assert sandbox.now() == NOW + 60
        replayed = client.v1.checkout.sessions.create(params=params, options=options)
        assert replayed.id == session.id
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert [delivery.ok for delivery in sandbox.deliver_all()] == [True, True, True]

    with Sandbox(webhook_url=receiver.url, deliver="manual", state_path=file) as sandbox:
        assert sandbox.deliver_all() == []


def test_an_unreadable_state_file_is_set_aside(tmp_path: Any) -> None:
    file = tmp_path / "stripe.json"
    file.write_text('{"objects": []}')

    with Sandbox(state_path=file) as sandbox:
        assert sandbox.events == []

    assert (tmp_path / "stripe.json.broken").read_text() == '{"objects": []}'
