"""The words a case is filed under. Stable slugs in the database; what people read is translated here."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

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


class Ladder(models.TextChoices):
    """Which version of the ladder a case was filed by, so that a later one can be told apart."""

    PBL_2017 = "pbl-2017", _("R-ladder, PBL 2017")


class Retention(models.TextChoices):
    """The four ways to keep value in which PBL groups its later ladder (ICER 2023)."""

    NARROW = "narrow", _("Narrow")
    SLOW = "slow", _("Slow")
    CLOSE = "close", _("Close")
    SUBSTITUTE = "substitute", _("Substitute")


class Goal(models.IntegerChoices):
    """The five goals a Green Deal purchase could choose from."""

    LESS_MATERIAL = 1, _("Use less material in total")
    LESS_VIRGIN = 2, _("Use less non-renewable virgin material")
    LONGER_LIFE = 3, _("Extend use and lifetime")
    REUSABLE = 4, _("Optimise reuse of products and parts")
    RECYCLABLE = 5, _("Optimise recycling")


#: Our reading: no rung says "substitute", the second goal does; recovering energy keeps no material, so it is in none.
RETAINED_BY: dict[Retention, set[Any]] = {
    Retention.NARROW: {Strategy.REFUSE, Strategy.RETHINK, Strategy.REDUCE},
    Retention.SLOW: {
        Strategy.REUSE,
        Strategy.REPAIR,
        Strategy.REFURBISH,
        Strategy.REMANUFACTURE,
        Strategy.REPURPOSE,
    },
    Retention.CLOSE: {Strategy.RECYCLE},
    Retention.SUBSTITUTE: {Goal.LESS_VIRGIN},
}


def retained(strategies: Iterable[str], goals: Iterable[int]) -> list[Retention]:
    """How a case with these strategies and Green Deal goals keeps value, in the order of the four."""
    named = {*strategies, *goals}
    return [way for way, by in RETAINED_BY.items() if by & named]


class Phase(models.TextChoices):
    """Where in a purchase a lesson is of use."""

    NEEDS = "needs", _("Needs and ambition")
    MARKET = "market", _("Market consultation")
    TENDER = "tender", _("Specifications and tender")
    AWARD = "award", _("Award and contract")
    USE = "use", _("Use and contract follow-up")
    END = "end", _("End of use and take-back")


class ProductGroup(models.TextChoices):
    """What was bought, in the groups of the Flemish Leerhub; cleaning and mobility are ours."""

    BUILDING = "building", _("Building")
    FURNITURE = "furniture", _("Office furniture")
    LIGHTING = "lighting", _("Indoor lighting")
    TEXTILE = "textile", _("Textiles")
    FOOD = "food", _("Food and catering")
    ICT = "ict", _("ICT")
    CLEANING = "cleaning", _("Cleaning")
    MOBILITY = "mobility", _("Mobility")


#: The European Union's voluntary criteria for green public procurement, with the year of the criteria where we know it.
#: Indoor lighting stood in an older list and has none now.
EU_GPP: dict[str, list[Any]] = {
    ProductGroup.BUILDING: [_("Office building design, construction and management (2016, under revision)")],
    ProductGroup.FURNITURE: [_("Furniture (2017)")],
    ProductGroup.LIGHTING: [],
    ProductGroup.TEXTILE: [_("Textile products and services")],
    ProductGroup.FOOD: [_("Food catering and vending (2019)")],
    ProductGroup.ICT: [
        _("Computers, monitors, tablets and smartphones (2021)"),
        _("Data centres, server rooms and cloud (2020)"),
        _("Imaging equipment, consumables and print (2020)"),
    ],
    ProductGroup.CLEANING: [_("Indoor cleaning")],
    ProductGroup.MOBILITY: [_("Road transport")],
}


class BuyerKind(models.TextChoices):
    """What kind of organisation buys."""

    LOCAL = "local", _("Local government")
    STATE = "state", _("Regional or federal government")
    EDUCATION = "education", _("Education")
    CARE = "care", _("Care")
    UTILITY = "utility", _("Utility company")
    INDUSTRY = "industry", _("Industry")
    SERVICES = "services", _("Services")
    NONPROFIT = "nonprofit", _("Non-profit organisation")


class Market(models.TextChoices):
    """The market it is bought in."""

    CONSTRUCTION = "construction", _("Construction")
    TEXTILE = "textile", _("Textile industry")
    LIGHTING = "lighting", _("Lighting industry")
    ICT = "ict", _("ICT")
    FOOD = "food", _("Food industry")
    FURNITURE = "furniture", _("Furniture industry")
    MOBILITY = "mobility", _("Mobility")
    CLEANING = "cleaning", _("Cleaning")


class ContractForm(models.TextChoices):
    """How it was agreed."""

    PURCHASE = "purchase", _("Purchase")
    TAKE_BACK = "take-back", _("Purchase with take-back")
    LEASE = "lease", _("Lease or rent")
    SERVICE = "service", _("Product as a service")
    FRAMEWORK = "framework", _("Framework agreement")
    INNOVATION = "innovation", _("Innovation partnership")
    PILOT = "pilot", _("Pilot project")


class Sdg(models.IntegerChoices):
    """The seventeen Sustainable Development Goals of the United Nations, by their short names."""

    NO_POVERTY = 1, _("No poverty")
    NO_HUNGER = 2, _("Zero hunger")
    HEALTH = 3, _("Good health and well-being")
    EDUCATION = 4, _("Quality education")
    EQUALITY = 5, _("Gender equality")
    WATER = 6, _("Clean water and sanitation")
    ENERGY = 7, _("Affordable and clean energy")
    WORK = 8, _("Decent work and economic growth")
    INDUSTRY = 9, _("Industry, innovation and infrastructure")
    INEQUALITY = 10, _("Reduced inequalities")
    CITIES = 11, _("Sustainable cities and communities")
    CONSUMPTION = 12, _("Responsible consumption and production")
    CLIMATE = 13, _("Climate action")
    SEA = 14, _("Life below water")
    LAND = 15, _("Life on land")
    PEACE = 16, _("Peace, justice and strong institutions")
    PARTNERSHIP = 17, _("Partnerships for the goals")


class Licence(models.TextChoices):
    """On what terms the text of a case may be used again; the learning packages carry it."""

    CC0 = "cc0-1.0", _("CC0 1.0: free for any use")
    BY = "cc-by-4.0", _("CC BY 4.0: free with the name of the maker")
    BY_SA = "cc-by-sa-4.0", _("CC BY-SA 4.0: with the name of the maker, shared alike")
    RESERVED = "reserved", _("All rights reserved")


#: Where a licence is written out. What is reserved has no address.
LICENCE_URLS: dict[str, str] = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
}


class Quantity(models.TextChoices):
    """What an impact figure measures. None of these is the measure of circularity; the method is named beside it."""

    VIRGIN = "virgin", _("Virgin material")
    WASTE = "waste", _("Waste")
    REUSED = "reused", _("Reused products and material")
    CO2 = "co2", _("Greenhouse gases")
    ENERGY = "energy", _("Energy")
    WATER = "water", _("Water")
    RECYCLED = "recycled", _("Recycled content")
    BIOBASED = "biobased", _("Biobased content")
    REUSABLE = "reusable", _("Reusable at the end")
    LIFE = "life", _("Length of life")
    TCO = "tco", _("Total cost of ownership")
    RESIDUAL = "residual", _("Residual value")
    JOBS = "jobs", _("Jobs in the social economy")


class Direction(models.TextChoices):
    """Whether the figure says what did not happen or what did."""

    AVOIDED = "avoided", _("Avoided")
    ACHIEVED = "achieved", _("Achieved")


class Method(models.TextChoices):
    """How a figure was come by."""

    LCA = "lca", _("Life cycle assessment (LCA)")
    EPD = "epd", _("Environmental product declaration (EPD)")
    MPG = "mpg", _("Environmental performance of buildings (MPG)")
    SUPPLIER = "supplier", _("Supplier's statement")
    METERED = "metered", _("Own metering")


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
