"""What is typed into the lab is what is kept: with a comma too, and without putting back what somebody else changed."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.translation import override
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.admin.amounts import AmountInput, WholeInput
from cms.admin.seen import AS_SEEN
from events.models import Event, TicketType
from payments.admin.lab.page import chance
from payments.models import CostLine, CostPriceRule, EventCosts, Experiment, PartnerShare, PriceStudy, RevenueModel
from tests import factories
from tests.payments.lab.lab_support import costs, programme, visit
from tests.payments.lab.test_experimenting import experiment
from tests.payments.lab.test_scenario_page import sent

pytestmark = pytest.mark.django_db
D = Decimal
LAB = "/admin/revenue-lab/"


def client(group: str = "Programme managers", language: str = "nl") -> Client:
    made = Client(headers={"accept-language": language})
    made.force_login(factories.user(group))
    return made


@pytest.fixture
def manager() -> Client:
    return client()


def line(**typed: str) -> dict[str, Any]:
    return {
        "name": "gids",
        "basis": "fixed",
        "planned": "900",
        "planned_on": "2027-01-12",
        "quantity": "",
        "size": "",
    } | typed


def of(event: Any, *lines: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return nested_form_data({"event": event.pk, "expected": "", "note": "", "lines": inline_formset(lines)} | facts)


def as_shown(page: Any) -> dict[str, Any]:
    """What a browser would send of a page that was opened and not touched."""
    form = page.context["form"]
    shown = {bound.html_name: bound.value() for bound in form}
    for formset in getattr(form, "formsets", {}).values():
        shown |= {bound.html_name: bound.value() for bound in formset.management_form}
        shown |= {bound.html_name: bound.value() for one in formset.forms for bound in one}
    return {name: value for name, value in shown.items() if value is not None and value is not False}


def test_a_comma_in_a_sponsor_s_amount_is_kept_as_it_was_meant(manager: Client) -> None:
    typed = {"kind": "sponsor", "name": "Sponsor", "price": "50,25", "sponsor": "750,50", "free_quota": "", "note": ""}
    assert manager.post(f"{LAB}models/new/", typed).status_code == 302
    assert RevenueModel.objects.get().parameters == {"price": "50.25", "sponsor": "750.50"}


def test_a_comma_in_costs_is_kept_as_it_was_meant(manager: Client) -> None:
    typed = line(planned="120,55", actual="1.000,50", actual_on="2027-01-13")
    assert manager.post(f"{LAB}costs/new/", of(visit(), typed)).status_code == 302
    made = CostLine.objects.get()
    assert (made.planned, made.actual) == (D("120.55"), D("1000.50"))


def test_an_amount_with_two_readings_is_refused_beside_it(manager: Client) -> None:
    with override("en"):
        answer = client(language="en").post(f"{LAB}costs/new/", of(visit(), line(planned="1.000")))
    (errors,) = answer.context["form"].formsets["lines"].errors
    assert errors == {"planned": ["“1.000” can be read in two ways: write 1000 or 1."]}
    assert not EventCosts.objects.exists()


def test_the_address_of_a_scenario_says_the_same_with_commas_and_with_points(manager: Client) -> None:
    with_points = sent(**{"v1-price": "99.50", "risk": "0.2"})
    with_commas = sent(**{"v1-price": "99,50", "risk": "0,2"})
    first, second = (
        manager.get(f"{LAB}scenarios/season.json?{urlencode(query)}") for query in (with_points, with_commas)
    )
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["events"][0]["price"] == 99.5


@pytest.mark.parametrize(
    "path",
    ["models/new/?kind=tiered", "costs/new/", "programme-costs/new/", "scenarios/", "paper/", "cost-price-rule/new/"],
)
def test_no_field_of_the_lab_lets_the_browser_drop_a_comma(manager: Client, path: str) -> None:
    assert 'type="number"' not in manager.get(LAB + path).content.decode()


def test_a_form_shows_its_figures_with_the_sign_of_its_language() -> None:
    made = costs(visit(), fixed="120.55")
    for language, shown in (("nl", "120,55"), ("en", "120.55")):
        page = client(language=language).get(f"{LAB}costs/edit/{made.pk}/").content.decode()
        assert f'value="{shown}"' in page


def editable(name: str) -> tuple[Any, str, str]:
    """(record, its form, a field of it)."""
    if name == "costs":
        return costs(visit(), fixed="900"), "costs", "note"
    if name == "programme":
        return programme("100"), "programme-costs", "note"
    if name == "model":
        return (
            RevenueModel.objects.create(name="Sponsor", kind="sponsor", parameters={"sponsor": "750"}),
            "models",
            "note",
        )
    if name == "study":
        facts = {"method": "four_prices", "starts_on": "2027-01-01", "ends_on": "2027-02-01"}
        return PriceStudy.objects.create(name="Bevraging", question="?", source="mail", **facts), "studies", "source"
    return experiment(), "experiments", "hypothesis"


@pytest.mark.parametrize("name", ["costs", "programme", "model", "study", "experiment"])
def test_nobody_saves_over_what_was_saved_since_the_form_was_opened(name: str) -> None:
    record, path, field = editable(name)
    url = f"{LAB}{path}/edit/{record.pk}/"
    mine, theirs = client(language="en"), client(language="en")
    opened, also_opened = as_shown(mine.get(url)), as_shown(theirs.get(url))
    assert theirs.post(url, also_opened | {field: "theirs"}).status_code == 302
    answer = mine.post(url, opened | {field: "mine"})
    assert answer.status_code == 200
    assert "after you opened it. Nothing of yours is saved" in answer.content.decode()
    record.refresh_from_db()
    assert getattr(record, field) == "theirs"
    again = as_shown(mine.get(url))
    assert mine.post(url, again | {field: "mine"}).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == "mine"


def test_a_note_does_not_put_back_an_actual_amount_that_finance_filled_in() -> None:
    made = costs(visit(), fixed="350")
    url = f"{LAB}costs/edit/{made.pk}/"
    finance, manager = client("Finance"), client()
    opened, also_opened = as_shown(manager.get(url)), as_shown(finance.get(url))
    known = {"lines-0-actual": "360", "lines-0-actual_on": "2027-02-01"}
    assert finance.post(url, also_opened | known).status_code == 302
    assert manager.post(url, opened | {"note": "gebeld"}).status_code == 200
    made.refresh_from_db()
    assert (made.note, made.lines.get().actual) == ("", D(360))


def test_every_form_says_what_it_saw(manager: Client) -> None:
    for name in ("costs", "programme", "model", "study", "experiment"):
        record, path, _field = editable(name)
        page = manager.get(f"{LAB}{path}/edit/{record.pk}/")
        seen = page.context["form"][AS_SEEN].value()
        assert len(seen) == 32
        assert page.content.decode().count(f'name="{AS_SEEN}" value="{seen}"') == 1, name


@pytest.mark.parametrize("query", ["", "?share_now=0,3&share_hoped=0,5&alpha=0,05&power=0,8&control=4&trial=4"])
def test_no_two_fields_of_a_page_share_an_id(manager: Client, query: str) -> None:
    page = manager.get(f"{LAB}experiments/new/{query}").content.decode()
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert {name: count for name, count in ids.items() if count > 1} == {}
    for target in ("size_share_now", "id_share_now"):
        assert f'for="{target}"' in page and f'id="{target}"' in page


def test_hours_and_seats_of_a_bus_are_asked_where_they_count(manager: Client) -> None:
    assert manager.post(f"{LAB}costs/new/", of(visit(), line())).status_code == 302
    made = CostLine.objects.get()
    assert (made.quantity, made.size) == (1, 50)
    for basis, field in (("hours", "quantity"), ("bus", "size")):
        answer = manager.post(f"{LAB}costs/new/", of(visit(), line(basis=basis)))
        (errors,) = answer.context["form"].formsets["lines"].errors
        assert list(errors) == [field]


@pytest.mark.parametrize("name", ["costs", "programme", "study"])
def test_whoever_deletes_reads_no_count_of_references(name: str) -> None:
    record, path, _field = editable(name)
    page = client(language="en").get(f"{LAB}{path}/delete/{record.pk}/")
    assert page.status_code == 200
    assert "referenced" not in page.content.decode()


def test_a_programme_cost_is_no_percentage() -> None:
    page = client(language="en").get(f"{LAB}programme-costs/new/").content.decode()
    assert "percentage" not in page


def test_a_small_chance_is_said_to_be_small_not_nothing() -> None:
    with override("en"):
        assert [chance(p) for p in (0.0, 0.0004, 0.0009, 0.0126, 1.0)] == [
            "< 0.001",
            "< 0.001",
            "< 0.001",
            "= 0.013",
            "= 1.000",
        ]
    with override("nl"):
        assert chance(0.00001) == "< 0,001"


@pytest.mark.parametrize(
    ("model", "field", "widget"),
    [
        (TicketType, "price_excl_vat", AmountInput),
        (Event, "vat_rate", AmountInput),
        (PartnerShare, "percentage", AmountInput),
        (CostLine, "planned", AmountInput),
        (CostLine, "size", WholeInput),
    ],
)
def test_the_figures_of_models_are_typed_so_in_the_admin(model: type, field: str, widget: type) -> None:
    made = formfield_for_dbfield(model._meta.get_field(field))
    assert type(made.widget) is widget
    assert made.widget.attrs["inputmode"] in ("decimal", "numeric")


@pytest.mark.parametrize(
    ("model", "name", "bounds"),
    [
        (Experiment, "alpha", ("0.01", "0.2")),
        (Experiment, "power", ("0.5", "0.99")),
        (CostPriceRule, "step", ("0.01",)),
    ],
)
def test_what_is_called_the_least_and_the_most_can_be_typed(model: Any, name: str, bounds: tuple[str, ...]) -> None:
    """0.01 as a float is a little more than 0.01: a form refused its own minimum."""
    for bound in bounds:
        assert model._meta.get_field(name).clean(D(bound), None) == D(bound)
