"""Revenue models for people who are not there yet (payments.lab.season), as payments.lab.plans has them for who
came."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.lab.plans import KINDS, rungs
from payments.lab.refusal import CannotCompute, amount, part_taken, share, whole
from payments.lab.season import PlannedVisit, Tariff

#: What a model needs to know of people who are not there yet, besides its own parameters.
SHARES = {"early_bird": "early_share", "group": "group_share", "season_pass": "pass_share"}


def tariff(kind: str, parameters: Mapping[str, Any], visit: PlannedVisit, fee_share: float = 0.0) -> Tariff:
    """What `kind` asks on this visit. `early_share`, `group_share` and `pass_share` say which share of the paying do
    so.

    Raises CannotCompute for an unknown model or a parameter that is missing, unknown or out of bounds.
    """
    if kind not in KINDS:
        raise CannotCompute(
            _("There is no revenue model “%(name)s”: choose one of %(known)s."), name=kind, known=", ".join(KINDS)
        )
    known = {*KINDS[kind].parameters, SHARES.get(kind, "")}
    if unknown := set(parameters) - known:
        raise CannotCompute(_("This model has no “%(names)s”."), names=", ".join(sorted(unknown)))
    return _MADE[kind](_Read(parameters, visit), part_taken(fee_share, _("The share of the payment service")))


class _Read:
    """Parameters of a model, each read once with its bounds."""

    def __init__(self, parameters: Mapping[str, Any], visit: PlannedVisit) -> None:
        self.parameters, self.visit = parameters, visit

    def price(self, name: str = "price") -> float:
        value = self.parameters.get(name)
        if value in (None, ""):
            if name != "price":
                raise CannotCompute(_("This model lacks “%(name)s”."), name=name)
            return float(self.visit.price)
        return float(amount(value, name))

    def number(self, name: str) -> int:
        if name not in self.parameters:
            raise CannotCompute(_("This model lacks “%(name)s”."), name=name)
        return whole(self.parameters[name], name, least=1)

    def part(self, name: str, otherwise: float | None = None) -> float:
        value = self.parameters.get(name, otherwise)
        if value is None:
            raise CannotCompute(_("This model lacks “%(name)s”."), name=name)
        return share(value, name)


def _each(price: float) -> Callable[[int], float]:
    return lambda n: price * n


def _flat(read: _Read, fee: float) -> Tariff:
    return Tariff(read.price(), _each(read.price()), fee_share=fee)


def _mixed(usual: float, other: float, part: float, fee: float) -> Tariff:
    each = part * other + (1 - part) * usual
    return Tariff(each, _each(each), fee_share=fee)


def _tiered(read: _Read, fee: float) -> Tariff:
    ladder, last = rungs(read.parameters)
    sums = [0.0]
    for n in range(read.visit.capacity):
        sums.append(sums[-1] + float(ladder[n] if n < len(ladder) else last))
    likely = max(min(round(read.visit.registrations), read.visit.capacity), 1)
    return Tariff(sums[likely] / likely, lambda n: sums[n], fee_share=fee)


def _early(read: _Read, fee: float) -> Tariff:
    return _mixed(read.price(), read.price("early_price"), read.part("early_share"), fee)


def _group(read: _Read, fee: float) -> Tariff:
    return _mixed(read.price(), read.price() * (1 - read.part("discount")), read.part("group_share"), fee)


def _pass(read: _Read, fee: float) -> Tariff:
    return _mixed(read.price(), read.price("pass_price") / read.number("seats"), read.part("pass_share"), fee)


def _sponsor(read: _Read, fee: float) -> Tariff:
    return Tariff(read.price(), _each(read.price()), per_visit=read.price("sponsor"), fee_share=fee)


def _subsidy(read: _Read, fee: float) -> Tariff:
    if read.parameters.get("for_members"):
        raise CannotCompute(_("A scenario knows no members: subsidise every participant, or compare past visits."))
    return Tariff(read.price(), _each(read.price()), per_participant=read.price("per_participant"), fee_share=fee)


def _what_you_can(read: _Read, fee: float) -> Tariff:
    each = read.price("average") * (1 - read.part("nothing", 0))
    return Tariff(each, _each(each), fee_share=fee)


def _deposit(read: _Read, fee: float) -> Tariff:
    return Tariff(read.price(), _each(read.price()), per_absent=read.price("deposit"), fee_share=fee)


_MADE: dict[str, Callable[[_Read, float], Tariff]] = {
    "cost_price": _flat,
    "members_free": _flat,
    "tiered": _tiered,
    "early_bird": _early,
    "group": _group,
    "season_pass": _pass,
    "sponsor": _sponsor,
    "subsidy": _subsidy,
    "pay_what_you_can": _what_you_can,
    "deposit": _deposit,
}
