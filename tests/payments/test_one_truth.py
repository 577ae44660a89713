"""However Stripe's truth reaches us, and in whatever order, it ends in one payment, one letter and one ledger fact."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from events import actions as events
from events.models import Letter, Registration
from payments import actions, duties
from payments.models import Concern, LedgerEntry, LedgerLine, Payment, Refund, StripeEvent
from payments.sandbox import Sandbox
from tests import factories

pytestmark = pytest.mark.django_db
Status = Registration.Status


def held(now, seats=2, capacity=10, price="95.00"):
    event = factories.event(capacity=capacity, price=price, starts_at=now + timedelta(days=20))
    return events.register(event=event, order=factories.order(seats=seats), at=now)


def facts(registration):
    """What must be the same whoever told us first."""
    registration.refresh_from_db()
    return {
        "status": registration.status,
        "payments": list(registration.payments.values_list("status", "amount", "fee")),
        "ledger": list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount")),
        "letters": list(Letter.objects.filter(kind="confirmed").values_list("recipient", flat=True)),
        "seats": registration.event.seats_taken(registration.created_at),
    }


def paid(registration):
    """2 x EUR 114.95 paid; the stand-in's example fee is 1.5 % and 25 cents: 3.45 + 0.25."""
    return {
        "status": "confirmed",
        "payments": [("paid", Decimal("229.90"), Decimal("3.70"))],
        "ledger": [("payment", Decimal("229.90")), ("fee", Decimal("-3.70"))],
        "letters": [registration.email],
        "seats": 2,
    }


@pytest.mark.parametrize(
    "order", [*list(permutations(["webhook", "page", "sweep"])), ("webhook",), ("page",), ("sweep",)]
)
def test_webhook_page_and_sweep_end_in_the_same_state_in_any_order(stripe: Sandbox, now, notify, client, order):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)

    for teller in order:
        if teller == "webhook":
            assert notify("checkout.session.completed") == [200]
        elif teller == "page":
            back = {"token": registration.manage_token, "session_id": payment.session_id}
            answer = client.get(reverse("payments:return"), back)
            assert answer.status_code == 302
        else:
            duties.sweep_payments(at=now + timedelta(minutes=5))

    assert facts(registration) == paid(registration)


def test_the_same_notice_three_times_is_one_payment(stripe: Sandbox, now, notify):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)

    assert notify("checkout.session.completed", times=3) == [200, 200, 200]

    assert facts(registration) == paid(registration)
    assert list(StripeEvent.objects.values_list("type", "status", "attempts")) == [
        ("checkout.session.completed", "processed", 1)
    ]


def test_the_ledger_shares_payment_and_fee_over_the_seats_to_the_cent(stripe: Sandbox, now):
    registration = held(now, seats=3, price="33.33")
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)

    # 3 x 40.33 = 120.99; fee 1.5 % = 1.81 + 0.25 = 2.06 = 0.69 + 0.69 + 0.68
    for kind, total in [("payment", Decimal("120.99")), ("fee", Decimal("-2.06"))]:
        lines = LedgerLine.objects.filter(entry__kind=kind).order_by("pk")
        assert sum(line.gross for line in lines) == LedgerEntry.objects.get(kind=kind).amount == total
    assert [line.gross for line in LedgerLine.objects.filter(entry__kind="fee").order_by("pk")] == [
        Decimal("-0.69"),
        Decimal("-0.69"),
        Decimal("-0.68"),
    ]


def test_the_ledger_cannot_be_changed_even_from_sql(stripe: Sandbox, now):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)

    for rows in (LedgerEntry.objects.all(), LedgerLine.objects.all()):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            rows.update(id=1_000_000)
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            rows._raw_delete("default")


def test_money_after_the_hold_takes_the_seat_when_it_is_free(stripe: Sandbox, now):
    registration = held(now, capacity=2)
    payment = actions.start_checkout(registration=registration, at=now)
    registration.refresh_from_db()
    events.expire_holds(at=registration.hold_expires_at)
    stripe.pay(payment.session_id)

    actions.sync_checkout(payment.session_id, at=now + timedelta(hours=2))

    assert facts(registration) == paid(registration) | {"seats": 2}


def test_money_for_a_seat_that_is_gone_is_given_back_once_and_said_so(
    stripe: Sandbox, now, notify, django_capture_on_commit_callbacks, mailoutbox
):
    late = held(now, seats=1, capacity=1)
    payment = actions.start_checkout(registration=late, at=now)
    late.refresh_from_db()
    after = late.hold_expires_at
    events.expire_holds(at=after)
    winner = events.register(event=late.event, order=factories.order(), at=after)
    stripe.pay(payment.session_id)

    for _time in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            actions.sync_checkout(payment.session_id, at=after)
    notify("refund.created")
    duties.carry_out_refunds(at=after)

    late.refresh_from_db()
    assert (late.status, winner.status) == (Status.EXPIRED, Status.HELD)
    assert list(Refund.objects.values_list("status", "amount", "reason")) == [
        ("succeeded", Decimal("114.95"), "seat_gone")
    ]
    assert list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount")) == [
        ("payment", Decimal("114.95")),
        ("fee", Decimal("-1.97")),
        ("refund", Decimal("-114.95")),
    ]
    # Stripe keeps its fee: what the stand-in has is what our ledger says.
    assert stripe.balance_cents() == sum(entry.amount for entry in LedgerEntry.objects.all()) * 100
    mails = [mail for mail in mailoutbox if mail.to == [late.email] and "terug" in mail.subject]
    assert [("114,95" in mail.body, late.reference in mail.body) for mail in mails] == [(True, True)]


