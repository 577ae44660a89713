"""Money that left the bank account, what a person says of a movement, and who is forgotten."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from events import actions as events
from payments import actions
from payments.actions.bank_matching import Outcome
from payments.models import (
    BankParty,
    BankStatement,
    BankTransaction,
    BankUpload,
    Concern,
    Invoice,
    LedgerEntry,
    Payment,
    Refund,
)
from payments.movements import balance_on
from payments.open_items import open_amount
from tests import factories
from tests.payments.bank_support import PRICE, bring, open_invoice, outcomes, payout
from tests.payments.statements_support import OWN, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


# --- Money out ------------------------------------------------------------------------------------------------------


def test_the_banks_own_costs_are_booked_as_costs(at):
    bring(at, entry("-4.50", code="PMNT/MDOP/CHRG", name="", iban=""))

    booked = LedgerEntry.objects.get(kind="service_fee")
    assert (booked.account, booked.amount) == ("bank", Decimal("-4.50"))


def paid_by_bank(at, **facts):
    invoice = open_invoice(at, **facts)
    bring(at, entry("114.95", structured=invoice.payment_reference), name=f"S{invoice.pk}")
    return invoice


def test_what_came_by_bank_goes_back_by_bank_and_a_person_is_told(at, django_capture_on_commit_callbacks):
    invoice = paid_by_bank(at)

    with django_capture_on_commit_callbacks() as after:
        events.cancel(registration=invoice.registration, at=at)

    refund, concern = Refund.objects.get(), Concern.objects.get()
    assert (refund.status, concern.kind, concern.source) == ("decided", "transfer", str(refund.pk))
    assert list(Refund.objects.to_carry_out()) == [] and list(Refund.objects.to_transfer()) == [refund]
    assert not any("_enqueue" in repr(callback) for callback in after)
    assert actions.carry_out_refund(refund.pk, at=at).status == "decided"
    assert not LedgerEntry.objects.filter(kind="refund").exists()


def test_a_person_says_it_was_transferred_and_the_statement_agrees(at):
    invoice = paid_by_bank(at)
    events.cancel(registration=invoice.registration, at=at)
    concern, who = Concern.objects.get(), factories.user("Finance")

    actions.decide(concern=concern, decision="transferred", by=who, remark="vandaag", at=at)

    refund, booked = Refund.objects.get(), LedgerEntry.objects.get(kind="refund")
    concern.refresh_from_db()
    assert (refund.status, booked.account, booked.amount) == ("succeeded", "bank", -PRICE)
    assert (concern.resolved_by, concern.remark) == (who, "vandaag")
    with pytest.raises(actions.CannotDecide):
        actions.decide(concern=concern, decision="transferred", by=who, remark="x", at=at)

    imported = bring(at, entry("-114.95", day="2027-01-25"), opening="1114.95", name="later", closed="2027-01-25")

    assert outcomes(imported) == [(Outcome.GIVEN_BACK, invoice.registration.reference)]
    assert LedgerEntry.objects.filter(kind="refund").count() == 1
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1000.00")


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, True),  # to the account it came from
        ({"iban": OWN, "text": "terugbetaling {reference}"}, True),
        ({"iban": OWN, "text": "terugbetaling"}, False),
        ({"iban": "", "name": ""}, False),
    ],
)
def test_a_refund_on_a_statement_is_known_by_account_or_reference_and_never_by_its_amount_alone(at, facts, found):
    invoice = paid_by_bank(at)
    events.cancel(registration=invoice.registration, at=at)
    facts = {**facts, "text": facts.get("text", "").format(reference=invoice.registration.reference)}

    imported = bring(at, entry("-114.95", **facts), opening="1114.95", name="later")

    assert outcomes(imported)[0][0] == (Outcome.GIVEN_BACK if found else Outcome.LISTED)
    assert (Refund.objects.get().status == "succeeded") == found
    assert Concern.objects.open().exists() != found


def test_two_refunds_it_could_be_are_left_to_a_person(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    for _number in range(2):
        invoice = paid_by_bank(at, event=event)
        events.cancel(registration=invoice.registration, at=at)

    imported = bring(at, entry("-114.95"), opening="1114.95", name="later")

    assert outcomes(imported) == [(Outcome.LISTED, "")]


def test_a_card_is_refunded_before_a_transfer_is_asked_for(at):
    invoice = open_invoice(at)
    bring(at, entry("100.00", structured=invoice.payment_reference))
    Payment.objects.filter(account="bank").update(paid_at=at + timedelta(days=9))
    by_card = factories.payment_page(invoice.registration, at=at)
    Payment.objects.filter(pk=by_card.pk).update(payment_intent_id="pi_1")
    by_card.refresh_from_db()
    factories.receive(by_card, at=at)
    events.cancel(registration=invoice.registration, at=at)

    order = [(refund.payment.account, refund.amount) for refund in Refund.objects.order_by("pk")]
    assert order == [("stripe", Decimal("14.95")), ("bank", Decimal("100.00"))]


# --- What a person says ---------------------------------------------------------------------------------------------


def unmatched(at, amount="114.95", **facts):
    bring(at, entry(amount, **facts))
    return BankTransaction.objects.get()


def test_unmatched_money_is_assigned_to_an_invoice_and_the_rest_stays_unmatched(at):
    movement, who = unmatched(at, "150.00"), factories.user("Finance")
    first, second = open_invoice(at), open_invoice(at)

    actions.assign(movement=movement, invoice=first, by=who, remark="gebeld", at=at)
    state = BankTransaction.objects.with_state().get()
    assert (state.in_suspense, state.booked) == (Decimal("35.05"), Decimal("150.00"))
    assert Concern.objects.open().count() == 1
    actions.assign(movement=movement, invoice=second, by=who, remark="idem", at=at)

    assert (open_amount(first), open_amount(second)) == (0, PRICE - Decimal("35.05"))
    assert Concern.objects.get().resolved_by == who
    assert not BankTransaction.objects.unmatched().exists()
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1150.00")
    with pytest.raises(actions.CannotBook):
        actions.assign(movement=movement, invoice=second, by=who, remark="", at=at)


def test_money_is_not_assigned_to_an_invoice_of_which_nothing_is_open(at):
    movement, invoice = unmatched(at), open_invoice(at)
    actions.issue_credit_note(invoice=invoice, reason="x", at=at)

    with pytest.raises(actions.CannotBook):
        actions.assign(movement=movement, invoice=invoice, by=None, remark="", at=at)

    assert BankTransaction.objects.unmatched().count() == 1


def test_money_sent_back_is_out_of_the_books_once_and_the_statement_agrees(at):
    movement = unmatched(at, "40.00")

    actions.note_sent_back(movement=movement, by=None, remark="vergissing", at=at)
    with pytest.raises(actions.CannotBook):
        actions.note_sent_back(movement=movement, by=None, remark="", at=at)
    imported = bring(at, entry("-40.00"), opening="1040.00", name="later")

    assert [result.outcome for result in imported.results] == [Outcome.GIVEN_BACK]
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1000.00")
    assert not Concern.objects.open().exists()


def test_a_movement_that_is_not_the_tours_is_booked_as_such_once(at):
    bring(at, entry("-800.00", text="huur"), entry("30.00", text="lidgeld"))
    rent, dues = BankTransaction.objects.get(amount=-800), BankTransaction.objects.get(amount=30)

    for movement in (rent, dues):
        actions.note_not_ours(movement=movement, by=None, remark="", at=at)
        with pytest.raises(actions.CannotBook):
            actions.note_not_ours(movement=movement, by=None, remark="", at=at)

    assert LedgerEntry.objects.filter(kind="other").aggregate(total=Sum("amount"))["total"] == Decimal("-770.00")
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("230.00")


def test_a_person_names_a_payout_a_cost_and_a_refund_that_were_not_sure(at):
    right, _wrong = payout(1), payout(2)
    invoice = paid_by_bank(at)
    events.cancel(registration=invoice.registration, at=at)
    bring(
        at,
        entry("250.00", name="STRIPE"),
        entry("-4.50"),
        entry("-114.95", iban=""),
        entry("7.00", name="stripe"),
        opening="1114.95",
        name="later",
    )
    rows = {row.amount: row for row in BankTransaction.objects.all()}
    out = rows[Decimal("-114.95")]
    refund_key = f"refund-{Refund.objects.get().pk}"

    actions.note_payout(movement=rows[Decimal("250.00")], payout=right, by=None, at=at)
    actions.note_fee(movement=rows[Decimal("-4.50")], by=None, at=at)
    actions.note_given_back(movement=out, keys=[refund_key], by=None, at=at)
    actions.note_unmatched(movement=rows[Decimal("7.00")], by=None, at=at)

    assert not BankTransaction.objects.not_booked().exists()
    assert not Concern.objects.open().filter(kind="transfer").exists()
    for again in (
        lambda: actions.note_payout(movement=rows[Decimal("250.00")], payout=right, by=None, at=at),
        lambda: actions.note_fee(movement=rows[Decimal("-4.50")], by=None, at=at),
        lambda: actions.note_given_back(movement=out, keys=[refund_key], by=None, at=at),
        lambda: actions.note_unmatched(movement=rows[Decimal("7.00")], by=None, at=at),
    ):
        with pytest.raises(actions.CannotBook):
            again()


# --- Least data -----------------------------------------------------------------------------------------------------


def test_who_paid_is_forgotten_when_no_money_can_go_back_there_any_more(at):
    invoice = paid_by_bank(at)
    bring(at, entry("9.00", name="Onbekend"), opening="1114.95", name="later")
    BankUpload.objects.create(content=b"x", file_name="x", uploaded_at=at, uploaded_by=factories.user("Finance"))
    visit = invoice.registration.event.ends_at

    assert actions.forget_parties(at=visit + timedelta(days=89)) == 0
    assert actions.forget_parties(at=visit + timedelta(days=91)) == 1

    assert [party.name for party in BankParty.objects.all()] == ["Onbekend"]  # nobody said yet what it is
    assert not BankUpload.objects.exists()


def test_every_movement_that_is_booked_is_booked_for_what_it_moved(at):
    invoice, other = open_invoice(at), open_invoice(at)
    payout()
    bring(
        at,
        entry("120.00", structured=invoice.payment_reference),
        entry(
            "114.95",
            text=f"+++{other.payment_reference[:3]}/{other.payment_reference[3:7]}/{other.payment_reference[7:]}+++",
        ),
        entry("250.00", name="Stripe"),
        entry("11.11"),
        entry("-1.00", code="PMNT/MDOP/CHRG"),
        entry("-77.00"),
    )

    booked = BankTransaction.objects.with_state().filter(is_booked=True)
    assert {row.amount - row.booked for row in booked} == {Decimal("0.00")}
    closing = BankStatement.objects.get().closing
    assert balance_on(at.date() + timedelta(days=30), "bank") + Decimal("-77.00") == closing
    assert Invoice.objects.count() == 2
