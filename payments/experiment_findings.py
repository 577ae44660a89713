"""What an experiment needs, what the Tour has for it, and what came of it once it was closed.

Nothing here compares the groups of an experiment that runs: only the deed that closes one does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from events.models import Attendee, Event
from payments.lab.experiments import smallest_p
from payments.lab.proportions import sample_size
from payments.models import Experiment, ExperimentVisit

YEAR = timedelta(days=365)


def running_until(events: Iterable[int]) -> dict[int, date]:
    """Of these visits the ones in an experiment that runs, each with the day of its look. One query."""
    rows = ExperimentVisit.objects.filter(
        event__in=list(events), experiment__started_at__isnull=False, experiment__closed_at__isnull=True
    )
    return dict(rows.values_list("event", "experiment__look_on"))


@dataclass(frozen=True)
class Need:
    """People per group to see the difference, and the smallest p that so many visits can give."""

    per_group: int
    smallest_p: float | None
    #: Whether so many visits can be decided on at all.
    can_decide: bool


def need(now: float, hoped: float, *, alpha: float, power: float, control: int, trial: int) -> Need:
    """Raises CannotCompute. Without visits in a group there is no p to speak of."""
    smallest = smallest_p(control, trial) if control and trial else None
    return Need(sample_size(now, hoped, alpha=alpha, power=power), smallest, smallest is not None and smallest < alpha)


def need_of(experiment: Experiment, *, control: int, trial: int) -> Need:
    """What this design needs. Raises CannotCompute."""
    return need(
        float(experiment.share_now),
        float(experiment.share_hoped),
        alpha=float(experiment.alpha),
        power=float(experiment.power),
        control=control,
        trial=trial,
    )


@dataclass(frozen=True)
class Has:
    """What the Tour has: visits to come with their seats, and participants of the year that is behind."""

    visits: int
    seats: int
    participants: int


def has(at: datetime) -> Has:
    """Two queries. Visits of an experiment that runs are left out of the participants, so that no sum tells of them."""
    coming = Event.objects.published().exclude(status=Event.Status.CANCELLED).filter(starts_at__gt=at)
    seats = list(coming.values_list("capacity", flat=True))
    hidden = ExperimentVisit.objects.filter(experiment__started_at__isnull=False, experiment__closed_at__isnull=True)
    held = Attendee.objects.filter(
        event__ends_at__lte=at,
        event__ends_at__gt=at - YEAR,
        released_at__isnull=True,
        registration__status="confirmed",
    )
    return Has(len(seats), sum(seats), held.exclude(event__in=hidden.values("event")).count())


@dataclass(frozen=True)
class Counted:
    """A visit, or all of a group: how many did of how many."""

    name: str
    group: str
    yes: int
    of: int

    @property
    def share(self) -> float | None:
        return self.yes / self.of if self.of else None


@dataclass(frozen=True)
class Outcome:
    """What was counted on the day of the look, and what it was judged by."""

    visits: list[Counted]
    control: Counted
    trial: Counted
    p: float
    ways: int
    fisher: float
    low: float
    high: float


def outcome(experiment: Experiment) -> Outcome | None:
    """As it was kept when the experiment was closed; None before."""
    if not experiment.is_closed:
        return None
    kept = experiment.figures
    visits: list[Counted] = []
    sums = {}
    for group in ExperimentVisit.Group.values:
        names = [visit.event.name for visit in experiment.visits.all() if visit.group == group]
        counts = kept[group]
        if len(names) != len(counts):
            # A visit that was no longer published at the look has no count: which one, the figures do not say.
            names = [str(number) for number in range(1, len(counts) + 1)]
        visits += [Counted(name, group, yes, of) for name, (yes, of) in zip(names, counts, strict=True)]
        sums[group] = Counted("", group, sum(yes for yes, _of in counts), sum(of for _yes, of in counts))
    low, high = kept["interval"]
    return Outcome(visits, sums["control"], sums["trial"], kept["p"], kept["ways"], kept["fisher"], low, high)
