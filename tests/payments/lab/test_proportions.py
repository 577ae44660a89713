"""Shares compared: published intervals, tests and sample sizes, and what must hold of any of them."""

from collections.abc import Callable
from fractions import Fraction
from math import comb

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from payments.lab.proportions import difference, fisher, quantile, sample_size, two_proportions, wilson
from payments.lab.refusal import CannotCompute

counts = st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("yes", "asked", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_of_newcombe(yes: int, asked: int, low: float, high: float) -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    assert tuple(round(end, 4) for end in wilson(yes, asked)) == (low, high)


def test_the_difference_of_newcombe() -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10: 56/70 against 48/80."""
    assert tuple(round(end, 4) for end in difference(56, 70, 48, 80)) == (0.0524, 0.3339)


def test_two_proportions_of_the_textbook() -> None:
    """B. Illowsky and S. Dean, Introductory Statistics (OpenStax), section 10.4, two medications for hives.

    20 of 200 against 12 of 200: pooled 0.08, p = 0.1404, no difference at 1 %. z is 0.04 / sqrt(0.08 x 0.92 / 100).
    """
    found = two_proportions(20, 200, 12, 200, alpha=0.01)
    assert (round(found.z, 3), round(found.p, 4), found.verdict) == (1.474, 0.1404, "not decidable")


def test_the_lady_tasting_tea() -> None:
    """R. A. Fisher (1935), The Design of Experiments, chapter 2; three of four right, two-sided: 34 of 70 tables."""
    assert Fraction(fisher(3, 4, 1, 4)).limit_denominator(1000) == Fraction(34, 70)
    assert Fraction(fisher(4, 4, 0, 4)).limit_denominator(1000) == Fraction(2, 70)


def test_sample_size_of_r() -> None:
    """The examples in the manual of R's power.prop.test: 0.50 against 0.75 with power 0.90 takes 76.7 a group."""
    assert sample_size(0.5, 0.75, power=0.9) == 77


@pytest.mark.parametrize(("p1", "p2", "n"), [(0.3, 0.4, 356), (0.3, 0.5, 93)])
def test_what_the_tour_would_need(p1: float, p2: float, n: int) -> None:
    """What the plan for the lab says of itself: more people than a Tour has."""
    assert sample_size(p1, p2) == n


@given(counts)
def test_wilson_holds_the_share_and_mirrors(count: tuple[int, int]) -> None:
    yes, asked = count
    low, high = wilson(yes, asked)
    assert 0 <= low <= yes / asked <= high <= 1
    other_low, other_high = wilson(asked - yes, asked)
    assert (1 - other_high, 1 - other_low) == pytest.approx((low, high))


@given(counts)
def test_more_people_narrow_the_interval(count: tuple[int, int]) -> None:
    yes, asked = count
    few, many = wilson(yes, asked), wilson(yes * 4, asked * 4)
    assert many[1] - many[0] < few[1] - few[0]


@given(counts, counts)
def test_swapping_the_groups_turns_the_answer_round(first: tuple[int, int], second: tuple[int, int]) -> None:
    there, back = two_proportions(*first, *second), two_proportions(*second, *first)
    turned = {"better": "worse", "worse": "better", "not decidable": "not decidable"}
    assert back.verdict == turned[there.verdict]
    assert (back.z, back.p, back.fisher) == pytest.approx((-there.z, there.p, there.fisher))
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))


@given(counts)
def test_the_same_twice_is_not_decidable(count: tuple[int, int]) -> None:
    found = two_proportions(*count, *count)
    assert (found.z, found.fisher, found.verdict) == (0, 1, "not decidable")


@given(st.integers(0, 9), st.integers(0, 12))
def test_fisher_is_the_sum_over_tables_no_likelier(x1: int, x2: int) -> None:
    did = x1 + x2
    chances = {
        k: Fraction(comb(9, k) * comb(12, did - k), comb(21, did)) for k in range(max(0, did - 12), min(9, did) + 1)
    }
    assert fisher(x1, 9, x2, 12) == pytest.approx(float(sum(c for c in chances.values() if c <= chances[x1])))


def test_a_clear_difference_is_better_one_way_and_worse_the_other() -> None:
    assert (two_proportions(18, 20, 6, 20).verdict, two_proportions(6, 20, 18, 20).verdict) == ("better", "worse")


@given(st.floats(0.05, 0.45), st.floats(0.01, 0.2))
def test_a_smaller_difference_takes_more_people(p: float, step: float) -> None:
    assert sample_size(p, p + step) >= sample_size(p, p + 2 * step)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: sample_size(0.3, 0.3),
            "The two shares are equal: no number of people shows a difference that is not there.",
        ),
        (lambda: sample_size(0.3, 1.3), "The second share is a share: 1.3 is not between 0 and 1."),
        (lambda: wilson(1, 0), "The number of people: 0 is not between 1 and 1000000."),
        (lambda: wilson(5, 4), "The number who did: 5 is not between 0 and 4."),
        (lambda: two_proportions(1, 10**9, 1, 2), "The number of people: 1000000000 is not between 1 and 1000000."),
        (lambda: two_proportions("x", 3, 1, 2), "The number who did: “x” is not a whole number."),
    ],
)
def test_what_cannot_be_compared_is_said(call: Callable[[], object], sentence: str) -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            call()
        assert str(refused.value) == sentence


def test_quantiles_are_those_of_hyndman_and_fan() -> None:
    """Type 7, as R's default: of 1, 2, 3, 4 the quarter is 1.75."""
    assert (quantile([1, 2, 3, 4], 0.25), quantile([1, 2, 3, 4], 0), quantile([7], 0.9)) == (1.75, 1, 7)


@pytest.mark.parametrize(("p1", "p2"), [(1e-200, 0), (5e-324, 0), (0.5, 0.500001), (0.3, 0.3 + 1e-16)])
def test_a_difference_that_no_tour_could_see_is_refused(p1: float, p2: float) -> None:
    with override("en"), pytest.raises(CannotCompute) as refused:
        sample_size(p1, p2)
    with override("en"):
        assert str(refused.value).endswith(
            f" and {float(p2)} lie so close that it takes more than 1000000 people per group: seek a larger difference."
        )
