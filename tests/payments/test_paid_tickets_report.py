"""Finance's report: one row per paid seat, from the ledger alone; screen, CSV and XLSX agree to the cent."""

import csv
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries
from wagtail.users.models import UserProfile

from events import actions
from events.models import Event, TicketType
from payments.actions.bookkeeping import book_dispute, book_failed_refund, book_fee, book_payment, book_refund
from payments.models import Payment, Refund
from payments.reports import PaidTicketFilters, TicketMoney, Totals, paid_tickets, totals
from tests import factories

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/paid-tickets/"
COLUMNS = [
    "paid_on",
    "event",
    "event_date",
    "reference",
    "attendee",
    "organisation",
    "ticket_type",
    "status",
    "vat_country",
    "vat_rate",
    "net",
    "vat",
    "gross",
    "fee",
    "refunded",
    "disputed",
    "left",
]
FIGURES = ("net", "vat", "gross", "fee", "refunded", "disputed", "left")
BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2027, 3, 10, 12, tzinfo=BRUSSELS)
VISIT = datetime(2027, 6, 1, 13, tzinfo=BRUSSELS)


@pytest.fixture
def finance() -> Client:
    user = get_user_model().objects.create_user("a-treasurer")
    user.groups.add(Group.objects.get(name="Finance"))
    UserProfile.objects.create(user=user, preferred_language="en")
    client = Client()
    client.force_login(user)
    return client


def an_event(name: str = "Venlo", *, price: str = "37.15", starts_at: datetime = VISIT, **facts: Any) -> Event:
    event = Event.objects.create(
        **{
            "name": name,
            "status": Event.Status.SCHEDULED,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "venue": "City hall",
            "city": "Venlo",
            "capacity": 100,
            **facts,
        }
    )
    TicketType.objects.create(event=event, name_nl="Gewoon", name_en="Regular", price_excl_vat=Decimal(price))
    return event


def paid(event: Event, *names: str, at: datetime = NOON, fee: str = "0.25", organisation: str = "Stad Gent") -> Payment:
    """A registration of these people, paid at that moment."""
    people = tuple(actions.Attending(name, "Maes", f"{name.lower()}@example.org") for name in names)
    contact = actions.Contact(names[0], "Maes", people[0].email, organisation)
    order = actions.Order(contact=contact, attendees=people, language="en")
    registration = actions.register(event=event, order=order, at=at)
    payment = Payment.objects.create(
        registration=registration, amount=registration.total_incl_vat, status="paid", paid_at=at, created_at=at
    )
    book_payment(payment, source=f"ch_{payment.pk}", occurred_at=at, at=at)
    book_fee(payment, fee=Decimal(fee), source=f"txn_{payment.pk}", occurred_at=at, at=at)
    return payment


def refunded(payment: Payment, amount: Decimal, *, at: datetime = NOON) -> Refund:
    refund = Refund.objects.create(payment=payment, amount=amount, reason="seat_gone", status="succeeded")
    book_refund(refund, source=f"re_{refund.pk}", occurred_at=at, at=at)
    return refund


def csv_of(client: Client, query: str = "") -> tuple[list[str], list[dict[str, str]], dict[str, str]]:
    """Headers, rows, totals row."""
    response = client.get(f"{REPORT}?{query}&export=csv")
    assert response.headers["Content-Type"] == "text/csv"
    headers, *rows = csv.reader(StringIO(b"".join(response.streaming_content).decode()))
    *lines, last = (dict(zip(headers, row, strict=True)) for row in rows)
    return headers, lines, last


def xlsx_of(client: Client, query: str = "") -> list[tuple[Any, ...]]:
    content = client.get(f"{REPORT}?{query}&export=xlsx").getvalue()
    return list(load_workbook(BytesIO(content)).active.iter_rows())


def totals_on_screen(page: str) -> dict[str, Decimal]:
    found = re.findall(r'data-total="(\w+)"><data value="([\d.-]+)">([\d.-]+)</data>', page)
    assert all(value == shown for _name, value, shown in found)
    return {name: Decimal(value) for name, value, _shown in found}


def names(seats: Any) -> list[str]:
    return [seat.first_name for seat in seats]


def test_a_paid_seat_tells_what_came_in_what_stripe_kept_and_what_is_left() -> None:
    paid(an_event(vat_country="NL"), "An", "Bo", fee="1.51")

    rows = [
        (seat.first_name, seat.net, seat.vat, seat.gross, seat.fee, seat.refunded, seat.left, seat.money)
        for seat in paid_tickets(PaidTicketFilters())
    ]

    # 37.15 + 21 % is 44.95; a fee of 1.51 over two seats is 0.76 and 0.75.
    assert rows == [
        ("An", *map(Decimal, ("37.15", "7.80", "44.95", "0.76", "0.00", "44.19")), "paid"),
        ("Bo", *map(Decimal, ("37.15", "7.80", "44.95", "0.75", "0.00", "44.20")), "paid"),
    ]


