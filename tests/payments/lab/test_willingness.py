"""Willingness to pay: Van Westendorp's four crossings and Gabor-Granger's demand curve."""

from decimal import Decimal
from random import Random

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.lab.demand import Asked, Limit, best_asked, best_on_cent_grid, fitted, shares_of
from payments.lab.demand_intervals import best_intervals, draw_of_counts, draw_of_people
from payments.lab.refusal import CannotCompute
from payments.lab.van_westendorp import Answer, _curves, crossing, price_sensitivity

D = Decimal


def answer(*prices: int) -> Answer:
    return Answer(*(D(price) for price in prices))


ordered = st.lists(st.integers(1, 300), min_size=4, max_size=4).map(lambda four: answer(*sorted(four)))
several = st.lists(ordered, min_size=2, max_size=12).filter(lambda answers: len(set(answers)) > 1)

#: Five answers whose four curves can be drawn with a pencil; every crossing below was found so.
FIVE = [
    answer(10, 30, 50, 70),
    answer(20, 40, 60, 80),
    answer(30, 50, 70, 90),
    answer(40, 60, 80, 100),
    answer(50, 70, 90, 110),
]


def test_the_four_crossings_drawn_by_hand() -> None:
    """At 50 one of five finds it too cheap, at 70 one too dear: between them nobody, so the middle, 60, is optimal.

    At 60 two of five find it cheap and two expensive. Too cheap falls from two to one between 40 and 50 while not cheap
    rises from one to two: 45. Not expensive falls from two to one between 70 and 80 while too expensive rises: 75.
    """
    points = price_sensitivity(FIVE).points
    assert (points.opp, points.ipp, points.pmc, points.pme) == pytest.approx((60, 60, 45, 75))


def test_the_narrower_range_is_of_the_other_crossings() -> None:
    """Too cheap (one of five) meets expensive (one of five) at 50, too expensive meets cheap at 70."""
    points = price_sensitivity(FIVE, "narrower").points
    assert (points.opp, points.ipp, points.pmc, points.pme) == pytest.approx((60, 60, 50, 70))


def test_the_crossings_of_a_published_table() -> None:
    """linescale.com, Van Westendorp table and graph, total sample: cumulative percentages at $0.99 to $8.99.

    The page prints no crossings; by straight lines between its rows too cheap meets too expensive at
    4.99 + 3 / 16, and cheap meets expensive at 3.99 + 8 / 29.
    """
    rows = [
        ("2.99", 58, 26, 7, 6),
        ("3.99", 30, 19, 22, 8),
        ("4.99", 20, 16, 41, 13),
        ("5.99", 12, 14, 61, 27),
        ("6.99", 8, 12, 72, 40),
    ]
    prices = [D(row[0]) for row in rows]
    cheap, too_cheap, expensive, too_expensive = ([row[column] / 100 for row in rows] for column in (1, 2, 3, 4))
    assert crossing(prices, too_expensive, too_cheap) == pytest.approx(4.99 + 3 / 16)
    assert crossing(prices, expensive, cheap) == pytest.approx(3.99 + 8 / 29)


@settings(max_examples=25, deadline=None)
@given(several, st.randoms(use_true_random=False))
def test_the_points_keep_their_order_whatever_people_answer(answers: list[Answer], shuffle: Random) -> None:
    """Expensive is said no later than too expensive, too cheap no later than cheap: so the narrower range holds both
    points. (That of 1976 need not, where many give one price twice.) Order makes no difference, nor does the currency.
    """
    found = price_sensitivity(answers, "narrower")
    points = found.points
    assert points.pmc <= points.opp <= points.pme
    assert points.pmc <= points.ipp <= points.pme
    again = list(answers)
    shuffle.shuffle(again)
    assert price_sensitivity(again, "narrower").points == points
    assert price_sensitivity(again, "narrower").intervals == found.intervals
    dollars = [Answer(*(price * 3 for price in one.prices)) for one in answers]
    assert price_sensitivity(dollars, "narrower").points.opp == pytest.approx(3 * points.opp)


@settings(max_examples=25, deadline=None)
@given(several)
def test_an_interval_lies_among_the_prices_that_were_named(answers: list[Answer]) -> None:
    found = price_sensitivity(answers)
    for low, high in found.intervals.values():
        assert float(found.curves.prices[0]) <= low <= high <= float(found.curves.prices[-1])


