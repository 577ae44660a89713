"""A cancelled visit: what goes back is shown, confirmed with its total, and carried out once per row, whatever dies."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from events import actions as events
from events.models import Event, Registration
from payments import actions, duties
from payments.actions.bookkeeping import book_dispute
from payments.actions.bulk_refunds import CannotConfirm
from payments.cancelled_visits import cancelled_with_money, rows_of, to_give_back, totals
from payments.models import BulkRefund, BulkRefundRow, Concern, Payment, Refund
from tests import factories
from tests.payments.statements_support import camt, entry

PRICE = Decimal("114.95")
PAGES = "/admin/refunds-of-cancelled-visits/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_a_person():
    factories.seller(refunds_of_cancelled="person")


def visit(at, **facts):
    return factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100, **facts)


def paid(event, at, *, fee="0.45"):
    """One seat paid by card, as far as our books know."""
    registration = events.register(event=event, order=factories.order(), at=at)
    payment = factories.payment_page(registration, at=at)
    Payment.objects.filter(pk=payment.pk).update(payment_intent_id=f"pi_{payment.pk}", fee=Decimal(fee))
    payment.refresh_from_db()
    factories.receive(payment, at=at)
    return payment


def paid_by_bank(event, at):
    registration = events.register(event=event, order=factories.order(), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration)
    invoice = actions.issue_invoice(registration=registration, at=at)
    content = camt(entry("114.95", structured=invoice.payment_reference), name=f"S{invoice.pk}")
    actions.import_statement(content=content, file_name="", by=None, at=at)
    return Payment.objects.get(pays=invoice)


def cancelled(at, *, cards=2, transfers=0):
    event = visit(at)
    for _number in range(cards):
        paid(event, at)
    for _number in range(transfers):
        paid_by_bank(event, at)
    events.cancel_event(event=event, at=at)
    event.refresh_from_db()
    return event


# --- How it fits with cancelling ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("setting", "decided"), [("at_once", 2), ("person", 0)])
def test_cancelling_gives_back_at_once_or_leaves_it_to_a_person_by_the_sellers_setting(at, setting, decided):
    factories.seller(refunds_of_cancelled=setting)

    event = cancelled(at)

    assert Refund.objects.count() == decided
    assert [row.amount for row in to_give_back(event)] == [PRICE] * (2 - decided)
    assert list(cancelled_with_money()) == ([] if decided else [event])


def test_only_a_cancelled_visit_waits_for_a_person_other_refunds_go_as_ever(at):
    payment = paid(visit(at), at)

    events.cancel(registration=payment.registration, at=at)

    assert Refund.objects.get().reason == "cancelled"


# --- What is shown --------------------------------------------------------------------------------------------------


def test_each_row_says_what_goes_back_by_which_way_and_which_fee_is_lost(at):
    event = cancelled(at, cards=2, transfers=1)

    rows = to_give_back(event)

    assert [(row.by_stripe, row.by_bank, row.fee) for row in rows] == [
        (PRICE, 0, Decimal("0.45")),
        (PRICE, 0, Decimal("0.45")),
        (0, PRICE, 0),
    ]
    assert totals(rows).amount == 3 * PRICE
    assert (totals(rows).by_stripe, totals(rows).by_bank, totals(rows).fee) == (2 * PRICE, PRICE, Decimal("0.90"))


def test_what_a_bank_took_or_what_is_kept_on_purpose_waits_for_nobody(at):
    event = cancelled(at, cards=2)
    disputed, kept = Payment.objects.order_by("pk")
    book_dispute(disputed, factories.disputed(-PRICE, fee="20.00", at=at), at=at)
    kept.registration.attendees.update(fee_kept=PRICE)

    assert (list(cancelled_with_money()), to_give_back(event)) == ([], [])


def test_who_a_person_has_to_decide_about_since_the_confirmation_does_not_go_with_the_rest(at):
    event = cancelled(at, cards=2)
    bulk = actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)
    warned = Payment.objects.order_by("pk").first()
    Concern.raise_once("fraud_warning", "issfr_1", payment=warned, at=at)

    actions.carry_out_bulk_refund(bulk.pk, at=at)

    assert list(BulkRefundRow.objects.order_by("pk").values_list("state", flat=True)) == ["changed", "done"]
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("kind", ["dispute", "refund_failed", "no_seat", "fraud_warning"])
def test_a_registration_a_person_has_to_decide_about_does_not_go_with_the_rest(at, kind):
    event = cancelled(at)
    payment = Payment.objects.order_by("pk").first()
    concern = Concern.raise_once(kind, "x", payment=payment, at=at)

    assert [row.registration for row in to_give_back(event)] == [Payment.objects.order_by("pk").last().registration]
    assert [row.concerns for row in rows_of(event)] == [[concern], []]


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_asks_the_same_number_of_queries_for_one_registration_and_for_twenty(
    at, count, django_assert_num_queries
):
    event = cancelled(at, cards=count)
    client = logged_in("Finance")
    client.get(f"{PAGES}event/{event.pk}/")

    with django_assert_num_queries(19):
        page = client.get(f"{PAGES}event/{event.pk}/")

    assert page.context["count"] == count


@pytest.mark.parametrize("count", [1, 20])
def test_the_result_asks_the_same_number_of_queries_for_one_row_and_for_twenty(at, count, django_assert_num_queries):
    event = cancelled(at, cards=count)
    bulk = actions.confirm_bulk_refund(event=event, total=count * PRICE, by=None, at=at)
    actions.carry_out_bulk_refund(bulk.pk, at=at)
    client = logged_in("Finance")
    client.get(f"{PAGES}inspect/{bulk.pk}/")

    with django_assert_num_queries(13):
        page = client.get(f"{PAGES}inspect/{bulk.pk}/")

    assert len(page.context["rows"]) == count


# --- Confirming -----------------------------------------------------------------------------------------------------


def logged_in(group):
    client = Client()
    client.force_login(factories.user(group))
    return client


@pytest.mark.parametrize("group", ["Finance", "Organisers"])
def test_finance_and_organisers_confirm_with_a_tick_and_the_total_that_stands_on_the_button(at, group):
    event = cancelled(at)
    client, url = logged_in(group), f"{PAGES}event/{event.pk}/"

    page = client.get(url).content.decode().replace("\xa0", " ")
    assert "229,90" in page and 'name="total" value="229.90"' in page
    without_tick = client.post(url, {"total": "229.90"})
    assert (without_tick.status_code, BulkRefund.objects.count()) == (422, 0)
    client.post(url, {"total": "229.90", "sure": "on"})

    bulk = BulkRefund.objects.get()
    assert (bulk.total, bulk.confirmed_by.groups.get().name) == (2 * PRICE, group)
    assert client.get(f"{PAGES}inspect/{bulk.pk}/").status_code == 200
    assert f"{PAGES}inspect/{bulk.pk}/" in client.get(PAGES).content.decode()


def test_editors_neither_see_nor_confirm(at):
    event = cancelled(at)
    client = logged_in("Editors")

    assert {client.get(url).status_code for url in (PAGES, f"{PAGES}event/{event.pk}/")} == {302}
    client.post(f"{PAGES}event/{event.pk}/", {"total": "229.90", "sure": "on"})

    assert not BulkRefund.objects.exists()


def test_a_total_that_has_changed_since_is_refused_and_nothing_goes_back(at):
    event = cancelled(at)
    shown = totals(to_give_back(event)).amount
    actions.give_back(registration=Payment.objects.first().registration, reason="event_cancelled", at=at)

    with pytest.raises(CannotConfirm):
        actions.confirm_bulk_refund(event=event, total=shown, by=None, at=at)

    assert not BulkRefund.objects.exists() and Refund.objects.count() == 1


def test_a_visit_that_takes_place_and_one_with_nothing_in_hand_are_refused(at):
    event = visit(at)
    paid(event, at)
    with pytest.raises(CannotConfirm):
        actions.confirm_bulk_refund(event=event, total=PRICE, by=None, at=at)
    Event.objects.filter(pk=event.pk).update(status="cancelled")  # nobody's seat was given up
    with pytest.raises(CannotConfirm):
        actions.confirm_bulk_refund(event=event, total=PRICE, by=None, at=at)

    assert not BulkRefund.objects.exists()


def test_two_people_who_confirm_confirm_once(at):
    event = cancelled(at)
    bulk = actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)

    with pytest.raises(CannotConfirm):
        actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)

    actions.carry_out_bulk_refund(bulk.pk, at=at)
    with pytest.raises(CannotConfirm):
        actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)
    assert Refund.objects.count() == 2


# --- Carrying out ---------------------------------------------------------------------------------------------------


def test_each_row_gives_back_by_the_way_it_was_paid(at):
    event = cancelled(at, cards=1, transfers=1)
    bulk = actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)

    for _time in range(2):
        actions.carry_out_bulk_refund(bulk.pk, at=at)

    assert sorted(Refund.objects.values_list("payment__account", "amount", "reason")) == [
        ("bank", PRICE, "event_cancelled"),
        ("stripe", PRICE, "event_cancelled"),
    ]
    assert Concern.objects.filter(kind="transfer").count() == 1
    bulk.refresh_from_db()
    assert bulk.finished_at == at
    assert {row.state for row in bulk.rows.all()} == {"done"}
    assert [refund.payment.registration_id for row in bulk.rows.all() for refund in row.refunds.all()] == [
        row.registration_id for row in bulk.rows.all()
    ]


def test_a_row_of_which_the_amount_changed_after_confirming_is_left_to_a_person(at):
    event = cancelled(at)
    bulk = actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)
    first = bulk.rows.first()
    actions.give_back(registration=first.registration, reason="event_cancelled", at=at)

    actions.carry_out_bulk_refund(bulk.pk, at=at)

    assert [row.state for row in bulk.rows.all()] == ["changed", "done"]
    assert Refund.objects.count() == 2


def test_a_process_that_died_after_the_confirmation_is_resumed_by_the_duty(at):
    event = cancelled(at)
    bulk = actions.confirm_bulk_refund(event=event, total=2 * PRICE, by=None, at=at)  # its task never runs

    duties.carry_out_bulk_refunds(at=at + timedelta(minutes=1))
    duties.carry_out_bulk_refunds(at=at + timedelta(minutes=2))

    bulk.refresh_from_db()
    assert (Refund.objects.count(), bulk.finished_at) == (2, at + timedelta(minutes=1))


KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.BEST_PRACTICE_TOUR |= {"STRIPE_API_BASE": sys.argv[2], "STRIPE_API_KEY": sys.argv[3]}
django.setup()
from django.utils import timezone
from payments import actions
from payments import stripe_gateway as gateway

calls, really = [], gateway.create_refund

def create_refund(**facts):
    calls.append(facts)
    if len(calls) == 2 and sys.argv[4] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    told = really(**facts)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return told

gateway.create_refund = create_refund
actions.carry_out_bulk_refund(int(sys.argv[5]), at=timezone.now())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_killed_half_way_leaves_what_is_done_and_nobody_is_paid_twice(stripe, now, when):
    factories.seller(refunds_of_cancelled="person")
    event = visit(now)
    for _number in range(3):
        registration = events.register(event=event, order=factories.order(), at=now)
        payment = actions.start_checkout(registration=registration, at=now)
        stripe.pay(payment.session_id)
        actions.sync_checkout(payment.session_id, at=now)
    events.cancel_event(event=event, at=now)
    event.refresh_from_db()
    bulk = BulkRefund.objects.create(event=event, total=3 * PRICE, confirmed_at=now)  # confirmed; its task to come
    for row in to_give_back(event):
        BulkRefundRow.objects.create(bulk=bulk, registration=row.registration, amount=row.amount)
    balance = stripe.balance_cents()

    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLED,
            connection.settings_dict["NAME"],
            stripe.url,
            stripe.api_key,
            when,
            str(bulk.pk),
        ],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "cms.settings.test"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    states = list(bulk.rows.values_list("state", flat=True))
    given = (balance - stripe.balance_cents()) // 11495
    assert (states, given) == (["done", "done", "pending"], 1 if when == "before" else 2)

    for _time in range(2):
        duties.carry_out_bulk_refunds(at=now + timedelta(hours=1))
        duties.carry_out_refunds(at=now + timedelta(hours=1))

    bulk.refresh_from_db()
    assert bulk.finished_at is not None
    assert list(bulk.rows.values_list("state", flat=True)) == ["done"] * 3
    assert sorted(Refund.objects.values_list("status", "amount")) == [("succeeded", PRICE)] * 3
    assert balance - stripe.balance_cents() == 3 * 11495
