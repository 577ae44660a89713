"""Scenarios: the drawn season against closed forms, within its own standard error; seeded; with bounds."""

import json
from dataclasses import replace
from decimal import Decimal
from math import comb, sqrt

import pytest
from django.utils.translation import override

from payments.lab.files import planned_season
from payments.lab.refusal import CannotCompute
from payments.lab.season import (
    Assumptions,
    PlannedVisit,
    Range,
    Tariff,
    _binomial,
    _poisson,
    certain,
    simulate,
    tornado,
)
from payments.lab.tariffs import tariff

D = Decimal
#: Room enough that nobody is ever refused: the closed forms know no full house.
VISIT = PlannedVisit("visit", 200, 12.0, D(95), D(900), D(25))
FLAT = Tariff(95.0, lambda n: 95.0 * n)


def expected(visit: PlannedVisit, tariff: Tariff, free_share: float = 0.0) -> float:
    """The mean result in closed form, for a flat price, no full house and no price response:

    registrations x ((1 - free share) x price x (1 - fee share) + per participant - cost each) + per visit - fixed.
    """
    paying = (1 - free_share) * tariff.paying(1) * (1 - tariff.fee_share)
    each = paying + tariff.per_participant - float(visit.per_participant)
    return visit.registrations * each + tariff.per_visit - float(visit.fixed)


def test_the_mean_is_the_closed_form_within_three_standard_errors() -> None:
    """12 registrations, a quarter free: 12 x (0.75 x 95 - 25) - 900 = -345."""
    assert expected(VISIT, FLAT, 0.25) == -345
    found = simulate([VISIT], [FLAT], Assumptions(free_share=certain(0.25)), runs=20_000, seed=1)
    assert abs(found.mean - -345) < 3 * found.standard_error


def test_the_spread_is_that_of_two_poisson_draws() -> None:
    """Paying and free are independent Poisson counts of mean 9 and 3: variance 9 x 70^2 + 3 x 25^2 = 45,975."""
    runs = 20_000
    found = simulate([VISIT], [FLAT], Assumptions(free_share=certain(0.25)), runs=runs, seed=2)
    deviation = found.standard_error * sqrt(runs)
    # The standard error of a standard deviation is about itself over the square root of twice the runs.
    assert deviation == pytest.approx(sqrt(45_975), rel=4 / sqrt(2 * runs))


def test_a_season_is_the_sum_of_its_visits() -> None:
    other = replace(VISIT, registrations=20.0, fixed=D(700))
    found = simulate([VISIT, other], [FLAT, FLAT], Assumptions(), runs=20_000, seed=3)
    assert abs(found.mean - (expected(VISIT, FLAT) + expected(other, FLAT))) < 3 * found.standard_error


def test_the_chance_of_a_loss_is_that_of_too_few_registrations() -> None:
    """At 95 with 25 each and 700 fixed ten carry it: a loss is Poisson(12) <= 9, 0.2424 by the tables."""
    found = simulate([replace(VISIT, fixed=D(700))], [FLAT], Assumptions(), runs=20_000, seed=4)
    low, high = found.p_loss_interval
    assert low < 0.2424 < high


def test_a_triangular_assumption_moves_the_mean_to_its_own() -> None:
    """Costs between 0.8 and 1.4, likely 1.1: on average (0.8 + 1.1 + 1.4) / 3 = 1.1."""
    visit = replace(VISIT, per_participant=D(0))
    found = simulate([visit], [FLAT], Assumptions(cost=Range(0.8, 1.1, 1.4)), runs=20_000, seed=5)
    assert abs(found.mean - (12 * 95 - 900 * 1.1)) < 3 * found.standard_error
    assert found.mean_cost == pytest.approx(990, rel=0.01)


def test_nobody_above_the_capacity_gets_in() -> None:
    found = simulate([replace(VISIT, capacity=5, registrations=100.0)], [FLAT], Assumptions(), runs=200, seed=6)
    assert (found.mean_participants, found.mean, found.standard_error) == (5, 5 * 70 - 900, 0)


def test_the_same_seed_gives_the_same_season_and_another_another() -> None:
    unsure = Assumptions(demand=Range(0.5, 1, 1.5), no_show=Range(0, 0.1, 0.3), free_share=certain(0.4))
    first, again, other = (simulate([VISIT], [FLAT], unsure, runs=500, seed=seed) for seed in (7, 7, 8))
    assert first == again
    assert first.mean != other.mean