def test_answers_that_fall_are_counted_and_shown() -> None:
    found = price_sensitivity([FIVE[0], answer(90, 40, 60, 80), *FIVE[1:], answer(10, 20, 60, 50)])
    assert (found.n, found.dropped, found.points) == (5, [1, 6], price_sensitivity(FIVE).points)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([], "0 usable answers: four curves need at least two (0 left out because their prices fall)."),
        (FIVE[:1], "1 usable answer: four curves need at least two (0 left out because their prices fall)."),
        ([FIVE[0]] * 9, "All 9 answers are the same: there is no curve to draw."),
        ([answer(-1, 2, 3, 4), FIVE[0]], "A price cannot be below zero (-1)."),
    ],
)
def test_too_little_to_draw_is_said(answers: list[Answer], sentence: str) -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            price_sensitivity(answers)
        assert str(refused.value) == sentence


def test_an_unknown_convention_is_named() -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            price_sensitivity(FIVE, "modern")
        assert str(refused.value) == "There is no convention “modern”: choose one of original, narrower."


#: techmarketing.ch: 26 customers, shares as printed.
PUBLISHED = [Asked(D(price), share, 26) for price, share in ((4, 0.32), (6, 0.31), (8, 0.21), (10, 0.05), (12, 0.04))]


def test_the_demand_curve_of_a_published_example() -> None:
    """techmarketing.ch, Gabor-Granger: ceiling 0.33, b0 8.3, b1 -0.97; cost 3, fixed 5,000, market 10,000: best at 7.5
    with 5,928.79. It prints its shares with two decimals only, so the curve through those is near, not the same.
    """
    curve = fitted(PUBLISHED)
    assert (round(curve.ceiling, 2), round(curve.b0), round(curve.b1, 1)) == (0.33, 9, -1.0)
    best = best_on_cent_grid(curve, D(3), D(5_000), 10_000, D(4), D(12))
    assert best.price == pytest.approx(D("7.5"), abs=D("0.2"))
    assert float(best.profit) == pytest.approx(5_928.79, rel=0.02)


def test_the_best_of_the_asked_prices() -> None:
    """8 brings 10,000 x 0.21 x (8 - 3) - 5,000 = 5,500; 6 brings 4,300, 10 loses 1,500."""
    best = best_asked(PUBLISHED, D(3), D(5_000), 10_000)
    assert (best.price, best.seats, best.profit) == (D(8), 2_100, D("5500.00"))


def test_a_curve_is_found_again_from_its_own_points() -> None:
    made = [Asked(D(price), 0.6 / (1 + 2.718281828459045 ** (0.08 * (price - 90)))) for price in (30, 60, 90, 120, 150)]
    curve = fitted(made)
    assert (curve.ceiling, -curve.b0 / curve.b1, curve.b1) == pytest.approx((0.6, 90, -0.08), rel=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=6).filter(lambda shares: len(set(shares)) > 1))
def test_demand_never_rises_with_the_price(shares: list[float]) -> None:
    curve = fitted([Asked(D(10 * place), share) for place, share in enumerate(shares, start=1)])
    taken = [curve.share(price) for price in range(0, 100, 5)]
    assert taken == sorted(taken, reverse=True)
    assert all(0 <= share <= 1 for share in taken)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 30), st.integers(0, 5000))
def test_the_best_price_beats_every_other_cent(cost: int, fixed: int) -> None:
    curve = fitted([Asked(D(40), 0.5), Asked(D(60), 0.4), Asked(D(90), 0.1)])
    best = best_on_cent_grid(curve, D(cost), D(fixed), 60, D(40), D(90))
    profits = [60 * curve.share(cent / 100) * (cent / 100 - cost) - fixed for cent in range(4_000, 9_001)]
    assert float(best.profit) == pytest.approx(max(profits), abs=0.006)


def test_who_would_pay_more_but_not_less_is_shown_and_left_out() -> None:
    sane = Limit(((D(50), True), (D(80), True), (D(110), False)))
    never = Limit(((D(50), False), (D(80), False), (D(110), False)))
    odd = Limit(((D(50), False), (D(80), True), (D(110), False)))
    points, intransitive = shares_of([sane, odd, never])
    assert intransitive == [1]
    assert [(point.price, point.share, point.asked) for point in points] == [
        (D(50), 0.5, 2),
        (D(80), 0.5, 2),
        (D(110), 0, 2),
    ]
    assert (sane.highest, never.highest) == (D(80), None)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([Asked(D(50), 0.5)], "A demand curve needs at least three different prices; there are 1."),
        (
            [Asked(D(price), 0.5) for price in (50, 80, 110)],
            "The same share would pay every price: these answers show no demand curve.",
        ),
        (
            [Asked(D(price), 1.5) for price in (50, 80, 110)],
            "The share that would register is a share: 1.5 is not between 0 and 1.",
        ),
        ([Asked(D(-50), 0.5)], "A price cannot be below zero (-50)."),
    ],
)
def test_too_little_for_a_demand_curve_is_said(points: list[Asked], sentence: str) -> None:
    with override("en"):
        with pytest.raises(CannotCompute) as refused:
            fitted(points)
        assert str(refused.value) == sentence


