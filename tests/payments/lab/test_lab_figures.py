"""The Tour's own figures in the lab are those of finance, to the cent, in a constant number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from events import actions as events
from events.models import Registration
from payments import movements
from payments.lab.outcome import as_booked, season, would_have
from payments.lab.plans import Plan
from payments.lab_comparison import still_open
from payments.lab_figures import full_cost, seasons, visits, visits_of
from payments.models import CostLine
from payments.partners import brought_by_event
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit

pytestmark = pytest.mark.django_db
D = Decimal


def test_what_the_lab_says_is_what_finance_says_to_the_cent() -> None:
    """A visit with paid and free seats, one that gave money back, one cancelled: each figure, per visit."""
    visit(paid=2, free=3)
    left = visit(paid=2)
    events.cancel(registration=left.registrations.first(), at=NOON)
    events.cancel_event(event=visit(paid=1), at=NOON)

    known = visits()
    reported = list(movements.free_seats(None, None))
    booked = [as_booked(one.visit) for one in known]

    assert [one.event.pk for one in known] == [row.pk for row in reported]
    assert [outcome.revenue for outcome in booked] == [row.net for row in reported]
    assert [outcome.paying for outcome in booked] == [row.paid for row in reported]
    assert [outcome.participants for outcome in booked] == [row.paid + row.free for row in reported]
    fees = brought_by_event(movements.Period())
    assert [outcome.fees for outcome in booked] == [-fees[row.pk].fees if row.pk in fees else 0 for row in reported]
    assert season("all", booked).revenue == sum(row.net for row in reported)


def test_a_period_holds_the_visits_that_start_in_it() -> None:
    early = visit(paid=1)
    visit(paid=1, starts_at=NOON + timedelta(days=400))
    day = (NOON + timedelta(days=10)).date()
    assert [one.event.pk for one in visits(day, day)] == [early.pk]
    assert [one.event.pk for one in visits_of([early.pk])] == [early.pk]
    assert seasons() == [2028, 2027]


def test_a_seat_tells_what_a_model_needs_and_nobody_s_name() -> None:
    visit(paid=1, free=1)
    (known,) = visits()
    paid, free = known.visit.seats
    assert (paid.member, paid.paid, paid.organisation, paid.days_before, paid.attended) == (
        False,
        D(95),
        "firma 0",
        10,
        None,
    )
    assert (free.member, free.paid, free.organisation) == (True, 0, "stad leden")
    assert "peeters" not in repr(known.visit).lower()


def test_the_actual_amount_counts_once_it_is_known() -> None:
    event = visit(paid=2)
    made = costs(event, fixed="900", participant="25")
    CostLine.objects.filter(costs=made, basis="fixed").update(actual=D(840), actual_on=NOON.date())
    (as_known,), (as_planned,) = visits(), visits(planned=True)
    assert (full_cost(as_known.visit), full_cost(as_planned.visit)) == (D(890), D(950))


@pytest.mark.parametrize(
    ("key", "parts"),
    [("visits", ["50", "50"]), ("participants", ["75", "25"]), ("capacity", ["50", "50"]), ("revenue", ["100", "0"])],
)
def test_shared_costs_are_borne_by_all_visits_of_their_period(key: str, parts: list[str]) -> None:
    """Cancelled visits bear nothing; asking for one visit alone gives it the same part."""
    first = visit(paid=1, free=2)
    second = visit(free=1)
    events.cancel_event(event=visit(), at=NOON)
    visit(starts_at=NOON + timedelta(days=90))
    programme("100", key=key)

    known = {one.event.pk: one.visit for one in visits()}
    assert [known[event.pk].programme for event in (first, second)] == [D(part) for part in parts]
    assert sum(visit.programme for visit in known.values()) == 100
    assert visits_of([first.pk])[0].visit.programme == D(parts[0])
    day = (NOON + timedelta(days=10)).date()
    assert [one.visit.programme for one in visits(day, day)][:2] == [D(part) for part in parts]


@pytest.mark.parametrize("count", [1, 3])
def test_a_season_is_read_in_a_constant_number_of_queries(count: int, django_assert_num_queries) -> None:
    for _visit in range(count):
        costs(visit(paid=1, free=1), fixed="100")
    programme("100")
    with django_assert_num_queries(8):
        visits()


def test_a_seat_at_a_price_pays_as_finance_counts_it_whether_its_money_is_in_or_not() -> None:
    """Two paid, three ordered by invoice and open, one member: 5 paying in both; 285 is said to be open."""
    event = visit(paid=2, free=1, name="Open")
    for place in range(3):
        order = factories.order(organisation_name=f"Later {place}")
        made = events.register(event=event, order=order, at=NOON)
        Registration.objects.filter(pk=made.pk).update(status="confirmed", confirmed_at=NOON, hold_expires_at=None)
    (row,) = movements.free_seats(None, None)
    (known,) = visits()
    booked = as_booked(known.visit)
    assert (row.paid, row.free) == (booked.paying, booked.participants - booked.paying) == (5, 1)
    assert booked.payers == ((D("0.00"), 1), (D("95.00"), 5))
    assert (booked.revenue, booked.unpaid, booked.outstanding) == (D(190), 3, D(285))
    (model,) = would_have(Plan("members_free"), [known.visit])
    assert model.revenue == booked.revenue + booked.outstanding
    with override("en"):
        assert still_open(season("", [booked, booked])) == (
            "6 seats were ordered at a price and did not bring all of it: not paid for (yet), or given back. That is "
            "€570.00 more than was booked. The models take them as paid for."
        )
        assert still_open(model) == ""


def test_the_price_that_covers_counts_costs_that_are_a_percentage_too() -> None:
    """2 pay 95, one is free; 900 + 3 x 20 and 10 % of revenue: 960 / (2 x 0.9) = 533.34, rounded up."""
    costs(visit(paid=2, free=1), fixed="900", participant="20", percentage="10")
    booked = as_booked(visits()[0].visit)
    assert (booked.taken, booked.rate) == (D("19.00"), D("0.1"))
    assert booked.price_that_covers(D(1)) == D("533.34")
