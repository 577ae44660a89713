"""Finance's reports: the files equal the screen, every figure comes from the ledger, a closed month stays as it was."""

import csv
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from events import actions as events
from events.models import Event, Registration
from payments import movements
from payments.actions.bookkeeping import book_fee, book_movement, book_payment, book_refund
from payments.actions.closing import CannotClose, close_month
from payments.models import ClosedMonth, LedgerEntry, Payment, Payout, PayoutItem, Refund
from payments.movements import Period
from tests import factories

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")
MARCH = datetime(2027, 3, 10, 12, tzinfo=BRUSSELS)
REPORTS = ["free-seats", "vat", "fees", "refunds", "deferred-income", "payouts", "journal"]
_number = iter(range(1, 100_000))


def paid(event, at=MARCH, *, fee="0.25"):
    """One seat paid through Stripe at a moment, with the fee Stripe kept."""
    number = next(_number)
    registration = events.register(event=event, order=factories.order(), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    payment = Payment.objects.create(
        registration=registration, amount=registration.total_incl_vat, status="paid", paid_at=at, created_at=at
    )
    book_payment(payment, source=f"ch_{number}", occurred_at=at, at=at)
    book_fee(payment, fee=Decimal(fee), source=f"txn_{number}", occurred_at=at, at=at)
    return payment


def given_back(payment, amount, at):
    refund = Refund.objects.create(payment=payment, amount=Decimal(amount), reason="cancelled", status="succeeded")
    book_refund(refund, source=f"re_{refund.pk}", occurred_at=at, at=at)


def a_year():
    belgium = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60), capacity=50, name="Gent")
    netherlands = factories.event(
        price="80.00", starts_at=MARCH + timedelta(days=90), capacity=50, name="Venlo", vat_country="NL"
    )
    first = paid(belgium)
    paid(belgium, MARCH + timedelta(days=30))
    paid(netherlands, MARCH + timedelta(days=1))
    given_back(first, "57.48", MARCH + timedelta(days=31))
    payout = Payout.objects.create(
        payout_id="po_1",
        status="paid",
        amount=Decimal("114.70"),
        created_at=MARCH,
        arrives_on=date(2027, 3, 15),
        difference=Decimal("0.00"),
    )
    PayoutItem.objects.create(
        payout=payout,
        transaction_id="txn_a",
        category="charge",
        source="ch_1",
        amount=Decimal("114.95"),
        fee=Decimal("0.25"),
        net=Decimal("114.70"),
        occurred_at=MARCH,
    )
    book_movement(LedgerEntry.Kind.PAYOUT, "po_1", Decimal("-114.70"), MARCH, at=MARCH)
    return belgium, netherlands


@pytest.fixture
def finance() -> Client:
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


def csv_of(client, slug, query=""):
    answer = client.get(f"/admin/reports/{slug}/?export=csv&{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))


@pytest.mark.parametrize("slug", REPORTS)
def test_the_files_end_in_the_totals_of_their_own_rows_and_both_are_the_same(finance: Client, slug: str):
    a_year()
    query = "as_of=2027-03-31" if slug == "deferred-income" else "since=2027-01-01&until=2027-12-31"

    *rows, last = csv_of(finance, slug, query)
    answer = finance.get(f"/admin/reports/{slug}/?export=xlsx&{query}")
    sheet = list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(values_only=True))

    assert rows
    summed = {name: value for name, value in last.items() if value not in ("", "TOTAL")}
    assert summed
    for name, value in summed.items():
        assert sum(Decimal(row[name]) for row in rows) == Decimal(value)
        assert Decimal(str(sheet[-1][sheet[0].index(name)])) == Decimal(value)
    assert len(sheet) == len(rows) + 2


@pytest.mark.parametrize("slug", [slug for slug in REPORTS if slug != "journal"])
def test_the_screen_shows_the_totals_of_the_files(finance: Client, slug: str):
    a_year()
    query = "as_of=2027-03-31" if slug == "deferred-income" else "since=2027-01-01&until=2027-12-31"

    page = finance.get(f"/admin/reports/{slug}/?{query}")
    *_rows, last = csv_of(finance, slug, query)

    on_screen = page.context["table"].totals
    assert {name: Decimal(value) for name, value in last.items() if value not in ("", "TOTAL")} == {
        name: Decimal(value) for name, value in on_screen.items()
    }


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(
    ("slug", "queries"),
    [
        ("free-seats", 12),
        ("vat", 11),
        ("fees", 11),
        ("refunds", 11),
        ("deferred-income", 11),
        ("payouts", 11),
        ("journal", 11),
    ],
)
def test_a_report_asks_the_same_number_of_queries_however_many_rows(
    finance: Client, slug: str, queries: int, count: int, django_assert_num_queries
):
    for number in range(count):
        event = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60 + number))
        given_back(paid(event), "10.00", MARCH)
        Payout.objects.create(
            payout_id=f"po_{number}", status="paid", amount=1, created_at=MARCH, arrives_on=date(2027, 3, 15)
        )
    url = f"/admin/reports/{slug}/"
    finance.get(url)

    with django_assert_num_queries(queries):
        finance.get(url)


