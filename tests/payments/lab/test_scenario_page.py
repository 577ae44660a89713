"""Scenarios on screen: filled in with what is planned, the same figures at the same address and on the command line."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from payments.models import RevenueModel
from payments.scenarios import upcoming
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit

pytestmark = pytest.mark.django_db
URL = "/admin/revenue-lab/scenarios/"
D = Decimal


@pytest.fixture
def manager() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.user("Programme managers"))
    return client


def sent(**changed: Any) -> dict[str, Any]:
    rows = {
        f"v{number}-{name}": value
        for number, row in enumerate(
            [("Fabriek", 20, 14, "95.00", "900.00", "22.50"), ("Haven", 30, 18, "120", "1400", "25")], start=1
        )
        for name, value in zip(
            ("name", "capacity", "registrations", "price", "fixed", "per_participant"), row, strict=True
        )
    }
    ranges = {
        "demand": (0.7, 1, 1.2),
        "free_share": (0.3, 0.5, 0.6),
        "elasticity": (0, 0, 0),
        "no_show": (0, 0.05, 0.1),
        "cost": (0.9, 1, 1.3),
    }
    ends = {
        f"{name}-{end}": value
        for name, values in ranges.items()
        for end, value in zip(("low", "likely", "high"), values, strict=True)
    }
    questions = {"fee_share": "0.02", "runs": 500, "seed": 7, "risk": "0.2", "cover": "0.8", "paying": 12, "free": 3}
    return {"rows": 4, **rows, **ends, **questions, **changed}


def shown(client: Client, **changed: Any) -> Any:
    with override("en"):
        answer = client.get(URL, sent(**changed))
    assert answer.status_code == 200
    return answer.context


def test_it_begins_with_the_visits_that_are_planned(manager: Client) -> None:
    factories.event(starts_at=timezone.now() - timedelta(days=3), name="Voorbij")
    coming = factories.event(starts_at=timezone.now() + timedelta(days=30), price="95.00", capacity=24, name="Straks")
    costs(coming, expected=15, fixed="850", participant="22", bus="400", percentage="5")
    answer = manager.get(URL).context
    assert [row["name"].value() for row in answer["scenario"].rows] == ["Straks", None, None]
    assert [one.percentage for one in answer["percentages"]] == [D(5)]
    assert "made" not in answer


def test_what_is_planned_has_its_coach_its_programme_share_and_who_registered() -> None:
    planned = visit(paid=2, free=3, name="Straks", starts_at=NOON + timedelta(days=20))
    costs(planned, expected=4, fixed="850", participant="22", bus="400")
    programme("1000")
    (one,) = upcoming(NOON)
    assert (one.registrations, one.so_far, one.free_so_far) == (5, 5, 3)
    assert (one.price, one.fixed, one.per_participant) == (D(95), D("2250.00"), D(22))


def test_the_season_is_drawn_and_everything_asked_is_answered(manager: Client) -> None:
    found = shown(manager)
    made = found["made"]
    assert (made.simulation.runs, made.simulation.seed) == (500, 7)
    assert found["matters"][0] in ("Costs", "Demand", "Share of free seats")
    assert len(found["quantiles"]) == 5
    assert found["subsidy"].drawings[0].lines
    # 0.8 x (900 + 22.50 x 15) / (12 x (1 - 0.8 x 0.02)) = 83.85; 0.8 x (1400 + 375) / (12 x 0.984) = 120.26; both up.
    assert [(one.name, one.price) for one in found["covering"]] == [("Fabriek", D("83.85")), ("Haven", D("120.26"))]
    assert found["safe_price"].p_loss <= 0.2


def test_the_same_address_gives_the_same_figures_and_another_seed_others(manager: Client) -> None:
    first, again, other = (shown(manager, seed=seed)["made"].simulation for seed in (7, 7, 8))
    assert first == again
    assert first.mean != other.mean


@pytest.mark.parametrize("kind", ["cost_price", "early_bird"])
def test_the_command_gives_the_figures_of_the_page(manager: Client, tmp_path: Path, kind: str) -> None:
    changed: dict[str, Any] = {}
    if kind == "early_bird":
        model = RevenueModel.objects.create(name="Vroeg", kind=kind, parameters={"early_price": "75", "days": 30})
        changed = {"model": model.pk, "share": "0.4"}
    found = shown(manager, **changed)["made"]
    file = tmp_path / "season.json"
    file.write_bytes(manager.get(f"{URL}season.json", sent(**changed)).content)
    out = StringIO()
    call_command("revenue_lab", "season", str(file), "--model", kind, "--runs", "500", "--seed", "7", stdout=out)
    said, simulation = json.loads(out.getvalue()), found.simulation
    assert (said["mean"], said["standard_error"]) == (simulation.mean, simulation.standard_error)
    assert (said["p_loss"], said["p_loss_interval"]) == (simulation.p_loss, list(simulation.p_loss_interval))
    assert said["subsidy"] == {str(level): value for level, value in simulation.subsidy}
    assert [(one["name"], one["low"], one["high"]) for one in said["tornado"]] == [
        (one.name, one.at_low, one.at_high) for one in found.swings
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"runs": 0},
        {"runs": 200_000},
        {"runs": "x"},
        {"v1-capacity": 0},
        {"v1-capacity": ""},
        {"v1-price": "-1"},
        {"v1-price": "NaN"},
        {"demand-low": 2},
        {"free_share-high": 1.5},
        {"seed": -1},
        {"v1-registrations": "600"},
        {"rows": 0},
        {"rows": "99999999999"},
        {"rows": 1},
        {"rows": -1},
        {"rows": "x"},
        {"rows": ""},
        {"rows": 31},
        {"v7-price": "95"},
        {"fee_share": 1},
        {"model": 12345},
        {"risk": 2},
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(manager: Client, changed: dict[str, Any]) -> None:
    found = shown(manager, **changed)
    assert found["problems"]
    assert "made" not in found
    assert manager.get(f"{URL}season.json", sent(**changed)).status_code in (200, 400)


def test_a_model_that_offers_something_asks_who_takes_it(manager: Client) -> None:
    pass_ = RevenueModel.objects.create(name="Pas", kind="season_pass", parameters={"pass_price": "300", "seats": 5})
    assert shown(manager, model=pass_.pk)["problems"]
    assert shown(manager, model=pass_.pk, share="0.3")["made"].asked.name == "Pas"


def test_a_model_without_one_price_seeks_none_and_members_cannot_be_subsidised(manager: Client) -> None:
    tiers = {"tiers": [{"price": "60", "seats": 5}, {"price": "95"}]}
    tiered = RevenueModel.objects.create(name="Treden", kind="tiered", parameters=tiers)
    found = shown(manager, model=tiered.pk)
    assert (found["safe_price"], found["no_safe_price"]) == (None, "")
    members = {"per_participant": "50", "for_members": True}
    subsidy = RevenueModel.objects.create(name="Leden", kind="subsidy", parameters=members)
    assert len(shown(manager, model=subsidy.pk)["problems"]) == 1


def test_more_rows_are_given_without_drawing_and_what_was_filled_in_stays(manager: Client) -> None:
    found = shown(manager, more=1)
    assert "made" not in found
    assert [row["name"].value() for row in found["scenario"].rows] == ["Fabriek", "Haven", None, None, None, None]


def test_nothing_certain_moves_nothing(manager: Client) -> None:
    certain = {f"{name}-{end}": 1 for name in ("demand", "cost") for end in ("low", "likely", "high")}
    none = {f"{name}-{end}": 0 for name in ("free_share", "no_show") for end in ("low", "likely", "high")}
    found = shown(manager, **certain, **none)
    assert (found["swings"], found["matters"]) == (None, [])


def test_finance_sees_scenarios_and_organisers_and_editors_do_not() -> None:
    for group, seen in (("Finance", 200), ("Organisers", 302), ("Editors", 302)):
        client = Client()
        client.force_login(factories.user(group))
        for url in (URL, f"{URL}season.json?{urlencode(sent())}", "/admin/revenue-lab/paper/"):
            assert client.get(url).status_code == seen


def test_an_address_that_says_fewer_rows_than_it_fills_in_draws_nothing_and_shows_them_all(manager: Client) -> None:
    found = shown(manager, rows=1)
    assert found["problems"] == ["The address says rows=1 and fills in row 2 as well."]
    assert [row["name"].value() for row in found["scenario"].rows] == ["Fabriek", "Haven"]
    assert manager.get(f"{URL}season.json", sent(rows="x")).status_code == 400