def test_twice_the_usual_price_halves_who_pays_at_elasticity_one() -> None:
    dear = Tariff(190.0, lambda n: 190.0 * n)
    found = simulate([VISIT], [dear], Assumptions(elasticity=certain(1.0)), runs=20_000, seed=9)
    assert abs(found.mean_participants - 6) < 3 * sqrt(6 / 20_000)


def test_a_deposit_is_kept_of_who_does_not_come() -> None:
    """12 registered, a quarter absent at 30 each: 12 x (95 - 25) + 3 x 30 - 900 = 30."""
    kept = tariff("deposit", {"deposit": 30}, VISIT)
    found = simulate([VISIT], [kept], Assumptions(no_show=certain(0.25)), runs=20_000, seed=10)
    assert abs(found.mean - 30) < 3 * found.standard_error


@pytest.mark.parametrize(
    ("kind", "parameters", "each"),
    [
        ("cost_price", {}, 95),
        ("members_free", {"price": "80"}, 80),
        ("early_bird", {"early_price": 75, "days": 30, "early_share": "0.5"}, 85),
        ("group", {"seats": 3, "discount": "0.2", "group_share": "0.5"}, 85.5),
        ("season_pass", {"pass_price": 240, "seats": 4, "pass_share": "0.25"}, 86.25),
        ("pay_what_you_can", {"average": 50, "nothing": "0.2"}, 40),
    ],
)
def test_what_the_average_participant_pays(kind: str, parameters: dict, each: float) -> None:
    made = tariff(kind, parameters, VISIT)
    assert (made.price, made.paying(10)) == pytest.approx((each, 10 * each))


def test_tiers_are_climbed_in_order() -> None:
    made = tariff("tiered", {"tiers": [{"seats": 5, "price": 60}, {"seats": 5, "price": 80}, {"price": 100}]}, VISIT)
    assert [made.paying(n) for n in (0, 5, 10, 12)] == [0, 300, 700, 900]
    assert made.price == 75


def test_who_else_pays() -> None:
    assert tariff("sponsor", {"sponsor": 400}, VISIT).per_visit == 400
    assert tariff("subsidy", {"per_participant": 20}, VISIT).per_participant == 20


def test_what_matters_most_comes_first() -> None:
    unsure = Assumptions(demand=Range(0.5, 1, 1.5), cost=Range(0.95, 1, 1.05), no_show=certain(0.1))
    swings = tornado([VISIT], [FLAT], unsure, runs=2_000, seed=11)
    assert [swing.name for swing in swings] == ["demand", "cost"]
    # Demand moves 12 registrations x 70 either way, costs 5 % of 900 + 12 x 25.
    assert swings[0].size == pytest.approx(840, rel=0.05)
    assert swings[1].size == pytest.approx(120, rel=0.05)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"events": []}, "There is no visit in this season."),
        ({"evens": []}, "Unknown in the season: evens. Known are events, fee_share, models, uncertain."),
        (
            {"events": [{"capacity": 10**9, "registrations": 5, "price": 95, "fixed": 900}]},
            "visit 1: capacity: 1000000000 is not between 1 and 1000000.",
        ),
        (
            {"events": [{"capacity": 20_000, "registrations": 5, "price": 95, "fixed": 900}]},
            "Capacity of “visit 1”: 20000 is not between 1 and 2000.",
        ),
        (
            {"events": [{"capacity": 20, "registrations": 5, "price": -95, "fixed": 900}]},
            "visit 1: price cannot be below zero (-95).",
        ),
        ({"events": [{"capacity": 20, "price": 95}]}, "Missing in visit 1: registrations, fixed."),
        ({"uncertain": {"demand": [1, 2]}}, "“demand” is one value, or low, likely and high."),
        (
            {"uncertain": {"weather": 1}},
            "Unknown in the assumptions: weather. Known are cost, demand, elasticity, free_share, no_show.",
        ),
    ],
)
def test_a_season_that_makes_no_sense_is_refused_by_name(change: dict, sentence: str) -> None:
    told = {"events": [{"capacity": 20, "registrations": 5, "price": 95, "fixed": 900}], **change}
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            planned_season(json.dumps(told))
        assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("assumptions", "sentence"),
    [
        (Assumptions(demand=Range(1.2, 1, 1.5)), "Demand: low, likely and high (1.2, 1, 1.5) rise, from 0 to 10."),
        (
            Assumptions(free_share=Range(0, 0.5, 1.5)),
            "Free share: low, likely and high (0, 0.5, 1.5) rise, from 0 to 1.",
        ),
    ],
)
def test_assumptions_that_make_no_sense_are_refused(assumptions: Assumptions, sentence: str) -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            simulate([VISIT], [FLAT], assumptions)
        assert str(refused.value) == sentence


