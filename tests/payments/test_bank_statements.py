"""Bank statements: read whole or refused whole, booked once, matched where it is sure, listed where it is not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from events import actions as events
from events.models import Registration
from payments import actions
from payments.actions.bank_matching import Outcome
from payments.dues import balance
from payments.models import (
    BankLink,
    BankParty,
    BankStatement,
    BankTransaction,
    BankUpload,
    Concern,
    Invoice,
    LedgerEntry,
    Payment,
    Payout,
    Refund,
)
from payments.movements import balance_on
from payments.open_items import open_amount
from payments.statements import LARGEST, StatementRefused, read
from tests import factories
from tests.payments.statements_support import DAY, OWN, THEIRS, camt, coda, entry

pytestmark = pytest.mark.django_db
PRICE = Decimal("114.95")


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


def open_invoice(at, *, seats=1, event=None):
    event = event or factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(seats=seats), at=at)
    Registration.objects.filter(pk=registration.pk).update(
        status="confirmed", confirmed_at=at, hold_expires_at=None, billing_method="invoice"
    )
    registration.refresh_from_db()
    factories.billing(registration)
    return actions.issue_invoice(registration=registration, at=at)


def bring(at, *entries, **facts):
    return actions.import_statement(content=camt(*entries, **facts), file_name="s.xml", by=None, at=at)


def outcomes(imported):
    return [(result.outcome, result.about) for result in imported.results]


# --- Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["02", "08"])
@pytest.mark.parametrize(
    "said",
    [
        {"structured": "010806817183"},
        {"structured": "+++010/8068/17183+++"},
        {"text": "factuur +++010/8068/17183+++ bedankt"},
        {"text": "***010/8068/17183***"},
        {"text": "010806817183"},
    ],
)
def test_a_structured_communication_is_found_wherever_banks_put_it(edition, said):
    (statement,) = read(camt(entry("10.00", **said), edition=edition))

    (movement,) = statement.movements
    assert (movement.structured, movement.name, movement.iban) == ("010806817183", "Gemeente Proef", THEIRS)


@pytest.mark.parametrize(
    "text",
    [
        "+++010/8068/17184+++",  # check digits
        "BE71096123456769 en 4010806817183",  # a longer number
        "+++010/8068/17183+++ +++123/4567/89002+++",  # two
    ],
)
def test_what_fails_its_check_or_is_not_the_only_one_is_no_structured_communication(text):
    (statement,) = read(camt(entry("10.00", text=text)))

    assert statement.movements[0].structured == ""


BOMB = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]>'
SPY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" " * 10 + b"x" * LARGEST, "too_large"),
        (b"Datum;Bedrag\n2027-01-20;10,00", "not_xml"),
        (b"\x00\x01\x02", "not_xml"),
        (b"<html/>", "not_camt"),
        (camt().replace(b"camt.053", b"camt.054"), "not_camt"),
        (camt(edition="99"), "version"),
        (camt(entry("1.00"), head=BOMB), "has_dtd"),
        (camt(entry("1.00"), head=SPY), "has_dtd"),
        (camt().replace(b"<Stmt>", b"<Rpt>").replace(b"</Stmt>", b"</Rpt>"), "no_statement"),
        (camt(currency="USD"), "currency"),
        (camt(entry("1.00", currency="GBP")), "currency"),
        (camt(entry("1.00"), closing="1000.00"), "balance"),
        (camt(entry("1.00")).replace(b"CLBD", b"ITBD"), "missing"),
        (camt(entry("1.00")).replace(b">1.00<", b">1e5<"), "unreadable"),
        (camt(entry("1.00")).replace(b">1.00<", b">1.005<"), "unreadable"),
        (camt(entry("1.00", day="20/01/2027")), "unreadable"),
        (camt(iban=THEIRS), "account"),
        (coda(communication="010806817183")[:-260], "unreadable"),
        (coda(communication="010806817183").replace(b"EUR", b"EURO"), "not_xml"),
    ],
)
def test_a_file_that_is_not_right_is_refused_whole_with_its_reason(content, code, at):
    with pytest.raises(StatementRefused) as refusal:
        actions.import_statement(content=content, file_name="", by=None, at=at)

    assert (refusal.value.code, bool(str(refusal.value))) == (code, True)
    assert not BankStatement.objects.exists() and not LedgerEntry.objects.exists()


def test_one_wrong_statement_in_a_file_keeps_the_right_one_out(at):
    right, wrong = camt(entry("5.00")), camt(entry("7.00"), closing="1000.00", name="2027-002")
    both = right.replace(b"</Stmt>", b"</Stmt>" + wrong[wrong.index(b"<Stmt>") : wrong.index(b"</BkTo")])

    with pytest.raises(StatementRefused):
        actions.import_statement(content=both, file_name="", by=None, at=at)

    assert not BankTransaction.objects.exists()


def test_an_account_is_asked_of_the_seller_first(at):
    factories.seller(iban="")

    with pytest.raises(StatementRefused) as refusal:
        bring(at)

    assert refusal.value.code == "no_account"


def test_what_the_bank_has_not_booked_is_counted_and_left_out(at):
    imported = bring(at, entry("5.00", status="PDNG"), entry("6.00", status="INFO"), entry("7.00"))

    assert (imported.pending, [row.amount for row in BankTransaction.objects.all()]) == (2, [Decimal("7.00")])


def test_movements_the_bank_booked_together_are_taken_apart_when_they_add_up():
    part = (
        '<TxDtls><Refs><AcctSvcrRef>{ref}</AcctSvcrRef></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt>'
        "</AmtDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )
    parts = part.format(ref="A", amount="4.00", text="een") + part.format(ref="B", amount="6.00", text="twee")
    content = camt(entry("10.00")).decode()
    start, end = content.index("<TxDtls>"), content.index("</NtryDtls>")

    (together,) = read((content[:start] + parts + content[end:]).encode())
    (apart,) = read((content[:start] + parts.replace("6.00", "5.00") + content[end:]).encode())

    assert [(m.amount, m.text, m.bank_reference) for m in together.movements] == [
        (Decimal("4.00"), "een", "A"),
        (Decimal("6.00"), "twee", "B"),
    ]
    assert [m.amount for m in apart.movements] == [Decimal("10.00")]


def test_coda_is_read_to_the_same_facts(at):
    invoice = open_invoice(at)

    imported = actions.import_statement(
        content=coda(communication=invoice.payment_reference), file_name="c.cod", by=None, at=at
    )

    assert outcomes(imported) == [(Outcome.PAID, invoice.number)]
    assert (BankParty.objects.get().iban, BankStatement.objects.get().format) == (THEIRS, "coda")
    with pytest.raises(StatementRefused) as refusal:
        bring(at, entry("1.00", ref="X"), opening="1114.95")
    assert refusal.value.code == "mixed"


# --- Once -----------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_adds_nothing(at):
    invoice = open_invoice(at)
    content = camt(entry("114.95", structured=invoice.payment_reference), entry("3.00"), entry("3.00", ref=""))
    actions.import_statement(content=content, file_name="", by=None, at=at)
    before = [model.objects.count() for model in (BankStatement, BankTransaction, LedgerEntry, Payment, Concern)]

    again = actions.import_statement(content=content, file_name="", by=None, at=at)

    after = [model.objects.count() for model in (BankStatement, BankTransaction, LedgerEntry, Payment, Concern)]
    assert (after, again.known, again.statements) == (before, 3, [])


def test_a_file_that_overlaps_adds_what_is_new(at):
    monday, tuesday = entry("3.00", ref="M"), entry("4.00", ref="T", day="2027-01-21")
    bring(at, monday)

    imported = bring(at, monday, tuesday, name="2027-W03", closed="2027-01-21")

    assert (imported.known, [result.transaction.amount for result in imported.results]) == (1, [Decimal("4.00")])
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1007.00")


def test_two_equal_movements_without_a_reference_are_two(at):
    twin = entry("3.00", ref="")

    bring(at, twin, twin)
    again = bring(at, twin, twin, twin, name="2027-002")

    assert (BankTransaction.objects.count(), again.known) == (3, 2)


def test_a_movement_is_a_fact_the_database_keeps(at):
    bring(at, entry("3.00"))

    for change in (
        lambda: BankTransaction.objects.update(amount=4),
        lambda: BankTransaction.objects.get().delete(),
    ):
        BankParty.objects.all().delete()
        BankLink.objects.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_earlier_statement_imported_later_corrects_where_the_books_began(at):
    day = at.date() + timedelta(days=60)
    bring(at, entry("5.00"), opening="1200.00")
    assert balance_on(day, "bank") == Decimal("1205.00")

    bring(
        at,
        entry("200.00", day="2027-01-05"),
        opening="1000.00",
        name="2027-000",
        opened="2027-01-04",
        closed="2027-01-05",
    )

    assert balance_on(day, "bank") == Decimal("1205.00")


def test_what_is_foreseen_is_what_is_done_and_foreseeing_does_nothing(at):
    invoice = open_invoice(at)
    content = camt(entry("114.95", structured=invoice.payment_reference), entry("8.00"), entry("-2.00"))

    foreseen = outcomes(actions.foresee_statement(content=content, at=at))

    assert not BankStatement.objects.exists() and not Payment.objects.exists() and not Concern.objects.exists()
    assert open_amount(invoice) == PRICE
    done = outcomes(actions.import_statement(content=content, file_name="", by=None, at=at))
    assert foreseen == done == [(Outcome.PAID, invoice.number), (Outcome.UNKNOWN, ""), (Outcome.LISTED, "")]


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


def payout(number=1, amount="250.00", arrives="2027-01-20", status="paid"):
    from datetime import date  # noqa: PLC0415

    from tests.conftest import NOON  # noqa: PLC0415

    return Payout.objects.create(
        payout_id=f"po_{number}",
        status=status,
        amount=Decimal(amount),
        created_at=NOON,
        arrives_on=date.fromisoformat(arrives),
    )


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

    actions.note_payout(movement=rows[Decimal("250.00")], payout=right, by=None, at=at)
    actions.note_fee(movement=rows[Decimal("-4.50")], by=None, at=at)
    actions.note_given_back(movement=out, told=Refund.objects.get(), by=None, at=at)
    actions.note_unmatched(movement=rows[Decimal("7.00")], by=None, at=at)

    assert not BankTransaction.objects.not_booked().exists()
    assert not Concern.objects.open().filter(kind="transfer").exists()
    for again in (
        lambda: actions.note_payout(movement=rows[Decimal("250.00")], payout=right, by=None, at=at),
        lambda: actions.note_fee(movement=rows[Decimal("-4.50")], by=None, at=at),
        lambda: actions.note_given_back(movement=out, told=Refund.objects.get(), by=None, at=at),
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
