"""The price that keeps the chance of a loss small: the lowest in cents, on the same draws."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.lab.refusal import CannotCompute
from payments.lab.safe_price import price_that_risks
from payments.lab.season import Assumptions, PlannedVisit, Range, Tariff, certain, simulate
from payments.lab.tariffs import tariff

D = Decimal
VISITS = [PlannedVisit("a", 20, 12.0, D(95), D(900), D(25)), PlannedVisit("b", 15, 9.0, D(95), D(700), D(20))]
UNSURE = Assumptions(demand=Range(0.6, 1, 1.3), free_share=Range(0.2, 0.4, 0.5))


def flat(visits: Sequence[PlannedVisit]) -> Callable[[Decimal], list[Tariff]]:
    return lambda price: [tariff("cost_price", {"price": price}, visit) for visit in visits]


def risk(price: Decimal, assumptions: Assumptions = UNSURE) -> float:
    return simulate(VISITS, flat(VISITS)(price), assumptions, runs=300, seed=7).p_loss


def test_it_is_the_lowest_price_that_keeps_the_chance_within_bounds() -> None:
    for most in (0.05, 0.2, 0.5):
        found = price_that_risks(most, VISITS, flat(VISITS), UNSURE, runs=300, seed=7)
        assert found.p_loss == risk(found.price) <= most < risk(found.price - D("0.01"))
        assert D(0) <= found.price <= D(1000)


def test_a_smaller_chance_never_asks_a_lower_price() -> None:
    prices = [price_that_risks(most, VISITS, flat(VISITS), UNSURE, runs=300, seed=7).price for most in (0.5, 0.2, 0.05)]
    assert prices == sorted(prices)


def test_the_same_seed_finds_the_same_price() -> None:
    first, second = (price_that_risks(0.1, VISITS, flat(VISITS), UNSURE, runs=300, seed=3) for _ in range(2))
    assert first == second


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 9))
def test_without_a_response_the_chance_never_rises_with_the_price(one: int, other: int, seed: int) -> None:
    low, high = sorted((one, other))
    at_low, at_high = (
        simulate(VISITS, flat(VISITS)(D(price)), UNSURE, runs=60, seed=seed).p_loss for price in (low, high)
    )
    assert at_high <= at_low


def test_a_certain_season_breaks_even_where_the_formula_says() -> None:
    """Ten seats that are always full and cost 1000 together: 100 each."""
    visit = [PlannedVisit("full", 10, 500.0, D(50), D(1000))]
    found = price_that_risks(0, visit, flat(visit), Assumptions(), runs=50)
    assert (found.price, found.p_loss) == (D("100.00"), 0.0)


def test_buyers_who_stay_away_can_make_every_price_a_loss() -> None:
    dear = Assumptions(elasticity=certain(3.0))
    with override("en"), pytest.raises(CannotCompute) as refused:
        price_that_risks(0.05, VISITS, flat(VISITS), dear, runs=100, low=D(300), high=D(500))
    with override("en"):
        assert str(refused.value) == "No price from 300.00 to 500.00 keeps the chance of a loss at 0.05 or less."


def test_a_price_that_serves_is_found_below_one_that_drives_buyers_away() -> None:
    """At 1000 nobody comes any more; the steps from low to high find the price that serves before it."""
    cheap = [PlannedVisit("a", 40, 30.0, D(50), D(300), D(5))]
    found = price_that_risks(0.2, cheap, flat(cheap), Assumptions(elasticity=certain(1.5)), runs=200)
    assert found.p_loss <= 0.2
    assert found.price < D(200)


@pytest.mark.parametrize(("most", "low", "high"), [(1.5, 0, 10), (0.1, 10, 5), (0.1, -1, 5)])
def test_a_question_without_an_answer_is_refused(most: float, low: int, high: int) -> None:
    with pytest.raises(CannotCompute):
        price_that_risks(most, VISITS, flat(VISITS), UNSURE, low=D(low), high=D(high), runs=10)
