"""Bank statements: read whole or refused whole, booked once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from payments import actions
from payments.actions.bank_matching import Outcome
from payments.models import (
    BankLink,
    BankParty,
    BankStatement,
    BankTransaction,
    Concern,
    LedgerEntry,
    Payment,
)
from payments.movements import balance_on
from payments.open_items import open_amount
from payments.statements import LARGEST, StatementRefused, read
from tests import factories
from tests.payments.bank_support import PRICE, bring, open_invoice, outcomes
from tests.payments.statements_support import THEIRS, camt, coda, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


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
