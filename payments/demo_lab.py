"""Demo content of the revenue-model lab: costs, a rule and models, each marked as a demo. Safe to load twice.

The amounts are invented: what the pilot's visits did cost is not known.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone

from cms.demo import login
from events.models import Attendee, Event
from payments.actions.costing import derive_price, make_rule
from payments.demo_month import visit
from payments.models import CostLine, CostPrice, CostPriceRule, EventCosts, ProgrammeCost, RevenueModel

Basis = CostLine.Basis


class Line(NamedTuple):
    name: str
    basis: str
    planned: str
    #: What it became, None while it is not known.
    actual: str | None = None
    quantity: str = "1"


#: The key of a visit -> what it costs.
COSTS: dict[str, list[Line]] = {
    "cleaning": [
        Line("Gids (demo)", Basis.FIXED, "350", "350"),
        Line("Voorbereiding met de gastheer (demo)", Basis.HOURS, "75", "75", quantity="6"),
        Line("Koffie en broodjes (demo)", Basis.PARTICIPANT, "22", "19.50"),
        Line("Veiligheidsvesten (demo)", Basis.PARTICIPANT, "4", "4"),
    ],
    "laptops": [
        Line("Gids (demo)", Basis.FIXED, "350", "380"),
        Line("Voorbereiding met de gastheer (demo)", Basis.HOURS, "75", "75", quantity="8"),
        Line("Koffie en broodjes (demo)", Basis.PARTICIPANT, "22", "24.10"),
    ],
    "past": [
        Line("Gids (demo)", Basis.FIXED, "350", "350"),
        Line("Voorbereiding met de gastheer (demo)", Basis.HOURS, "75", "75", quantity="6"),
        Line("Koffie (demo)", Basis.PARTICIPANT, "12", "13.25"),
        Line("Pendelbus van het station (demo)", Basis.BUS, "290", "290"),
    ],
    "open": [
        Line("Gids (demo)", Basis.FIXED, "350"),
        Line("Voorbereiding met de gastheer (demo)", Basis.HOURS, "75", quantity="8"),
        Line("Koffie en broodjes (demo)", Basis.PARTICIPANT, "22"),
        Line("Kosten van online betalen (demo)", Basis.PERCENTAGE, "1.75"),
    ],
    "nl": [
        Line("Gids (demo)", Basis.FIXED, "420"),
        Line("Autocar vanuit Antwerpen (demo)", Basis.BUS, "780"),
        Line("Lunch (demo)", Basis.PARTICIPANT, "28"),
    ],
}
#: Name, planned, actual, key.
PROGRAMME = [
    ("Coördinatie van het programma (demo)", "1800", None, ProgrammeCost.Key.VISITS),
    ("Website en betalingen (demo)", "600", "612.40", ProgrammeCost.Key.PARTICIPANTS),
]
#: Name, kind, parameters, free seats per member organisation.
MODELS: list[tuple[str, str, dict[str, Any], int | None]] = [
    ("Kostprijs voor iedereen (demo)", "cost_price", {}, 0),
    ("Gratis voor leden, anderen kostprijs (demo)", "members_free", {}, None),
    ("Vroegboekprijs (demo)", "early_bird", {"price": "115", "early_price": "85", "days": 21}, None),
    ("Groepskorting vanaf drie (demo)", "group", {"price": "110", "seats": 3, "discount": "0.15"}, None),
    ("Betaal wat u kunt (demo)", "pay_what_you_can", {"average": "55", "nothing": "0.3"}, 0),
    ("Sponsor per bezoek (demo)", "sponsor", {"price": "60", "sponsor": "750"}, None),
]
WHY = "Voorbeeldregel (demo): een gratis plaats kost evenveel als een betaalde, dus dragen alle deelnemers de kosten."


def load() -> None:
    """Load what is not there yet."""
    login("manager", "Programme managers")
    for key, lines in COSTS.items():
        event = visit(key)
        if not EventCosts.objects.filter(event=event).exists():
            _costs(event, lines)
    today = timezone.localdate()
    for name, planned, actual, key in PROGRAMME:
        if not ProgrammeCost.objects.filter(name=name).exists():
            _programme(name, planned, actual, key, today)
    for name, kind, parameters, quota in MODELS:
        if not RevenueModel.objects.filter(name=name).exists():
            model = RevenueModel(
                name=name,
                kind=kind,
                parameters=parameters,
                free_quota=quota,
                note="Voorbeeld (demo): bedragen verzonnen.",
            )
            model.full_clean()
            model.save()
    if not CostPriceRule.objects.exists():
        make_rule(at=timezone.now(), by=None, note=WHY, step=Decimal(1))
    event = visit("open")
    if not CostPrice.objects.filter(event=event).exists():
        derive_price(event=event, rule=CostPriceRule.objects.latest(), at=timezone.now(), by=None)
    for key in ("cleaning", "laptops"):
        _noted(visit(key))


def _costs(event: Event, lines: list[Line]) -> None:
    costs = EventCosts.objects.create(event=event, note="Bedragen verzonnen (demo).")
    day = timezone.localdate(event.starts_at)
    for place, line in enumerate(lines):
        row = CostLine(
            costs=costs,
            sort_order=place,
            name=line.name,
            basis=line.basis,
            planned=Decimal(line.planned),
            planned_on=min(day - timedelta(days=60), timezone.localdate()),
            actual=Decimal(line.actual) if line.actual else None,
            actual_on=day + timedelta(days=14) if line.actual else None,
            quantity=Decimal(line.quantity),
        )
        row.full_clean(exclude=["costs"])
        row.save()


def _programme(name: str, planned: str, actual: str | None, key: str, today: date) -> None:
    """Borne by the visits of the demonstration, those to come among them."""
    cost = ProgrammeCost(
        name=name,
        key=key,
        starts_on=today - timedelta(days=120),
        ends_on=today + timedelta(days=150),
        planned=Decimal(planned),
        planned_on=today - timedelta(days=120),
        actual=Decimal(actual) if actual else None,
        actual_on=today - timedelta(days=10) if actual else None,
        note="Bedragen verzonnen (demo).",
    )
    cost.full_clean()
    cost.save()


def _noted(event: Event) -> None:
    """Who came to a visit that is over: all but two, so that a deposit has somebody to be kept of.

    Two who paid: a member's empty seat would count against its organisation, whose code has no quota in the demo.
    """
    seats = Attendee.objects.filter(event=event, released_at__isnull=True)
    if seats.filter(attended__isnull=False).exists():
        return
    guests = seats.filter(ticket_type__scheme__isnull=True)
    absent = list(guests.order_by("pk").values_list("pk", flat=True)[:2])
    seats.exclude(pk__in=absent).update(attended=True)
    seats.filter(pk__in=absent).update(attended=False)
