"""The form of a scenario: visits in rows, what is not known, a model, and two questions about the price.

It is sent by GET, so that its address is the scenario: whoever opens it sees the same figures.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.amounts import AmountField, WholeField
from payments.decision_paper import assumption
from payments.lab.season import NAMES, Assumptions
from payments.lab.tariffs import SHARES
from payments.models import RevenueModel
from payments.scenarios import GUESS, Asked, Upcoming, offered, told

MOST_ROWS = 30
#: Runs times visits: what is drawn while somebody waits, some seconds.
MOST_DRAWS = 1_500_000
#: Empty rows below those that are filled in.
SPARE = 2
ENDS = ("low", "likely", "high")
#: A field of a row in an address: "v3-price".
A_ROW = re.compile(r"v(\d{1,4})-")
#: The bounds the lab holds each assumption to.
HIGHEST = {"demand": 10, "free_share": 1, "elasticity": 10, "no_show": 1, "cost": 10}
EXPLAINED = {
    "demand": gettext_lazy("Registrations against what is planned: 1 is as planned, 0.8 a fifth fewer."),
    "free_share": gettext_lazy("Of those who register: 0.6 is 60 %."),
    "elasticity": gettext_lazy("By how many percent demand falls when the price rises one percent. 0: not at all."),
    "no_show": gettext_lazy("Of the participants: 0.05 is 5 %. Only a deposit brings anything for them."),
    "cost": gettext_lazy("Costs against what is planned: 1.2 is a fifth more."),
}


class RowForm(forms.Form):
    """One visit. A row that is left empty is no visit."""

    name = forms.CharField(label=gettext_lazy("Visit"), max_length=120)
    capacity = WholeField(label=gettext_lazy("Seats"), min_value=1, max_value=2_000)
    registrations = AmountField(label=gettext_lazy("Registrations expected"), min_value=0, max_value=500)
    price = AmountField(label=gettext_lazy("Price"), min_value=0, max_value=100_000, decimal_places=2)
    fixed = AmountField(label=gettext_lazy("Fixed cost"), min_value=0, max_value=10_000_000, decimal_places=2)
    per_participant = AmountField(
        label=gettext_lazy("Cost per participant"), min_value=0, max_value=100_000, decimal_places=2
    )

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False, "empty_permitted": True})
        for field in self.fields.values():
            # Above the column it stands for everybody who sees the table; each input says it by itself too.
            field.widget.attrs["aria-label"] = _("%(what)s, row %(number)s") % {"what": field.label, "number": number}


class AssumptionForm(forms.Form):
    """Low, likely and high of one assumption."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        self.name, self.label, self.explained = name, assumption(name), EXPLAINED[name]
        super().__init__(*args, **kwargs | {"prefix": name, "use_required_attribute": False})
        words = {"low": _("low"), "likely": _("likely"), "high": _("high")}
        for end in ENDS:
            self.fields[end] = AmountField(label=words[end], min_value=0, max_value=HIGHEST[name])
            self.fields[end].widget.attrs["aria-label"] = f"{self.label}, {words[end]}"
            self.fields[end].widget.attrs["aria-describedby"] = f"{name}-explained"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ends = [cleaned[end] for end in ENDS if end in cleaned]
        if ends != sorted(ends):
            raise forms.ValidationError(_("Low, likely and high should rise."))
        return cleaned

    def ends(self) -> list[Decimal]:
        return [self.cleaned_data[end] for end in ENDS]


