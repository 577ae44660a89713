"""What people say they would pay against what they paid."""

from decimal import Decimal

import pytest

from payments.lab.refusal import CannotCompute
from payments.lab.stated import against_paid, median_interval

D = Decimal


def test_who_paid_more_than_was_acceptable_is_counted_and_the_medians_are_of_both() -> None:
    found = against_paid([(D(80), D(95)), (D(95), D(95)), (D(120), D(95)), (D(60), D(0))])
    assert (found.n, found.above, found.stated, found.paid) == (4, 1, D("87.5"), D(95))


@pytest.mark.parametrize("pairs", [[], [(D(-1), D(5))], [(D(5), D("NaN"))]])
def test_nobody_and_what_is_no_price_are_refused(pairs: list) -> None:
    with pytest.raises(CannotCompute):
        against_paid(pairs)


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(5, None), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (30, (10, 21)), (50, (18, 33)), (100, (40, 61))],
)
def test_the_interval_of_a_median_by_the_published_ranks(n: int, ranks: tuple[int, int] | None) -> None:
    """The table of ranks for a 95 % interval of a median: M. J. Campbell and M. J. Gardner (1988), BMJ 296, 1454."""
    values = [D(value) for value in range(n, 0, -1)]
    assert median_interval(values) == (ranks and (D(ranks[0]), D(ranks[1])))


def test_how_sure_each_figure_is() -> None:
    """Ten people: one paid more than was said, Wilson 1.8 to 40.4 %; the medians from the second to the ninth."""
    found = against_paid([(D(50 + k), D(51)) for k in range(10)])
    assert (found.above, [round(end, 3) for end in found.above_interval]) == (1, [0.018, 0.404])
    assert (found.stated_interval, found.paid_interval) == ((D(51), D(58)), (D(51), D(51)))
    few = against_paid([(D(50), D(51))] * 5)
    assert (few.stated_interval, few.paid_interval) == (None, None)
