"""What each revenue model would have asked of one visit whose figures can be added up on paper."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from payments.lab.costs import CostLine, Weight, allocated, cost_of, cost_price
from payments.lab.outcome import as_booked, season, would_have
from payments.lab.plans import KINDS, Plan, charged, check
from payments.lab.refusal import CannotCompute
from payments.lab.seats import Seat, Visit

D = Decimal

#: Two members of one city (A), one of another (B), three guests (C) early, a late guest (D) who stayed away.
SEATS = (
    Seat("r1", "city A", True, 60),
    Seat("r1", "city A", True, 60),
    Seat("r2", "firm C", False, 50, D(95)),
    Seat("r2", "firm C", False, 50, D(95)),
    Seat("r2", "firm C", False, 50, D(95)),
    Seat("r3", "city B", True, 20),
    Seat("r4", "firm D", False, 5, D(95), attended=False),
)
COSTS = (
    CostLine("guide", "fixed", D(300)),
    CostLine("lunch", "participant", D(25)),
    CostLine("bus", "bus", D(200), size=5),
    CostLine("partner", "hours", D(40), quantity=D(4)),
    CostLine("centre", "percentage", D(10)),
)
VISIT = Visit("visit", date(2026, 3, 1), 12, D(95), SEATS, COSTS, D(100), D(380), D("7.60"))


def revenue(kind: str, quota: int | None = None, **parameters: object) -> Decimal:
    return charged(Plan(kind, parameters, quota), [VISIT])[0].revenue


def test_what_the_visit_costs_line_by_line() -> None:
    """Seven participants: guide 300, lunch 175, two buses 400, four hours 160, and 10 % of 380."""
    costs = cost_of(COSTS, 7, D(380))
    assert [value for _name, value in costs.rows] == [D(300), D(175), D(400), D(160), D(38)]
    assert (costs.total, costs.fixed, costs.variable) == (D(1073), D(860), D(213))


@pytest.mark.parametrize(("participants", "buses"), [(0, 0), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3)])
def test_a_bus_is_paid_for_as_soon_as_somebody_needs_it(participants: int, buses: int) -> None:
    assert cost_of([COSTS[2]], participants).total == 200 * buses


def test_the_books_in_the_same_terms() -> None:
    outcome = as_booked(VISIT)
    assert (outcome.participants, outcome.paying, outcome.revenue, outcome.fees) == (7, 4, D(380), D("7.60"))
    assert (outcome.cost, outcome.result, outcome.subsidy_needed) == (D(1173), D("-800.60"), D("800.60"))
    assert outcome.coverage == D(380) / D("1180.60")
    assert outcome.payers == ((D(0), 3), (D(95), 4))
    # (380 - 7.60 - 213) / 7 a seat carries 860 + 100 only with 43 seats.
    assert outcome.break_even_seats == 43
    # 960 / 22.77 = 42.16 seats, of which four in seven pay: 24.09.
    assert outcome.break_even_paying == 25
    assert outcome.margin == (D(7) - 43) / 7


def test_what_is_fixed_and_given_needs_nobody_and_a_seat_that_costs_more_than_it_brings_needs_no_number() -> None:
    given = would_have(Plan("sponsor", {"sponsor": 2000}), [VISIT])[0]
    assert (given.break_even_seats, given.break_even_paying, given.margin) == (0, 0, D(1))
    cheap = would_have(Plan("cost_price", {"price": 1}), [VISIT])[0]
    assert (cheap.break_even_seats, cheap.break_even_paying, cheap.margin) == (None, None, None)


def test_nobody_on_a_visit_that_costs_nothing_is_no_loss() -> None:
    nobody = season("", [])
    assert (nobody.break_even_seats, nobody.break_even_paying, nobody.margin) == (0, 0, None)


@pytest.mark.parametrize(
    ("kind", "quota", "parameters", "sum_"),
    [
        ("members_free", None, {}, 4 * 95),
        ("cost_price", 0, {"price": 100}, 7 * 100),
        ("cost_price", 1, {"price": 100}, 5 * 100),
        ("tiered", None, {"tiers": [{"seats": 2, "price": 60}, {"price": 110}]}, 2 * 60 + 2 * 110),
        ("early_bird", None, {"early_price": 70, "days": 30}, 3 * 70 + 95),
        ("early_bird", None, {"early_price": 70, "days": 51, "price": 100}, 4 * 100),
        ("group", None, {"seats": 3, "discount": "0.2"}, 3 * 76 + 95),
        ("group", None, {"seats": 4, "discount": "0.2"}, 4 * 95),
        ("season_pass", None, {"pass_price": 200, "seats": 5}, 200 + 95),
        ("season_pass", None, {"pass_price": 300, "seats": 5}, 4 * 95),
        ("season_pass", None, {"pass_price": 180, "seats": 2}, 180 + 2 * 95),
        ("sponsor", None, {"sponsor": 250}, 4 * 95),
        ("subsidy", None, {"per_participant": 20}, 4 * 95),
        ("pay_what_you_can", None, {"average": 50, "nothing": "0.1"}, 4 * 45),
        ("deposit", None, {"deposit": 30}, 4 * 95 + 30),
    ],
)
def test_what_a_model_asks(kind: str, quota: int | None, parameters: dict, sum_: int) -> None:
    assert revenue(kind, quota, **parameters) == sum_


def test_support_is_income_but_not_from_participants() -> None:
    sponsored = would_have(Plan("sponsor", {"sponsor": 250}), [VISIT])[0]
    assert (sponsored.revenue, sponsored.support) == (D(380), D(250))
    assert charged(Plan("subsidy", {"per_participant": 20}), [VISIT])[0].supported == 140
    assert charged(Plan("subsidy", {"per_participant": 20, "for_members": True}), [VISIT])[0].supported == 60


def test_free_for_members_at_the_price_there_was_is_what_the_books_say() -> None:
    """The lab's figures and the books' agree where the model is the one that was in force."""
    booked, modelled = as_booked(VISIT), would_have(Plan("members_free"), [VISIT])[0]
    assert (modelled.revenue, modelled.fees, modelled.cost, modelled.payers) == (
        booked.revenue,
        booked.fees,
        booked.cost,
        booked.payers,
    )


def test_a_pass_is_bought_over_the_season_and_adds_up_to_the_cent() -> None:
    """Firm C took three seats on each of two visits: 570 by the seat, or a pass of 400 for six, 66.67 or .66 a seat."""
    plan = Plan("season_pass", {"pass_price": 400, "seats": 6})
    first, second = charged(plan, [VISIT, VISIT])
    assert first.prices[2:5] + second.prices[2:5] == [D("66.67")] * 4 + [D("66.66")] * 2
    assert first.revenue + second.revenue == 400 + 2 * 95


@given(st.sampled_from(sorted(KINDS)), st.sampled_from([None, 0, 1, 2]))
def test_a_model_changes_no_seat(kind: str, quota: int | None) -> None:
    """Plans read: the visits they were put to are what they were, and asking twice gives the same answer."""
    parameters = {
        "tiered": {"tiers": [{"price": 50}]},
        "early_bird": {"early_price": 70, "days": 30},
        "group": {"seats": 2, "discount": "0.5"},
        "season_pass": {"pass_price": 100, "seats": 3},
        "sponsor": {"sponsor": 1},
        "subsidy": {"per_participant": 1},
        "pay_what_you_can": {"average": 10},
        "deposit": {"deposit": 5},
    }.get(kind, {})
    plan = Plan(kind, parameters, quota)
    assert charged(plan, [VISIT]) == charged(plan, [VISIT])
    assert sum(seat.paid for seat in VISIT.seats) == 380
    assert len(charged(plan, [VISIT])[0].prices) == 7


def test_a_larger_quota_never_brings_more() -> None:
    asked = [revenue("cost_price", quota, price=100) for quota in (0, 1, 2, None)]
    assert asked == [700, 500, 400, 400]


def test_every_answer_says_what_it_takes_for_granted() -> None:
    with override("en"):
        assert charged(Plan("early_bird", {"early_price": 70, "days": 30}), [VISIT])[0].assumptions == [
            "Everybody who came would have come at this price too.",
            "Nobody would have registered earlier to pay less.",
        ]


def test_a_season_is_the_sum_of_its_visits_and_no_average_of_ratios() -> None:
    dear = Visit("other", date(2026, 4, 1), 5, D(95), (), (CostLine("hall", "fixed", D(1000)),))
    both = season("season", [as_booked(VISIT), as_booked(dear)])
    assert (both.participants, both.revenue, both.cost) == (7, D(380), D(2173))
    assert both.coverage == D(380) / D("2180.60")


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan("barter"), "There is no revenue model “barter”."),
        (Plan("cost_price", {"prise": 5}), "This model has no “prise”."),
        (Plan("cost_price", {"price": -5}), "price cannot be below zero (-5)."),
        (Plan("cost_price", {}, -1), "The quota of free seats: -1 is not between 0 and 1000000."),
        (Plan("tiered"), "This model lacks “tiers”."),
        (Plan("tiered", {"tiers": [{"seats": 3}]}), "Tiers are steps with a price, and with seats but for the last."),
        (Plan("group", {"seats": 1, "discount": "0.2"}), "seats: 1 is not between 2 and 1000000."),
        (Plan("group", {"seats": 2, "discount": 20}), "discount is a share: 20 is not between 0 and 1."),
        (Plan("season_pass", {"seats": 2}), "This model lacks “pass_price”."),
    ],
)
def test_a_model_that_makes_no_sense_is_refused_by_name(plan: Plan, sentence: str) -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            charged(plan, [VISIT])
        assert str(refused.value) == sentence


def test_more_participants_than_room_is_a_mistake() -> None:
    with pytest.raises(CannotCompute):
        as_booked(Visit("v", date(2026, 3, 1), 6, D(95), SEATS))
    with pytest.raises(CannotCompute):
        charged(Plan("cost_price"), [])


def test_the_cost_price_shows_its_working() -> None:
    """Ten of twelve bear 300 + 300 + 600 + 160 + 140 = 1,500, less 200: 130 each, 144.44 with 10 %, up to 145."""
    found = cost_price(COSTS, participants=12, bearing=10, programme=D(140), support=D(200), step=D(5))
    assert (found.price, found.cost) == (D(145), D(1500))
    assert [(step.sum, step.value) for step in found.working] == [
        ("300.00 + 300.00 + 600.00 + 160.00", D(1360)),
        ("+ 140.00", D(1500)),
        ("− 200.00", D(1300)),
        ("1300.00 / 10", D(130)),
        ("130.00 / (1 − 10 %)", D("144.44")),
        ("⌈144.44 / 5⌉ × 5", D(145)),
    ]


@given(
    st.integers(0, 3000),
    st.integers(0, 60),
    st.integers(1, 30),
    st.integers(0, 40),
)
def test_at_cost_price_the_bearing_seats_carry_the_visit(fixed: int, each: int, seats: int, taken: int) -> None:
    """Whatever the costs: what is left after the percentage carries them, and never by more than a cent a seat."""
    lines = [
        CostLine("f", "fixed", D(fixed)),
        CostLine("p", "participant", D(each)),
        CostLine("c", "percentage", D(taken)),
    ]
    found = cost_price(lines, participants=seats, bearing=seats)
    kept = found.price * seats * (1 - D(taken) / 100)
    assert found.cost <= kept + D("0.000001") and kept - found.cost < D("0.01") * seats + D("0.000001")


@pytest.mark.parametrize("key", ["visits", "participants", "capacity", "revenue"])
def test_shared_costs_are_divided_to_the_cent(key: str) -> None:
    visits = [Weight(7, 12, D(380)), Weight(13, 24, D(0)), Weight(0, 12, D(95))]
    assert sum(allocated(D("1000.00"), key, visits)) == D("1000.00")
    shares = {"visits": ["333.34", "333.33", "333.33"], "participants": ["350", "650", "0"]}
    shares |= {"capacity": ["250", "500", "250"], "revenue": ["800", "0", "200"]}
    assert allocated(D("1000.00"), key, visits) == [D(part) for part in shares[key]]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: cost_of([CostLine("lunch", "fixed", D(-5))], 3), "lunch cannot be below zero (-5)."),
        (lambda: cost_of([CostLine("lunch", "weekly", D(5))], 3), "“lunch” has an unknown basis: weekly."),
        (lambda: cost_of([], 10**9), "Participants: 1000000000 is not between 0 and 1000000."),
        (lambda: cost_price([], participants=0, bearing=0), "Participants: 0 is not between 1 and 1000000."),
        (lambda: cost_price([], participants=5, bearing=6), "Seats that bear the cost: 6 is not between 1 and 5."),
        (lambda: allocated(D(5), "visits", []), "There is no visit in this period to bear the shared costs."),
        (lambda: allocated(D(5), "mood", [Weight(1, 1, D(1))]), "There is no allocation key “mood”."),
    ],
)
def test_costs_that_make_no_sense_are_refused_by_name(call: Callable[[], object], sentence: str) -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            call()
        assert str(refused.value) == sentence


def test_an_early_price_above_the_usual_one_is_refused_or_said() -> None:
    """Beside a price of its own it is a mistake; above a visit's price it is said with the answer."""
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            check(Plan("early_bird", {"price": "80", "early_price": "120", "days": 30}))
        assert str(refused.value) == (
            "The early price (120) is above the usual one (80): who is early should pay no more."
        )
        check(Plan("early_bird", {"price": "80", "early_price": "80", "days": 30}))
        check(Plan("early_bird", {"early_price": "120", "days": 30}))
        dearer = charged(Plan("early_bird", {"early_price": 120, "days": 30}), [VISIT])[0].assumptions
    assert dearer[-1] == f"On “{VISIT.name}” the early price is above the usual one: who is early pays more."


@pytest.mark.parametrize(("language", "share"), [("nl", "12,5 %"), ("en", "12.5 %")])
def test_what_people_are_thought_to_pay_is_said_in_the_reader_s_figures(language: str, share: str) -> None:
    with override(language):
        plan = Plan("pay_what_you_can", {"average": "55", "nothing": "0.125"})
        said = charged(plan, [VISIT])[0].assumptions[-1]
        assert share in said
        assert ("55,00" if language == "nl" else "55.00") in said
