"""Numbers without a gap, whoever issues at the same moment; and rows the database itself keeps as they are."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from payments.actions import issue_credit_note, issue_invoice
from payments.models import Dispatch, Invoice, InvoiceLine, InvoiceVat, NumberSeries
from tests import factories
from tests.concurrency import at_once
from tests.conftest import NOON
from tests.payments.documents_support import registration


@pytest.mark.django_db(transaction=True)
def test_forty_issues_at_once_take_forty_consecutive_numbers() -> None:
    factories.seller()
    event = factories.event(price="95.00", capacity=100)
    made = [_registered(event) for _number in range(40)]

    results = at_once([lambda one=one: issue_invoice(registration=one, at=NOON) for one in made])

    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [f"F2027-{n:04d}" for n in range(1, 41)]
    assert NumberSeries.objects.get().last_number == 40


@pytest.mark.django_db(transaction=True)
def test_forty_issues_at_once_of_one_registration_make_one_invoice() -> None:
    factories.seller()
    one = registration()

    results = at_once([lambda: issue_invoice(registration=one, at=NOON)] * 40)

    assert {result.number for result in results} == {"F2027-0001"}
    assert (Invoice.objects.count(), Dispatch.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_credit_notes_at_once_never_credit_more_than_the_invoice() -> None:
    factories.seller()
    one = registration()
    invoice = issue_invoice(registration=one, at=NOON)
    seat = one.attendees.get().pk

    results = at_once([
        lambda: issue_credit_note(invoice=invoice, amounts={seat: Decimal("57.47")}, reason="Helft.", at=NOON)
    ] * 8)  # fmt: skip

    assert sum(not isinstance(result, Exception) for result in results) == 2
    assert (invoice.credited, invoice.gross) == (Decimal("114.94"), Decimal("114.95"))
    assert sorted(invoice.credit_notes.values_list("number", flat=True)) == ["C2027-0001", "C2027-0002"]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_its_number_to_the_next() -> None:
    factories.seller()
    first, broken, next_one = registration(), registration(), registration()
    issue_invoice(registration=first, at=NOON)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert issue_invoice(registration=broken, at=NOON).number == "F2027-0002"
        raise ZeroDivisionError

    assert issue_invoice(registration=next_one, at=NOON).number == "F2027-0002"
    assert issue_invoice(registration=broken, at=NOON).number == "F2027-0003"


@pytest.mark.django_db
def test_each_year_and_each_kind_has_a_series_of_its_own_and_keeps_its_prefix() -> None:
    factories.seller(invoice_prefix="VF")
    this_year = issue_invoice(registration=registration(), at=NOON)
    note = issue_credit_note(invoice=this_year, reason="Fout.", at=NOON)
    factories.seller(invoice_prefix="INV")
    after = issue_invoice(registration=registration(), at=NOON)
    next_year = issue_invoice(registration=registration(), at=NOON + timedelta(days=365))

    numbers = [document.number for document in (this_year, note, after, next_year)]
    assert numbers == ["VF2027-0001", "C2027-0001", "VF2027-0002", "INV2028-0001"]


@pytest.mark.django_db
def test_the_year_is_that_of_brussels() -> None:
    factories.seller()
    last_minutes = NOON.replace(year=2027, month=12, day=31, hour=23, minute=30)  # 00:30 of the new year there

    invoice = issue_invoice(registration=registration(), at=last_minutes)

    assert (invoice.number, invoice.issued_on) == ("F2028-0001", date(2028, 1, 1))


@pytest.mark.django_db
def test_documents_are_dated_in_the_order_of_their_numbers() -> None:
    factories.seller()
    issue_invoice(registration=registration(), at=NOON)

    late = issue_invoice(registration=registration(), at=NOON - timedelta(days=3))

    assert (late.number, late.issued_on) == ("F2027-0002", date(2027, 1, 12))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", [Invoice, InvoiceLine, InvoiceVat])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_or_delete_what_was_issued(table: Any, statement: str) -> None:
    factories.seller()
    issue_invoice(registration=registration(), at=NOON)

    with pytest.raises(DatabaseError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table._meta.db_table))

    assert table.objects.count() == 1


@pytest.mark.django_db
def test_a_document_refuses_to_be_saved_again() -> None:
    factories.seller()
    invoice = issue_invoice(registration=registration(), at=NOON)
    invoice.buyer_name = "Iemand anders"

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        invoice.save()

    invoice.refresh_from_db()
    assert invoice.buyer_name == "Gemeente Proef"


def _registered(event: Any) -> Any:
    from events import actions as events  # noqa: PLC0415

    return events.register(event=event, order=factories.order(), at=NOON)
