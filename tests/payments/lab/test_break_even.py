"""Break-even, sales mix, margin of safety and the price that covers, by worked examples and properties."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from payments.lab.break_even import (
    MixedSeat,
    break_even,
    margin_of_safety,
    price_that_covers,
    sales_mix,
)
from payments.lab.refusal import CannotCompute

D = Decimal
prices = st.decimals("0.01", "5000", places=2)


def test_break_even_of_the_textbook() -> None:
    """OpenStax, Managerial Accounting, 3.2: Hicks Manufacturing sells at $100, variable $20, fixed $18,000 a month."""
    found = break_even(D(100), D(20), D(18_000))
    assert (found.units, found.revenue, found.contribution, found.ratio) == (225, D(22_500), D(80), D("0.8"))


def test_break_even_is_rounded_up_to_a_whole_seat() -> None:
    found = break_even(D(95), D(25), D(900))
    assert (found.units, found.exact.quantize(D("0.0001"))) == (13, D("12.8571"))


def test_nothing_fixed_is_carried_by_nobody() -> None:
    assert break_even(D(95), D(95), D(0)).units == 0


@given(prices, prices, prices, st.decimals("1", "5", places=1))
def test_break_even_seats_carry_the_cost_and_one_less_does_not(
    variable: Decimal, margin: Decimal, fixed: Decimal, scale: Decimal
) -> None:
    """Also scale-free: another currency changes no number of seats."""
    found = break_even(variable + margin, variable, fixed)
    assert found.units * margin >= fixed > (found.units - 1) * margin
    assert break_even((variable + margin) * scale, variable * scale, fixed * scale).units == found.units


@given(prices, prices, prices)
def test_a_higher_price_never_needs_more_seats(variable: Decimal, margin: Decimal, fixed: Decimal) -> None:
    assert (
        break_even(variable + 2 * margin, variable, fixed).units <= break_even(variable + margin, variable, fixed).units
    )


@pytest.mark.parametrize(
    ("price", "variable", "fixed", "sentence"),
    [
        (D(25), D(25), D(900), "No number of seats breaks even: a seat brings 25 and costs 25."),
        (D(-1), D(0), D(900), "The price cannot be below zero (-1)."),
        (D(95), D(-5), D(900), "The variable cost cannot be below zero (-5)."),
        (D(95), D(5), D("-0.01"), "The fixed cost cannot be below zero (-0.01)."),
        ("ninety", D(5), D(900), "The price: “ninety” is not an amount."),
        (D("NaN"), D(5), D(900), "The price: “NaN” is not an amount."),
        (D(10**10), D(5), D(900), "The price is more than 1000000000 (10000000000): please check it."),
    ],
)
def test_what_has_no_break_even_is_said(price: Decimal, variable: Decimal, fixed: Decimal, sentence: str) -> None:
    with pytest.raises(CannotCompute) as refused, override("en"):
        break_even(price, variable, fixed)
    with override("en"):
        assert str(refused.value) == sentence


def test_sales_mix_of_the_textbook() -> None:
    """Horngren, Accounting, cost-volume-profit, Patriot Co.: contribution $7 and $12, 80 % and 20 %, $240,000 fixed."""
    small, large = MixedSeat("small", D(11), D(4), D(80)), MixedSeat("large", D(22), D(10), D(20))
    found = sales_mix([small, large], D(240_000))
    assert (found.contribution, found.exact, found.units) == (D(8), D(30_000), {"small": 24_000, "large": 6_000})


def test_free_seats_are_a_kind_of_seat_that_brings_nothing() -> None:
    """Of ten, four are free: six pay 95, all cost 25, so a seat brings (6 x 95) / 10 - 25 = 32."""
    mix = [MixedSeat("paid", D(95), D(25), D(6)), MixedSeat("free", D(0), D(25), D(4))]
    found = sales_mix(mix, D(960))
    assert (found.contribution, found.exact, found.units) == (D(32), D(30), {"paid": 18, "free": 12})


def test_a_mix_of_one_is_the_single_break_even() -> None:
    assert sales_mix([MixedSeat("a", D(100), D(20), D(7))], D(18_000)).units == {"a": 225}


def test_a_mix_that_costs_more_than_it_brings_is_refused() -> None:
    with pytest.raises(CannotCompute):
        sales_mix([MixedSeat("free", D(0), D(25), D(1))], D(100))
    with pytest.raises(CannotCompute):
        sales_mix([], D(100))


def test_margin_of_safety_of_a_published_case() -> None:
    """Omnipress Inc. (homework with its solution on studyx.ai): $300 a unit, 14,100 sold, break-even 10,293: 27 %."""
    found = margin_of_safety(300 * D(14_100), 300 * D(10_293))
    assert (found.value, found.ratio) == (D(1_142_100), D("0.27"))


def test_below_break_even_the_margin_is_below_zero() -> None:
    assert margin_of_safety(D(100), D(150)).ratio == D("-0.5")
    with pytest.raises(CannotCompute):
        margin_of_safety(D(0), D(150))


def test_which_price_covers_80_percent_with_12_people() -> None:
    """0.8 x (900 + 25 x 12) / 8 = 120, when 8 of the 12 pay."""
    assert price_that_covers(D("0.8"), D(900), D(25), 8, 4) == D("120.00")


@given(prices, prices, st.integers(1, 200), st.integers(0, 200))
def test_the_price_that_covers_does_so_and_a_cent_less_does_not(
    fixed: Decimal, variable: Decimal, paying: int, free: int
) -> None:
    price = price_that_covers(D(1), fixed, variable, paying, free)
    cost = fixed + variable * (paying + free)
    assert price * paying >= cost > (price - D("0.01")) * paying


@given(prices, prices, st.integers(1, 200), st.integers(0, 200), st.integers(0, 90), st.integers(1, 100))
def test_with_a_share_taken_of_revenue_the_price_still_covers_and_a_cent_less_does_not(
    fixed: Decimal, variable: Decimal, paying: int, free: int, rate: int, part: int
) -> None:
    """Coverage as the lab has it: revenue against cost and what is taken of that revenue."""
    taken, wanted = D(rate) / 100, D(part) / 100
    price = price_that_covers(wanted, fixed, variable, paying, free, rate=taken)
    cost = fixed + variable * (paying + free)
    for asked, is_enough in ((price, True), (price - D("0.01"), False)):
        revenue = asked * paying
        assert (revenue >= wanted * (cost + taken * revenue)) is is_enough


def test_a_service_that_takes_all_is_covered_by_no_price() -> None:
    with pytest.raises(CannotCompute):
        price_that_covers(D(1), D(900), D(25), 8, 4, rate=D(1))


def test_nobody_paying_covers_nothing() -> None:
    with pytest.raises(CannotCompute):
        price_that_covers(D("0.8"), D(900), D(25), 0, 12)
