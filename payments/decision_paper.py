"""The decision paper: the question, the data, the models, the risks, what the numbers allow and what to measure next.

One list of sections serves the page and the PDF, in the active language. It says; payments.lab.decision reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cms import paper, prose
from cms.templatetags.cms_tags import money, number
from payments.lab.decision import Evidence, doubts, ranked, recommend, what_if
from payments.lab.outcome import Outcome
from payments.lab.pilot import PARTICIPANTS, VISITS, Inputs
from payments.lab.refusal import CannotCompute
from payments.lab.season import Simulation, Swing
from payments.lab_comparison import still_open
from payments.paper_doubts import at_once, to_measure

TEMPLATE = Path(__file__).with_name("decision.typ")
#: Where the pilot's figures come from.
PILOT_SOURCE = "https://vlaanderen-circulair.be/nl/doeners-in-vlaanderen/detail-2/best-practice-tour-circulair-aankopen"


@dataclass(frozen=True)
class Scenario:
    """A season that was drawn, under which model, and what moved it most."""

    model: str
    simulation: Simulation
    swings: Sequence[Swing]


@dataclass(frozen=True)
class Paper:
    """What the paper is about, and what it is written from."""

    title: str
    #: "visits from 1 January 2027 to 31 December 2027"
    about: str
    evidence: Evidence
    #: (what, value, where it comes from) of every figure that went in.
    inputs: Sequence[tuple[str, str, str]]
    scenario: Scenario | None = None


def percent(share: Decimal | float | None) -> str:
    """ "28.3 %" with one decimal; a dash where there is no share."""
    if share is None:
        return "–"
    return f"{number(round(Decimal(str(share)) * 100, 1))} %"


def sections(made: Paper) -> list[dict[str, Any]]:
    """[{"heading": …, "parts": [part, …]}] in the active language; parts as cms.prose has them, and tables."""
    told = [
        (_("The question"), _question(made)),
        (_("The recommendation the numbers allow"), _recommendation(made)),
        (_("The data"), _data(made)),
        (_("The models side by side"), _models(made)),
        (_("What people say they would pay"), _studies(made)),
        (_("The risks"), _risks(made)),
        (_("What was tried"), _experiments(made)),
        (_("What would have to be measured next"), _next(made)),
        (_("What was taken for granted"), _assumptions(made)),
    ]
    return [{"heading": heading, "parts": parts} for heading, parts in told if parts]


def pdf(made: Paper, *, on: date, url: str = "") -> bytes:
    """The paper as a PDF, in the active language. Raises typst.TypstError."""
    document = {
        **paper.framed(title=made.title, author=settings.WAGTAIL_SITE_NAME, foot=made.title, on=on),
        "about": made.about,
        "url": url,
        "sections": sections(made),
    }
    return paper.pdf(TEMPLATE, {"paper.json": paper.as_json(document)})


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, said: Sequence[int] = ()
) -> dict[str, Any]:
    """A part that is a table: the first column says what; the others are figures, or `said` in words."""
    return {
        "kind": "table",
        "caption": caption,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "said": list(said),
    }


def listed(items: Sequence[str]) -> list[dict[str, Any]]:
    return [{"kind": "list", "ordered": False, "items": [prose.plain(item) for item in items]}] if items else []


def _question(made: Paper) -> list[dict[str, Any]]:
    return prose.plain(
        _("Which revenue model lets the Best Practice Tour pay for itself, and how much is left to be found?")
        + "\n"
        + made.about
    )


def _recommendation(made: Paper) -> list[dict[str, Any]]:
    found = recommend(made.evidence)
    facts = {
        "best": found.best,
        "next": found.next,
        "left": money(found.left),
        "difference": money(found.difference),
    }
    said = {
        "none": _("No model was compared, so nothing can be recommended yet."),
        "covers": _("“%(best)s” covers the cost of these visits; no other model does it with more room.") % facts,
        "least": _(
            "No model covers the cost. “%(best)s” leaves least to be found: %(left)s. "
            "Without a funder or other costs the Tour does not carry itself with these participants."
        )
        % facts,
        "tie": _(
            "The figures do not choose: “%(best)s” leaves %(left)s to be found, and “%(next)s” "
            "only %(difference)s more. Decide between them on other grounds."
        )
        % facts,
    }[found.code]
    if found.code == "tie" and not found.left and not found.difference:
        said = _("“%(best)s” and “%(next)s” both cover the cost: decide between them on other grounds.") % facts
    said += "".join(f"\n{sentence}" for sentence in at_once(made.evidence))
    weak = doubts(made.evidence)
    if weak:
        said += "\n" + _("It rests on too little to be more than a direction: see what would have to be measured next.")
    return prose.plain(said)


def _data(made: Paper) -> list[dict[str, Any]]:
    booked = made.evidence.booked
    rows = [
        (_("Visits"), str(made.evidence.visits)),
        (_("Participants"), str(booked.participants)),
        (_("of whom paying"), str(booked.paying)),
        *(
            [(_("Ordered at a price and not paid for (yet)"), f"{booked.unpaid}: {money(booked.outstanding)}")]
            if booked.unpaid
            else []
        ),
        (_("Paid by participants, excl. VAT"), money(booked.revenue)),
        (_("Payment fees"), money(booked.fees)),
        (_("Cost, with the share of the programme"), money(booked.cost)),
        (_("Result"), money(booked.result)),
        (_("Cost covered"), percent(booked.coverage)),
        (_("Left to be found"), money(booked.subsidy_needed)),
        (_("Contribution per participant"), money(booked.contribution) or "–"),
        (_("Participants that would carry it, in this mix"), _seats(booked.break_even_seats)),
        *_prices(booked),
    ]
    caption = _("As it is booked until now") if made.evidence.to_come else _("As it was")
    parts = [table(caption, (_("Figure"), _("Value")), rows)]
    if made.inputs:
        parts.append(table(_("What went in"), (_("Figure"), _("Value"), _("Source")), made.inputs, said=(1, 2)))
    return parts


def _prices(booked: Outcome) -> list[tuple[str, str]]:
    """Goal seek: the price at which those who pay carry 80 % and all of cost and fees."""
    rows = []
    for part, label in ((Decimal("0.8"), _("Price that covers 80 %")), (Decimal(1), _("Price that covers all"))):
        try:
            at = money(booked.price_that_covers(part))
        except CannotCompute:
            at = "–"
        rows.append((label, at))
    return rows


def _seats(seats: int | None) -> str:
    return _("no number is enough") if seats is None else str(seats)


def _models(made: Paper) -> list[dict[str, Any]]:
    if not made.evidence.models:
        return []
    rows = [
        (
            name,
            money(one.revenue),
            money(one.support),
            money(one.fees),
            money(one.result),
            percent(one.coverage),
            _seats(one.break_even_seats),
            money(one.subsidy_needed),
        )
        for name, one in ranked(made.evidence)
    ]
    columns = (
        _("Model"),
        _("From participants"),
        _("From others"),
        _("Payment fees"),
        _("Result"),
        _("Covered"),
        _("Carried by"),
        _("Left to be found"),
    )
    return [table(_("What each model would have brought, the one that leaves least first"), columns, rows)]


def _studies(made: Paper) -> list[dict[str, Any]]:
    if not made.evidence.studies:
        return prose.plain(_("Nobody was asked."))
    rows = [
        (
            f"{study.name} ({_('example')})" if study.is_example else study.name,
            str(study.n),
            str(study.dropped),
            money(Decimal(str(round(study.opp, 2)))),
            f"{money(Decimal(str(round(study.interval[0], 2))))} – {money(Decimal(str(round(study.interval[1], 2))))}",
            f"{money(Decimal(str(round(study.pmc, 2))))} – {money(Decimal(str(round(study.pme, 2))))}",
        )
        for study in made.evidence.studies
    ]
    columns = (_("Study"), _("Answers"), _("Left out"), _("Optimum"), _("95 % interval"), _("Acceptable range"))
    return [table(_("Van Westendorp, convention of 1976"), columns, rows)]


def _risks(made: Paper) -> list[dict[str, Any]]:
    words = {
        "fewer": _("A fifth fewer participants"),
        "more": _("A fifth more participants"),
        "dearer": _("Costs a fifth higher"),
        "cheaper": _("Costs a fifth lower"),
    }
    order = ranked(made.evidence)
    as_it_is = _("as it is booked") if made.evidence.to_come else _("as it was")
    columns = [_("What if"), as_it_is, *(name for name, _outcome in order[:2])]
    outcomes = [made.evidence.booked, *(one for _name, one in order[:2])]
    results = [{one.code: one.result for one in what_if(outcome)} for outcome in outcomes]
    rows = [[label, *(money(result[code]) for result in results)] for code, label in words.items()]
    parts = [table(_("The result when one figure is another, the rest as it was"), columns, rows)]
    if made.scenario is not None:
        parts += _drawn(made.scenario)
    return parts


def _drawn(scenario: Scenario) -> list[dict[str, Any]]:
    found = scenario.simulation
    low, high = found.p_loss_interval
    rows = [
        (_("Chance of a loss"), f"{percent(found.p_loss)} ({percent(low)} – {percent(high)})"),
        (_("Result on average"), money(_cents(found.mean))),
        (_("give or take (standard error)"), money(_cents(found.standard_error))),
        *(
            (_("Subsidy that is enough in %(share)s of the seasons") % {"share": percent(level)}, money(_cents(value)))
            for level, value in found.subsidy
            if level >= 0.5
        ),
    ]
    caption = _("A season drawn %(runs)s times under “%(model)s” (seed %(seed)s)") % {
        "runs": number(Decimal(found.runs)),
        "model": scenario.model,
        "seed": found.seed,
    }
    parts = [table(caption, (_("Figure"), _("Value")), rows)]
    if scenario.swings:
        swings = [
            (assumption(one.name), money(_cents(one.at_low)), money(_cents(one.at_high))) for one in scenario.swings[:3]
        ]
        columns = (_("Assumption"), _("Result at its low"), _("Result at its high"))
        parts.append(table(_("What matters most"), columns, swings))
    return parts


def assumption(name: str) -> str:
    """A scenario's assumption in words."""
    return {
        "demand": _("Demand"),
        "free_share": _("Share of free seats"),
        "elasticity": _("Response to the price"),
        "no_show": _("No-shows"),
        "cost": _("Costs"),
    }[name]


