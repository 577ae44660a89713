"""Deeds about the cost price: a new version of the rule, and the price that a version derives for a visit."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from events.models import Event
from payments.lab.costs import cost_price
from payments.lab_figures import visits
from payments.models import CostPrice, CostPriceRule, EventCosts
from payments.refusals import NoCosts


@transaction.atomic
def make_rule(*, at: datetime, by: Any, **facts: Any) -> CostPriceRule:
    """The next version of the cost-price rule. Facts: bearing, filled, paying, with_programme, step, note."""
    newest = CostPriceRule.objects.select_for_update().order_by("-version").first()
    return CostPriceRule.objects.create(version=newest.version + 1 if newest else 1, made_at=at, made_by=by, **facts)


@transaction.atomic
def derive_price(*, event: Event, rule: CostPriceRule, at: datetime, by: Any) -> CostPrice:
    """The price that the rule makes of the visit's planned costs, kept with its working and what went in.

    It changes no ticket type and no seat that was sold: a person sets the price. Raises NoCosts where the visit has no
    cost line, and CannotCompute where its costs have no price.
    """
    costs = EventCosts.objects.filter(event=event).first()
    day = timezone.localdate(event.starts_at)
    known = next((one for one in visits(day, day, planned=True) if one.event.pk == event.pk), None)
    if costs is None or known is None or not known.visit.costs:
        raise NoCosts
    participants = costs.expected or max(event.capacity * rule.filled // 100, 1)
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
