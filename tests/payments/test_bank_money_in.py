"""Money on the bank account: matched where it is sure, listed where it is not; Stripe's payouts among it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from payments import actions
from payments.actions.bank_matching import Outcome
from payments.dues import balance
from payments.models import (
    Concern,
    LedgerEntry,
    Payment,
)
from payments.movements import balance_on
from payments.open_items import open_amount
from tests import factories
from tests.payments.bank_support import PRICE, bring, open_invoice, outcomes, payout
from tests.payments.statements_support import DAY, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


# --- Money in -------------------------------------------------------------------------------------------------------


def test_the_right_amount_pays_its_invoice_seat_by_seat(at):
    invoice = open_invoice(at, seats=2)

    imported = bring(at, entry("229.90", structured=invoice.payment_reference))

    payment = Payment.objects.get()
    booked = LedgerEntry.objects.get(kind="payment")
    assert outcomes(imported) == [(Outcome.PAID, invoice.number)]
    assert (payment.status, payment.account, payment.session_id, payment.pays) == ("paid", "bank", None, invoice)
    assert (booked.account, booked.amount, str(booked.booked_on)) == ("bank", Decimal("229.90"), DAY)
    assert [line.gross for line in booked.lines.all()] == [PRICE, PRICE]
    assert (open_amount(invoice), balance(invoice.registration)) == (0, 0)
    assert not Concern.objects.exists()
    assert not Payment.objects.unsettled().exists() and not Payment.objects.without_invoice().exists()
    assert balance_on(at.date() + timedelta(days=30), "stripe") == 0


def test_a_part_leaves_the_rest_open_and_the_rest_pays_it(at):
    invoice = open_invoice(at)

    first = bring(at, entry("100.00", structured=invoice.payment_reference))
    left = open_amount(invoice)
    second = bring(at, entry("14.95", structured=invoice.payment_reference), opening="1100.00", name="2027-002")

    assert (outcomes(first), left) == ([(Outcome.PARTLY, invoice.number)], Decimal("14.95"))
    assert (outcomes(second), open_amount(invoice)) == ([(Outcome.PAID, invoice.number)], 0)


def test_too_much_pays_the_invoice_and_the_rest_waits_for_a_person(at):
    invoice = open_invoice(at)

    imported = bring(at, entry("120.00", structured=invoice.payment_reference))

    assert [(result.outcome, result.excess) for result in imported.results] == [(Outcome.OVER, Decimal("5.05"))]
    concern = Concern.objects.get()
    assert (concern.kind, concern.text) == ("overpaid", f"5.05 EUR, {DAY}, {invoice.number}")
    assert LedgerEntry.objects.get(kind="unmatched").amount == Decimal("5.05")


def test_paying_twice_pays_once_and_the_second_waits_for_a_person(at):
    invoice = open_invoice(at)
    mark = invoice.payment_reference

    imported = bring(at, entry("114.95", structured=mark), entry("114.95", structured=mark))

    assert [result.outcome for result in imported.results] == [Outcome.PAID, Outcome.NOTHING_OPEN]
    assert (Payment.objects.count(), Concern.objects.get().kind) == (1, "overpaid")


def test_what_is_no_longer_owed_is_not_taken_for_a_credited_invoice(at):
    invoice = open_invoice(at)
    actions.issue_credit_note(invoice=invoice, reason="x", at=at)

    imported = bring(at, entry("114.95", structured=invoice.payment_reference))

    assert outcomes(imported) == [(Outcome.NOTHING_OPEN, invoice.number)]
    assert not Payment.objects.exists()


def test_money_nobody_knows_is_booked_and_waits_for_a_person_without_a_name_in_the_queue(at):
    bring(at, entry("42.00", text="voor de koffie", name="Jan Janssens"))

    concern, booked = Concern.objects.get(), LedgerEntry.objects.get(kind="unmatched")
    assert (concern.kind, concern.text) == ("unknown_money", f"42.00 EUR, {DAY}")
    assert (booked.account, booked.amount, booked.registration) == ("bank", Decimal("42.00"), None)


def test_an_open_payment_page_is_closed_when_the_money_came_by_bank(stripe, now, django_capture_on_commit_callbacks):
    invoice = open_invoice(now)
    page = actions.start_checkout(registration=invoice.registration, at=now)

    with django_capture_on_commit_callbacks(execute=True):
        bring(now, entry("114.95", structured=invoice.payment_reference))

    page.refresh_from_db()
    assert page.status == "expired"  # as the stand-in says


# --- Stripe's payouts -----------------------------------------------------------------------------------------------


def test_a_payout_is_known_by_name_amount_and_day(at):
    payout()

    imported = bring(at, entry("250.00", name="STRIPE TECHNOLOGY EUROPE"))

    booked = LedgerEntry.objects.get(kind="payout_arrived")
    assert outcomes(imported) == [(Outcome.PAYOUT, "po_1")]
    assert (booked.account, booked.amount, booked.source) == ("bank", Decimal("250.00"), "po_1")
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1250.00")


@pytest.mark.parametrize(
    "made",
    [
        [],
        [{"amount": "250.01"}],
        [{"arrives": "2027-03-01"}],
        [{"status": "failed"}],
        [{"number": 1}, {"number": 2}],
    ],
)
def test_a_payout_that_is_not_sure_is_listed_and_not_booked(at, made):
    for facts in made:
        payout(**facts)

    imported = bring(at, entry("250.00", name="STRIPE"))

    assert outcomes(imported) == [(Outcome.LISTED, "")]
    assert not LedgerEntry.objects.exclude(kind="opening").exists() and not Concern.objects.exists()


def test_a_payout_stripe_tells_of_later_is_found_by_the_duty(at):
    bring(at, entry("250.00", text="STRIPE po_1"))
    payout()
    payout(2)  # of the same amount: the text names the first

    assert [result.about for result in actions.match_again(at=at)] == ["po_1"]
    assert actions.match_again(at=at) == []