def _cents(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def _experiments(made: Paper) -> list[dict[str, Any]]:
    words = {"better": _("better"), "worse": _("worse"), "not decidable": _("not decidable with this many")}
    return listed([f"{name}: {words[verdict]}" for name, verdict in made.evidence.experiments])


def _next(made: Paper) -> list[dict[str, Any]]:
    return listed(to_measure(made.evidence))


def _assumptions(made: Paper) -> list[dict[str, Any]]:
    told = [line for _name, one in made.evidence.models for line in one.assumptions]
    return listed(list(dict.fromkeys(filter(None, [still_open(made.evidence.booked), *told]))))


def pilot_inputs(inputs: Inputs) -> list[tuple[str, str, str]]:
    """Every figure the pilot's paper is reckoned from, with where it comes from."""
    known, example = _("Vlaanderen Circulair, page of the pilot"), _("example")
    return [
        (_("Visits"), str(inputs.visits), known if inputs.visits == VISITS else example),
        (_("Participants"), str(inputs.participants), known if inputs.participants == PARTICIPANTS else example),
        (_("Price, excl. VAT"), money(inputs.price), example),
        (_("Members among the participants of a visit, rounded down"), percent(inputs.members), example),
        (_("Cost per visit"), money(inputs.per_visit), example),
        (_("Cost per participant"), money(inputs.per_participant), example),
        (_("Programme costs"), money(inputs.programme), example),
        (_("Share of the payment service"), percent(inputs.fee_share), example),
    ]