class QuestionForm(forms.Form):
    """What the season is drawn under, and what is asked of it."""

    model = forms.ModelChoiceField(
        RevenueModel.objects.filter(is_archived=False),
        label=gettext_lazy("Revenue model"),
        required=False,
        empty_label=gettext_lazy("The price of each visit, for everybody who is not free"),
        help_text=gettext_lazy("A model of the lab. How many seats are free is said above, not by the model."),
    )
    share = AmountField(
        label=gettext_lazy("Share who take what the model offers"),
        required=False,
        min_value=0,
        max_value=1,
        help_text=gettext_lazy(
            "Only for early bird, group bundle and season pass: which share of who pay. 0.3 is 30 %."
        ),
    )
    fee_share = AmountField(
        label=gettext_lazy("Share of the payment service"),
        min_value=0,
        max_value=Decimal("0.99"),
        help_text=gettext_lazy("Of what participants pay, with every cost that is a percentage of it. 0.02 is 2 %."),
    )
    runs = WholeField(
        label=gettext_lazy("Times it is drawn"),
        min_value=100,
        max_value=100_000,
        help_text=gettext_lazy("More is surer and slower; 10 000 is enough to see two figures."),
    )
    seed = WholeField(
        label=gettext_lazy("Seed"),
        min_value=0,
        max_value=2_000_000_000,
        help_text=gettext_lazy("The same seed gives the same figures; another one shows how much is chance."),
    )
    risk = AmountField(
        label=gettext_lazy("Chance of a loss you accept"),
        min_value=0,
        max_value=1,
        help_text=gettext_lazy("The lowest price that keeps to it is sought. 0.2 is one season in five."),
    )
    cover = AmountField(
        label=gettext_lazy("Part of the cost to cover"),
        min_value=0,
        max_value=2,
        help_text=gettext_lazy("0.8 is 80 % of the planned cost of a visit."),
    )
    paying = WholeField(
        label=gettext_lazy("with so many who pay"), min_value=1, max_value=2_000, help_text=gettext_lazy("Per visit.")
    )
    free = WholeField(
        label=gettext_lazy("and so many who do not"),
        min_value=0,
        max_value=2_000,
        help_text=gettext_lazy("Per visit. They cost what every participant costs."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        model = cleaned.get("model")
        if model and model.kind in SHARES and cleaned.get("share") is None:
            self.add_error("share", _("This model needs it: which share of who pay would take what it offers?"))
        return cleaned


#: What the questions begin with.
USUAL = {
    "fee_share": Decimal("0.02"),
    "runs": 10_000,
    "seed": 1,
    "risk": Decimal("0.2"),
    "cover": Decimal("0.8"),
    "paying": 12,
    "free": 0,
}


class ScenarioForm:
    """The three together: as they were sent, or filled in with the visits that are planned."""

    def __init__(self, sent: Mapping[str, Any] | None, planned: Sequence[Upcoming] = ()) -> None:
        self.sent = sent
        self.is_sent = sent is not None
        self.row_problem = ""
        count = self._count(len(planned))
        self.rows = [
            RowForm(sent, prefix=f"v{number}", number=number, initial=_row(planned, number - 1))
            for number in range(1, count + 1)
        ]
        self.assumptions = [AssumptionForm(sent, name=name, initial=_guess(GUESS, name)) for name in NAMES]
        self.question = QuestionForm(sent, initial=USUAL, use_required_attribute=False)

    def _count(self, planned: int) -> int:
        if self.sent is None:
            return min(planned + SPARE, MOST_ROWS)
        told = str(self.sent.get("rows", ""))
        rows = int(told) if told.isdecimal() and len(told) < 4 else 0
        filled = self._last_filled()
        if not 1 <= rows <= MOST_ROWS:
            self.row_problem = _("The address says rows=%(rows)s: it should be a number from 1 to %(most)s.") % {
                "rows": told[:20],
                "most": MOST_ROWS,
            }
        elif filled > rows:
            self.row_problem = _("The address says rows=%(rows)s and fills in row %(last)s as well.") % {
                "rows": rows,
                "last": filled,
            }
        more = SPARE if "more" in self.sent else 0
        return min(max(rows if rows <= MOST_ROWS else 0, filled, SPARE) + more, MOST_ROWS)

    def _last_filled(self) -> int:
        """The number of the last row that the address gives something for."""
        matches = ((A_ROW.match(name), value) for name, value in (self.sent or {}).items())
        return max((int(match[1]) for match, value in matches if match and str(value).strip()), default=0)

    @cached_property
    def problems(self) -> list[str]:
        """Everything that keeps it from being drawn, each with where it is. Empty: it can be."""
        said = [self.row_problem] if self.row_problem else []
        for number, row in enumerate(self.rows, start=1):
            if row.has_changed() and not row.is_valid():
                said += [
                    _("Row %(number)s, %(what)s: %(problem)s")
                    % {"number": number, "what": row.fields[name].label, "problem": _all(errors)}
                    for name, errors in row.errors.items()
                ]
        for one in self.assumptions:
            if not one.is_valid():
                said += [f"{one.label}: {_all(errors)}" for errors in one.errors.values()]
        if not self.question.is_valid():
            fields = self.question.fields
            said += [f"{fields[name].label}: {_all(errors)}" for name, errors in self.question.errors.items()]
        if not said and self.question.cleaned_data["runs"] * len(self.filled) > MOST_DRAWS:
            said.append(_("That is too much to wait for: draw it fewer times, or with fewer visits."))
        return said

    @cached_property
    def filled(self) -> list[RowForm]:
        return [row for row in self.rows if row.has_changed() and row.is_valid()]

    def asked(self) -> Asked:
        """Of a form without problems."""
        said = self.question.cleaned_data
        kind, parameters, name = offered(said["model"])
        season = told(
            [row.cleaned_data for row in self.filled],
            kind=kind,
            parameters=parameters,
            share=said["share"],
            uncertain={one.name: one.ends() for one in self.assumptions},
            fee_share=said["fee_share"],
        )
        return Asked(season, kind, name, said["runs"], said["seed"])


def _all(errors: Iterable[Any]) -> str:
    return " ".join(str(error) for error in errors)


def _row(planned: Sequence[Upcoming], place: int) -> dict[str, Any]:
    if place >= len(planned):
        return {}
    one = planned[place]
    return {name: getattr(one, name) for name in RowForm.base_fields}


def _guess(assumptions: Assumptions, name: str) -> dict[str, float]:
    known = getattr(assumptions, name)
    return {end: getattr(known, end) for end in ENDS}
