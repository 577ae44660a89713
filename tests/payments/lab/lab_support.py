"""Visits with paid and free seats and what they cost, for the tests of the lab on the Tour's own figures."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from events import actions as events
from payments.models import CostLine, EventCosts, ProgrammeCost
from tests import factories
from tests.conftest import NOON


def visit(*, paid: int = 0, free: int = 0, **facts: Any) -> Any:
    """A visit at 95 excl. VAT with so many paid and so many members' seats, each its own registration."""
    scheme = factories.scheme()
    factories.member(scheme, code=f"CODE-{scheme.pk}")
    event = factories.event(**{"price": "95.00", "scheme": scheme, "capacity": 20, **facts})
    for place in range(paid):
        order = factories.order(organisation_name=f"Firma {place}")
        factories.pay(events.register(event=event, order=order, at=NOON), at=NOON)
    for _place in range(free):
        order = factories.order(organisation_code=f"CODE-{scheme.pk}", organisation_name="Stad Leden")
        events.register(event=event, order=order, at=NOON)
    return event


def costs(event: Any, *, expected: int | None = None, **lines: str) -> EventCosts:
    """Cost lines by their basis, each planned at this amount: costs(event, fixed="900", participant="25")."""
    made = EventCosts.objects.create(event=event, expected=expected)
    for basis, value in lines.items():
        CostLine.objects.create(costs=made, name=basis, basis=basis, planned=Decimal(value), planned_on=NOON.date())
    return made


def programme(amount: str, **facts: Any) -> ProgrammeCost:
    """A shared cost of the days around NOON."""
    days = {"starts_on": NOON.date(), "ends_on": NOON.date() + timedelta(days=60), "planned_on": NOON.date()}
    return ProgrammeCost.objects.create(**{"name": "coördinatie", "planned": Decimal(amount), **days, **facts})
