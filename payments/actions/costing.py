"""Deeds about the cost price: a new version of the rule, and the price that a version derives for a visit."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from events.models import Event
from payments.lab.costs import cost_price
from payments.lab_figures import expected_participants, visits_of
from payments.models import CostPrice, CostPriceRule, EventCosts
from payments.refusals import NoCosts


@transaction.atomic
def make_rule(*, at: datetime, by: Any, **facts: Any) -> CostPriceRule:
    """The next version of the cost-price rule. Facts: bearing, filled, paying, with_programme, step, note."""
    # One writer at a time, readers go on. Locking the newest row would not do: who waited for it still reads that row.
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {CostPriceRule._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    newest = CostPriceRule.objects.aggregate(version=Max("version"))["version"] or 0
    return CostPriceRule.objects.create(version=newest + 1, made_at=at, made_by=by, **facts)


@transaction.atomic
def derive_price(*, event: Event, rule: CostPriceRule, at: datetime, by: Any) -> CostPrice:
    """The price that the rule makes of the visit's planned costs, kept with its working and what went in.

    It changes no ticket type and no seat that was sold: a person sets the price. Raises NoCosts where the visit has no
    cost line, and CannotCompute where its costs have no price.
    """
    costs = EventCosts.objects.filter(event=event).first()
    known = next(iter(visits_of([event.pk], planned=True)), None)
    if costs is None or known is None or not known.visit.costs:
        raise NoCosts
    participants = expected_participants(event.capacity, costs.expected, rule.filled)
    bearing = participants
    if rule.bearing == CostPriceRule.Bearing.PAYING:
        bearing = max(participants * rule.paying // 100, 1)
    programme = known.visit.programme if rule.with_programme else Decimal(0)
    found = cost_price(
        known.visit.costs, participants=participants, bearing=bearing, programme=programme, step=rule.step
    )
    return CostPrice.objects.create(
        event=event,
        rule=rule,
        participants=participants,
        bearing=bearing,
        cost=found.cost,
        price=found.price,
        inputs={
            "lines": [
                [line.name, line.basis, str(line.value), str(line.quantity), line.size] for line in known.visit.costs
            ],
            "programme": str(programme),
        },
        working=[[step.sum, str(step.value)] for step in found.working],
        made_at=at,
        made_by=by,
    )
