"""The verdict on an experiment whose visits, not whose people, were divided over two models."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from random import Random

from django.utils.translation import gettext_lazy as _

from payments.lab.proportions import Comparison, Verdict, two_proportions
from payments.lab.refusal import CannotCompute, whole

#: Up to so many ways to divide the visits all of them are looked at; beyond it as many are drawn, with this seed.
MOST_WAYS = 20_000
SEED = 0


@dataclass(frozen=True)
class Counted:
    """One visit: how many did (paid, came, took a seat) of how many."""

    yes: int
    of: int


@dataclass(frozen=True)
class Judgement:
    """`p` is of the permutation test over visits, which the verdict goes by; `people` compares as if people were free.

    People on one visit share its theme, its day and its host, so that `people` alone says more than it knows.
    """

    p: float
    ways: int
    people: Comparison
    verdict: Verdict


def judge(control: Sequence[Counted], trial: Sequence[Counted], *, alpha: float = 0.05) -> Judgement:
    """Is the trial better, worse, or not decidable with this many? Shares are over all people of a group.

    The exact permutation test of two independent groups (E. J. G. Pitman, 1937, Significance tests which may be applied
    to samples from any populations, Supplement to the Journal of the Royal Statistical Society 4, 119-130) with visits
    as the units: of all ways in which the visits could have been divided, the share with a difference at least as
    large. Raises CannotCompute where a group has no visit or nobody in it.
    """
    if not control or not trial:
        raise CannotCompute(_("Each group needs at least one visit."))
    for one in (*control, *trial):
        whole(one.of, _("The number of people"))
        whole(one.yes, _("The number who did"), most=one.of)
    if not sum(one.of for one in control) or not sum(one.of for one in trial):
        raise CannotCompute(_("A group has nobody in it: there is nothing to compare."))
    people = two_proportions(*_pooled(trial), *_pooled(control), alpha=alpha)
    p, ways = _permuted([*control, *trial], len(control))
    verdict: Verdict = "not decidable"
    if p < alpha:
        yes, of = _pooled(trial)
        had, among = _pooled(control)
        verdict = "better" if yes * among > had * of else "worse"
    return Judgement(p, ways, people, verdict)


def smallest_p(control: int, trial: int) -> float:
    """The smallest p that so many visits can give, when every way to divide them gives another difference.

    One way of all, or two where both groups are as large, because their mirror image differs as much. Raises
    CannotCompute for a group without visits.
    """
    control = whole(control, _("Control visits"), least=1, most=1_000)
    trial = whole(trial, _("Trial visits"), least=1, most=1_000)
    return (2 if control == trial else 1) / comb(control + trial, control)


def _pooled(visits: Sequence[Counted]) -> tuple[int, int]:
    return sum(one.yes for one in visits), sum(one.of for one in visits)


def _permuted(visits: Sequence[Counted], first: int) -> tuple[float, int]:
    """(p, ways looked at). Differences are compared as fractions, so that equal ones are equal."""
    everybody = _pooled(visits)

    def difference(chosen: Sequence[int]) -> tuple[int, int]:
        yes, of = _pooled([visits[place] for place in chosen])
        return abs(yes * (everybody[1] - of) - (everybody[0] - yes) * of), of * (everybody[1] - of)

    seen, scale = difference(range(first))
    total = comb(len(visits), first)

    def as_large(chosen: Sequence[int]) -> bool:
        gap, of = difference(chosen)
        # A group of nobody has no share: it differs by nothing.
        return of > 0 and gap * scale >= seen * of

    if total <= MOST_WAYS:
        ways = combinations(range(len(visits)), first)
        return sum(map(as_large, ways)) / total, total
    draw = Random(SEED)  # noqa: S311
    hits = sum(as_large(draw.sample(range(len(visits)), first)) for _way in range(MOST_WAYS))
    # One more on both sides: the way it was is one of the ways.
    return (hits + 1) / (MOST_WAYS + 1), MOST_WAYS