def test_totals_add_up_every_row_and_nothing_gives_zeros() -> None:
    paid(an_event(), "An", "Bo", fee="1.51")
    refunded(paid(an_event("Gent", price="10.00"), "Cas", fee="0.40"), Decimal("12.10"))
    seats = paid_tickets(PaidTicketFilters())

    assert totals(seats) == Totals(
        tickets=3,
        **{name: sum((getattr(seat, name) for seat in seats), Decimal(0)) for name in FIGURES},
    )
    assert totals(seats) == Totals(3, *map(Decimal, ("84.30", "17.70", "102.00", "1.91", "12.10", "0.00", "87.99")))
    assert totals(paid_tickets(PaidTicketFilters(event=0))) == Totals()


def test_what_a_bank_took_back_is_not_left_and_what_it_gave_again_is() -> None:
    event = an_event(price="10.00")
    payments = {name: paid(event, name) for name in ("An", "Bo")}
    for name, payment in payments.items():
        book_dispute(payment, factories.disputed(Decimal("-12.10"), source=f"txn_{name}", at=NOON), at=NOON)
    book_dispute(payments["Bo"], factories.disputed(Decimal("12.10"), source="txn_won", at=NOON), at=NOON)

    rows = {seat.first_name: (seat.money, seat.disputed, seat.left) for seat in paid_tickets(PaidTicketFilters())}

    assert rows == {
        "An": (TicketMoney.DISPUTED, Decimal("12.10"), Decimal("-0.25")),
        "Bo": (TicketMoney.PAID, Decimal("0.00"), Decimal("11.85")),
    }


def test_the_ledger_says_whether_a_seat_was_refunded_wholly_or_partly_or_not() -> None:
    event = an_event(price="10.00")
    paid(event, "An")
    refunded(paid(event, "Bo"), Decimal("5.00"))
    refunded(paid(event, "Cas"), Decimal("12.10"))
    failed = refunded(paid(event, "Dirk"), Decimal("12.10"))
    book_failed_refund(failed, source=f"re_{failed.pk}", occurred_at=NOON, at=NOON)

    rows = {seat.first_name: (seat.money, seat.refunded, seat.left) for seat in paid_tickets(PaidTicketFilters())}

    assert rows == {
        "An": (TicketMoney.PAID, Decimal("0.00"), Decimal("11.85")),
        "Bo": (TicketMoney.PARTLY_REFUNDED, Decimal("5.00"), Decimal("6.85")),
        "Cas": (TicketMoney.REFUNDED, Decimal("12.10"), Decimal("-0.25")),
        "Dirk": (TicketMoney.PAID, Decimal("0.00"), Decimal("11.85")),
    }


def test_seats_nobody_paid_are_not_in_it_whatever_the_payment_row_says() -> None:
    event = an_event()
    payment = paid(event, "An")
    Payment.objects.filter(pk=payment.pk).update(status="failed", amount=Decimal("1.00"), fee=Decimal("9.99"))
    order = actions.Order(
        contact=actions.Contact("Bo", "Maes", "bo@example.org", "Stad Gent"),
        attendees=(actions.Attending("Bo", "Maes", "bo@example.org"),),
        language="en",
    )
    unpaid = actions.register(event=event, order=order, at=NOON)
    Payment.objects.create(registration=unpaid, amount=Decimal("44.95"), status="paid", paid_at=NOON)

    assert [(seat.first_name, seat.gross, seat.fee) for seat in paid_tickets(PaidTicketFilters())] == [
        ("An", Decimal("44.95"), Decimal("0.25"))
    ]