def test_a_curve_is_read_between_two_prices_by_a_straight_line() -> None:
    curves = price_sensitivity([Answer(D(10), D(20), D(30), D(40)), Answer(D(20), D(30), D(40), D(50))]).curves
    assert [curves.share_at("too_expensive", price) for price in (5, 10, 30, 35, 40, 45, 50, 60)] == [
        0.0,
        0.0,
        0.0,
        0.25,
        0.5,
        0.75,
        1.0,
        1.0,
    ]


def test_an_interval_is_the_middle_95_percent_of_400_draws() -> None:
    """Percentile bootstrap by its definition: ten of the 400 lie below it and ten above."""
    some = Random(5)
    answers = [Answer(*sorted(D(some.randint(1_000, 15_000)) / 100 for _price in range(4))) for _one in range(25)]
    draw = Random(0)
    good = sorted(answers, key=lambda one: one.prices)
    drawn = sorted(
        crossing(curves.prices, curves.too_expensive, curves.too_cheap)
        for curves in (_curves(draw.choices(good, k=25)) for _round in range(400))
    )
    low, high = price_sensitivity(answers).intervals["opp"]
    assert drawn[9] <= low <= drawn[10] < drawn[19]
    assert drawn[380] < drawn[389] <= high <= drawn[390]


def test_a_price_weighs_as_many_as_were_asked() -> None:
    """Twice ten people who said the same weigh as twenty: shares that no curve goes through tell the difference."""
    rest = [Asked(D(60), 0.7, 10), Asked(D(90), 0.2, 10), Asked(D(120), 0.15, 10)]
    once, twice = Asked(D(30), 0.5, 10), Asked(D(30), 0.5, 20)
    assert fitted([once, once, *rest]).share(30) == pytest.approx(fitted([twice, *rest]).share(30), abs=1e-4)
    assert abs(fitted([twice, *rest]).share(30) - 0.5) < abs(fitted([once, *rest]).share(30) - 0.5) - 0.001


@settings(max_examples=4, deadline=None)
@given(st.lists(st.sampled_from([0, 50, 70, 90, 110]), min_size=8, max_size=20), st.randoms(use_true_random=False))
def test_the_interval_of_the_best_price_lies_among_the_asked_prices(limits: list[int], shuffle: Random) -> None:
    """Order makes no difference; nobody was heard outside them."""
    people = [Limit(tuple((D(price), price <= limit) for price in (50, 70, 90, 110))) for limit in limits]
    again = list(people)
    shuffle.shuffle(again)
    points, _odd = shares_of(people)
    try:
        curve = fitted(points)
    except CannotCompute:
        curve = None
    ends = (D(50), D(110))
    found = best_intervals(draw_of_people(people), curve, ends, D(20), D(0), 60)
    assert found == best_intervals(draw_of_people(again), curve, ends, D(20), D(0), 60)
    for interval in (found.price, found.asked_price):
        assert interval is None or 50 <= interval[0] <= interval[1] <= 110
    assert found.price is None or curve is not None


def test_the_interval_of_an_asked_profit_is_that_of_its_share() -> None:
    """One price that always wins: its profit is 60 x share x 30, so its interval is the bootstrap one of a share.

    Of 100 people 40 said yes: standard error 0.049, so 0.4 -+ 1.96 x 0.049 by the normal approximation.
    """
    counts = [Asked(D(50), 0.4, 100), Asked(D(60), 0.01, 100), Asked(D(70), 0.0, 100)]
    drawn = draw_of_counts(counts)
    assert drawn is not None
    found = best_intervals(drawn, None, (D(50), D(70)), D(20), D(0), 60)
    assert (found.price, found.profit, found.asked_price) == (None, None, (50, 50))
    assert found.asked_profit == pytest.approx((60 * 30 * 0.304, 60 * 30 * 0.496), rel=0.06)
    assert draw_of_counts([Asked(D(50), 0.4)]) is None


def test_no_draw_without_a_curve_makes_an_interval() -> None:
    """Nearly everybody says yes to everything: most draws show no curve, and the few that do are not shown alone."""
    yes = Limit(tuple((D(price), True) for price in (50, 70, 90)))
    odd = Limit(((D(50), True), (D(70), True), (D(90), False)))
    people = [*[yes] * 20, odd]
    found = best_intervals(draw_of_people(people), fitted(shares_of(people)[0]), (D(50), D(90)), D(0), D(0), 10)
    assert (found.price, found.profit) == (None, None)
    assert found.asked_price == (90, 90)
