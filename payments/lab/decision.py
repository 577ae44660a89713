"""What the figures allow to be recommended, and what would have to be measured next. Rules, each with its reason.

No rule looks at who pays or whose idea a model was; each sentence names the figures it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from payments.lab.outcome import Outcome

#: Fewer answers than these draw curves that another dozen people would redraw; the interval says how much.
FEW_ANSWERS = 30
#: Fewer visits than these are anecdotes: one full bus changes the season.
FEW_VISITS = 8
#: A model is ahead when the next leaves at least this share more to be found.
AHEAD = Decimal("0.05")


@dataclass(frozen=True)
class StudyFinding:
    """What a price study found: its four points and the interval of the optimum, excl. VAT."""

    name: str
    n: int
    dropped: int
    opp: float
    interval: tuple[float, float]
    pmc: float
    pme: float
    is_example: bool


@dataclass(frozen=True)
class Evidence:
    """All that a decision paper is written from."""

    booked: Outcome
    visits: int
    #: (name, what it would have brought)
    models: Sequence[tuple[str, Outcome]]
    studies: Sequence[StudyFinding] = ()
    #: (name, verdict) of closed experiments.
    experiments: Sequence[tuple[str, str]] = ()
    #: Visits without any cost line, and visits of which not every cost is known.
    without_costs: int = 0
    only_planned: int = 0
    #: Seats of which nobody noted whether somebody came.
    not_noted: int = 0
    #: Whether costs, prices or people were filled in as examples.
    is_example: bool = False
    #: Whether all of the Tour's own records are those of a demonstration.
    is_demo: bool = False
    #: Visits that are still to come, and those in an experiment that runs.
    to_come: int = 0
    in_experiment: int = 0
    unknown: Sequence[str] = field(default_factory=tuple)


def ranked(evidence: Evidence) -> list[tuple[str, Outcome]]:
    """The models, the one that leaves least to be found first; of equals the one with most participants paying
    least."""
    return sorted(evidence.models, key=lambda one: (one[1].subsidy_needed, one[1].revenue, one[0]))


@dataclass(frozen=True)
class Recommendation:
    """`code` says which rule spoke: covers, least, tie, none. `best` and `next` are names of models."""

    code: str
    best: str = ""
    next: str = ""
    left: Decimal = Decimal(0)
    difference: Decimal = Decimal(0)


def recommend(evidence: Evidence) -> Recommendation:
    """The recommendation the numbers allow.

    none: nothing was compared. covers: the best leaves nothing to be found. tie: the next leaves less than AHEAD of the
    cost more, so that the figures do not choose. least: no model covers the cost; this one leaves least.
    """
    order = ranked(evidence)
    if not order:
        return Recommendation("none")
    best, outcome = order[0]
    if len(order) > 1:
        second, other = order[1]
        gap = other.subsidy_needed - outcome.subsidy_needed
        if gap < AHEAD * (outcome.cost + outcome.fees):
            return Recommendation("tie", best, second, outcome.subsidy_needed, gap)
        code = "least" if outcome.subsidy_needed else "covers"
        return Recommendation(code, best, second, outcome.subsidy_needed, gap)
    return Recommendation("least" if outcome.subsidy_needed else "covers", best, "", outcome.subsidy_needed)


def doubts(evidence: Evidence) -> list[str]:
    """Codes of what the recommendation rests on too lightly, the heaviest first. Also what should be measured next."""
    found = []
    if evidence.is_example:
        found.append("example")
    if evidence.is_demo:
        found.append("demo")
    if evidence.to_come:
        found.append("to_come")
    if evidence.without_costs:
        found.append("without_costs")
    if evidence.only_planned:
        found.append("only_planned")
    if evidence.visits < FEW_VISITS:
        found.append("few_visits")
    real = [study for study in evidence.studies if not study.is_example]
    if not real:
        found.append("nobody_asked")
    elif max(study.n for study in real) < FEW_ANSWERS:
        found.append("few_answers")
    if evidence.not_noted:
        found.append("not_noted")
    if not evidence.experiments:
        found.append("no_experiment")
    return found


@dataclass(frozen=True)
class WhatIf:
    """The season's result when one figure is another, the rest as it was."""

    code: str
    result: Decimal


def what_if(outcome: Outcome, part: Decimal = Decimal("0.2")) -> list[WhatIf]:
    """The result with `part` fewer and more participants in the same mix, and with costs as much higher and lower.

    result +/- part x what all participants bring (Outcome.moving), or part x cost: linear, so that anybody can reckon
    it again. Buses and rounding are left out of it.
    """
    return [
        WhatIf("fewer", outcome.result - part * outcome.moving),
        WhatIf("more", outcome.result + part * outcome.moving),
        WhatIf("dearer", outcome.result - part * outcome.cost),
        WhatIf("cheaper", outcome.result + part * outcome.cost),
    ]
