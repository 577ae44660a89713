"""What each revenue model takes, as fields a person fills in: amounts as such, shares as percentages.

Kept are the parameters that payments.lab.plans reads: amounts and shares as text, so that they stay exact.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.amounts import AmountField, WholeField
from payments.lab.plans import KINDS

#: Steps of a tiered price that the form has room for.
TIERS = 5
HUNDRED = Decimal(100)
PERCENTAGES = ("discount", "nothing")

#: What each kind is, in a sentence for whoever chooses one.
ABOUT: dict[str, Any] = {
    "cost_price": gettext_lazy("One price for everybody who is not free: yours, or the price of each visit."),
    "members_free": gettext_lazy("As the Tour works now: members come free, the others pay one price."),
    "tiered": gettext_lazy("The first seats are cheaper; the price rises as a visit fills."),
    "early_bird": gettext_lazy("Who registers long enough beforehand pays less."),
    "group": gettext_lazy("Who brings colleagues in one registration gets a reduction."),
    "season_pass": gettext_lazy("An organisation buys a number of seats of the season at once."),
    "sponsor": gettext_lazy("A sponsor gives an amount for each visit, beside what participants pay."),
    "subsidy": gettext_lazy("A funder pays for each participant, or for each member."),
    "pay_what_you_can": gettext_lazy("Each participant chooses what to pay."),
    "deposit": gettext_lazy("Everybody leaves a deposit, which is kept of whoever does not come."),
}


def _amount(label: Any, help_text: Any, *, required: bool = True) -> AmountField:
    return AmountField(label=label, help_text=help_text, required=required, min_value=0, max_digits=8, decimal_places=2)


def _count(label: Any, help_text: Any, *, least: int = 1, most: int = 1000) -> WholeField:
    return WholeField(label=label, help_text=help_text, min_value=least, max_value=most)


def _percentage(label: Any, help_text: Any) -> AmountField:
    return AmountField(label=label, help_text=help_text, min_value=0, max_value=100, max_digits=5, decimal_places=2)


def _price() -> AmountField:
    return _amount(
        gettext_lazy("price excl. VAT"),
        gettext_lazy("In euro per seat. Empty: the price for everyone of the visit itself."),
        required=False,
    )


def fields_of(kind: str) -> dict[str, forms.Field]:
    """The fields of this kind's parameters, by name. Raises KeyError for an unknown kind."""
    made: dict[str, forms.Field] = {}
    for name in KINDS[kind].parameters:
        if name == "tiers":
            made.update(_tiers())
        else:
            made[name] = _field(kind, name)
    return made


def _field(kind: str, name: str) -> forms.Field:
    if name == "seats" and kind == "group":
        return _count(
            gettext_lazy("seats from which it counts"),
            gettext_lazy("Paying seats in one registration, from 2."),
            least=2,
        )
    return {
        "price": _price,
        "early_price": lambda: _amount(
            gettext_lazy("early price excl. VAT"), gettext_lazy("In euro per seat, for who registers in time.")
        ),
        "days": lambda: _count(
            gettext_lazy("days beforehand"),
            gettext_lazy("Registered at least so many days before the visit is early."),
        ),
        "seats": lambda: _count(gettext_lazy("seats in a pass"), gettext_lazy("Over all visits of the season.")),
        "discount": lambda: _percentage(
            gettext_lazy("reduction (%)"), gettext_lazy("Off the price of every paying seat of that registration.")
        ),
        "pass_price": lambda: _amount(
            gettext_lazy("price of a pass excl. VAT"), gettext_lazy("In euro, for one organisation and the season.")
        ),
        "sponsor": lambda: _amount(
            gettext_lazy("sponsor per visit excl. VAT"), gettext_lazy("In euro, for each visit.")
        ),
        "per_participant": lambda: _amount(
            gettext_lazy("subsidy per participant"), gettext_lazy("In euro, for each participant that counts.")
        ),
        "for_members": lambda: forms.BooleanField(
            label=gettext_lazy("for members only"),
            help_text=gettext_lazy("Ticked: only members count. Not ticked: every participant."),
            required=False,
        ),
        "average": lambda: _amount(
            gettext_lazy("average of those who pay, excl. VAT"),
            gettext_lazy("In euro. A guess until you measured it; a price study helps."),
        ),
        "nothing": lambda: _percentage(
            gettext_lazy("pay nothing (%)"), gettext_lazy("Of those who are not free: how many choose to pay nothing.")
        ),
        "deposit": lambda: _amount(
            gettext_lazy("deposit"), gettext_lazy("In euro per seat, of members too; given back to who comes.")
        ),
    }[name]()


def _tiers() -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for number in range(1, TIERS + 1):
        said = {"number": number}
        made[f"tier_{number}_seats"] = WholeField(
            label=_("step %(number)s: seats") % said,
            help_text=_("How many paying seats of a visit are sold at this price. The last step is for all the rest."),
            required=False,
            min_value=1,
            max_value=1000,
        )
        made[f"tier_{number}_price"] = _amount(
            _("step %(number)s: price excl. VAT") % said, _("In euro per seat."), required=False
        )
    return made


def initial_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as their fields show them."""
    shown: dict[str, Any] = {}
    for name, value in parameters.items():
        if name == "tiers":
            for number, tier in enumerate(value, start=1):
                shown |= {f"tier_{number}_seats": tier.get("seats"), f"tier_{number}_price": tier["price"]}
        elif name in PERCENTAGES:
            shown[name] = (Decimal(str(value)) * HUNDRED).normalize()
        else:
            shown[name] = value
    return shown


def parameters_of(kind: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields say as parameters; what was left empty is left out."""
    kept: dict[str, Any] = {}
    for name in KINDS[kind].parameters:
        value = cleaned.get(name)
        if name == "tiers":
            kept[name] = _steps(cleaned)
        elif value is None:
            continue
        elif name in PERCENTAGES:
            kept[name] = str(value / HUNDRED)
        else:
            kept[name] = str(value) if isinstance(value, Decimal) else value
    return kept


def _steps(cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps that have a price; the last of them is for all who are left and needs no number of seats."""
    rows = [(cleaned.get(f"tier_{number}_seats"), cleaned.get(f"tier_{number}_price")) for number in _numbers()]
    priced = [(seats, price) for seats, price in rows if price is not None]
    steps: list[dict[str, Any]] = [{"seats": seats, "price": str(price)} for seats, price in priced[:-1]]
    return steps + [{"price": str(price)} for _seats, price in priced[-1:]]


def _numbers() -> range:
    return range(1, TIERS + 1)


def problems_of_tiers(cleaned: Mapping[str, Any]) -> dict[str, str]:
    """Field -> what is wrong with the steps together: seats without a price, a step before the last without seats."""
    priced = [number for number in _numbers() if cleaned.get(f"tier_{number}_price") is not None]
    problems = {
        f"tier_{number}_price": _("This step has seats and no price.")
        for number in _numbers()
        if cleaned.get(f"tier_{number}_seats") and number not in priced
    }
    if not priced:
        problems["tier_1_price"] = _("Give at least one step with its price.")
    for number in priced[:-1]:
        if not cleaned.get(f"tier_{number}_seats"):
            problems[f"tier_{number}_seats"] = _("Say for how many seats: another step comes after it.")
    return problems
