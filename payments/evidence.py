"""What a decision paper is written from: a season of the Tour or the pilot, put beside models, studies and trials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.conf import configured
from cms.templatetags.cms_tags import brief, money
from payments.decision_paper import Paper, Scenario, pilot_inputs
from payments.experiment_findings import running_until
from payments.lab.decision import Evidence, StudyFinding
from payments.lab.outcome import Outcome, as_booked, season, would_have
from payments.lab.pilot import Inputs, visits_of
from payments.lab.plans import KINDS, Plan
from payments.lab.refusal import CannotCompute
from payments.lab.seats import Visit
from payments.lab_figures import Known, own_cost, visits
from payments.models import CostLine, Experiment, PriceStudy, RevenueModel
from payments.scenarios import Drawn
from payments.study_findings import finding

ZERO = Decimal(0)


@dataclass(frozen=True)
class Chosen:
    """What a paper puts side by side. `scenario` is a season that was drawn, where there is one.

    `says` tells what a plan asks, for the list of what went in; by itself it is the name of its kind.
    """

    models: Sequence[RevenueModel] = ()
    studies: Sequence[PriceStudy] = ()
    scenario: Drawn | None = None
    says: Callable[[Plan], str] = lambda plan: str(KINDS[plan.kind].title)


@dataclass(frozen=True)
class Gaps:
    """What is not known of these visits: see Evidence."""

    without_costs: int = 0
    only_planned: int = 0
    not_noted: int = 0
    to_come: int = 0
    in_experiment: int = 0


def gaps(known: Sequence[Known], at: datetime) -> Gaps:
    """Three queries. Of a visit that is still to come nobody can have noted who came."""
    events = [one.event.pk for one in known]
    costed = set(CostLine.objects.filter(costs__event__in=events).values_list("costs__event", flat=True))
    open_ones = CostLine.objects.filter(costs__event__in=events, actual__isnull=True)
    return Gaps(
        without_costs=len(set(events) - costed),
        only_planned=len(set(open_ones.values_list("costs__event", flat=True))),
        not_noted=sum(
            sum(1 for seat in one.visit.seats if seat.attended is None) for one in known if one.event.ends_at <= at
        ),
        to_come=sum(1 for one in known if one.event.starts_at > at),
        in_experiment=len(running_until(events)),
    )


def season_paper(since: date, until: date, chosen: Chosen, *, at: datetime) -> tuple[Paper, list[str]]:
    """The paper on the Tour's visits in a period, and what was left out of it, as sentences.

    Raises CannotCompute where there is no visit. On the demonstration all of it was made up, and it says so.
    """
    known = visits(since, until)
    if not known:
        raise CannotCompute(_("There is no visit in this season."))
    figures = [one.visit for one in known]
    missing = gaps(known, at)
    about = _("Visits from %(since)s to %(until)s.") % {"since": brief(since), "until": brief(until)}
    is_demo = bool(configured.DEMO)
    left_out: list[str] = []
    evidence = _evidence(figures, chosen, left_out, is_demo=is_demo, gaps=missing)
    inputs = [*_visits(figures, evidence.booked), *_chosen(chosen, evidence)]
    return Paper(_title(), about, evidence, inputs, _scenario(chosen)), left_out


def pilot_paper(inputs: Inputs, chosen: Chosen) -> tuple[Paper, list[str]]:
    """The same on the pilot: two figures are known of it, the others are examples. Raises CannotCompute."""
    figures = visits_of(inputs)
    about = _("The pilot: %(visits)s, %(participants)s; the other figures are examples.") % {
        "visits": ngettext("%(count)s visit", "%(count)s visits", inputs.visits) % {"count": inputs.visits},
        "participants": ngettext("%(count)s participant", "%(count)s participants", inputs.participants)
        % {"count": inputs.participants},
    }
    left_out: list[str] = []
    nobody_noted = Gaps(not_noted=sum(len(visit.seats) for visit in figures))
    evidence = _evidence(figures, chosen, left_out, is_example=True, gaps=nobody_noted)
    return Paper(
        _title(), about, evidence, [*pilot_inputs(inputs), *_chosen(chosen, evidence)], _scenario(chosen)
    ), left_out


def _title() -> str:
    return _("Which revenue model carries the Tour?")


def _evidence(
    figures: Sequence[Visit],
    chosen: Chosen,
    left_out: list[str],
    *,
    gaps: Gaps,
    is_example: bool = False,
    is_demo: bool = False,
) -> Evidence:
    models: list[tuple[str, Outcome]] = []
    for model in chosen.models:
        try:
            models.append((model.name, season(model.name, would_have(model.as_plan(), figures))))
        except CannotCompute as error:
            left_out.append(_("Left out: %(name)s. %(problem)s") % {"name": model.name, "problem": error})
    studies: list[StudyFinding] = []
    for study in chosen.studies:
        if found := finding(study):
            studies.append(found)
        else:
            why = _("It has no four points to show.")
            left_out.append(_("Left out: %(name)s. %(problem)s") % {"name": study.name, "problem": why})
    closed = Experiment.objects.filter(closed_at__isnull=False).order_by("closed_at")
    return Evidence(
        booked=season("", [as_booked(visit) for visit in figures]),
        visits=len(figures),
        models=models,
        studies=studies,
        experiments=list(closed.values_list("name", "verdict")),
        without_costs=gaps.without_costs,
        only_planned=gaps.only_planned,
        not_noted=gaps.not_noted,
        is_example=is_example or any(study.is_example for study in studies),
        is_demo=is_demo,
        to_come=gaps.to_come,
        in_experiment=gaps.in_experiment,
    )


def _visits(figures: Sequence[Visit], booked: Outcome) -> list[tuple[str, str, str]]:
    ledger, lines = _("ledger"), _("cost lines: the actual amount, or the planned one while it is not known")
    shared = sum((visit.programme for visit in figures), start=ZERO)
    return [
        (_("Paid by participants, excl. VAT"), money(booked.revenue), ledger),
        (_("Payment fees"), money(booked.fees), ledger),
        (_("Costs of the visits"), money(booked.cost - shared), lines),
        (_("Their part of the programme costs"), money(shared), _("programme costs, by their key")),
        *(
            (
                f"{visit.name}, {brief(visit.day)}",
                _("%(people)s, price %(price)s, own cost %(cost)s")
                % {
                    "people": ngettext("%(count)s participant", "%(count)s participants", len(visit.seats))
                    % {"count": len(visit.seats)},
                    "price": money(visit.price),
                    "cost": money(own_cost(visit)),
                },
                _("registrations and cost lines"),
            )
            for visit in figures
        ),
    ]


def _chosen(chosen: Chosen, evidence: Evidence) -> list[tuple[str, str, str]]:
    compared = {name for name, _outcome in evidence.models}
    rows = [
        (model.name, chosen.says(model.as_plan()), _("revenue model"))
        for model in chosen.models
        if model.name in compared
    ]
    shown = {study.name for study in evidence.studies}
    for study in chosen.studies:
        if study.name not in shown:
            continue
        period = f"{brief(study.starts_on)} – {brief(study.ends_on)}"
        rows.append((study.name, period, _("price study: %(source)s") % {"source": study.source}))
    if chosen.scenario:
        made = chosen.scenario
        count = len(made.planned.visits)
        visits_said = ngettext("%(count)s visit", "%(count)s visits", count) % {"count": count}
        rows.append((_("Scenario"), visits_said, _("filled in by hand; seed %(seed)s") % {"seed": made.asked.seed}))
    return rows


def _scenario(chosen: Chosen) -> Scenario | None:
    made = chosen.scenario
    return Scenario(made.asked.name, made.simulation, made.swings) if made else None
