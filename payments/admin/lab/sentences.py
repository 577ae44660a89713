"""A revenue model in a sentence, as a programme manager would tell it to the steering group."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.templatetags.cms_tags import money
from payments.lab.plans import Plan


def asks(plan: Plan) -> str:
    """What the plan asks of whom. For a plan that passed payments.lab.plans.check."""
    return f"{_SAID[plan.kind](plan.parameters)} {_free(plan.free_quota)}"


def _free(quota: int | None) -> str:
    if quota is None:
        return _("Members are always free.")
    if not quota:
        return _("Nobody is free.")
    said = ngettext(
        "Of each member organisation %(count)s seat per visit is free.",
        "Of each member organisation %(count)s seats per visit are free.",
        quota,
    )
    return said % {"count": quota}


def _euro(parameters: Mapping[str, Any], name: str = "price") -> str:
    value = parameters.get(name)
    return _("the price of the visit") if value in (None, "") else money(Decimal(str(value)))


def _percent(parameters: Mapping[str, Any], name: str) -> str:
    value = (Decimal(str(parameters.get(name, 0))) * 100).normalize()
    return f"{number_format(value, max(-int(value.as_tuple().exponent), 0))} %"


def _one_price(parameters: Mapping[str, Any]) -> str:
    return _("Everybody who is not free pays %(price)s.") % {"price": _euro(parameters)}


def _cost_price(parameters: Mapping[str, Any]) -> str:
    if parameters.get("price") not in (None, ""):
        return _one_price(parameters)
    return _("Everybody who is not free pays the cost price that was derived for the visit, or its own price.")


def _tiered(parameters: Mapping[str, Any]) -> str:
    steps = parameters["tiers"]
    said = [
        ngettext("the first %(seats)s pays %(price)s", "the first %(seats)s pay %(price)s", int(step["seats"]))
        % {"seats": step["seats"], "price": _euro(step)}
        if place == 0
        else ngettext("the next %(seats)s pays %(price)s", "the next %(seats)s pay %(price)s", int(step["seats"]))
        % {"seats": step["seats"], "price": _euro(step)}
        for place, step in enumerate(steps[:-1])
    ]
    said.append(_("all others pay %(price)s") % {"price": _euro(steps[-1])})
    return _("Of those who are not free: %(steps)s.") % {"steps": ", ".join(said)}


def _early(parameters: Mapping[str, Any]) -> str:
    said = ngettext(
        "Who registers at least %(days)s day beforehand pays %(early)s, all others who are not free %(price)s.",
        "Who registers at least %(days)s days beforehand pays %(early)s, all others who are not free %(price)s.",
        int(parameters["days"]),
    )
    days = parameters["days"]
    return said % {"days": days, "early": _euro(parameters, "early_price"), "price": _euro(parameters)}


def _group(parameters: Mapping[str, Any]) -> str:
    said = _(
        "A seat is %(price)s; from %(seats)s paying seats in one registration there is a reduction of %(discount)s."
    )
    discount = _percent(parameters, "discount")
    return said % {"price": _euro(parameters), "seats": parameters["seats"], "discount": discount}


def _pass(parameters: Mapping[str, Any]) -> str:
    said = ngettext(
        "A seat is %(price)s; a pass for %(seats)s seat of the season is %(pass)s per organisation.",
        "A seat is %(price)s; a pass for %(seats)s seats of the season is %(pass)s per organisation.",
        int(parameters["seats"]),
    )
    return said % {
        "price": _euro(parameters),
        "seats": parameters["seats"],
        "pass": _euro(parameters, "pass_price"),
    }


def _sponsor(parameters: Mapping[str, Any]) -> str:
    said = _("A sponsor gives %(sponsor)s per visit; everybody who is not free pays %(price)s.")
    return said % {"sponsor": _euro(parameters, "sponsor"), "price": _euro(parameters)}


def _subsidy(parameters: Mapping[str, Any]) -> str:
    if parameters.get("for_members"):
        said = _("A funder pays %(each)s for each member; everybody who is not free pays %(price)s.")
    else:
        said = _("A funder pays %(each)s for each participant; everybody who is not free pays %(price)s.")
    return said % {"each": _euro(parameters, "per_participant"), "price": _euro(parameters)}


def _what_you_can(parameters: Mapping[str, Any]) -> str:
    said = _(
        "Who is not free pays what they choose: %(nothing)s nothing, the others %(average)s on average (an assumption)."
    )
    return said % {"nothing": _percent(parameters, "nothing"), "average": _euro(parameters, "average")}


def _deposit(parameters: Mapping[str, Any]) -> str:
    said = _("Everybody leaves %(deposit)s and gets it back by coming; who is not free pays %(price)s.")
    return said % {"deposit": _euro(parameters, "deposit"), "price": _euro(parameters)}


_SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "cost_price": _cost_price,
    "members_free": _one_price,
    "tiered": _tiered,
    "early_bird": _early,
    "group": _group,
    "season_pass": _pass,
    "sponsor": _sponsor,
    "subsidy": _subsidy,
    "pay_what_you_can": _what_you_can,
    "deposit": _deposit,
}
