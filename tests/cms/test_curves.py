"""Curves run where their figures are, keep their crossings named apart, and never end in an error."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from cms.charts import NARROW, WIDE
from cms.curves import LEFT, RIGHT, Axis, Crossing, Series, curves, ticks

PRICE, SHARE = Axis("Price", lambda value: f"{value:g}"), Axis("Share", lambda value: f"{value:.0%}")


def points(drawing, place: int = 0) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split(","))) for point in drawing.lines[place].points.split()]


def test_a_curve_runs_from_the_axis_to_the_edge_and_as_high_as_its_figures():
    made = curves("x", "X", PRICE, SHARE, [Series("a", [(10, 0), (20, 0.5), (30, 1)])], top=1)

    for drawing, width in zip(made.drawings, (WIDE, NARROW), strict=True):
        (x1, y1), (x2, y2), (x3, y3) = points(drawing)
        assert (x1, x3, x2) == (LEFT, width - RIGHT, (LEFT + width - RIGHT) / 2)
        assert (y1, y3, y2) == (drawing.base, drawing.top, (drawing.base + drawing.top) / 2)


def test_nothing_is_drawn_of_one_price_or_of_what_is_no_number():
    assert curves("x", "X", PRICE, SHARE, [Series("a", [])]) is None
    assert curves("x", "X", PRICE, SHARE, [Series("a", [(10, 0), (10, 1)])]) is None
    assert curves("x", "X", PRICE, SHARE, [Series("a", [(10, 0), (20, float("inf"))])]) is None
    with pytest.raises(ValueError, match="At most 4"):
        curves("x", "X", PRICE, SHARE, [Series("a", [(1, 1), (2, 2)])] * 5)


def test_a_level_curve_and_figures_below_zero_have_room():
    level = curves("x", "X", PRICE, SHARE, [Series("a", [(10, 0), (20, 0)])]).drawings[0]
    below = curves("x", "X", PRICE, SHARE, [Series("a", [(10, -5), (20, 5)])]).drawings[0]

    assert [y for _x, y in points(level)] == [level.base, level.base]
    assert [y for _x, y in points(below)] == [below.base, below.top]


def test_series_are_told_apart_without_colour():
    one = [(10, 0), (20, 1)]
    made = curves("x", "X", PRICE, SHARE, [Series(name, one) for name in "abcd"])

    shapes = {
        line.markers[0].split("h")[0].split("l")[0][:1] + line.markers[0][-12:] for line in made.drawings[0].lines
    }
    assert len(shapes) == 4
    assert [key.series for key in made.keys] == [1, 2, 3, 4]


def test_points_that_were_measured_stand_loose_with_how_sure_they_are():
    made = curves(
        "x", "X", PRICE, SHARE, [Series("a", [(10, 0.8), (20, 0.4)], [(10, 0.6, 0.9), (20, 0.2, 0.6)], is_loose=True)]
    )
    line = made.drawings[0].lines[0]

    assert (line.points, len(line.markers), len(line.bars)) == ("", 2, 2)
    assert made.keys[0].has_line is False


def test_labels_of_crossings_that_lie_together_stand_on_lines_of_their_own():
    crossings = [Crossing("IPP 51", 21, 0.5), Crossing("OPP 50", 20, 0.5), Crossing("PME 99", 30, 0.2)]
    made = curves("x", "X", PRICE, SHARE, [Series("a", [(10, 0), (30, 1)])], crossings=crossings, top=1)

    for drawing in made.drawings:
        assert [one.label for one in drawing.named] == ["OPP 50", "IPP 51", "PME 99"]
        assert len({one.label_y for one in drawing.named}) == 3
        assert max(float(one.label_y) for one in drawing.named) < drawing.top
        # At the right edge a label stands before its line.
        assert [one.anchor for one in drawing.named][-1] == "end"


@pytest.mark.parametrize(("low", "high"), [(0, 1), (12.5, 130), (-4000, 900), (0, 0.03), (99.99, 100)])
def test_ticks_are_round_figures_between_the_ends(low: float, high: float):
    for most in (2, 4, 8):
        found = ticks(low, high, most)
        assert len(found) <= most
        assert all(low - 1e-9 <= value <= high + 1e-9 for value in found)


def test_the_figures_stand_in_a_table_and_the_drawing_says_what_it_shows():
    made = curves(
        "prices",
        "Four curves",
        PRICE,
        SHARE,
        [Series("<too cheap>", [(10, 1), (20, 0)])],
        crossings=[Crossing("OPP 15", 15, 0.5)],
        columns=["Price", "<too cheap>"],
        rows=[("10", ["100 %"]), ("20", ["0 %"])],
        said="Where they cross.",
    )
    with override("en"):
        html = render_to_string("cms/admin/curves.html", {"curves": made})

    assert html.count('<svg class="tour-chart-') == 2
    assert html.count("<desc") == html.count("OPP 15. The figures are in the table.</desc>") == 2
    assert "&lt;too cheap&gt;" in html
    assert "<too cheap>" not in html
    assert html.count('<th scope="row"') == 2
    assert html.count('<th scope="col"') == 2
    assert "style=" not in html