def test_too_many_runs_are_refused() -> None:
    with pytest.raises(CannotCompute):
        simulate([VISIT], [FLAT], Assumptions(), runs=10**9)
    with pytest.raises(CannotCompute):
        simulate([], [], Assumptions())


def test_a_deposit_on_a_visit_of_a_thousand_people_and_more() -> None:
    """C(n, k) of 1,150 people is no float any more. Half pay 95, a tenth is absent at 10 each, 900 is fixed."""
    crowd = PlannedVisit("crowd", 2_000, 500.0, D(95), D(900))
    kept = tariff("deposit", {"deposit": 10}, crowd)
    unsure = Assumptions(demand=certain(2.3), free_share=certain(0.5), no_show=certain(0.1))
    found = simulate([crowd], [kept], unsure, runs=400, seed=12)
    assert abs(found.mean - (575 * 95 + 115 * 10 - 900)) < 3 * found.standard_error


@pytest.mark.parametrize(("n", "per_mille"), [(1, 500), (12, 250), (40, 1), (40, 999), (300, 100)])
def test_the_table_of_a_no_show_is_the_binomial_distribution(n: int, per_mille: int) -> None:
    least, table = _binomial(n, per_mille)
    p, total = per_mille / 1000, 0.0
    chances = []
    for k in range(n):
        total += comb(n, k) * p**k * (1 - p) ** (n - k)
        chances.append(total)
    assert list(table) == pytest.approx(chances[least : least + len(table)], abs=1e-12)
    assert chances[least - 1] < 1e-12 or not least


def test_nobody_and_everybody_stay_away() -> None:
    assert [(least, len(table)) for least, table in (_binomial(9, 0), _binomial(9, 1000), _binomial(0, 5))] == [
        (0, 0),
        (9, 0),
        (0, 0),
    ]


def test_the_tables_that_are_kept_stay_small() -> None:
    """The largest of 20,000 of each: 3 kB of no-shows, 8 kB of registrations, and no list of Python numbers."""
    least, table = _binomial(2_000, 500)
    assert (table.itemsize, len(table) <= 375, least > 0) == (8, True, True)
    assert (_poisson(12_000).itemsize, len(_poisson(12_000)) < 1_000) == (8, True)


def test_an_exact_break_even_is_no_loss() -> None:
    """Ten seats, always full, at 70.07 less 2 % carry 686.686; in floats the sum ends a hair below zero."""
    full = PlannedVisit("full", 10, 500.0, D("70.07"), D("686.686"))
    found = simulate([full], [Tariff(70.07, lambda n: 70.07 * n, fee_share=0.02)], Assumptions(), runs=200, seed=13)
    assert (found.p_loss, round(found.mean, 6)) == (0, 0)
    short = replace(full, fixed=D("686.696"))
    found = simulate([short], [Tariff(70.07, lambda n: 70.07 * n, fee_share=0.02)], Assumptions(), runs=200, seed=13)
    assert found.p_loss == 1


def test_in_a_full_house_each_kind_has_its_part_of_the_crowd() -> None:
    """A quarter of the crowd is free, so three of four seats pay: 20 x 0.75 x 95, whoever comes first."""
    full = PlannedVisit("full", 20, 400.0, D(95), D(0))
    found = simulate([full], [FLAT], Assumptions(free_share=certain(0.25)), runs=4_000, seed=14)
    assert found.mean_participants == 20
    assert abs(found.mean - 20 * 0.75 * 95) < 3 * found.standard_error + 1


def test_the_payment_service_keeps_its_share() -> None:
    """12 x (95 x 0.98 - 25) - 900, of which what was brought in is 12 x 95 x 0.98; not of a sponsor's gift."""
    flat = tariff("sponsor", {"sponsor": 300}, VISIT, 0.02)
    found = simulate([VISIT], [flat], Assumptions(), runs=20_000, seed=15)
    assert expected(VISIT, flat) == pytest.approx(12 * (93.1 - 25) + 300 - 900)
    assert abs(found.mean - expected(VISIT, flat)) < 3 * found.standard_error
    free = simulate([VISIT], [tariff("sponsor", {"sponsor": 300}, VISIT)], Assumptions(), runs=20_000, seed=15)
    assert free.mean_revenue - found.mean_revenue == pytest.approx(0.02 * (free.mean_revenue - 300))
