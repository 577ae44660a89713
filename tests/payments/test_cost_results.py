"""What the results page says of money: the share of the cost price that participants paid, from the ledger."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from events import actions as events
from payments.results import chapter
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=60)


def visit(paid=0, free=0, **facts):
    scheme = factories.scheme()
    factories.member(scheme, code=f"CODE-{scheme.pk}")
    event = factories.event(price="95.00", scheme=scheme, capacity=20, **facts)
    for _seat in range(paid):
        factories.pay(events.register(event=event, order=factories.order(), at=NOON), at=NOON)
    for _seat in range(free):
        order = factories.order(organisation_code=f"CODE-{scheme.pk}")
        events.register(event=event, order=order, at=NOON)
    return event


def test_one_of_four_seats_paid_covers_a_quarter_of_the_cost_price():
    visit(paid=1, free=3)

    with override("en"):
        told = chapter(at=LATER)

    assert [figure.number for figure in told.figures] == ["25 %", "€95.00", "€380.00"]
    assert [(label, [str(value) for value in values]) for label, values in told.charts[0].rows] == [
        ("2027", ["95.00", "285.00"])
    ]


def test_what_is_to_come_was_cancelled_or_has_no_price_is_left_out():
    visit(paid=1)
    visit(paid=1, starts_at=LATER + timedelta(days=1))
    events.cancel_event(event=visit(paid=1), at=NOON)
    free = factories.event()
    events.register(event=free, order=factories.order(), at=NOON)

    assert [figure.number for figure in chapter(at=LATER).figures] == [
        "100 %",
        "€\N{NO-BREAK SPACE}95,00",
        "€\N{NO-BREAK SPACE}95,00",
    ]


def test_before_anything_with_a_price_is_over_there_is_nothing_to_tell():
    visit(paid=1)

    assert chapter(at=NOON) is None


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_one_query_whatever_there_is(number, django_assert_num_queries):
    for _visit in range(number):
        visit(paid=1)

    with django_assert_num_queries(1):
        chapter(at=LATER)
