"""The lab's front page says of a season what finance's reports say, to the cent, on screen and in its files."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from events import actions as events
from events.models import Event
from payments.actions.bookkeeping import book_fee, book_refund
from payments.models import CostLine, Payment, Refund, RevenueModel
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit

pytestmark = pytest.mark.django_db
D = Decimal
SEASON = "/admin/revenue-lab/"
#: Columns that are no figure.
TEXTS = ("event", "event_date", "is_forecast", "running_until")
YEAR = "since=2027-01-01&until=2027-12-31"


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(factories.user("Programme managers"))
    return client


def csv_of(client: Client, url: str) -> list[dict[str, str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))


def a_season() -> None:
    """Two held with paid and free seats, one of them cost other than planned, and one cancelled and given back."""
    first = visit(paid=3, free=2, name="Gent")
    made = costs(first, fixed="900", participant="25")
    CostLine.objects.filter(costs=made, basis="fixed").update(actual=D("840.50"), actual_on=NOON.date())
    second = visit(paid=2, name="Venlo", starts_at=NOON + timedelta(days=20))
    events.cancel(registration=second.registrations.first(), at=NOON)
    costs(second, fixed="400.10", percentage="10")
    cancelled = visit(paid=1, name="Nergens", starts_at=NOON + timedelta(days=30))
    events.cancel_event(event=cancelled, at=NOON)
    for refund in Refund.objects.filter(payment__registration__event=cancelled):
        book_refund(refund, source=f"re_{refund.pk}", occurred_at=NOON, at=NOON)
    programme("100.01")
    for number, payment in enumerate(Payment.objects.filter(status="paid"), start=1):
        book_fee(payment, fee=D("1.85"), source=f"txn_{number}", occurred_at=NOON, at=NOON)


def test_every_figure_equals_the_report_of_free_and_paid_seats_and_the_report_of_fees_to_the_cent(
    manager: Client,
) -> None:
    a_season()
    *rows, total = csv_of(manager, f"{SEASON}?export=csv&{YEAR}")
    *reported, together = csv_of(manager, f"/admin/reports/free-seats/?export=csv&{YEAR}")

    assert len(rows) == 3
    for row, theirs in zip([*rows, total], [*reported, together], strict=True):
        assert row["event"] == theirs["event"]
        assert D(row["revenue"]) == D(theirs["net"])
        assert D(row["fees"]) == -D(theirs["fees"])
        assert int(row["paying"]) == int(theirs["paid"])
        assert int(row["participants"]) == int(theirs["paid"]) + int(theirs["free"])
    *_fees, fees = csv_of(manager, f"/admin/reports/fees/?export=csv&{YEAR}")
    assert D(total["fees"]) == -D(fees["amount"]) != 0


def test_costs_result_and_what_is_left_to_be_found_follow_from_them(manager: Client) -> None:
    """Gent: 840.50 + 5 x 25 + half of 100.01 = 1,015.51 of cost; 285 comes in, less 3 x 1.85 of fees."""
    a_season()
    gent, venlo, nergens, total = csv_of(manager, f"{SEASON}?export=csv&{YEAR}")
    names = ("cost_planned", "cost_visit", "cost_programme", "cost", "result", "subsidy_needed", "coverage")
    assert [gent[name] for name in names] == [
        "1075.01",
        "965.50",
        "50.01",
        "1015.51",
        "-736.06",
        "736.06",
        "27.91",
    ]
    assert (gent["contribution"], gent["break_even_seats"]) == ("30.89", "29")
    # Three of five pay; five come where 29 are needed: 5 / 29 short, so 24 / 5 below zero.
    assert (gent["break_even_paying"], gent["margin"]) == ("18", "-480.00")
    assert [venlo[name] for name in ("cost_visit", "cost_programme")] == ["419.10", "50.00"]
    assert [nergens[name] for name in ("participants", "revenue", "cost_programme")] == ["0", "0.00", "0.00"]
    for name in ("revenue", "fees", "cost_planned", "cost", "result"):
        assert D(total[name]) == D(gent[name]) + D(venlo[name]) + D(nergens[name])


def test_the_workbook_says_what_the_screen_and_the_csv_say(manager: Client) -> None:
    a_season()
    rows = csv_of(manager, f"{SEASON}?export=csv&{YEAR}")
    book = load_workbook(BytesIO(b"".join(manager.get(f"{SEASON}?export=xlsx&{YEAR}"))))
    heading, *sheet = book.active.iter_rows(values_only=True)
    assert list(heading) == list(rows[0])
    figures = [place for place, name in enumerate(heading) if name not in TEXTS]
    for row, cells in zip(rows, sheet, strict=True):
        values = list(row.values())
        assert [D(values[at]) if values[at] else None for at in figures] == [
            None if cells[at] is None else D(str(cells[at])) for at in figures
        ]
    totals = manager.get(f"{SEASON}?{YEAR}").context["table"].totals
    assert D(rows[-1]["result"]) == totals["result"]


def test_without_a_choice_it_is_the_last_season_with_a_visit_and_a_year_can_be_chosen(manager: Client) -> None:
    visit(name="Vroeger", starts_at=NOON.replace(year=2098))
    visit(name="Later", starts_at=NOON.replace(year=2099))

    def shown(query: str) -> list[str]:
        return [row.event.name for row in manager.get(f"{SEASON}?{query}").context["object_list"]]

    assert shown("year=2098") == ["Vroeger"]
    assert shown("year=2099") == ["Later"]
    assert shown("since=2098-01-01") == ["Vroeger", "Later"]
    assert shown("") == ["Later"], "no visit this year: the newest season"


@pytest.mark.parametrize("query", ["year=1999", "since=2027-02-30", "since=2027-02-01&until=2027-01-01"])
def test_a_period_that_is_none_is_said_to_be_none(manager: Client, query: str) -> None:
    visit()
    answer = manager.get(f"{SEASON}?{query}")
    assert answer.context["problems"] and not answer.context["object_list"]
    assert manager.get(f"{SEASON}?export=csv&{query}").status_code == 400


def test_an_empty_season_says_so(manager: Client) -> None:
    answer = manager.get(SEASON)
    assert answer.status_code == 200 and not answer.context["object_list"]
    assert len(csv_of(manager, f"{SEASON}?export=csv")) == 1


def test_the_way_to_the_reports_carries_the_same_period(manager: Client) -> None:
    visit()
    text = manager.get(f"{SEASON}?year=2027").content.decode()
    assert "/admin/reports/free-seats/?since=2027-01-01&amp;until=2027-12-31" in text
    assert "/admin/reports/fees/?since=2027-01-01&amp;until=2027-12-31" in text


@pytest.mark.parametrize("count", [1, 3])
def test_a_season_takes_as_many_queries_whatever_is_in_it(
    manager: Client, count: int, django_assert_num_queries
) -> None:
    for _visit in range(count):
        costs(visit(paid=1, free=1), fixed="100")
    programme("100")
    manager.get(f"{SEASON}?{YEAR}")
    with django_assert_num_queries(26):
        manager.get(f"{SEASON}?{YEAR}")


def test_a_visit_to_come_is_marked_as_a_forecast_on_screen_and_in_the_file(manager: Client) -> None:
    now = timezone.now()
    factories.event(name="Geweest", starts_at=now - timedelta(days=3))
    factories.event(name="Straks", starts_at=now + timedelta(days=3))
    period = f"since={now - timedelta(days=5):%Y-%m-%d}&until={now + timedelta(days=5):%Y-%m-%d}"
    with override("en"):
        answer = manager.get(f"{SEASON}?{period}", headers={"accept-language": "en"})
    html = answer.content.decode()
    assert answer.context["has_forecast"] is True
    assert html.count("· forecast") == 1
    assert [row["is_forecast"] for row in csv_of(manager, f"{SEASON}?export=csv&{period}")] == ["no", "yes", ""]
    over = manager.get(f"{SEASON}?since=2020-01-01&until={now:%Y-%m-%d}").context
    assert over["has_forecast"] is False


def test_what_is_left_is_not_called_as_finance_s_column_is(manager: Client) -> None:
    """Finance's "Subsidy needed" is what cost price leaves; this is what cost leaves."""
    visit(paid=1)
    table = manager.get(SEASON).context["table"]
    with override("en"):
        labels = {str(column.label) for column in table.columns.values()}
    assert "Left to be found" in labels and "Subsidy needed" not in labels


def test_thousands_stand_apart_in_the_table_as_in_the_chart(manager: Client) -> None:
    costs(visit(paid=1, free=1), fixed="1216.79")
    page = manager.get(f"{SEASON}?{YEAR}").content.decode()
    assert "1.216,79" in page and "1216,79" not in page
    model = RevenueModel.objects.create(name="Sponsor", kind="sponsor", parameters={"sponsor": "750"})
    query = f"visit={Event.objects.get().pk}&model={model.pk}"
    compared = manager.get(f"{SEASON}compare/?{query}").content.decode()
    assert "1.216,79" in compared and "1216,79" not in compared
