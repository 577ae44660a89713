"""Money follows a registration to another visit as a fact of its own: what was booked before stays as it was."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from events import actions as events
from payments import actions, duties, movements
from payments.models import LedgerEntry
from payments.movements import Period
from payments.partners import partner_rows
from payments.sandbox import Sandbox
from payments.visits import per_visit
from tests import factories
from tests.payments.by_invoice_support import TOWN

pytestmark = pytest.mark.django_db
MARCH = datetime(2027, 3, 10, 12, tzinfo=ZoneInfo("Europe/Brussels"))
APRIL = MARCH + timedelta(days=31)
NET, VAT = Decimal("95.00"), Decimal("19.95")


@pytest.fixture
def moved():
    """Paid in March for one visit, moved in April to a later one."""
    here = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60), name="Gent")
    there = factories.event(price="95.00", starts_at=MARCH + timedelta(days=120), name="Venlo")
    registration = events.register(event=here, order=factories.order(), at=MARCH)
    factories.pay(registration, at=MARCH)
    events.move(registration=registration, to=there, at=APRIL, by=factories.user("admin"), why="Op vraag.")
    assert duties.follow_moves(at=APRIL) == "1 registrations moved in the books"
    return registration


def vat_left(month: int) -> list[tuple[str, Decimal, Decimal]]:
    period = Period(date(2027, month, 1), date(2027, month, 28))
    return [(row["country"], row["base_left"], row["vat_left"]) for row in movements.vat_by_rate(period)]


def test_a_move_changes_nothing_of_the_vat_of_any_month(moved):
    assert vat_left(3) == [("BE", NET, VAT)]
    assert vat_left(4) == [("BE", 0, 0)]


@pytest.mark.parametrize(("day", "visit"), [(date(2027, 3, 31), "Gent"), (date(2027, 4, 30), "Venlo")])
def test_deferred_income_of_a_day_is_at_the_visit_of_that_day(moved, day: date, visit: str):
    assert [(row.name, row.seats, row.net) for row in movements.deferred_income(day)] == [(visit, 1, NET)]


def test_an_open_invoice_of_a_past_day_names_the_visit_it_named_then():
    factories.ground()
    factories.seller()
    here = factories.event(price="95.00", starts_at=MARCH + timedelta(days=60), name="Gent", invoice_until_days=1)
    there = factories.event(price="95.00", starts_at=MARCH + timedelta(days=120), name="Venlo", invoice_until_days=1)
    order = factories.order(billing_method="invoice", billing=TOWN)
    registration = events.register(event=here, order=order, at=MARCH)
    finance = Client()
    finance.force_login(factories.user("Finance"))

    def told() -> bytes:
        return finance.get("/admin/reports/open-invoices/?as_of=2027-03-31&export=csv").getvalue()

    before = told()
    events.move(registration=registration, to=there, at=APRIL, by=factories.user("admin"), why="Op vraag.")

    assert told() == before
    assert registration.reference.encode() in before and b"Gent" in before


def test_partners_of_the_first_visit_give_what_those_of_the_other_get(moved):
    rows = partner_rows(Period(date(2027, 4, 1), date(2027, 4, 30)))

    assert [(row.event, row.revenue, row.refunds) for row in rows] == [("Gent", -NET, 0), ("Venlo", NET, 0)]


def test_a_visit_gave_back_what_went_out_and_not_what_moved(moved):
    rows = {row.name: (row.net, row.back) for row in per_visit(None, None)}

    assert rows == {"Gent": (0, 0), "Venlo": (NET, 0)}


def test_one_move_that_cannot_be_booked_keeps_no_other_waiting():
    here, there = (factories.event(price="95.00", starts_at=MARCH + timedelta(days=days)) for days in (60, 120))
    both = [events.register(event=here, order=factories.order(), at=MARCH) for _one in range(2)]
    for registration in both:
        factories.pay(registration, at=MARCH)
    for registration in both:
        events.move(registration=registration, to=there, at=APRIL, by=factories.user("admin"), why="Op vraag.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused = f"CHECK (registration_id <> {both[0].pk}) NOT VALID"
        cursor.execute(f"ALTER TABLE payments_ledgerentry ADD CONSTRAINT not_this {refused}")

    assert duties.follow_moves(at=APRIL) == "1 registrations moved in the books"
    assert {*LedgerEntry.objects.filter(kind="moved").values_list("registration", flat=True)} == {both[1].pk}


def test_seen_again_nothing_is_booked_and_together_it_comes_to_nothing(moved):
    assert actions.follow_moves(at=APRIL) == 0

    amounts = LedgerEntry.objects.filter(kind="moved").order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [-NET - VAT, NET + VAT]


def test_a_fee_of_stripe_s_own_is_booked_before_a_payout_gathers_it_and_once(stripe: Sandbox, now: datetime):
    stripe.charge_fee(150)

    told = [duties.book_service_fees(at=now + timedelta(hours=2 * number)) for number in range(3)]

    assert told == ["1 fees of Stripe's own", None, None]
    assert [entry.amount for entry in LedgerEntry.objects.filter(kind="service_fee")] == [Decimal("-1.50")]


def test_a_slow_payment_is_of_the_day_its_money_came(stripe: Sandbox, now: datetime):
    event = factories.event(price="95.00", starts_at=now + timedelta(days=60))
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = actions.start_checkout(registration=registration, at=now)
    stripe.pay(payment.session_id, "pay_late")
    stripe.advance_clock(3 * 86_400)  # later than it takes
    actions.sync_checkout(payment.session_id, at=now + timedelta(days=3))

    came = LedgerEntry.objects.get(kind="payment").occurred_at
    charge = next(iter(stripe.state.objects["charge"].values()))
    transaction = stripe.state.objects["balance_transaction"][charge["balance_transaction"]]
    assert (came.timestamp(), came - now >= timedelta(days=3)) == (transaction["created"], True)
