"""Costs are entered on their own screens, and the price that follows from them is shown with its working."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.html import escape
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from payments.actions.costing import derive_price, make_rule
from payments.models import CostLine, CostPrice, CostPriceRule, EventCosts, PriceStudy, ProgrammeCost, RevenueModel
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit
from tests.payments.lab.test_experimenting import experiment

pytestmark = pytest.mark.django_db
D = Decimal
COSTS = "/admin/revenue-lab/costs/"


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(factories.user("Programme managers"))
    return client


def filled_in(event, *lines, **facts):
    rows = [
        {"name": "gids", "basis": "fixed", "planned_on": "2027-01-12", "quantity": "1", "size": "50"} | line
        for line in lines
    ]
    return nested_form_data({"event": event.pk, "expected": "", "note": "", "lines": inline_formset(rows)} | facts)


BILL = {"actual": "27", "actual_on": "2027-02-01"}


def test_costs_of_a_visit_are_entered_with_planned_and_actual_amounts(manager: Client) -> None:
    event = visit()
    answer = manager.post(
        f"{COSTS}new/", filled_in(event, {"planned": "900"}, {"planned": "25", "basis": "participant", **BILL})
    )
    assert answer.status_code == 302
    fixed, each = CostLine.objects.filter(costs__event=event)
    assert (fixed.planned, fixed.actual, fixed.actual_on) == (D(900), None, None)
    assert (each.planned, each.actual, each.actual_on) == (D(25), D(27), date(2027, 2, 1))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"planned": "100", "basis": "percentage"}, "__all__"),
        ({"planned": "-1"}, "planned"),
        ({"planned": "tien"}, "planned"),
        ({"planned": "5", "basis": "bus", "size": "0"}, "size"),
        ({"planned": "5", "planned_on": "gisteren"}, "planned_on"),
        ({"planned": "5", "planned_on": "9999-12-31"}, "planned_on"),
        ({"planned": "5", "planned_on": "0001-01-01"}, "planned_on"),
        ({"planned": "5", "actual": "6"}, "actual_on"),
        ({"planned": "5", "actual_on": "2027-02-01"}, "actual"),
    ],
)
def test_an_amount_that_makes_no_sense_is_refused_beside_it(manager: Client, line: dict, field: str) -> None:
    answer = manager.post(f"{COSTS}new/", filled_in(visit(), line))
    assert answer.status_code == 200
    (errors,) = answer.context["form"].formsets["lines"].errors
    assert list(errors) == [field]
    assert escape(errors[field][0]) in answer.content.decode()
    assert not EventCosts.objects.exists()


def test_a_visit_has_its_costs_once_and_keeps_them(manager: Client) -> None:
    first, second = visit(), visit()
    made = costs(first, fixed="900")
    offered = manager.get(f"{COSTS}new/").context["form"].fields["event"].queryset
    assert list(offered) == [second]
    manager.post(f"{COSTS}edit/{made.pk}/", filled_in(second, {"planned": "5"}))
    made.refresh_from_db()
    assert made.event == first


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_costs_takes_as_many_queries_whatever_stands_on_it(
    manager: Client, count: int, django_assert_num_queries
) -> None:
    for _visit in range(count):
        made = costs(visit(paid=1, free=1), fixed="900", participant="25")
        CostLine.objects.filter(costs=made, basis="fixed").update(actual=D(840), actual_on=NOON.date())
    programme("100")
    manager.get(COSTS)
    with django_assert_num_queries(26):
        answer = manager.get(COSTS)
    rows = answer.context["object_list"]
    assert [(row.planned_total, row.known_total, row.participants) for row in rows] == [(D(950), D(890), 2)] * count


def test_a_programme_cost_says_who_bears_it_and_how_much(manager: Client) -> None:
    visit(paid=1, name="Gent")
    visit(name="Venlo", starts_at=NOON + timedelta(days=11))
    visit(name="Later", starts_at=NOON + timedelta(days=99))
    cost = programme("100.01")
    text = manager.get(f"/admin/revenue-lab/programme-costs/edit/{cost.pk}/").content.decode()
    assert "Gent" in text and "Venlo" in text and "Later" not in text
    assert "50,01" in text and "50,00" in text


def test_a_programme_cost_that_ends_before_it_begins_is_refused(manager: Client) -> None:
    answer = manager.post(
        "/admin/revenue-lab/programme-costs/new/",
        {
            "name": "website",
            "key": "visits",
            "starts_on": "2027-02-01",
            "ends_on": "2027-01-01",
            "planned": "5",
            "planned_on": "2027-01-01",
        },
    )
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()
    assert not ProgrammeCost.objects.exists()


def test_a_rule_is_followed_by_a_next_version_and_never_edited(manager: Client) -> None:
    url = "/admin/revenue-lab/cost-price-rule/new/"
    said = {"bearing": "paying", "filled": "60", "paying": "50", "step": "5", "note": "Vraag van de stuurgroep."}
    assert manager.post(url, said).status_code == 302
    assert manager.get(url).context["form"].initial["filled"] == 60
    assert manager.post(url, said | {"filled": "70"}).status_code == 302
    assert list(CostPriceRule.objects.values_list("version", "filled", "bearing", "with_programme")) == [
        (2, 70, "paying", False),
        (1, 60, "paying", False),
    ]
    assert CostPriceRule.objects.first().made_by.groups.get().name == "Programme managers"
    assert manager.get("/admin/revenue-lab/cost-price-rule/edit/1/").status_code == 404


@pytest.mark.parametrize("wrong", [{"filled": "0"}, {"filled": "101"}, {"step": "0"}, {"note": ""}, {"bearing": "x"}])
def test_a_rule_that_cannot_be_is_refused(manager: Client, wrong: dict) -> None:
    said = {"bearing": "all", "filled": "70", "paying": "100", "step": "1", "note": "x"} | wrong
    answer = manager.post("/admin/revenue-lab/cost-price-rule/new/", said)
    assert answer.status_code == 200 and list(answer.context["form"].errors) == list(wrong)
    assert not CostPriceRule.objects.exists()


def rule(**facts):
    return make_rule(at=NOON, by=None, **{"note": "voorbeeld", "step": D(1), **facts})


def test_a_price_is_derived_on_the_page_of_the_visit_s_costs_and_shown_with_its_working(manager: Client) -> None:
    """10 expected: 900 + 10 x 25 = 1,150 over 10: 115, which is 20 more than the ticket's 95."""
    event = visit(paid=1)
    made = costs(event, expected=10, fixed="900", participant="25")
    rule(filled=50)
    newest = rule()
    url = f"{COSTS}{made.pk}/cost-price/"
    manager.post(url)
    context = manager.get(url).context
    price = CostPrice.objects.get()
    assert (context["shown"], context["present"], context["difference"]) == (price, D(95), D(20))
    assert (price.rule, price.price, price.made_by.groups.get().name) == (newest, D(115), "Programme managers")
    assert event.ticket_types.get(scheme=None).price_excl_vat == D(95)
    answer = manager.get(url)
    assert [step.value for step in answer.context["shown"].steps] == [D(1150), D(1150), D(1150), D(115), D(115), D(115)]
    assert "900,00 + 250,00" in answer.content.decode()


