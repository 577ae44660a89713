"""What a decision paper rests on too lightly, in sentences: beside its recommendation, and as what to measure next."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments.lab.decision import FEW_ANSWERS, FEW_VISITS, Evidence, doubts
from payments.lab.proportions import sample_size


def at_once(evidence: Evidence) -> list[str]:
    """What may not stand apart from the recommendation: what it leaves out, and what has not been yet."""
    facts = {"visits": evidence.visits, "without": evidence.without_costs, "coming": evidence.to_come}
    facts["trial"] = evidence.in_experiment
    said = []
    if evidence.without_costs:
        said.append(
            ngettext(
                "Of %(visits)s visit %(without)s has no cost line: what it costs itself is not among these costs.",
                "Of %(visits)s visits %(without)s have no cost line: what they cost themselves is not among these "
                "costs.",
                evidence.visits,
            )
            % facts
        )
    if evidence.to_come:
        said.append(
            ngettext(
                "Of %(visits)s visit %(coming)s is still to come: this is a forecast, with whoever registered until "
                "now.",
                "Of %(visits)s visits %(coming)s are still to come: this is a forecast, with whoever registered until "
                "now.",
                evidence.visits,
            )
            % facts
        )
    if evidence.in_experiment:
        said.append(
            ngettext(
                "%(trial)s of them is in a running experiment: the lab compares its groups on the day of the look.",
                "%(trial)s of them are in a running experiment: the lab compares its groups on the day of the look.",
                evidence.in_experiment,
            )
            % facts
        )
    return said


def to_measure(evidence: Evidence) -> list[str]:
    """Every doubt as what would have to be done about it, the heaviest first."""
    need = sample_size(0.3, 0.5)
    said = {
        "example": _("Figures that are called an example were filled in by hand: put the real ones in their place."),
        "demo": _(
            "This is the demonstration: its visits, registrations, payments and costs were made up. On your own site "
            "the same paper is written from your own."
        ),
        "to_come": _("Write the paper again when these visits are over and their bills are in."),
        "without_costs": ngettext(
            "%(count)s visit has no cost line: fill in what it costs.",
            "%(count)s visits have no cost line: fill in what they cost.",
            evidence.without_costs,
        )
        % {"count": evidence.without_costs},
        "only_planned": ngettext(
            "Of %(count)s visit not every cost is known yet: fill in the bills.",
            "Of %(count)s visits not every cost is known yet: fill in the bills.",
            evidence.only_planned,
        )
        % {"count": evidence.only_planned},
        "few_visits": _("With fewer than %(few)s visits one full bus changes the season: look again after more.")
        % {"few": FEW_VISITS},
        "nobody_asked": _("Ask at least %(few)s purchasers the four prices of Van Westendorp.") % {"few": FEW_ANSWERS},
        "few_answers": _(
            "Ask on until at least %(few)s purchasers answered: until then the interval says how little is known."
        )
        % {"few": FEW_ANSWERS},
        "not_noted": ngettext(
            "Of %(count)s seat nobody noted whether somebody came.",
            "Of %(count)s seats nobody noted whether somebody came.",
            evidence.not_noted,
        )
        % {"count": evidence.not_noted},
        "no_experiment": _(
            "Try a model on some of the next visits and not on others, and write down beforehand what would decide. To "
            "see 30 %% become 50 %% takes %(need)s people in each group."
        )
        % {"need": need},
    }
    return [said[code] for code in doubts(evidence)]
