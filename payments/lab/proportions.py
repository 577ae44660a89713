"""Comparing two shares: intervals, tests, sample size and a verdict that may be "not decidable with this many"."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb, erfc, sqrt
from statistics import NormalDist
from typing import Literal

from django.utils.translation import gettext_lazy as _

from payments.lab.refusal import CannotCompute, share, whole

Verdict = Literal["better", "worse", "not decidable"]
Interval = tuple[float, float]


def _counts(yes: int, asked: int) -> tuple[int, int]:
    asked = whole(asked, _("The number of people"), least=1)
    return whole(yes, _("The number who did"), most=asked), asked


def _z_of(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise CannotCompute(
            _("%(name)s is a share: %(value)s is not between 0 and 1."), name=_("The confidence"), value=confidence
        )
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(yes: int, asked: int, confidence: float = 0.95) -> Interval:
    """The score interval of one share, without continuity correction. Raises CannotCompute.

    Source: E. B. Wilson (1927), JASA 22, 209-212; in R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, method
    3.
    """
    yes, asked = _counts(yes, asked)
    z = _z_of(confidence)
    middle = yes + z * z / 2
    half = z * sqrt(yes * (asked - yes) / asked + z * z / 4)
    # At the ends the formula gives exactly 0 or 1, floats nearly.
    low = 0.0 if yes == 0 else (middle - half) / (asked + z * z)
    high = 1.0 if yes == asked else (middle + half) / (asked + z * z)
    return low, high


def difference(x1: int, n1: int, x2: int, n2: int, confidence: float = 0.95) -> Interval:
    """The interval of share 1 less share 2: Newcombe's hybrid score, sound for few people. Raises CannotCompute.

    Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    (l1, u1), (l2, u2) = wilson(x1, n1, confidence), wilson(x2, n2, confidence)
    p1, p2 = x1 / n1, x2 / n2
    return (
        p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2),
        p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2),
    )


@dataclass(frozen=True)
class Comparison:
    """Share 1 against share 2. `p` is two-sided; `fisher` the exact one, which the verdict goes by."""

    z: float
    p: float
    fisher: float
    interval: Interval
    verdict: Verdict


def two_proportions(x1: int, n1: int, x2: int, n2: int, *, alpha: float = 0.05) -> Comparison:
    """Is share x1/n1 better, worse, or not decidable against x2/n2? Raises CannotCompute.

    z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)), p = (x1 + x2) / (n1 + n2): the pooled two-sample test (D. S. Moore
    and others, Introduction to the Practice of Statistics, section 8.2). z is 0 when nobody or everybody did. The
    verdict goes by Fisher's exact test at `alpha`, because a Tour has tens of people, not hundreds; the interval is
    Newcombe's.
    """
    x1, n1 = _counts(x1, n1)
    x2, n2 = _counts(x2, n2)
    if not 0 < alpha < 1:
        raise CannotCompute(
            _("%(name)s is a share: %(value)s is not between 0 and 1."), name=_("The significance level"), value=alpha
        )
    pooled = (x1 + x2) / (n1 + n2)
    error = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = (x1 / n1 - x2 / n2) / error if error else 0.0
    exact = fisher(x1, n1, x2, n2)
    verdict: Verdict = "not decidable"
    if exact < alpha:
        verdict = "better" if x1 * n2 > x2 * n1 else "worse"
    return Comparison(z, erfc(abs(z) / sqrt(2)), exact, difference(x1, n1, x2, n2, 1 - alpha), verdict)


def fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's exact test, two-sided: the chance, margins given, of a table no likelier than this one.

    Source: R. A. Fisher (1935), The Design of Experiments, chapter 2; two-sided by the sum of the smaller
    probabilities, as in A. Agresti, Categorical Data Analysis, section 3.5. Whole numbers, so exact to the last digit.
    Raises CannotCompute.
    """
    x1, n1 = _counts(x1, n1)
    x2, n2 = _counts(x2, n2)
    if n1 + n2 > MOST_EXACT:
        raise CannotCompute(_("The exact test is for at most %(most)s people."), most=MOST_EXACT)
    did = x1 + x2
    ways = [comb(n1, k) * comb(n2, did - k) for k in range(max(0, did - n2), min(n1, did) + 1)]
    seen = comb(n1, x1) * comb(n2, x2)
    return sum(way for way in ways if way <= seen) / comb(n1 + n2, did)


#: Beyond this many people the exact test takes seconds, and a Tour has hundreds.
MOST_EXACT = 5_000


#: As many people as the country has; a group of more is a typing error.
MOST_SAMPLE = 10_000_000


def sample_size(p1: float, p2: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """How many people in each of two groups, to see p1 become p2: two-sided, without continuity correction.

    n = (z(1 - alpha/2) sqrt(2 q (1 - q)) + z(power) sqrt(p1 (1 - p1) + p2 (1 - p2)))^2 / (p1 - p2)^2, q = (p1 + p2) /
    2, rounded up. Source: J. L. Fleiss, Statistical Methods for Rates and Proportions, formula 3.14 (second edition);
    R's power.prop.test. Raises CannotCompute for shares that are equal, too close together or outside 0..1.
    """
    p1, p2 = share(p1, _("The first share")), share(p2, _("The second share"))
    alpha, power = share(alpha, _("The significance level")), share(power, _("The power"))
    if not 0 < alpha < 1 or not alpha / 2 < power < 1:
        raise CannotCompute(_("The significance level and the power lie between 0 and 1, and the power is the larger."))
    if p1 == p2:
        raise CannotCompute(_("The two shares are equal: no number of people shows a difference that is not there."))
    q = (p1 + p2) / 2
    z_alpha, z_power = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)
    root = z_alpha * sqrt(2 * q * (1 - q)) + z_power * sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    # 1e-9: a whole number may come out a hair above itself.
    needed = ceil(root * root / (p1 - p2) ** 2 - 1e-9)
    if needed > MOST_SAMPLE:
        raise CannotCompute(
            _(
                "%(p1)s and %(p2)s lie so close that it takes more than %(most)s people per group: seek a larger "
                "difference."
            ),
            p1=p1,
            p2=p2,
            most=MOST_SAMPLE,
        )
    return needed


def quantile(sorted_values: Sequence[float], q: float) -> float:
    """The q-quantile of values sorted from low to high, linear between them (type 7 of Hyndman and Fan, 1996)."""
    place = (len(sorted_values) - 1) * q
    below = int(place)
    above = min(below + 1, len(sorted_values) - 1)
    return sorted_values[below] + (sorted_values[above] - sorted_values[below]) * (place - below)
