"""The decision paper's reasoning: every figure of the pilot's paper by hand, and each rule of the recommendation."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override

from payments.lab.decision import Evidence, StudyFinding, doubts, ranked, recommend, what_if
from payments.lab.outcome import Outcome, as_booked, season, would_have
from payments.lab.pilot import Inputs, visits_of
from payments.lab.plans import Plan
from payments.lab.refusal import CannotCompute

D = Decimal
PILOT = visits_of(Inputs())


def test_the_pilot_is_eight_visits_and_101_participants() -> None:
    """101 = 5 x 13 + 3 x 12; of 13 and of 12 seven are members (0.6 of them, rounded down): 56 free, 45 pay."""
    assert [len(visit.seats) for visit in PILOT] == [13, 13, 13, 13, 13, 12, 12, 12]
    assert sum(1 for visit in PILOT for seat in visit.seats if not seat.member) == 45


def test_the_pilot_s_paper_can_be_reckoned_by_hand() -> None:
    """The working of docs/revenue-lab.md, line by line.

    Revenue 45 x 95 = 4,275; fees 2 % = 85.50; cost 8 x 850 + 101 x 22 + 6,000 = 15,022; result 4,275 - 85.50 - 15,022.
    """
    booked = season("pilot", [as_booked(visit) for visit in PILOT])
    assert (booked.participants, booked.paying, booked.revenue, booked.fees) == (101, 45, D(4275), D("85.50"))
    assert (booked.cost, booked.variable, booked.result) == (D(15022), D(2222), D("-10832.50"))
    assert round(booked.coverage, 4) == D("0.2830")  # 4,275 / 15,107.50
    assert round(booked.contribution, 4) == D("19.4802")  # (4,275 - 85.50 - 2,222) / 101
    assert booked.break_even_seats == 658  # 12,800 / 19.4802 = 657.08


@pytest.mark.parametrize(
    ("plan", "revenue", "support", "left"),
    [
        # 101 x 95 = 9,595; fees 191.90; left 15,022 + 191.90 - 9,595.
        (Plan("cost_price", {}, 0), "9595", "0", "5618.90"),
        (Plan("members_free"), "4275", "0", "10832.50"),
        # 8 sponsors of 500.
        (Plan("sponsor", {"sponsor": 500}), "4275", "4000", "6832.50"),
        # 56 members at 95 from a funder.
        (Plan("subsidy", {"per_participant": 95, "for_members": True}), "4275", "5320", "5512.50"),
        # 45 x 60 x 0.9 = 2,430; fees 48.60.
        (Plan("pay_what_you_can", {"average": 60, "nothing": "0.1"}), "2430", "0", "12640.60"),
    ],
)
def test_each_model_of_the_pilot_s_paper_by_hand(plan: Plan, revenue: str, support: str, left: str) -> None:
    outcome = season("pilot", would_have(plan, PILOT))
    assert (outcome.revenue, outcome.support, outcome.subsidy_needed) == (D(revenue), D(support), D(left))


def test_what_if_by_hand() -> None:
    """A fifth of 4,275 - 85.50 - 2,222 is 393.50; a fifth of 15,022 is 3,004.40."""
    booked = season("pilot", [as_booked(visit) for visit in PILOT])
    assert {one.code: one.result for one in what_if(booked)} == {
        "fewer": D("-11226.00"),
        "more": D("-10439.00"),
        "dearer": D("-13836.90"),
        "cheaper": D("-7828.10"),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"participants": 0},
        {"visits": 0},
        {"price": D(-1)},
        {"members": D(2)},
        {"participants": 10**9},
        {"programme": D(-1)},
    ],
)
def test_a_pilot_that_makes_no_sense_is_refused(change: dict) -> None:
    with pytest.raises(CannotCompute), override("en"):
        visits_of(replace(Inputs(), **change))


def outcome(left: int, revenue: int = 500) -> Outcome:
    """A season that cost 1,000 and leaves so much to be found."""
    return Outcome("s", 10, 5, D(revenue), D(1000 - left - revenue), D(0), D(1000), D(100), D(0), (), ())


def evidence(**models: Outcome) -> Evidence:
    return Evidence(outcome(600), 8, list(models.items()))


def test_the_model_that_leaves_least_is_first() -> None:
    told = evidence(a=outcome(300), b=outcome(100), c=outcome(0))
    assert [name for name, _outcome in ranked(told)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("models", "code", "best"),
    [
        ({}, "none", ""),
        ({"a": 0, "b": 300}, "covers", "a"),
        ({"a": 400, "b": 200}, "least", "b"),
        ({"a": 400, "b": 351}, "tie", "b"),
        ({"a": 400, "b": 350}, "least", "b"),
        ({"a": 0}, "covers", "a"),
        ({"a": 10}, "least", "a"),
    ],
)
def test_the_recommendation_goes_no_further_than_the_figures(models: dict, code: str, best: str) -> None:
    found = recommend(evidence(**{name: outcome(left) for name, left in models.items()}))
    assert (found.code, found.best) == (code, best)


def test_what_the_paper_rests_on_too_lightly() -> None:
    study = StudyFinding("s", 40, 0, 90, (80, 100), 60, 120, False)
    sound = replace(evidence(a=outcome(0)), studies=[study], experiments=[("x", "better")])
    assert doubts(sound) == []
    assert doubts(replace(sound, studies=[replace(study, n=29)])) == ["few_answers"]
    assert doubts(replace(sound, studies=[replace(study, is_example=True)])) == ["nobody_asked"]
    weak = replace(
        sound, visits=7, studies=(), experiments=(), without_costs=1, only_planned=2, not_noted=3, is_example=True
    )
    assert doubts(weak) == [
        "example",
        "without_costs",
        "only_planned",
        "few_visits",
        "nobody_asked",
        "not_noted",
        "no_experiment",
    ]
