"""What people say they would pay against what they paid."""

from decimal import Decimal

import pytest

from payments.lab.refusal import CannotCompute
from payments.lab.stated import against_paid

D = Decimal


def test_who_paid_more_than_was_acceptable_is_counted_and_the_medians_are_of_both() -> None:
    found = against_paid([(D(80), D(95)), (D(95), D(95)), (D(120), D(95)), (D(60), D(0))])
    assert (found.n, found.above, found.stated, found.paid) == (4, 1, D("87.5"), D(95))


@pytest.mark.parametrize("pairs", [[], [(D(-1), D(5))], [(D(5), D("NaN"))]])
def test_nobody_and_what_is_no_price_are_refused(pairs: list) -> None:
    with pytest.raises(CannotCompute):
        against_paid(pairs)
