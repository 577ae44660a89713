"""The words a case is filed under. Stable slugs in the database; what people read is translated here."""

import math
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Strategy(models.TextChoices):
    """The R-ladder, R0 to R9 (Potting and others, PBL 2017, in its Flemish rendering). The lower, the more circular."""

    REFUSE = "refuse", _("Refuse")
    RETHINK = "rethink", _("Rethink")
    REDUCE = "reduce", _("Reduce")
    REUSE = "reuse", _("Reuse")
    REPAIR = "repair", _("Repair")
    REFURBISH = "refurbish", _("Refurbish")
    REMANUFACTURE = "remanufacture", _("Remanufacture")
    REPURPOSE = "repurpose", _("Repurpose")
    RECYCLE = "recycle", _("Recycle")
    RECOVER = "recover", _("Recover energy")


RUNGS = {slug: rung for rung, slug in enumerate(Strategy.values)}


class Phase(models.TextChoices):
    """Where in a purchase a lesson is of use."""

    NEEDS = "needs", _("Needs and ambition")
    MARKET = "market", _("Market consultation")
    TENDER = "tender", _("Specifications and tender")
    AWARD = "award", _("Award and contract")
    USE = "use", _("Use and contract follow-up")
    END = "end", _("End of use and take-back")


class ProductGroup(models.TextChoices):
    """What was bought."""

    BUILDING = "building", _("Building")
    FURNITURE = "furniture", _("Office furniture")
    LIGHTING = "lighting", _("Lighting")
    TEXTILE = "textile", _("Textiles")
    FOOD = "food", _("Food and catering")
    ICT = "ict", _("ICT")


class Goal(models.IntegerChoices):
    """The five goals a Green Deal purchase could choose from."""

    LESS_MATERIAL = 1, _("Use less material in total")
    LESS_VIRGIN = 2, _("Use less non-renewable virgin material")
    LONGER_LIFE = 3, _("Extend use and lifetime")
    REUSABLE = 4, _("Optimise reuse of products and parts")
    RECYCLABLE = 5, _("Optimise recycling")


class Ring(NamedTuple):
    """One ring of a case's figure: its strategy, its radius and stroke, and the gap that still leaks away."""

    slug: str
    label: str
    radius: int
    width: int
    colour: str
    drawn: float
    gap: float
    turn: int


COLOURS = ("moss", "copper", "sun", "sky", "ink")
#: Of a frame 300 high: the outermost ring, its stroke included, stays inside it.
FIRST_RADIUS, LAST_RADIUS, WIDEST_STEP, FIRST_WIDTH = 42, 132, 45, 30
#: Half a turn of the rings of one case against the next, so that the gaps do not line up.
GOLDEN_ANGLE = 137.508


def rings(strategies: list[str]) -> list[Ring]:
    """The rings of a case, innermost first, drawn from its strategies alone.

    A ring's gap grows with the rung: 5 % for R0, plus 4.5 % a rung, so that refusing leaks least and recovering energy
    most. The colour belongs to the strategy, so that two cases can be compared at a glance. The figure is about the
    strategy, not a measurement; the page says so.
    """
    figure = []
    known = sorted((slug for slug in strategies if slug in RUNGS), key=RUNGS.__getitem__)
    step = min(WIDEST_STEP, (LAST_RADIUS - FIRST_RADIUS) / max(1, len(known) - 1))
    for place, slug in enumerate(known):
        radius = round(FIRST_RADIUS + place * step)
        length = 2 * math.pi * radius
        share = 0.05 + 0.045 * RUNGS[slug]
        figure.append(
            Ring(
                slug=slug,
                label=str(Strategy(slug).label),
                radius=radius,
                width=round(min(FIRST_WIDTH - 3 * place, step * 0.65)),
                colour=COLOURS[RUNGS[slug] % len(COLOURS)],
                drawn=round(length * (1 - share), 1),
                gap=round(length * share, 1),
                turn=round(RUNGS[slug] * GOLDEN_ANGLE) % 360,
            )
        )
    return figure