def test_the_same_seat_paid_twice_is_one_row_with_both_payments() -> None:
    payment = paid(an_event(price="10.00"), "An")
    book_payment(payment, source="ch_second", occurred_at=NOON + timedelta(days=1), at=NOON)

    (seat,) = paid_tickets(PaidTicketFilters())

    assert (seat.gross, seat.left, seat.paid_at) == (Decimal("24.20"), Decimal("23.95"), NOON)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["An", "Bo", "Cas"]),
        ("paid_from=2027-03-10", ["Bo", "Cas"]),
        ("paid_until=2027-03-09", ["An"]),
        ("paid_from=2027-03-09&paid_until=2027-03-10", ["An", "Bo"]),
        ("paid_from=2027-03-12", []),
        ("event={gent}", ["Cas"]),
        ("ticket_type={venlo_type}", ["An", "Bo"]),
        ("status=refunded", ["Bo"]),
        ("status=paid&event={venlo}", ["An"]),
        ("event_from=2027-06-02", ["Cas"]),
        ("event_until=2027-06-01", ["An", "Bo"]),
    ],
)
def test_seats_are_chosen_by_period_event_ticket_type_and_status_in_brussels_days(
    finance: Client, query: str, found: list[str]
) -> None:
    venlo, gent = an_event(), an_event("Gent", starts_at=VISIT + timedelta(days=1))
    last_minute_of_the_ninth = datetime(2027, 3, 9, 23, 59, tzinfo=BRUSSELS)
    paid(venlo, "An", at=last_minute_of_the_ninth)
    bo = paid(venlo, "Bo", at=datetime(2027, 3, 10, 0, 0, tzinfo=BRUSSELS))
    refunded(bo, bo.amount, at=NOON + timedelta(days=90))
    paid(gent, "Cas", at=NOON + timedelta(days=1))
    query = query.format(venlo=venlo.pk, gent=gent.pk, venlo_type=venlo.ticket_types.get().pk)

    on_screen = names(finance.get(f"{REPORT}?{query}").context["object_list"])
    _headers, rows, _last = csv_of(finance, query)

    assert (on_screen, [row["attendee"].split()[0] for row in rows]) == (found, found)


def test_a_refund_after_the_period_still_shows_on_the_seat(finance: Client) -> None:
    payment = paid(an_event(price="10.00"), "An")
    refunded(payment, payment.amount, at=NOON + timedelta(days=90))

    _headers, (row,), _last = csv_of(finance, "paid_from=2027-03-10&paid_until=2027-03-10")

    assert (row["status"], row["refunded"], row["left"]) == ("refunded", "12.10", "-0.25")


def test_csv_holds_the_agreed_columns_in_plain_decimals_and_iso_days(finance: Client) -> None:
    payment = paid(an_event(price="1234.50", vat_country="NL"), "An", organisation="=Stad Gent")

    headers, (row,), last = csv_of(finance)

    assert headers == COLUMNS
    assert list(row.values()) == [
        "2027-03-10",
        "Venlo",
        "2027-06-01",
        payment.registration.reference,
        "An Maes",
        "'=Stad Gent",
        "Regular",
        "paid",
        "NL",
        "21.00",
        "1234.50",
        "259.25",
        "1493.75",
        "0.25",
        "0.00",
        "0.00",
        "1493.50",
    ]
    assert last == dict.fromkeys(COLUMNS, "") | {
        "paid_on": "TOTAL",
        **{name: row[name] for name in FIGURES},
    }


def test_xlsx_holds_numbers_and_days_a_spreadsheet_can_count_with(finance: Client) -> None:
    paid(an_event(price="1234.50"), "An", organisation="=Stad Gent")

    headers, row, last = xlsx_of(finance)

    assert [cell.value for cell in headers] == COLUMNS
    cells = dict(zip(COLUMNS, row, strict=True))
    assert (cells["gross"].value, cells["gross"].data_type, cells["gross"].number_format) == (1493.75, "n", "0.00")
    assert (cells["organisation"].value, cells["organisation"].data_type) == ("'=Stad Gent", "s")
    assert cells["paid_on"].value == date(2027, 3, 10)
    assert (last[0].value, last[COLUMNS.index("gross")].value, last[COLUMNS.index("gross")].number_format) == (
        "TOTAL",
        1493.75,
        "0.00",
    )


def test_a_treasurer_abroad_reads_the_same_days_and_the_same_money(finance: Client) -> None:
    UserProfile.objects.update(current_time_zone="America/New_York")
    paid(an_event(), "An", at=datetime(2027, 3, 10, 0, 0, tzinfo=BRUSSELS))

    _headers, (row,), _last = csv_of(finance, "paid_from=2027-03-10&paid_until=2027-03-10")

    assert row["paid_on"] == "2027-03-10"


