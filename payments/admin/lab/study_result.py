"""What a study shows: curves, points with how sure they are, who was left out, and what was paid in the end."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from cms.admin.amounts import AmountField, WholeField
from cms.curves import Axis, Crossing, Curves, Series, curves
from cms.templatetags.cms_tags import money, number
from payments.decision_paper import percent
from payments.lab.decision import FEW_ANSWERS
from payments.lab.refusal import CannotCompute
from payments.lab.van_westendorp import Sensitivity
from payments.models import PriceAnswer, PriceStudy
from payments.study_findings import (
    LEAST,
    AskedPrices,
    FourPrices,
    Market,
    asked_prices,
    four_prices,
    point_rows,
    stated_against_paid,
)


def euro(value: float) -> str:
    """A price the lab computed, in cents."""
    return money(Decimal(str(round(value, 2))))


def whole_euro(value: float) -> str:
    """On an axis: whole euros without cents."""
    whole = round(value)
    return f"€\u00a0{number(Decimal(whole))}" if abs(value - whole) < 0.005 else euro(value)


PRICE = Axis(gettext_lazy("price"), whole_euro)
SHARE = Axis(gettext_lazy("share of the answers"), lambda value: f"{round(value * 100)} %")
REVENUE = Axis(gettext_lazy("revenue excl. VAT"), whole_euro)
CONVENTION = {
    "original": gettext_lazy("The convention of 1976: not cheap and not expensive"),
    "narrower": gettext_lazy("The narrower convention: cheap and expensive"),
}
POINT = {
    "opp": gettext_lazy("OPP, optimal price point"),
    "ipp": gettext_lazy("IPP, indifference price point"),
    "pmc": gettext_lazy("PMC, lower end of the acceptable range"),
    "pme": gettext_lazy("PME, upper end of the acceptable range"),
}
ASKED = {
    "too_cheap": gettext_lazy("too cheap"),
    "cheap": gettext_lazy("cheap"),
    "expensive": gettext_lazy("expensive"),
    "too_expensive": gettext_lazy("too expensive"),
    "not_cheap": gettext_lazy("not cheap"),
    "not_expensive": gettext_lazy("not expensive"),
}
#: Which curves a convention draws: the first meets the last two, the second too.
DRAWN = {
    "original": ("too_cheap", "not_cheap", "not_expensive", "too_expensive"),
    "narrower": ("too_cheap", "cheap", "expensive", "too_expensive"),
}
#: Between which two of them each point lies.
MEET = {
    "original": {
        "opp": ("too_expensive", "too_cheap"),
        "ipp": ("not_cheap", "not_expensive"),
        "pmc": ("not_cheap", "too_cheap"),
        "pme": ("too_expensive", "not_expensive"),
    },
    "narrower": {
        "opp": ("too_expensive", "too_cheap"),
        "ipp": ("expensive", "cheap"),
        "pmc": ("expensive", "too_cheap"),
        "pme": ("too_expensive", "cheap"),
    },
}


class MarketForm(forms.Form):
    """What the best price is sought for. Kept in the address, so that it can be sent to a colleague."""

    cost = AmountField(
        label=gettext_lazy("Cost per seat, excl. VAT"),
        min_value=0,
        max_value=100_000,
        decimal_places=2,
        help_text=gettext_lazy("What one participant more costs: lunch, a seat in the bus."),
    )
    fixed = AmountField(
        label=gettext_lazy("Fixed cost, excl. VAT"),
        min_value=0,
        max_value=10_000_000,
        decimal_places=2,
        help_text=gettext_lazy("What the visit costs whoever comes. It moves the profit, not the best price."),
    )
    market = WholeField(
        label=gettext_lazy("People who could come"),
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("Whom you would tell of the visit. 100 to read the figures as per hundred."),
    )

    def asked(self) -> Market:
        """Of a valid form."""
        told = self.cleaned_data
        return Market(told["cost"], told["fixed"], told["market"])


class StudyResultView(generic.InspectView):
    """One study, whichever way it asked. What cannot be computed is a sentence, never an error page."""

    template_name = "payments/admin/lab/study.html"
    page_title = gettext_lazy("Price study")
    any_permission_required = ["view"]
    object: PriceStudy

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        user, pk = self.request.user, self.object.pk
        buttons = []
        if user.has_perm("payments.change_pricestudy"):
            buttons.append(
                HeaderButton(_("Add answers"), reverse("lab_studies:answers", args=[pk]), icon_name="upload")
            )
            buttons.append(HeaderButton(_("Edit"), reverse("lab_studies:edit", args=[pk]), icon_name="edit"))
        return buttons

    def get_fields_context(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        study = self.object
        answers = list(study.answers.all())
        context = {
            **super().get_context_data(**kwargs),
            "study": study,
            "n": len(answers),
            "few": FEW_ANSWERS if len(answers) < FEW_ANSWERS else 0,
            "least": LEAST,
            "is_four": study.method == PriceStudy.Method.FOUR_PRICES,
            "may_change": self.request.user.has_perm("payments.change_pricestudy"),
            "may_delete": self.request.user.has_perm("payments.delete_pricestudy"),
        }
        if not answers:
            return context
        shown = self._four(answers) if context["is_four"] else self._asked(answers)
        return {**context, **shown, "paid": stated_against_paid(study, answers)}

    def _four(self, answers: Sequence[PriceAnswer]) -> dict[str, Any]:
        try:
            found = four_prices(answers)
        except CannotCompute as error:
            dropped = [answer for answer in answers if not answer.as_four_prices().ordered]
            return {"problem": str(error), "dropped": dropped}
        return {
            "dropped": found.dropped,
            "conventions": [_convention(one) for one in found.found],
            "segments": _segments(found),
            "seen": found.found[0].n,
        }

    def _asked(self, answers: Sequence[PriceAnswer]) -> dict[str, Any]:
        usual = Market()
        asked = self.request.GET if "market" in self.request.GET else None
        form = MarketForm(asked, initial={"cost": usual.cost, "fixed": usual.fixed, "market": usual.people})
        market = form.asked() if asked is not None and form.is_valid() else usual
        try:
            found = asked_prices(answers, market)
        except CannotCompute as error:
            places = [answer for answer in answers if not answer.as_limit().transitive]
            return {"problem": str(error), "form": form, "contradicting": _said(places)}
        return {
            "form": form,
            "market": market,
            "found": found,
            "demand": _demand(found),
            "revenue": _revenue(found, market),
            "rows": _asked_rows(found),
            "contradicting": _said(found.contradicting),
            "seen": len(answers) - len(found.contradicting),
        }


def _convention(found: Sensitivity) -> dict[str, Any]:
    points = [
        {
            "label": POINT[row.name],
            "value": euro(row.value),
            "interval": f"{euro(row.low)} – {euro(row.high)}",
            "meets": " × ".join(str(ASKED[name]) for name in MEET[found.convention][row.name]),
        }
        for row in point_rows(found)
    ]
    return {"title": CONVENTION[found.convention], "points": points, "curves": _four_curves(found), "n": found.n}


def _four_curves(found: Sensitivity) -> Curves | None:
    drawn = DRAWN[found.convention]
    prices = [float(price) for price in found.curves.prices]
    shares = {name: getattr(found.curves, name) for name in drawn}
    crossings = [
        Crossing(
            f"{name.upper()} {euro(getattr(found.points, name))}",
            getattr(found.points, name),
            found.curves.share_at(MEET[found.convention][name][0], getattr(found.points, name)),
        )
        for name in ("pmc", "opp", "ipp", "pme")
    ]
    return curves(
        found.convention,
        CONVENTION[found.convention],
        PRICE,
        SHARE,
        [Series(ASKED[name], list(zip(prices, shares[name], strict=True))) for name in drawn],
        crossings=crossings,
        columns=[_("Price"), *(ASKED[name] for name in drawn)],
        rows=[
            (money(price), [percent(shares[name][place]) for name in drawn])
            for place, price in enumerate(found.curves.prices)
        ],
        said=_("The share of %(n)s answers that finds a price too cheap, too expensive and what lies between.")
        % {"n": found.n},
        top=1,
    )


def _segments(found: FourPrices) -> list[dict[str, Any]]:
    return [
        {
            "name": segment.name,
            "n": segment.n,
            "why": segment.why,
            "cells": [f"{euro(row.value)} ({euro(row.low)} – {euro(row.high)})" for row in point_rows(segment.found)]
            if segment.found
            else [],
        }
        for segment in found.segments
    ]


def _demand(found: AskedPrices) -> Curves | None:
    series = [
        Series(
            _("would come, with its 95 % interval"),
            [(float(point.price), point.share) for point in found.points],
            [(float(point.price), *point.interval) for point in found.points if point.interval],
            is_loose=True,
        )
    ]
    if found.drawn:
        series.append(Series(_("fitted curve"), [(price, share) for price, share, _revenue in found.drawn]))
    said = _("The share that would come at each asked price, and the curve that fits these shares best.")
    return curves("demand", _("Demand"), PRICE, SHARE, series, said=said, top=1)


def _revenue(found: AskedPrices, market: Market) -> Curves | None:
    series = [
        Series(
            _("at the asked prices"),
            [(float(one.price), float(one.revenue)) for one in found.at_asked],
            is_loose=True,
        )
    ]
    crossings = []
    if found.drawn and found.best:
        series.append(Series(_("along the fitted curve"), [(price, brings) for price, _share, brings in found.drawn]))
        crossings = [
            Crossing(
                _("most profit: %(price)s") % {"price": money(found.best.price)},
                float(found.best.price),
                float(found.best.revenue),
            )
        ]
    said = _("What each price would bring with %(people)s people who could come.") % {"people": market.people}
    return curves("revenue", _("Revenue"), PRICE, REVENUE, series, said=said, crossings=crossings)


def _asked_rows(found: AskedPrices) -> list[dict[str, Any]]:
    return [
        {
            "price": point.price,
            "asked": point.asked,
            "share": percent(point.share),
            "interval": " – ".join(percent(end) for end in point.interval) if point.interval else "–",
            "revenue": at.revenue,
            "profit": at.profit,
        }
        for point, at in zip(found.points, found.at_asked, strict=True)
    ]


def _said(answers: Sequence[PriceAnswer]) -> list[dict[str, Any]]:
    """Each person's yes and no, in the order of the prices."""
    return [
        {
            "segment": answer.segment,
            "yes": ", ".join(number(price) for price, yes in answer.as_limit().answers if yes),
            "no": ", ".join(number(price) for price, yes in answer.as_limit().answers if not yes),
        }
        for answer in answers
    ]
