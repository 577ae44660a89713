"""Whoever reads the invoices hears that a transfer came in: once per payment, and what is open of the invoice."""

from datetime import timedelta

import pytest

from events import actions as events
from events import letters
from events.models import Letter, Registration
from payments import actions
from payments.models import BankTransaction
from tests import factories
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground():
    factories.ground()
    factories.seller()


def open_invoice(at, language="nl", **billing):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(language=language), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration, **billing)
    return actions.issue_invoice(registration=registration, at=at)


def bring(at, *entries, **facts):
    return actions.import_statement(content=camt(*entries, **facts), file_name="", by=None, at=at)


def received():
    return Letter.objects.filter(kind="payment_received").order_by("pk")


def read(letter, at):
    return letters.message(letter, at=at)


def test_a_transfer_in_full_is_thanked_for_and_nothing_is_open(at):
    invoice = open_invoice(at)

    bring(at, entry("114.95", structured=invoice.payment_reference))

    letter = received().get()
    assert letter.recipient == "facturen@example.org"
    mail = read(letter, at)
    assert mail.subject == f"Wij ontvingen uw betaling van factuur {invoice.number}: {letter.registration.event.name}"
    assert "114,95" in mail.body and "Er staat niets meer open" in mail.body
    assert "Facturen en betalingen bekijken:" in mail.body and "betaal online" not in mail.body
    assert mail.attachments == []


def test_who_transferred_too_much_reads_that_somebody_looks_into_the_rest(at):
    invoice = open_invoice(at)

    bring(at, entry("150.00", structured=invoice.payment_reference))

    body = read(received().get(), at).body
    assert "114,95" in body and "U hebt € 35,05 meer overgeschreven dan er openstond." in body.replace("\xa0", " ")


def test_a_transfer_in_part_says_what_is_still_open_until_when_and_how_to_pay_it(at):
    invoice = open_invoice(at)

    bring(at, entry("100.00", structured=invoice.payment_reference))

    body = read(received().get(), at).body
    for said in ("100,00", "Nog open: € 14,95", "BE17999123456721", invoice.payment_reference_text):
        assert said in body.replace("\xa0", " "), said
    assert "/nl/b/" in body


def test_it_is_in_the_language_of_the_registration(at):
    invoice = open_invoice(at, language="en")

    bring(at, entry("100.00", structured=invoice.payment_reference))

    mail = read(received().get(), at)
    assert mail.subject.startswith(f"We received your payment of invoice {invoice.number}: ")
    assert "Still open: " in mail.body


def test_each_payment_is_told_once_however_often_the_file_is_imported(at):
    invoice = open_invoice(at)
    first = entry("100.00", structured=invoice.payment_reference)
    second = entry("14.95", structured=invoice.payment_reference)

    bring(at, first)
    bring(at, first)
    bring(at, first, second, name="2027-002")

    assert [(letter.facts["received"], letter.facts["open"]) for letter in received()] == [
        ("100.00", "14.95"),
        ("14.95", "0.00"),
    ]


def test_what_is_too_much_is_not_thanked_for(at):
    """It is not the invoice's: somebody decides, and writes."""
    invoice = open_invoice(at)

    bring(at, entry("200.00", structured=invoice.payment_reference))

    assert received().get().facts["received"] == "114.95"


def test_money_that_a_person_assigns_is_told_as_well(at):
    invoice = open_invoice(at)
    bring(at, entry("114.95"))
    assert not received().exists()

    actions.assign(movement=BankTransaction.objects.get(), invoice=invoice, by=None, remark="", at=at)

    assert received().get().facts["open"] == "0.00"


def test_looking_at_what_a_file_will_do_writes_to_nobody(at):
    invoice = open_invoice(at)

    actions.foresee_statement(content=camt(entry("114.95", structured=invoice.payment_reference)), at=at)

    assert not received().exists()


def test_who_pays_for_seats_that_become_certain_has_a_confirmation_and_no_such_letter(at):
    registration = events.register(event=factories.event(price="95.00"), order=factories.order(), at=at)
    factories.pay(registration, at=at)

    assert not received().exists()