@pytest.mark.parametrize("change", [{"amount": Decimal("1.00")}, {"currency": "USD"}])
def test_an_amount_or_currency_that_differs_gives_no_seat_and_waits_for_a_person(stripe: Sandbox, now, change):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    Payment.objects.filter(pk=payment.pk).update(**change)
    stripe.pay(payment.session_id)

    actions.sync_checkout(payment.session_id, at=now)
    actions.sync_checkout(payment.session_id, at=now)

    payment.refresh_from_db()
    registration.refresh_from_db()
    assert (payment.status, registration.status) == (Payment.Status.MISMATCH, Status.HELD)
    assert "229.90 EUR" in payment.note
    assert list(LedgerEntry.objects.exclude(kind="fee").values_list("kind", "amount", "currency")) == [
        ("unmatched", Decimal("229.90"), "EUR")
    ]
    assert list(Concern.objects.values_list("kind", "payment", "resolved_at")) == [("mismatch", payment.pk, None)]
    assert list(registration.letters.filter(kind="payment_differs").values_list("recipient", flat=True)) == [
        registration.email
    ]
    with pytest.raises(actions.NothingToPay):
        actions.start_checkout(registration=registration, at=now)


def test_a_slow_payment_keeps_its_seats_until_it_arrives(stripe: Sandbox, now, notify):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id, "pay_late")
    notify("checkout.session.completed")
    registration.refresh_from_db()
    payment.refresh_from_db()
    assert (payment.status, registration.status) == (Payment.Status.PROCESSING, Status.HELD)
    assert registration.hold_expires_at > now + timedelta(days=9)

    stripe.settle(payment.session_id)
    notify("checkout.session.async_payment_succeeded")

    assert facts(registration) == paid(registration)


def test_a_slow_payment_that_fails_gives_its_seats_up_at_once(stripe: Sandbox, now, notify):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id, "pay_late")
    notify("checkout.session.completed")
    stripe.settle(payment.session_id, succeed=False)
    notify("checkout.session.async_payment_failed")

    payment.refresh_from_db()
    registration.refresh_from_db()
    assert (payment.status, registration.status) == (Payment.Status.FAILED, Status.EXPIRED)
    assert registration.event.seats_left(now) == 10


def test_the_hold_outlives_the_payment_page(stripe: Sandbox, now):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)

    registration.refresh_from_db()
    assert registration.hold_expires_at - payment.session_expires_at >= timedelta(minutes=10)


def test_asking_twice_gives_the_same_payment_page(stripe: Sandbox, now):
    registration = held(now)

    first = actions.start_checkout(registration=registration, at=now)
    second = actions.start_checkout(registration=registration, at=now + timedelta(minutes=10))

    assert (first.pk, first.session_url) == (second.pk, second.session_url)
    assert [path for method, path, _ in stripe.requests if method == "POST"] == ["/v1/checkout/sessions"]


def test_a_session_made_while_the_answer_was_lost_is_found_and_not_made_again(stripe: Sandbox, now):
    registration = held(now)
    stripe.switches.set(timeout_next=1)

    payment = actions.start_checkout(registration=registration, at=now)

    sessions = [event for event in stripe.requests if event[0] == "POST"]
    assert payment.session_id and len(sessions) == 2
    assert Payment.objects.count() == 1


def test_cancelling_before_paying_closes_the_payment_page(stripe: Sandbox, now, django_capture_on_commit_callbacks):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)

    with django_capture_on_commit_callbacks(execute=True):
        events.cancel(registration=registration, at=now)

    payment.refresh_from_db()
    assert payment.status == Payment.Status.EXPIRED
    assert stripe.pay(payment.session_id).status == 410


def test_a_notice_of_a_kind_we_do_not_know_is_kept_and_answered(stripe: Sandbox, now, notify):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)

    assert notify("charge.succeeded") == [200]

    assert list(StripeEvent.objects.values_list("type", "status")) == [("charge.succeeded", "ignored")]


def test_a_notice_that_fails_is_kept_and_done_by_the_duty(stripe: Sandbox, now, notify):
    registration = held(now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id)
    stripe.switches.set(fail_next=3)  # the call and its two retries

    assert notify("checkout.session.completed") == [200]
    event = StripeEvent.objects.get()
    assert (event.status, registration.payments.get().status) == ("failed", "open")
    duties.process_stripe_events(at=now + timedelta(minutes=10))

    event.refresh_from_db()
    assert (event.status, event.attempts) == ("processed", 2)
    assert facts(registration) == paid(registration)


@pytest.mark.parametrize("signature", ["", "t=1,v1=abc", "nonsense"])
def test_a_notice_without_our_signature_is_refused_and_not_kept(client, stripe: Sandbox, signature):
    answer = client.post(
        "/stripe/webhook/", b"{}", content_type="application/json", headers={"Stripe-Signature": signature}
    )

    assert (answer.status_code, StripeEvent.objects.count()) == (400, 0)


def test_a_tampered_or_old_notice_is_refused(client, stripe: Sandbox, now):
    payment = actions.start_checkout(registration=held(now), at=now)
    stripe.pay(payment.session_id)
    event = next(event for event in stripe.events if event["type"] == "checkout.session.completed")
    body, signature = stripe.signed(event["id"])
    old = signature.replace("t=", "t=1")
    for sent, header in [(body.replace(b"paid", b"lost"), signature), (body, old)]:
        answer = client.post(
            "/stripe/webhook/", sent, content_type="application/json", headers={"Stripe-Signature": header}
        )
        assert answer.status_code == 400
    assert StripeEvent.objects.count() == 0
