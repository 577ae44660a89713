"""Bars from a low to a high around what is likely, as wide as they move the outcome."""

from django.template.loader import render_to_string
from django.utils.translation import override

from cms.swings import swings

COLUMNS = ("What", "Low", "High")


def test_bars_go_out_from_the_middle_as_far_as_their_ends():
    made = swings(
        "x", "X", COLUMNS, [("demand", -100, 300), ("costs", 50, -50)], middle=0, said=lambda value: f"{value:g}"
    )
    for drawing in made.drawings:
        first, second = drawing.bars
        assert float(first.low_x) + float(first.low_width) == float(drawing.middle) == float(first.high_x)
        assert round(float(first.high_width) / float(first.low_width), 1) == 3.0
        # What falls when it rises lies the other way round.
        assert float(second.low_x) == float(drawing.middle)
        assert float(second.high_x) + float(second.high_width) == float(drawing.middle)
        assert all(0 <= float(tick.at) <= drawing.width for tick in drawing.across)
    assert made.rows == [("demand", "-100", "300"), ("costs", "50", "-50")]


def test_nothing_is_drawn_where_nothing_moves():
    assert swings("x", "X", COLUMNS, [], middle=0, said=str) is None
    assert swings("x", "X", COLUMNS, [("demand", 5, 5)], middle=5, said=str) is None


def test_the_figures_stand_in_a_table_and_in_the_description():
    made = swings("x", "<X>", COLUMNS, [("demand", -1, 3)], middle=0, said=lambda value: f"{value:g}")
    with override("en"):
        html = render_to_string("cms/admin/swings.html", {"swings": made})
    assert html.count("demand: -1, 3. The figures are in the table.</desc>") == 2
    assert html.count('<th scope="row">demand</th>') == 1
    assert "<X>" not in html