def test_vat_is_told_per_month_country_and_rate_with_what_was_given_back_in_its_own_month():
    a_year()

    rows = [tuple(row.values()) for row in movements.vat_by_rate(Period())]

    march, april = date(2027, 3, 1), date(2027, 4, 1)
    d = Decimal
    assert [(row[0], row[1], row[3], row[4], row[6], row[7], row[9]) for row in rows] == [
        (march, "BE", d("95.00"), d("19.95"), d("0.00"), d("0.00"), d("19.95")),
        (march, "NL", d("80.00"), d("16.80"), d("0.00"), d("0.00"), d("16.80")),
        (april, "BE", d("95.00"), d("19.95"), d("-47.50"), d("-9.98"), d("9.97")),
    ]


def test_income_of_a_visit_to_come_is_deferred_until_the_day_of_the_visit():
    belgium, netherlands = a_year()

    def on(day):
        return [(event.name, event.seats, event.net, event.vat) for event in movements.deferred_income(day)]

    d = Decimal
    assert on(date(2027, 3, 9)) == []
    assert on(date(2027, 3, 31)) == [
        ("Gent", 1, d("95.00"), d("19.95")),
        ("Venlo", 1, d("80.00"), d("16.80")),
    ]
    assert on(date(2027, 4, 30)) == [
        ("Gent", 2, d("142.50"), d("29.92")),
        ("Venlo", 1, d("80.00"), d("16.80")),
    ]
    assert on(belgium.date) == [("Venlo", 1, d("80.00"), d("16.80"))]
    assert on(netherlands.date) == []


def test_a_seat_that_was_given_back_whole_is_no_paid_seat_of_deferred_income():
    event = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60), capacity=50, name="Gent")
    back = paid(event)
    given_back(back, "114.95", MARCH + timedelta(days=1))
    paid(event)

    (row,) = movements.deferred_income(date(2027, 3, 31))

    assert (row.seats, row.net) == (1, Decimal("95.00"))


def test_a_cancelled_visit_needs_no_subsidy_and_gives_none():
    event = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60), capacity=50)
    paid(event)
    Event.objects.filter(pk=event.pk).update(status="cancelled")

    (row,) = movements.free_seats(None, None)

    assert (row.net, row.subsidy) == (Decimal("95.00"), Decimal("0.00"))


def test_a_visit_that_is_moved_later_leaves_the_deferred_income_of_a_past_day_as_it_was():
    belgium, _netherlands = a_year()
    before = belgium.starts_at
    changes = apps.get_model("events", "EventChange").objects.filter(pgh_obj=belgium)
    with pgtrigger.ignore("events.EventChange:append_only"):
        changes.update(pgh_created_at=MARCH - timedelta(days=30))
        Event.objects.filter(pk=belgium.pk).update(starts_at=before - timedelta(days=60), ends_at=before)
        changes.filter(starts_at__lt=before).update(pgh_created_at=MARCH + timedelta(days=60))

    def on(day):
        return {event.name: event.known_start for event in movements.deferred_income(day)}

    assert on(date(2027, 3, 31))["Gent"] == before
    moved = Event.objects.get(pk=belgium.pk).date
    assert "Gent" not in on(max(moved, (MARCH + timedelta(days=61)).date()))


def test_free_seats_are_valued_at_the_price_for_everyone_and_are_no_income(scheme):
    event = factories.event(price="95.00", scheme=scheme, starts_at=MARCH + timedelta(days=60), capacity=20)
    factories.member(scheme, code="GENT-2027")
    events.register(event=event, order=factories.order(seats=3, organisation_code="GENT-2027"), at=MARCH)
    paid(event)

    (row,) = movements.free_seats(None, None)

    d = Decimal
    assert (row.paid, row.free, row.net, row.notional, row.subsidy) == (1, 3, d("95.00"), d("285.00"), d("285.00"))


@pytest.fixture
def scheme():
    return factories.scheme()


def test_the_journal_balances_and_moves_each_account_by_what_moved(finance: Client):
    a_year()

    *rows, last = csv_of(finance, "journal")

    assert last["debit"] == last["credit"]
    moved: dict[str, Decimal] = {}
    for row in rows:
        moved[row["account"]] = moved.get(row["account"], Decimal(0)) + Decimal(row["debit"]) - Decimal(row["credit"])
    ledger = sum(entry.amount for entry in LedgerEntry.objects.all())
    assert moved == {
        "580100": ledger,  # at Stripe
        "580000": Decimal("114.70"),  # paid out, on its way to the bank
        "700000": Decimal("-222.50"),  # income: 95 + 95 + 80 less 47.50
        "451000": Decimal("-46.72"),
        "657000": Decimal("0.75"),
    }


