"""Curves drawn by the server as SVG: no script, no style of their own, and the figures in a table beside them.

Series differ in their dashes and their markers as well as in colour. As in cms.charts there are two drawings, so that
letters are never smaller than they were drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10
from typing import Any

from cms.charts import LETTER, NARROW, WIDE

HEIGHT = 300
LEFT, RIGHT, TOP, BOTTOM = 60, 26, 14, 48
#: Room above the curves for the label of one crossing; each has a line of its own, so that none hides another.
LABEL = 17
#: A bold letter is wider.
BOLD = 1.15
#: Markers on one curve: enough to tell it by, few enough to see the curve.
MARKERS = 7
#: Series that can be told apart.
MOST_SERIES = 4


@dataclass(frozen=True)
class Series:
    """A curve through points (x, y) that stand from left to right. `bounds` are (x, low, high): how sure a point is.

    With `is_loose` the points were measured one by one: they get a marker each, and no line between them.
    """

    label: Any
    points: Sequence[tuple[float, float]]
    bounds: Sequence[tuple[float, float, float]] = ()
    is_loose: bool = False


@dataclass(frozen=True)
class Crossing:
    """A point on the curves that has a name."""

    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Axis:
    """What it says, and how a figure on it is written."""

    label: Any
    said: Callable[[float], str]


@dataclass(frozen=True)
class Line:
    """One series as SVG wants it."""

    series: int
    #: "x,y x,y …"; empty for points that stand loose.
    points: str
    #: Paths of its markers, and of the bars that say how sure they are.
    markers: list[str]
    bars: list[str]


@dataclass(frozen=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True)
class Named:
    """A crossing with its label: a thin line from the label, through the point, to the axis."""

    x: str
    y: str
    label: str
    label_x: str
    label_y: str
    anchor: str
    line_top: str


@dataclass(frozen=True)
class Drawing:
    """The curves for a screen of at least this width."""

    name: str
    width: int
    height: int
    top: int
    base: int
    left: int = LEFT
    right: int = RIGHT
    lines: list[Line] = field(default_factory=list)
    across: list[Tick] = field(default_factory=list)
    up: list[Tick] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)

    @property
    def inner_right(self) -> int:
        return self.width - self.right


@dataclass(frozen=True)
class Key:
    """How a series is told from the others, drawn in its own words below the curves."""

    series: int
    label: Any
    marker: str
    has_line: bool


@dataclass(frozen=True)
class Curves:
    """What cms/admin/curves.html draws. `rows` are the figures as text: a label, then a cell per column."""

    name: str
    title: Any
    said: str
    keys: list[Key]
    columns: list[Any]
    rows: list[tuple[str, list[str]]]
    drawings: list[Drawing]
    across: Any
    up: Any

    @property
    def heading(self) -> str:
        return f"curves-{self.name}"


def curves(
    name: str,
    title: Any,
    across: Axis,
    up: Axis,
    series: Sequence[Series],
    *,
    crossings: Sequence[Crossing] = (),
    columns: Sequence[Any] = (),
    rows: Sequence[tuple[str, Sequence[str]]] = (),
    said: str = "",
    top: float | None = None,
) -> Curves | None:
    """At most four series on the same axes, with their figures. None where there are not two points to draw between.

    `said` is the sentence that tells what the drawing shows; `top` the highest y where it is known (1 for shares).
    `columns` has a label for each cell of a row, and one before them for what the row is.
    """
    if len(series) > MOST_SERIES:
        raise ValueError(f"At most {MOST_SERIES} series can be told apart.")
    xs = [x for one in series for x, _y in one.points]
    ys = [y for one in series for _x, y in one.points]
    ys += [end for one in series for _x, *ends in one.bounds for end in ends]
    if not all(isfinite(value) for value in (*xs, *ys)) or len(set(xs)) < 2:
        return None
    frame = _Frame(min(xs), max(xs), *_range(ys, top))
    return Curves(
        name=name,
        title=title,
        said=said,
        keys=[
            Key(number, one.label, _marker(number, 14, 6), not one.is_loose)
            for number, one in enumerate(series, start=1)
        ],
        columns=list(columns),
        rows=[(label, list(cells)) for label, cells in rows],
        drawings=[frame.drawn(width, size, across, up, series, crossings) for width, size in SIZES],
        across=across.label,
        up=up.label,
    )


SIZES = (("wide", WIDE), ("narrow", NARROW))


def _range(ys: Sequence[float], top: float | None) -> tuple[float, float]:
    """From zero, or below it, to the top; never of no height."""
    low, high = min(0.0, *ys), top if top is not None else max(ys)
    return low, high if high > low else low + 1


@dataclass(frozen=True)
class _Frame:
    first: float
    last: float
    low: float
    high: float

    def drawn(
        self,
        name: str,
        width: int,
        across: Axis,
        up: Axis,
        series: Sequence[Series],
        crossings: Sequence[Crossing],
    ) -> Drawing:
        above = TOP + LABEL * len(crossings)
        height = HEIGHT + LABEL * len(crossings)
        base = height - BOTTOM

        def x_at(x: float) -> float:
            return LEFT + (x - self.first) / (self.last - self.first) * (width - LEFT - RIGHT)

        def y_at(y: float) -> float:
            return base - (y - self.low) / (self.high - self.low) * (base - above)

        drawing = Drawing(name, width, height, above, base)
        for number, one in enumerate(series, start=1):
            drawing.lines.append(_line(number, one, x_at, y_at))
        longest = max(len(across.said(value)) for value in (self.first, self.last))
        room = max(2, int((width - LEFT - RIGHT) / (longest * float(LETTER) + 14)))
        drawing.across.extend(
            Tick(_at(x_at(value)), across.said(value)) for value in ticks(self.first, self.last, min(room, 8))
        )
        drawing.up.extend(Tick(_at(y_at(value)), up.said(value)) for value in ticks(self.low, self.high, 6))
        for place, crossing in enumerate(sorted(crossings, key=lambda crossing: crossing.x)):
            drawing.named.append(_named(place, crossing, x_at(crossing.x), y_at(crossing.y), width))
        return drawing


def _named(place: int, one: Crossing, x: float, y: float, width: int) -> Named:
    """The label stands behind its line, before it where the edge is near, and where neither fits as far as it can."""
    y_of_label = TOP + LABEL * place
    long = len(one.label) * float(LETTER) * BOLD
    if x + 6 + long <= width:
        label_x, anchor = x + 6, "start"
    elif long <= x - 6:
        label_x, anchor = x - 6, "end"
    else:
        label_x, anchor = max(2.0, width - 2 - long), "start"
    return Named(_at(x), _at(y), one.label, _at(label_x), _at(y_of_label), anchor, _at(y_of_label - 8))


def _line(number: int, one: Series, x_at: Callable[[float], float], y_at: Callable[[float], float]) -> Line:
    every = 1 if one.is_loose else max(1, ceil(len(one.points) / MARKERS))
    # Each series begins at another point, so that markers of curves that lie together do not lie on each other.
    first = 0 if one.is_loose else (number - 1) * every // MOST_SERIES
    return Line(
        number,
        "" if one.is_loose else " ".join(f"{_at(x_at(x))},{_at(y_at(y))}" for x, y in one.points),
        [_marker(number, x_at(x), y_at(y)) for x, y in one.points[first::every]],
        [_bar(x_at(x), y_at(low), y_at(high)) for x, low, high in one.bounds],
    )


def _bar(x: float, low: float, high: float) -> str:
    ends = "".join(f"M{_at(x - 4)} {_at(y)}H{_at(x + 4)}" for y in (low, high))
    return f"M{_at(x)} {_at(low)}V{_at(high)}{ends}"


def _marker(number: int, x: float, y: float) -> str:
    """A square, a dot, a triangle or a diamond around the point."""
    if number == 1:
        return f"M{_at(x - 3.5)} {_at(y - 3.5)}h7v7h-7z"
    if number == 2:
        return f"M{_at(x - 4)} {_at(y)}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
    if number == 3:
        return f"M{_at(x)} {_at(y - 5)}l5 8.5h-10z"
    return f"M{_at(x)} {_at(y - 5.5)}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round figures between two ends, 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** floor(log10(rough))
    for times in (1, 2, 5, 10, 20, 50):
        step = times * power
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(place * step, 10) for place in range(first, last + 1)]
    return []


def _at(value: float) -> str:
    """With a point, whatever the language."""
    return f"{value:.1f}"
