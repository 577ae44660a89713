"""The same file, the same movement, the same confirmation by several at once: it happens once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from events import actions as events
from events.models import Registration
from payments import actions
from payments.cancelled_visits import to_give_back, totals
from payments.models import BankStatement, BankTransaction, BulkRefund, BulkRefundRow, LedgerEntry, Payment, Refund
from payments.open_items import open_amount
from tests import factories
from tests.concurrency import at_once
from tests.payments.statements_support import camt, entry

PRICE = Decimal("114.95")
pytestmark = pytest.mark.django_db(transaction=True)


def open_invoice(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration)
    return actions.issue_invoice(registration=registration, at=at)


def test_one_file_imported_by_six_at_once_is_booked_once(at):
    factories.seller()
    invoices = [open_invoice(at) for _number in range(3)]
    content = camt(*[entry("114.95", structured=invoice.payment_reference) for invoice in invoices], entry("5.00"))

    results = at_once(
        [lambda: actions.import_statement(content=content, file_name="", by=None, at=at) for _number in range(6)]
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert (BankStatement.objects.count(), BankTransaction.objects.count(), Payment.objects.count()) == (1, 4, 3)
    assert [open_amount(invoice) for invoice in invoices] == [0, 0, 0]


def test_a_movement_about_which_six_say_something_at_once_is_said_once(at):
    factories.seller()
    invoice = open_invoice(at)
    actions.import_statement(content=camt(entry("114.95")), file_name="", by=None, at=at)
    movement = BankTransaction.objects.get()

    def assign():
        return actions.assign(movement=movement, invoice=invoice, by=None, remark="", at=at)

    def send_back():
        return actions.note_sent_back(movement=movement, by=None, remark="", at=at)

    results = at_once([assign, send_back] * 3)

    assert sum(isinstance(result, actions.CannotBook) for result in results) == 5
    assert LedgerEntry.objects.filter(kind="matched").count() == 1
    assert BankTransaction.objects.with_state().get().in_suspense == 0


def cancelled_visit(at):
    factories.seller(refunds_of_cancelled="person")
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    for _number in range(3):
        factories.pay(events.register(event=event, order=factories.order(), at=at), at=at)
    events.cancel_event(event=event, at=at)
    event.refresh_from_db()
    return event


def test_three_who_confirm_at_once_confirm_once(at):
    event = cancelled_visit(at)
    total = totals(to_give_back(event)).amount

    confirmed = at_once(
        [lambda: actions.confirm_bulk_refund(event=event, total=total, by=None, at=at) for _number in range(3)]
    )
    assert sum(isinstance(result, actions.CannotConfirm) for result in confirmed) == 2
    assert (BulkRefund.objects.count(), Refund.objects.count()) == (1, 3)


def test_a_confirmation_carried_out_by_four_at_once_gives_back_once_and_says_so(at):
    event = cancelled_visit(at)
    bulk = BulkRefund.objects.create(event=event, total=3 * PRICE, confirmed_at=at)  # its task is still to come
    for row in to_give_back(event):
        BulkRefundRow.objects.create(bulk=bulk, registration=row.registration, amount=row.amount)

    at_once([lambda: actions.carry_out_bulk_refund(bulk.pk, at=at) for _number in range(4)])

    assert (Refund.objects.count(), [row.state for row in bulk.rows.all()]) == (3, ["done"] * 3)
    assert {refund.amount for refund in Refund.objects.all()} == {PRICE}
