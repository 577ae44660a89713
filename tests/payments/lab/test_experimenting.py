"""Experiments: fixed before they start, not looked at before the day, judged by an exact test over visits."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event
from payments.actions.experimenting import close_experiment, start_experiment
from payments.lab.experiments import Counted, judge, smallest_p
from payments.lab.refusal import CannotCompute
from payments.models import Experiment, ExperimentVisit, RevenueModel
from payments.refusals import (
    ExperimentClosed,
    ExperimentIncomplete,
    ExperimentNotStarted,
    ExperimentStarted,
    ExperimentVisitOver,
    LookBeforeVisits,
    LookedTooEarly,
    LookTooFar,
    VisitInExperiment,
    VisitsToCome,
)
from tests.conftest import NOON
from tests.payments.lab.lab_support import visit

LOOK = NOON + timedelta(days=30)


def model(name: str, kind: str = "cost_price", **parameters: object) -> RevenueModel:
    made = RevenueModel(name=name, kind=kind, parameters=parameters)
    made.full_clean()
    made.save()
    return made


def experiment(**facts) -> Experiment:
    made = Experiment(
        **{
            "name": "Vroegboekprijs",
            "hypothesis": "Wie vroeg beslist, komt.",
            "measure": "filled",
            "control": facts.get("control") or model("Kostprijs"),
            "trial": facts.get("trial") or model("Vroeg", "early_bird", early_price="75", days=30),
            "share_now": "0.6",
            "share_hoped": "0.8",
            "look_on": LOOK.date(),
            "decision_rule": "Beter: invoeren. Anders: niet.",
            **facts,
        }
    )
    made.full_clean()
    made.save()
    return made


def assign(made: Experiment, control: list, trial: list) -> None:
    for group, visits in (("control", control), ("trial", trial)):
        for event in visits:
            ExperimentVisit.objects.create(experiment=made, event=event, group=group)


@pytest.mark.django_db
def test_an_experiment_from_its_start_to_not_decidable() -> None:
    """2 of 20 and 1 of 20 seats against 3 of 20 and 1 of 20: of six ways to divide four visits none is rare."""
    made = experiment()
    assign(made, [visit(free=2), visit(free=1)], [visit(free=3), visit(paid=1)])
    made = start_experiment(experiment=made, at=NOON, by=None)
    assert (made.per_group, made.started_at) == (82, NOON)
    made = close_experiment(experiment=made, conclusion="Verder meten.", at=LOOK, by=None)
    assert (made.verdict, made.conclusion, made.closed_at) == ("not decidable", "Verder meten.", LOOK)
    assert (made.figures["control"], made.figures["trial"]) == ([[2, 20], [1, 20]], [[3, 20], [1, 20]])
    # 4 - 3 of 40 is 1; every other way to make two pairs of 2, 1, 3 and 1 differs by as much or more.
    assert (made.figures["p"], made.figures["ways"]) == (1.0, 6)


@pytest.mark.django_db
@pytest.mark.parametrize(("measure", "control", "trial"), [("paying", [1, 3], [2, 2]), ("came", [1, 2], [0, 1])])
def test_what_is_counted_depends_on_the_measure(measure: str, control: list, trial: list) -> None:
    first, second = visit(paid=1, free=2), visit(paid=2)
    seats = list(first.attendees.order_by("pk"))
    for seat, came in ((seats[0], True), (seats[-1], False)):
        first.attendees.filter(pk=seat.pk).update(attended=came)
    second.attendees.filter(pk=second.attendees.first().pk).update(attended=False)
    made = experiment(measure=measure)
    assign(made, [first], [second])
    start_experiment(experiment=made, at=NOON, by=None)
    made = close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    assert (made.figures["control"], made.figures["trial"]) == ([control], [trial])


@pytest.mark.django_db
def test_nobody_looks_before_the_day() -> None:
    made = experiment()
    assign(made, [visit()], [visit()])
    with pytest.raises(ExperimentNotStarted):
        close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    start_experiment(experiment=made, at=NOON, by=None)
    with pytest.raises(LookedTooEarly) as refused, override("en"):
        close_experiment(experiment=made, conclusion="", at=LOOK - timedelta(days=1), by=None)
    with override("en"):
        assert str(LOOK.day) in refused.value.text()
    made.refresh_from_db()
    assert (made.verdict, made.figures) == ("", {})


@pytest.mark.django_db
def test_an_experiment_starts_once_with_both_groups_and_before_its_visits() -> None:
    made = experiment()
    with pytest.raises(ExperimentIncomplete):
        start_experiment(experiment=made, at=NOON, by=None)
    begun = visit(starts_at=NOON - timedelta(days=1), name="Gisteren")
    assign(made, [visit()], [begun])
    with pytest.raises(ExperimentVisitOver) as refused:
        start_experiment(experiment=made, at=NOON, by=None)
    assert refused.value.facts == {"names": ["Gisteren"]}
    made.visits.filter(event=begun).delete()
    assign(made, [], [visit()])
    start_experiment(experiment=made, at=NOON, by=None)
    with pytest.raises(ExperimentStarted):
        start_experiment(experiment=made, at=NOON, by=None)


@pytest.mark.django_db
def test_the_database_holds_a_started_experiment_to_its_design() -> None:
    made = experiment()
    assign(made, [visit()], [visit()])
    start_experiment(experiment=made, at=NOON, by=None)
    rows = Experiment.objects.filter(pk=made.pk)
    for change in ({"hypothesis": "anders"}, {"look_on": NOON.date()}, {"share_hoped": "0.9"}, {"measure": "came"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        assign(made, [], [visit()])
    with pytest.raises(DatabaseError), transaction.atomic():
        made.visits.first().delete()
    close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(verdict="better")
    with pytest.raises(ExperimentClosed):
        close_experiment(experiment=made, conclusion="nog eens", at=LOOK, by=None)


def ready(*, look_on: Any, name: str = "Nog een", **facts: Any) -> Experiment:
    """A draft with two visits of its own."""
    models = {"control": model(f"{name}: nu"), "trial": model(f"{name}: proef", "members_free")}
    made = experiment(name=name, look_on=look_on, **models, **facts)
    assign(made, [visit()], [visit()])
    return made


@pytest.mark.django_db
def test_the_look_is_on_or_after_the_end_of_the_last_visit_and_not_years_ahead() -> None:
    """The visits end on 25 January; a look before it would have figures of visits nobody made."""
    last = visit().ends_at.date()
    for look_on, refusal in (
        (last - timedelta(days=1), LookBeforeVisits),
        (NOON.date().replace(year=2020), LookBeforeVisits),
        (NOON.date().replace(year=2033), LookTooFar),
    ):
        with pytest.raises(refusal):
            start_experiment(experiment=ready(look_on=look_on, name=str(look_on)), at=NOON, by=None)
    assert start_experiment(experiment=ready(look_on=last), at=NOON, by=None).is_started


@pytest.mark.django_db
@pytest.mark.parametrize("look_on", [date(2020, 1, 1), date(2027, 1, 13), date(2033, 1, 1)])
def test_the_database_starts_no_experiment_that_is_looked_at_on_such_a_day(look_on: date) -> None:
    made = ready(look_on=look_on)
    with pytest.raises(DatabaseError), transaction.atomic():
        Experiment.objects.filter(pk=made.pk).update(started_at=NOON, per_group=82)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_database_keeps_no_look_centuries_away(day: date) -> None:
    made = experiment()
    with pytest.raises(DatabaseError), transaction.atomic():
        Experiment.objects.filter(pk=made.pk).update(look_on=day)


@pytest.mark.django_db
def test_a_visit_is_in_one_running_experiment_at_a_time() -> None:
    """The deed names the other; the database would refuse it too. Once the other is closed the visit is free."""
    first, second = ready(look_on=LOOK.date(), name="Eerste"), ready(look_on=LOOK.date(), name="Tweede")
    shared = first.visits.first().event
    assign(second, [shared], [])
    start_experiment(experiment=first, at=NOON, by=None)
    with pytest.raises(VisitInExperiment) as refused:
        start_experiment(experiment=second, at=NOON, by=None)
    assert refused.value.facts == {"names": [shared.name], "experiments": ["Eerste"]}
    with pytest.raises(DatabaseError), transaction.atomic():
        Experiment.objects.filter(pk=second.pk).update(started_at=NOON, per_group=82)
    close_experiment(experiment=first, conclusion="", at=LOOK, by=None)
    again = start_experiment(experiment=second, at=NOON, by=None)
    assert again.is_started


@pytest.mark.django_db
def test_a_visit_that_was_moved_beyond_the_look_is_waited_for_and_a_cancelled_one_is_not() -> None:
    made = ready(look_on=LOOK.date())
    start_experiment(experiment=made, at=NOON, by=None)
    moved = made.visits.first().event
    later = LOOK + timedelta(days=20)
    Event.objects.filter(pk=moved.pk).update(starts_at=later, ends_at=later + timedelta(hours=3))
    with pytest.raises(VisitsToCome) as refused:
        close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    assert refused.value.facts == {"names": [moved.name]}
    Event.objects.filter(pk=moved.pk).update(status=Event.Status.CANCELLED)
    assert close_experiment(experiment=made, conclusion="", at=LOOK, by=None).is_closed


@pytest.mark.django_db
def test_a_draft_can_be_thrown_away() -> None:
    made = experiment()
    assign(made, [visit()], [visit()])
    made.delete()
    assert not ExperimentVisit.objects.exists()


@pytest.mark.django_db
def test_an_experiment_that_seeks_nothing_is_refused() -> None:
    same = model("Zelfde")
    for facts in ({"share_hoped": "0.6"}, {"control": same, "trial": same}, {"share_now": "1.2"}):
        with pytest.raises(ValidationError):
            Experiment(
                **{
                    "name": "x",
                    "hypothesis": "x",
                    "measure": "came",
                    "control": same,
                    "trial": model(f"m{facts}"[:70]),
                    "share_now": "0.6",
                    "share_hoped": "0.8",
                    "look_on": LOOK.date(),
                    "decision_rule": "x",
                    **facts,
                }
            ).full_clean()


@pytest.mark.django_db
def test_a_revenue_model_is_checked_when_it_is_kept() -> None:
    with override("en"), pytest.raises(ValidationError) as refused:
        model("Groep", "group", seats=1, discount="0.2")
    assert refused.value.messages == ["seats: 1 is not between 2 and 1000000."]


def test_a_clear_difference_over_eight_visits_is_decided() -> None:
    """All four trial visits fill more than all four controls: 2 of 70 ways, p = 0.0286."""
    control, trial = [Counted(n, 20) for n in (4, 5, 6, 7)], [Counted(n, 20) for n in (14, 15, 16, 17)]
    assert (judge(control, trial).verdict, judge(trial, control).verdict) == ("better", "worse")
    assert (
        Fraction(judge(control, trial).p).limit_denominator(1000)
        == Fraction(2, 70)
        == Fraction(smallest_p(4, 4)).limit_denominator(1000)
    )


def test_three_and_three_visits_can_decide_nothing_at_five_percent() -> None:
    control, trial = [Counted(0, 20)] * 3, [Counted(20, 20)] * 3
    assert judge(control, trial).verdict == "not decidable"
    assert smallest_p(3, 3) == 0.1


def test_visits_of_one_person_are_the_lady_tasting_tea() -> None:
    """R. A. Fisher: eight cups, three of four right. With one person a visit, permuting visits is his exact test."""
    cups = [Counted(1, 1)] * 3 + [Counted(0, 1)]
    wrong = [Counted(0, 1)] * 3 + [Counted(1, 1)]
    assert Fraction(judge(wrong, cups).p).limit_denominator(1000) == Fraction(34, 70)


counted = st.integers(1, 30).flatmap(lambda of: st.integers(0, of).map(lambda yes: Counted(yes, of)))


@given(st.lists(counted, min_size=1, max_size=4), st.lists(counted, min_size=1, max_size=4))
def test_swapping_the_groups_turns_the_verdict_round(control: list[Counted], trial: list[Counted]) -> None:
    there, back = judge(control, trial), judge(trial, control)
    turned = {"better": "worse", "worse": "better", "not decidable": "not decidable"}
    assert (back.p, back.verdict) == (there.p, turned[there.verdict])
    assert judge(control[::-1], trial[::-1]).p == there.p
    assert there.p >= 1 / there.ways


def test_many_visits_are_drawn_with_the_same_seed() -> None:
    many = [Counted(n % 7, 10) for n in range(20)]
    assert judge(many[:10], many[10:]) == judge(many[:10], many[10:])
    assert judge(many[:10], many[10:]).ways == 20_000


@pytest.mark.parametrize(
    ("control", "trial"),
    [([], [Counted(1, 2)]), ([Counted(0, 0)], [Counted(1, 2)]), ([Counted(3, 2)], [Counted(1, 2)])],
)
def test_a_group_without_people_is_refused(control: list, trial: list) -> None:
    with pytest.raises(CannotCompute):
        judge(control, trial)