@pytest.mark.parametrize("slug", REPORTS)
def test_a_period_that_cannot_be_is_told_and_gives_no_file(finance: Client, slug: str):
    name = "as_of" if slug == "deferred-income" else "since"

    assert finance.get(f"/admin/reports/{slug}/?{name}=soon&export=csv").status_code == 400
    assert finance.get(f"/admin/reports/{slug}/?{name}=soon").context["problems"]


@pytest.mark.parametrize("slug", REPORTS)
@pytest.mark.parametrize("group", ["Editors", "Organisers"])
def test_only_who_may_read_the_ledger_reads_its_reports(slug: str, group: str):
    client = Client()
    client.force_login(factories.user(group))

    assert client.get(f"/admin/reports/{slug}/").status_code == 302
    assert client.get(f"/admin/reports/{slug}/?export=csv").status_code == 302


# --- Closing a month ------------------------------------------------------------------------------------------------

APRIL = datetime(2027, 4, 2, 9, tzinfo=BRUSSELS)


def test_a_fact_told_after_its_month_was_closed_is_booked_in_the_next_and_the_closed_month_stays():
    event = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60))
    paid(event)
    before = list(movements.vat_by_rate(Period(date(2027, 3, 1), date(2027, 3, 31))))

    closed = close_month(month=date(2027, 3, 15), by=factories.user("Finance"), at=APRIL)
    late = paid(event, MARCH)  # occurred in March, told in April

    assert (closed.month, closed.entries, closed.totals) == (
        date(2027, 3, 1),
        2,
        {"fee": "-0.25", "payment": "114.95"},
    )
    assert list(movements.vat_by_rate(Period(date(2027, 3, 1), date(2027, 3, 31)))) == before
    assert {entry.booked_on for entry in late.ledger_entries.all()} == {date(2027, 4, 1)}


def test_the_database_takes_nothing_into_a_closed_month_whoever_asks():
    close_month(month=date(2027, 3, 1), by=factories.user("Finance"), at=APRIL)

    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        LedgerEntry.objects.create(
            kind="service_fee", source="x", amount=1, currency="EUR", occurred_at=MARCH, booked_on=date(2027, 3, 31)
        )


def test_months_are_closed_in_order_once_and_when_they_are_over():
    by = factories.user("Finance")
    paid(factories.event(price="95.00", starts_at=MARCH + timedelta(days=60)))

    with pytest.raises(CannotClose):
        close_month(month=date(2027, 4, 1), by=by, at=APRIL)
    with pytest.raises(CannotClose, match="2027-03"):
        close_month(month=date(2027, 4, 1), by=by, at=APRIL + timedelta(days=40))
    first = close_month(month=date(2027, 3, 1), by=by, at=APRIL)
    again = close_month(month=date(2027, 3, 1), by=by, at=APRIL + timedelta(days=1))

    assert (first.pk, ClosedMonth.objects.count()) == (again.pk, 1)


def test_finance_closes_a_month_on_its_screen_and_others_cannot(finance: Client):
    paid(factories.event(price="95.00", starts_at=MARCH + timedelta(days=60)), datetime(2026, 1, 5, tzinfo=BRUSSELS))
    url = "/admin/closed-months/close/"

    for month, told in [("2026-13", "Maand"), ("soon", "Maand"), ("2190-01", "niet voorbij")]:
        answer = finance.post(url, {"month": month, "sure": "on"}, follow=True)
        assert told in answer.content.decode()
    organiser = Client()
    organiser.force_login(factories.user("Organisers"))
    organiser.post(url, {"month": "2026-01", "sure": "on"})
    assert ClosedMonth.objects.count() == 0

    finance.post(url, {"month": "2026-01", "sure": "on"})

    assert ClosedMonth.objects.get().entries == 2
    assert finance.get("/admin/closed-months/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_entry_written_while_the_month_is_closed_is_in_it_or_after_it():
    by = factories.user("Finance")
    event = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60), capacity=40)
    start = threading.Barrier(9)
    refused: list[BaseException] = []

    def pay():
        try:
            start.wait()
            paid(event)
        except DatabaseError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=pay) for _number in range(8)]
    for thread in threads:
        thread.start()
    start.wait()
    closed = close_month(month=date(2027, 3, 1), by=by, at=APRIL)
    for thread in threads:
        thread.join()

    march = LedgerEntry.objects.filter(booked_on__lt=date(2027, 4, 1))
    assert march.count() == closed.entries
    assert sum(entry.amount for entry in march) == sum(Decimal(value) for value in closed.totals.values())
    assert Event.objects.count() == 1