def test_an_earlier_price_can_be_read_again(manager: Client) -> None:
    event = visit()
    made = costs(event, expected=10, fixed="900")
    first = derive_price(event=event, rule=rule(), at=NOON, by=None)
    second = derive_price(event=event, rule=rule(step=D(7)), at=NOON + timedelta(days=1), by=None)
    url = f"{COSTS}{made.pk}/cost-price/"
    assert manager.get(url).context["shown"] == second
    assert manager.get(f"{url}?price={first.pk}").context["shown"] == first
    assert manager.get(f"{url}?price=x").context["shown"] == second


@pytest.mark.parametrize("has_rule", [True, False])
def test_what_cannot_be_derived_is_said_and_nothing_is_kept(manager: Client, has_rule: bool) -> None:
    made = costs(visit())
    if has_rule:
        rule()
    answer = manager.post(f"{COSTS}{made.pk}/cost-price/", follow=True)
    assert len(list(answer.context["messages"])) == 1
    assert not CostPrice.objects.exists()


def test_costs_that_have_no_price_are_said_to_have_none(manager: Client) -> None:
    """Two percentages together take all that comes in."""
    event = visit()
    made = costs(event, percentage="60")
    CostLine.objects.create(costs=made, name="twee", basis="percentage", planned=D(40), planned_on=NOON.date())
    rule()
    answer = manager.post(f"{COSTS}{made.pk}/cost-price/", follow=True)
    assert "100" in str(next(iter(answer.context["messages"])))
    assert not CostPrice.objects.exists()


