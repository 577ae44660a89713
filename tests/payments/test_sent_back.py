"""Money transferred back to where it came from: its movement says when, who, why, and what a statement shows."""

from decimal import Decimal

import pytest
from django.test import Client

from payments import actions
from payments.models import BankTransaction, Payment
from tests import factories
from tests.payments.bank_support import bring, open_invoice
from tests.payments.statements_support import entry

pytestmark = pytest.mark.django_db
MOVEMENTS = "/admin/bank-movements/"


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


@pytest.fixture
def finance():
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


def shown(client, movement):
    page = client.get(f"{MOVEMENTS}inspect/{movement.pk}/")
    told = page.content.decode().partition("<h2>Teruggestort</h2>")[2] or page.content.decode()
    return list(page.context["sent_back"]), told


def test_the_page_says_when_who_why_and_how_much_and_whether_a_statement_showed_it(finance, at):
    bring(at, entry("40.00"))
    movement, who = BankTransaction.objects.get(), factories.user("Finance")
    assert shown(finance, movement)[0] == []

    actions.note_sent_back(movement=movement, by=who, remark="Was voor een ander.", at=at)
    (gone,), page = shown(finance, movement)

    assert (gone.said_by, gone.remark, gone.entry.amount) == (who, "Was voor een ander.", Decimal("-40.00"))
    for said in ("40,00", str(who), "Was voor een ander.", f"{at:%Y}"):
        assert said in page
    assert not hasattr(gone.entry, "bank_link")
    assert "inspect/" not in page.partition("Was voor een ander.")[2].partition("</ul>")[0]

    bring(at, entry("-40.00"), opening="1040.00", name="later-1")
    (gone,), page = shown(finance, movement)

    assert gone.entry.bank_link.transaction.amount == Decimal("-40.00")
    assert "later-1" in page and f"{MOVEMENTS}inspect/{gone.entry.bank_link.transaction_id}/" in page


def test_who_and_why_stay_when_the_money_is_to_be_named_anew(finance, at):
    invoice = open_invoice(at)
    bring(at, entry("150.00", structured=invoice.payment_reference))
    movement, who = BankTransaction.objects.get(), factories.user("Finance")
    actions.note_sent_back(movement=movement, by=who, remark="te veel", at=at)

    actions.take_back(payment=Payment.objects.get(), by=who, remark="verkeerde factuur", at=at)
    actions.note_sent_back(movement=movement, by=who, remark="en de rest", at=at)

    gone, _page = shown(finance, movement)
    assert [(one.entry.amount, one.remark) for one in gone] == [
        (Decimal("-35.05"), "te veel"),
        (Decimal("-114.95"), "en de rest"),
    ]
    assert BankTransaction.objects.with_state().get().in_suspense == 0
