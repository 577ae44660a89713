"""Visits under several models side by side: the lab's figures, drawn and in files; nothing that was sold is touched."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from events.actions import register
from events.models import Attendee, Event, Registration, TicketType
from payments.admin.lab.season import percent
from payments.lab.outcome import as_booked, season, would_have
from payments.lab_figures import visits
from payments.models import LedgerEntry, Payment, RevenueModel
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit

pytestmark = pytest.mark.django_db
D = Decimal
COMPARE = "/admin/revenue-lab/compare/"
MODELS = {
    "Kostprijs": ("cost_price", {"price": "120"}, 0),
    "Leden gratis": ("members_free", {}, None),
    "Sponsor": ("sponsor", {"price": "50", "sponsor": "300"}, None),
    "Waarborg": ("deposit", {"deposit": "25"}, 1),
}


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(factories.user("Programme managers"))
    return client


def four_models() -> list[RevenueModel]:
    return [
        RevenueModel.objects.create(name=name, kind=kind, parameters=parameters, free_quota=quota)
        for name, (kind, parameters, quota) in MODELS.items()
    ]


def some_visits(count: int = 3) -> list[Event]:
    made = [
        visit(paid=2 + number, free=1, name=f"Bezoek {number}", starts_at=NOON + timedelta(days=10 + number))
        for number in range(count)
    ]
    for event in made:
        costs(event, fixed="400", participant="25")
    programme("90")
    return made


def address(events: list[Event], models: list[RevenueModel], more: str = "") -> str:
    asked = [*(f"visit={event.pk}" for event in events), *(f"model={model.pk}" for model in models)]
    return f"{COMPARE}?{'&'.join(asked)}{more}"


def test_four_models_stand_beside_what_was_booked_in_the_lab_s_own_figures(manager: Client) -> None:
    events, models = some_visits(), four_models()
    context = manager.get(address(events, models)).context
    assert context["names"][1:] == list(MODELS)
    known = [one.visit for one in visits()]
    expected = [season("", [as_booked(one) for one in known])]
    expected += [season("", would_have(model.as_plan(), known)) for model in models]
    rows = {str(label): values for label, _decimals, values in context["season"]["rows"]}
    figures = list(rows.values())
    assert figures[2] == [outcome.revenue for outcome in expected]
    assert figures[5] == [outcome.cost for outcome in expected]
    assert figures[6] == [outcome.result for outcome in expected]
    assert figures[9] == [outcome.break_even_seats for outcome in expected]
    assert figures[10] == [outcome.break_even_paying for outcome in expected]
    assert figures[11] == [percent(outcome.margin) for outcome in expected]
    assert figures[12] == [outcome.subsidy_needed for outcome in expected]
    assert context["season"]["payers"] == [outcome.payers for outcome in expected]
    assert [table["event"] for table in context["tables"]] == events
    assert [len(bar) for _label, bar in context["chart"].rows] == [3] * 5


def test_what_was_booked_is_what_finance_reports(manager: Client) -> None:
    events, models = some_visits(), four_models()[:1]
    rows = read(manager, address(events, models, "&export=csv"))
    report = read(manager, "/admin/reports/free-seats/?export=csv")
    booked = [row for row in rows if row["model"] == rows[0]["model"]]
    assert [(row["visit"], row["revenue"], row["paying"]) for row in booked] == [
        (row["event"], row["net"], row["paid"]) for row in report
    ]


def read(client: Client, url: str) -> list[dict[str, str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))


def test_the_files_hold_every_visit_under_every_model_with_what_was_assumed(manager: Client) -> None:
    events, models = some_visits(), four_models()
    rows = read(manager, address(events, models, "&export=csv"))
    assert len(rows) == (3 + 1) * (1 + 4)
    assert [row["visit"] for row in rows[-5:]] == ["TOTAL"] * 5
    assert all(row["assumptions"] for row in rows if row["model"] in MODELS)
    cost_price = next(row for row in rows if row["model"] == "Kostprijs")
    assert (cost_price["payers"], cost_price["revenue"]) == ("3 x 120.00", "360.00")
    book = load_workbook(BytesIO(b"".join(manager.get(address(events, models, "&export=xlsx")))))
    heading, *sheet = book.active.iter_rows(values_only=True)
    assert list(heading) == list(rows[0])
    at = heading.index("result")
    assert [D(str(cells[at])) for cells in sheet] == [D(row["result"]) for row in rows]


def test_comparing_leaves_every_row_of_what_was_sold_as_it_was(manager: Client) -> None:
    events, models = some_visits(), four_models()
    sold = (Event, TicketType, Registration, Attendee, Payment, LedgerEntry)

    def rows() -> list[list[dict]]:
        return [list(model.objects.order_by("pk").values()) for model in sold]

    before = rows()
    for more in ("", "&export=csv", "&export=xlsx"):
        answer = manager.get(address(events, models, more))
        assert answer.status_code == 200
        if more:
            b"".join(answer)
    assert rows() == before


@pytest.mark.parametrize("count", [1, 3])
def test_a_comparison_takes_as_many_queries_whatever_is_compared(
    manager: Client, count: int, django_assert_num_queries
) -> None:
    url = address(some_visits(count), four_models()[:count])
    manager.get(url)
    with django_assert_num_queries(23):
        manager.get(url)


def test_one_visit_bears_what_it_bears_among_all(manager: Client) -> None:
    """Three visits share 90: the one that is looked at alone bears 30, not 90."""
    first, *_others = some_visits()
    context = manager.get(address([first], four_models()[:1])).context
    cost = next(values for label, _d, values in context["season"]["rows"] if values[0] == D(505))
    assert cost == [D(505), D(505)], "400 + 3 x 25 + 30"


@pytest.mark.parametrize(
    "query",
    [
        "export=csv",
        "visit=1",
        "visit=999999999&model=999999999",
        "visit=99999999999999999999&model=99999999999999999999",
        "visit=x&model=y",
    ],
)
def test_what_cannot_be_compared_is_said(manager: Client, query: str) -> None:
    some_visits(1)
    four_models()
    answer = manager.get(f"{COMPARE}?{query}")
    if "export" in query:
        assert answer.status_code == 400
    else:
        assert answer.status_code == 200 and answer.context["problems"]


def test_more_than_six_models_are_too_many(manager: Client) -> None:
    models = [RevenueModel.objects.create(name=f"M{number}", kind="members_free") for number in range(7)]
    events = some_visits(1)
    assert manager.get(address(events, models)).context["problems"]
    assert "problems" not in manager.get(address(events, models[:6])).context


def test_a_model_without_an_answer_says_why_beside_those_that_have_one(manager: Client) -> None:
    broken = RevenueModel.objects.create(name="Kapot", kind="deposit", parameters={})
    context = manager.get(address(some_visits(1), [*four_models()[:1], broken])).context
    assert context["names"][1:] == ["Kostprijs"]
    assert [column.name for column in context["refused"]] == ["Kapot"]


def test_an_archived_model_is_not_offered_and_an_old_address_still_works(manager: Client) -> None:
    events, models = some_visits(1), four_models()
    RevenueModel.objects.filter(pk=models[0].pk).update(is_archived=True)
    offered = manager.get(COMPARE).context["form"].fields["model"].queryset
    assert models[0] not in offered and len(offered) == 3
    assert manager.get(address(events, models[:1])).context["names"][1:] == ["Kostprijs"]


def test_a_visit_to_come_is_a_forecast(manager: Client) -> None:
    now = timezone.now()
    past, coming = (visit(starts_at=now + timedelta(days=days)) for days in (-3, 3))
    context = manager.get(address([past, coming], four_models()[:1])).context
    assert [table["is_forecast"] for table in context["tables"]] == [False, True]


def test_a_programme_manager_enters_costs_and_compares_four_models_on_three_visits(manager: Client) -> None:
    events = [visit(paid=3, free=1, starts_at=NOON + timedelta(days=number)) for number in (1, 2, 3)]
    line = {"name": "gids", "basis": "fixed", "planned_on": "2027-01-12", "quantity": "1", "size": "50"}
    for event in events:
        rows = inline_formset([line | {"planned": "300"}, line | {"planned": "20", "basis": "participant"}])
        said = nested_form_data({"event": event.pk, "expected": "", "note": "", "lines": rows})
        assert manager.post("/admin/revenue-lab/costs/new/", said).status_code == 302
    for name, typed in {
        "Kostprijs": {"kind": "cost_price", "price": "110", "free_quota": "0"},
        "Vroegboek": {"kind": "early_bird", "price": "110", "early_price": "80", "days": "3"},
        "Groep": {"kind": "group", "seats": "2", "discount": "10"},
        "Wat u kunt": {"kind": "pay_what_you_can", "average": "60", "nothing": "25"},
    }.items():
        assert manager.post("/admin/revenue-lab/models/new/", {"name": name, **typed}).status_code == 302
    context = manager.get(address(events, list(RevenueModel.objects.all()))).context
    revenue = dict(zip(context["names"], context["season"]["rows"][2][2], strict=True))
    booked, *models = context["names"]
    assert revenue[booked] == D(3 * 3 * 95)
    assert {name: revenue[name] for name in models} == {
        "Groep": D(3 * 3 * 95),
        "Kostprijs": D(3 * 4 * 110),
        # Registered one, two and three days before: only those of the last visit were early.
        "Vroegboek": D(2 * 3 * 110 + 3 * 80),
        "Wat u kunt": D(3 * 3 * 45),
    }
    assert context["season"]["rows"][5][2] == [D(3 * (300 + 4 * 20))] * 5


def test_seats_that_are_not_paid_for_pay_in_both_columns_and_are_said(manager: Client) -> None:
    """One paid and one ordered and open: two paying as booked and under the present rule, and 95 is said to be open."""
    event = visit(paid=1, name="Half betaald")
    made = factories.order(organisation_name="Later")
    registration = register(event=event, order=made, at=NOON)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=NOON, hold_expires_at=None)
    kept = four_models()[1]
    with override("en"):
        context = manager.get(address([event], [kept]), headers={"accept-language": "en"}).context
        rows = {str(label): values for label, _decimals, values in context["season"]["rows"]}
        files = read(manager, address([event], [kept], "&export=csv"))
    assert rows["Paying"] == [2, 2]
    assert context["still_open"].startswith("1 seat was ordered at a price")
    assert "95" in files[0]["assumptions"] and "95" not in files[1]["assumptions"]
