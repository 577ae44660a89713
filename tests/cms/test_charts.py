"""Bars are as high as their figures, and a label says all it can in two lines."""

from decimal import Decimal

from django.template.loader import render_to_string

from cms.charts import MOST, stacked_bars


def test_bars_are_as_high_as_their_figures_and_stacked():
    chart = stacked_bars("x", "X", ["a", "b"], [("one", [10, 30]), ("two", [20, 0]), ("none", [0, -5])])

    drawing = chart.drawings[0]
    heights = [Decimal(box.height) for box in drawing.boxes]
    assert [box.series for box in drawing.boxes] == [1, 2, 1]
    assert [round(height / heights[0]) for height in heights] == [1, 3, 2]
    assert Decimal(drawing.boxes[1].y) == Decimal(drawing.boxes[0].y) - heights[1]
    assert [label for label, _values in chart.rows] == ["one", "two", "none"]


def test_nothing_is_drawn_of_nothing_and_too_many_bars_are_left_to_the_table():
    assert stacked_bars("x", "X", ["a"], []) is None
    assert stacked_bars("x", "X", ["a"], [("one", [0])]) is None
    rows = [(str(number), [1]) for number in range(MOST + 3)]
    assert (stacked_bars("x", "X", ["a"], rows).left_out, stacked_bars("x", "X", ["a"], rows).rows[0][0]) == (3, "0")
    assert stacked_bars("x", "X", ["a"], rows, last=True).rows[0][0] == "3"


def test_a_label_takes_a_second_line_before_it_is_cut_off():
    labels = ["Not due yet", "1 to 30 days late", "31 to 60 days late", "61 to 90 days late", "More than 90 days late"]

    wide, narrow = stacked_bars("x", "X", ["a"], [(label, [1]) for label in labels]).drawings

    assert [" ".join(tick.lines) for tick in wide.ticks] == labels
    assert [tick.lines for tick in narrow.ticks] == [
        ["Not due yet"],
        ["31 to 60 days late"],
        ["More than 90", "days late"],
    ]


def test_what_two_lines_cannot_hold_is_cut_off_with_a_sign():
    labels = [f"Gebruik en contractopvolging van {number}" for number in range(6)]

    wide, _narrow = stacked_bars("x", "X", ["a"], [(label, [1]) for label in labels]).drawings

    assert wide.ticks[1].lines == ["Gebruik en", "contractopvolgi…"]


def test_wide_letters_do_not_run_into_the_next_label():
    labels = ["Schoonmaken zonder wegwerp", "Laptops een tweede keer", "Gerecycleerd garen", "Open werksessie"]

    _wide, narrow = stacked_bars("x", "X", ["a"], [(label, [1]) for label in labels]).drawings

    assert [tick.lines[0] for tick in narrow.ticks] == ["Schoonm…", "Laptops", "Gerecycle…", "Open"]


def test_the_longest_phase_of_a_purchase_is_said_whole():
    labels = ["Gebruik en contractopvolging", *"abcde"]

    wide, _narrow = stacked_bars("x", "X", ["a"], [(label, [1]) for label in labels]).drawings

    assert wide.ticks[0].lines == ["Gebruik en", "contractopvolging"]


def test_a_figure_is_written_in_groups_of_three_in_the_bar_and_in_the_table():
    chart = stacked_bars("x", "X", ["a"], [("one", [1235])])

    assert chart.drawings[0].boxes[0].title == "one, a: 1.235,00"
    for template in ("cms/includes/chart.html", "cms/admin/chart.html"):
        assert '">1.235,00</td>' in render_to_string(template, {"chart": chart})
