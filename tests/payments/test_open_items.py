"""What is still open of an invoice: asked less credited less paid, plus what of the money has left again."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from events import actions as events
from payments.actions import issue_credit_note, issue_invoice
from payments.actions.bookkeeping import book_failed_refund, book_payment, book_refund
from payments.models import Invoice, Payment, Refund
from payments.open_items import Age, open_amount, open_invoices, overdue
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import registration, seats_of

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 12)


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


def euro(amount: str) -> Decimal:
    return Decimal(amount)


def received(invoice: Invoice, amount: str) -> Payment:
    """Money for this invoice, as a bank statement brings it."""
    payment = Payment.objects.create(
        registration=invoice.registration,
        amount=euro(amount),
        status=Payment.Status.PAID,
        pays=invoice,
        created_at=NOON,
        paid_at=NOON,
        settled_at=NOON,
    )
    book_payment(payment, source=f"bank-{payment.pk}", occurred_at=NOON, at=NOON)
    return payment


def test_an_invoice_is_open_until_it_is_paid_in_parts_or_whole() -> None:
    invoice = issue_invoice(registration=registration(seats=2), at=NOON)
    assert open_amount(invoice) == euro("229.90")

    received(invoice, "100.00")
    assert open_amount(invoice) == euro("129.90")

    received(invoice, "129.90")
    assert open_amount(invoice) == euro("0.00")
    assert list(open_invoices(TODAY)) == []


def test_what_is_credited_is_not_open() -> None:
    one = registration(seats=2)
    invoice = issue_invoice(registration=one, at=NOON)
    first, _second = seats_of(one)

    issue_credit_note(invoice=invoice, amounts={first.pk: euro("114.95")}, reason="Geannuleerd.", at=NOON)
    assert open_amount(invoice) == euro("114.95")

    issue_credit_note(invoice=invoice, reason="Alles.", at=NOON)
    assert open_amount(invoice) == euro("0.00")


def test_money_that_left_again_is_counted_when_it_is_booked_and_not_before() -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    payment = received(invoice, "114.95")
    issue_credit_note(invoice=invoice, reason="Geannuleerd.", at=NOON)
    refund = Refund.objects.create(payment=payment, reason="cancelled", amount=euro("114.95"), created_at=NOON)
    assert open_amount(invoice) == euro("-114.95")  # in hand, and on its way back

    book_refund(refund, source="back-1", occurred_at=NOON, at=NOON)
    assert open_amount(invoice) == euro("0.00")

    book_failed_refund(refund, source="back-1", occurred_at=NOON, at=NOON)
    assert open_amount(invoice) == euro("-114.95")


def test_an_invoice_of_what_was_paid_is_never_open_and_not_in_the_list() -> None:
    event = factories.event(price="95.00")
    made = events.register(event=event, order=factories.order(), at=NOON)
    payment = Payment.objects.create(
        registration=made, amount=euro("114.95"), status=Payment.Status.PAID, created_at=NOON, paid_at=NOON
    )
    book_payment(payment, source="ch_1", occurred_at=NOON, at=NOON)

    invoice = issue_invoice(registration=made, payment=payment, at=NOON)

    assert (open_amount(invoice), list(open_invoices(TODAY))) == (euro("0.00"), [])


def test_open_invoices_come_by_the_day_they_are_due_with_their_age() -> None:
    for days in (0, 1, 30, 31, 60, 61, 90, 91, -5):
        issue_invoice(registration=registration(), at=NOON, due_on=TODAY - timedelta(days=days))

    listed = list(open_invoices(TODAY))

    assert [((TODAY - row.due_on).days, row.age) for row in listed] == [
        (91, Age.OLDER),
        (90, Age.THREE_MONTHS),
        (61, Age.THREE_MONTHS),
        (60, Age.TWO_MONTHS),
        (31, Age.TWO_MONTHS),
        (30, Age.MONTH),
        (1, Age.MONTH),
        (0, Age.NOT_DUE),
        (-5, Age.NOT_DUE),
    ]
    assert {row.open_amount for row in listed} == {euro("114.95")}
    assert open_invoices(TODAY).filter(overdue(TODAY)).count() == 7


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_is_one_query_however_long(count: int, django_assert_num_queries: Any) -> None:
    for _time in range(count):
        issue_invoice(registration=registration(), at=NOON)

    with django_assert_num_queries(1):
        assert len([row.open_amount for row in open_invoices(TODAY)]) == count