def test_finance_reads_a_cost_price_and_derives_none() -> None:
    made = costs(visit(), fixed="900")
    rule()
    client = Client()
    client.force_login(factories.user("Finance"))
    url = f"{COSTS}{made.pk}/cost-price/"
    assert client.get(url).status_code == 200
    client.post(url)
    assert not CostPrice.objects.exists()
    client.force_login(factories.user("Organisers"))
    assert client.get(url).status_code == 302


def test_what_somebody_else_saved_meanwhile_is_not_undone(manager: Client) -> None:
    """The manager has the page open, finance saves an actual amount, the manager saves a note: refused in words."""
    event = visit()
    made = costs(event, fixed="350")
    (line,) = made.lines.all()
    url = f"{COSTS}edit/{made.pk}/"
    opened = manager.get(url)
    (field,) = [field for field in opened.context["form"].hidden_fields() if field.name == "as_seen"]
    assert f'name="as_seen" value="{field.value()}"' in opened.content.decode()

    def sent(**facts: str) -> dict:
        rows = [{"name": "gids", "basis": "fixed", "planned": "350", "planned_on": "2027-01-12", "quantity": "1"}]
        rows[0] |= {"size": "50", "id": str(line.pk), "actual": facts.pop("actual", ""), "actual_on": ""}
        if rows[0]["actual"]:
            rows[0]["actual_on"] = "2027-02-01"
        lines = inline_formset(rows, initial=1)
        form = {"event": event.pk, "expected": "", "note": "", "as_seen": field.value(), "lines": lines}
        return nested_form_data(form | facts)

    assert manager.post(url, sent(actual="360")).status_code == 302
    answer = manager.post(url, sent(note="Gids gevraagd."))
    assert answer.status_code == 200
    assert "nadat u het opende. Van u is niets bewaard" in answer.context["form"].non_field_errors()[0]
    assert "Gids gevraagd." in answer.content.decode(), "what was typed is still there to be copied"
    made.refresh_from_db()
    assert (made.note, made.lines.get().actual) == ("", D(360))
    fresh = manager.get(url).context["form"]["as_seen"].value()
    assert manager.post(url, sent(actual="360", note="Gids gevraagd.", as_seen=fresh)).status_code == 302


@pytest.mark.parametrize("kind", ["programme-costs", "models", "studies", "experiments"])
def test_every_form_of_the_lab_that_changes_a_record_says_how_it_was_opened(manager: Client, kind: str) -> None:
    rows = {
        "programme-costs": lambda: programme("100"),
        "models": lambda: RevenueModel.objects.create(name="Nu", kind="members_free"),
        "studies": lambda: PriceStudy.objects.create(
            name="x", method="four_prices", starts_on=NOON.date(), ends_on=NOON.date()
        ),
        "experiments": experiment,
    }
    row = rows[kind]()
    url = f"/admin/revenue-lab/{kind}/edit/{row.pk}/"
    opened = manager.get(url).context["form"]["as_seen"].value()
    type(row).objects.filter(pk=row.pk).update(name="Anders")
    assert manager.get(url).context["form"]["as_seen"].value() != opened
