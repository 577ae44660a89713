"""The cost price: versioned, with its working, kept for ever, and no seat or ticket type changed by it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import override

from payments.actions.costing import derive_price, make_rule
from payments.models import CostLine, CostPrice, PriceStudy, ProgrammeCost
from payments.refusals import NoCosts
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit

pytestmark = pytest.mark.django_db
D = Decimal


def rule(**facts):
    return make_rule(at=NOON, by=None, **{"note": "voorbeeld", "step": D(1), **facts})


def test_rules_are_numbered_from_one() -> None:
    assert [rule().version, rule(filled=50).version] == [1, 2]


def test_a_price_is_derived_with_its_working() -> None:
    """Capacity 20 at 70 %: 14 people. 900 + 14 x 25 + 100 shared = 1,350 over 14: 96.43, up to 97."""
    event = visit(paid=1)
    costs(event, fixed="900", participant="25")
    programme("100")
    made = derive_price(event=event, rule=rule(), at=NOON, by=factories.user())
    assert (made.participants, made.bearing, made.cost, made.price) == (14, 14, D(1350), D(97))
    with override("en"):
        assert [(str(step.what), step.sum, step.value) for step in made.steps] == [
            ("Costs of the visit with these participants", "900.00 + 350.00", D(1250)),
            ("Share of the programme costs", "+ 100.00", D(1350)),
            ("Support", "− 0.00", D(1350)),
            ("Per seat that bears the cost", "1350.00 / 14", D("96.43")),
            ("What percentages take of the price", "96.43 / (1 − 0 %)", D("96.43")),
            ("Rounded up", "⌈96.43 / 1⌉ × 1", D(97)),
        ]


def test_those_who_pay_bear_the_others_where_the_rule_says_so() -> None:
    """Ten expected of whom 60 % pay: 900 + 250 over six, without the programme: 191.67, up to 195."""
    event = visit()
    costs(event, expected=10, fixed="900", participant="25")
    programme("100")
    made = derive_price(
        event=event, rule=rule(bearing="paying", paying=60, with_programme=False, step=D(5)), at=NOON, by=None
    )
    assert (made.participants, made.bearing, made.cost, made.price) == (10, 6, D(1150), D(195))


def test_a_price_changes_no_ticket_and_no_seat() -> None:
    event = visit(paid=1)
    costs(event, fixed="900")
    seat = event.attendees.get()
    derive_price(event=event, rule=rule(), at=NOON, by=None)
    event.refresh_from_db()
    assert event.ticket_types.get(scheme=None).price_excl_vat == D(95)
    assert event.attendees.get().price_excl_vat == seat.price_excl_vat


def test_what_was_derived_stays_when_costs_change() -> None:
    event = visit()
    line = costs(event, expected=10, fixed="900").lines.get()
    first = derive_price(event=event, rule=rule(), at=NOON, by=None)
    line.planned = D(1000)
    line.save()
    second = derive_price(event=event, rule=first.rule, at=NOON, by=None)
    first.refresh_from_db()
    assert (first.price, first.inputs["lines"]) == (D(90), [["fixed", "fixed", "900.00", "1.00", 50]])
    assert second.price == D(100)


def test_a_visit_without_costs_has_no_price() -> None:
    with pytest.raises(NoCosts):
        derive_price(event=visit(), rule=rule(), at=NOON, by=None)


def test_the_database_lets_nobody_rewrite_a_rule_or_a_price() -> None:
    event = visit()
    costs(event, fixed="900")
    made = derive_price(event=event, rule=rule(), at=NOON, by=None)
    for rows, change in ((type(made.rule).objects, {"step": D(2)}), (CostPrice.objects, {"price": D(1)})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(made.rule).objects.all().delete()


@pytest.mark.parametrize(
    "facts",
    [
        {"planned": D(-1)},
        {"basis": "percentage", "planned": D(100)},
        {"actual": D(5)},
        {"size": 0},
        {"quantity": D(-1)},
    ],
)
def test_the_database_refuses_a_line_that_makes_no_sense(facts: dict) -> None:
    made = costs(visit())
    with pytest.raises(DatabaseError), transaction.atomic():
        CostLine.objects.create(costs=made, **{"name": "x", "basis": "fixed", "planned": D(5), **facts})


@pytest.mark.parametrize(("facts", "field"), [({"actual": D(6)}, "actual_on"), ({"actual_on": NOON.date()}, "actual")])
def test_an_actual_amount_and_its_day_come_together(facts: dict, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CostLine(costs=costs(visit()), name="gids", planned=D(5), **facts).clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_database_keeps_no_day_centuries_away(day: date) -> None:
    made = costs(visit())
    dated = {"planned_on": day}, {"actual": D(5), "actual_on": day}
    for facts in dated:
        with pytest.raises(DatabaseError), transaction.atomic():
            CostLine.objects.create(costs=made, **{"name": "x", "planned": D(5), "planned_on": NOON.date(), **facts})
        with pytest.raises(ValidationError):
            CostLine(costs=made, **{"name": "x", "planned": D(5), "planned_on": NOON.date(), **facts}).full_clean()
    with pytest.raises(DatabaseError), transaction.atomic():
        programme("5", starts_on=min(day, NOON.date()), ends_on=max(day, NOON.date()))
    with pytest.raises(DatabaseError), transaction.atomic():
        PriceStudy.objects.create(name="x", method="four_prices", starts_on=min(day, NOON.date()), ends_on=day)


def test_a_programme_cost_ends_after_it_starts() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        programme("5", ends_on=NOON.date().replace(year=2020))
    assert not ProgrammeCost.objects.exists()
