"""A small year closes every month: reports, ledger, invoices, payouts and the bank tie to the cent. See tests/year."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from payments.models import ClosedMonth, LedgerEntry, Payment
from tests.year import plan
from tests.year.making import Clock, Year, standing_in
from tests.year.sources import last_of
from tests.year.ties import Books, faults_of, faults_of_year

# One year serves all tests here: they run on one worker.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("year")]
SIZE = 240
TWELVE = [date(2027, month, 1) for month in range(1, 13)]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Books, list[str]]]:
    """Made once for all tests here, in one transaction that is rolled back; with what did not tie month by month."""
    clock = Clock()
    with django_db_blocker.unblock(), transaction.atomic(), standing_in(clock) as stripe:
        ours = settings.BEST_PRACTICE_TOUR | {"STRIPE_API_BASE": stripe.url, "STRIPE_API_KEY": stripe.api_key}
        with override_settings(BEST_PRACTICE_TOUR=ours):
            books = Books(Year(stripe, clock, size=SIZE))
            faults: list[str] = []
            for month in books.year.run():
                books.close(month)
                faults += faults_of(books, month, last_of(month))
            yield books, faults
        transaction.set_rollback(True)


def test_every_month_of_the_year_closes_and_ties_when_it_is_closed(year):
    books, faults = year

    assert faults == []
    assert list(ClosedMonth.objects.order_by("month").values_list("month", flat=True)) == TWELVE == list(books.closed)


def test_the_whole_year_ties_and_no_closed_month_changed_since(year):
    books, _faults = year

    assert faults_of_year(books) == []


def test_the_year_has_everything_in_it_that_may_move_money(year):
    books, _faults = year

    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds == set(LedgerEntry.Kind.values) - {"matched", "other"}
    assert set(Payment.objects.values_list("account", "status")) == {
        ("stripe", "paid"),
        ("stripe", "expired"),
        ("stripe", "failed"),
        ("bank", "paid"),
    }
    assert (books.year.made, sum(plan.WAYS.values()), sum(plan.ONLINE.values())) == (SIZE, 100, 100)


def broken(statement: str) -> None:
    """A change the database refuses to everybody, made with its guards off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


CENT_MORE = "UPDATE payments_{table} SET {columns} WHERE id = (SELECT min(id) FROM payments_{table} WHERE {which})"


@pytest.mark.parametrize(
    ("table", "columns", "which", "names"),
    [
        (
            "ledgerentry",
            "amount = amount + 0.01",
            "kind = 'payment' AND account = 'stripe'",
            {"stripe balance", "VAT report", "lines", "paid tickets", "documents", "closed months", "journal"},
        ),
        ("ledgerentry", "amount = amount - 0.01", "kind = 'fee'", {"fees report", "stripe balance", "lines"}),
        ("ledgerentry", "amount = amount - 0.01", "kind = 'refund'", {"refunds report", "documents", "lines"}),
        ("ledgerentry", "amount = amount + 0.01", "account = 'bank' AND kind = 'payment'", {"bank balance"}),
        ("ledgerline", "net = net + 0.01, gross = gross + 0.01", "vat > 0", {"lines", "closed months", "paid tickets"}),
        ("invoice", "gross = gross + 0.01, rounding = rounding + 0.01", "kind = 'invoice'", {"documents"}),
        ("payoutitem", "net = net + 0.01, amount = amount + 0.01", "net > 0", {"payouts"}),
        ("invoice", "number = 'F2027-9999'", "kind = 'invoice'", {"numbers"}),
    ],
)
def test_a_cent_that_is_wrong_is_found_and_named(year, table, columns, which, names):
    books, _faults = year
    with transaction.atomic():
        broken(CENT_MORE.format(table=table, columns=columns, which=which))
        found = {fault.partition(":")[0] for fault in faults_of_year(books)}
        transaction.set_rollback(True)

    assert names <= found
    assert faults_of_year(books) == []