@pytest.mark.parametrize("query", ["", "status=paid", "paid_from=2027-03-11", "paid_from=2030-01-01"])
def test_screen_csv_and_xlsx_have_the_same_totals_over_all_that_is_filtered(finance: Client, query: str) -> None:
    event = an_event(price="13.37")
    for number in range(26):
        payment = paid(event, f"An{number}", f"Bo{number}", at=NOON + timedelta(days=number % 3), fee=f"0.{number:02}")
        if number % 5 == 0:
            refunded(payment, payment.amount if number % 2 else Decimal("7.77"))

    seats = paid_tickets(PaidTicketFilters())
    response = finance.get(f"{REPORT}?{query}")
    _headers, rows, last = csv_of(finance, query)
    sheet = xlsx_of(finance, query)

    expected = {name: sum((Decimal(row[name]) for row in rows), Decimal("0.00")) for name in FIGURES}
    in_sheet = dict(zip(COLUMNS, (cell.value for cell in sheet[-1]), strict=True))
    assert {name: Decimal(last[name]) for name in FIGURES} == expected
    assert {name: Decimal(str(in_sheet[name])) for name in FIGURES} == expected
    assert len(sheet) == len(rows) + 2
    if rows:
        assert totals_on_screen(response.content.decode()) == expected
    else:
        assert "No paid seats match these filters." in response.content.decode()
    if not query:
        assert (len(rows), len(response.context["object_list"])) == (52, 50)
        assert expected == {name: getattr(totals(seats), name) for name in FIGURES}


def test_rows_stand_in_the_order_they_were_paid(finance: Client) -> None:
    event = an_event()
    paid(event, "Later", at=NOON + timedelta(hours=1))
    paid(event, "Sooner", "Together")

    _headers, rows, _last = csv_of(finance)

    assert [row["attendee"] for row in rows] == ["Sooner Maes", "Together Maes", "Later Maes"]


@pytest.mark.parametrize("count", [1, 20])
def test_screen_and_files_ask_the_same_number_of_queries_for_one_seat_and_for_twenty(
    finance: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        refunded(paid(an_event(f"Visit {number}"), f"An{number}"), Decimal("1.00"))
    finance.get(REPORT)

    with django_assert_num_queries(13):
        response = finance.get(REPORT)
    with django_assert_num_queries(6):
        _headers, rows, _last = csv_of(finance)
    with django_assert_num_queries(6):
        sheet = xlsx_of(finance)

    assert (len(response.context["object_list"]), len(rows), len(sheet)) == (count, count, count + 2)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("paid_from=soon", "Paid from: Enter a valid date."),
        ("paid_until=31-03-2027", "Paid until: Enter a valid date."),
        ("paid_until=9999-12-31", "Paid until: Ensure this value is less than or equal to 2199-12-31."),
        ("paid_from=0001-01-01", "Paid from: Ensure this value is greater than or equal to 2000-01-01."),
        ("paid_from=2027-03-10&paid_until=2027-03-09", "Paid until: The last day should not come before the first."),
        ("event_from=2027-03-10&event_until=2027-03-09", "Event until: The last day should not come before"),
        ("event=venlo", "Event: Select a valid choice."),
        ("event=99999999999999999999", "Event: Select a valid choice."),
        ("ticket_type=-1", "Ticket type: Select a valid choice."),
        ("status=free", "Status: Select a valid choice."),
    ],
)
def test_a_filter_that_cannot_be_used_is_told_and_shows_nothing(finance: Client, query: str, problem: str) -> None:
    paid(an_event(), "An")

    screen, results = finance.get(f"{REPORT}?{query}"), finance.get(f"{REPORT}results/?{query}")
    files = [finance.get(f"{REPORT}?{query}&export={kind}") for kind in ("csv", "xlsx")]

    for response in (screen, results):
        assert response.status_code == 200
        assert list(response.context["object_list"]) == []
        assert any(told.startswith(problem) for told in response.context["problems"])
        assert problem in response.content.decode()
    for response in files:
        assert response.status_code == 400
        assert response.content.decode().startswith(problem)


def test_a_file_of_an_unknown_kind_and_a_page_that_is_not_there_get_a_clear_answer(finance: Client) -> None:
    assert finance.get(f"{REPORT}?export=pdf").status_code == 400
    assert finance.get(f"{REPORT}?p=99").status_code == 200
    assert finance.get(f"{REPORT}?status=%00").status_code == 400


def test_an_event_nobody_paid_for_gives_an_empty_report_and_not_an_error(finance: Client) -> None:
    paid(an_event(), "An")

    _headers, rows, last = csv_of(finance, f"event={an_event('Empty').pk}")

    assert (rows, last["paid_on"], last["gross"]) == ([], "TOTAL", "0.00")


def test_figures_stand_right_in_a_box_that_scrolls(finance: Client) -> None:
    paid(an_event(), "An")

    page = finance.get(REPORT).content.decode()

    assert '<div class="tour-scroll" role="region" tabindex="0"' in page
    assert page.count('class="tour-figure"') == 7 * 3
