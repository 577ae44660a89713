"""Deeds about experiments: divide visits over two groups, fix the design by starting, close at the planned look."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from events.models import Event
from payments.lab.experiments import Counted, judge
from payments.lab.proportions import sample_size
from payments.lab_figures import Known, visits_of
from payments.models import Experiment, ExperimentVisit
from payments.models.experiments import MOST_YEARS
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

Measure = Experiment.Measure
Group = ExperimentVisit.Group


@transaction.atomic
def assign_visits(*, experiment: Experiment, control: Iterable[Event], trial: Iterable[Event]) -> None:
    """Put these visits in the two groups, and take every other one out. Raises ExperimentStarted."""
    experiment = Experiment.objects.select_for_update().get(pk=experiment.pk)
    if experiment.is_started:
        raise ExperimentStarted
    experiment.visits.all().delete()
    ExperimentVisit.objects.bulk_create(
        ExperimentVisit(experiment=experiment, event=event, group=group)
        for group, events in ((Group.CONTROL, control), (Group.TRIAL, trial))
        for event in events
    )


@transaction.atomic
def start_experiment(*, experiment: Experiment, at: datetime, by: Any) -> Experiment:
    """Fix the design: from now on the database lets nobody change it, and the groups are not compared before the look.

    Raises ExperimentStarted, ExperimentIncomplete without a visit in each group, ExperimentVisitOver when one began
    before it was fixed, LookBeforeVisits or LookTooFar for a look on no day that can be, VisitInExperiment when one is
    in another experiment that runs, and CannotCompute where the two shares ask for no number of people.
    """
    experiment = Experiment.objects.select_for_update().get(pk=experiment.pk)
    if experiment.is_started:
        raise ExperimentStarted
    visits = list(experiment.visits.select_related("event"))
    # In one order, so that of two that start on the same visit the second waits and is refused.
    events = {event.pk: event for event in _locked([visit.event_id for visit in visits])}
    if {visit.group for visit in visits} != set(Group.values):
        raise ExperimentIncomplete
    if begun := [event.name for event in events.values() if event.starts_at <= at]:
        raise ExperimentVisitOver(names=begun)
    last = max(timezone.localdate(event.ends_at) for event in events.values())
    if experiment.look_on < last:
        raise LookBeforeVisits(day=last)
    if experiment.look_on.year > timezone.localdate(at).year + MOST_YEARS:
        raise LookTooFar(years=MOST_YEARS)
    if taken := list(_running(experiment).filter(visits__event__in=events).order_by("pk").distinct()):
        shared = [visit.event.name for visit in visits if visit.event_id in _visits_of(taken)]
        raise VisitInExperiment(names=shared, experiments=[one.name for one in taken])
    experiment.per_group = sample_size(
        float(experiment.share_now),
        float(experiment.share_hoped),
        alpha=float(experiment.alpha),
        power=float(experiment.power),
    )
    experiment.started_at, experiment.started_by = at, by
    experiment.save(update_fields=["per_group", "started_at", "started_by"])
    return experiment


def _locked(events: Iterable[int]) -> list[Event]:
    return list(Event.objects.select_for_update().filter(pk__in=list(events)).order_by("pk"))


def _running(besides: Experiment) -> QuerySet[Experiment]:
    return Experiment.objects.filter(started_at__isnull=False, closed_at__isnull=True).exclude(pk=besides.pk)


def _visits_of(experiments: Iterable[Experiment]) -> set[int]:
    found = ExperimentVisit.objects.filter(experiment__in=list(experiments))
    return set(found.values_list("event", flat=True))


@transaction.atomic
def close_experiment(*, experiment: Experiment, conclusion: str, at: datetime, by: Any) -> Experiment:
    """Look once, on or after the planned day, and keep the verdict with the figures it was given on.

    Raises ExperimentNotStarted, ExperimentClosed, LookedTooEarly, VisitsToCome where a visit was moved to after the
    look and is still to be held, and CannotCompute where a group has nobody in it.
    """
    experiment = Experiment.objects.select_for_update().get(pk=experiment.pk)
    if not experiment.is_started:
        raise ExperimentNotStarted
    if experiment.is_closed:
        raise ExperimentClosed
    if timezone.localdate(at) < experiment.look_on:
        raise LookedTooEarly(day=experiment.look_on)
    held = experiment.visits.select_related("event").exclude(event__status=Event.Status.CANCELLED)
    if coming := [visit.event.name for visit in held if visit.event.ends_at > at]:
        raise VisitsToCome(names=coming)
    counts, left_out = counted(experiment)
    experiment.verdict, judged = _judged(counts, float(experiment.alpha))
    experiment.figures = {
        "control": [[one.yes, one.of] for one in counts[Group.CONTROL]],
        "trial": [[one.yes, one.of] for one in counts[Group.TRIAL]],
        **judged,
        "left_out": left_out,
    }
    experiment.conclusion = conclusion
    experiment.closed_at, experiment.closed_by = at, by
    experiment.save(update_fields=["verdict", "figures", "conclusion", "closed_at", "closed_by"])
    return experiment


def _judged(counts: dict[str, list[Counted]], alpha: float) -> tuple[str, dict[str, Any]]:
    """The verdict, and the statistics it was given on.

    Where all visits of a group were cancelled there is nothing to compare, now or ever: that is not decidable, with
    what nothing at all would give. Raises CannotCompute where there are visits and nobody to count.
    """
    if not all(counts.values()):
        nothing = {"p": 1.0, "ways": 1, "z": 0.0, "fisher": 1.0, "interval": [-1.0, 1.0]}
        return Experiment.Verdict.NOT_DECIDABLE, nothing
    found = judge(counts[Group.CONTROL], counts[Group.TRIAL], alpha=alpha)
    return found.verdict, {
        "p": found.p,
        "ways": found.ways,
        "z": found.people.z,
        "fisher": found.people.fisher,
        "interval": list(found.people.interval),
    }


def counted(experiment: Experiment) -> tuple[dict[str, list[Counted]], list[int]]:
    """Per group, visit by visit, how many did of how many; and the events that are left out.

    Left out is a visit that was cancelled: an empty bus because of a strike says nothing of a price. Only the deed that
    closes asks this.
    """
    rows = list(experiment.visits.all())
    known = {one.event.pk: one for one in visits_of([row.event_id for row in rows])}
    counts: dict[str, list[Counted]] = {group: [] for group in Group.values}
    left_out = []
    for row in rows:
        one = known.get(row.event_id)
        if one is None or one.event.status == Event.Status.CANCELLED:
            left_out.append(row.event_id)
        else:
            counts[row.group].append(_measured(one, experiment.measure))
    return counts, left_out


def _measured(known: Known, measure: str) -> Counted:
    seats = known.visit.seats
    if measure == Measure.FILLED:
        return Counted(len(seats), known.visit.capacity)
    if measure == Measure.PAYING:
        return Counted(known.event.paid, known.event.paid + known.event.free)
    noted = [seat for seat in seats if seat.attended is not None]
    return Counted(sum(1 for seat in noted if seat.attended), len(noted))
