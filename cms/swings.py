"""How far each of a few things moves an outcome: a bar from its low to its high around what is likely, the widest
first. Drawn by the server as the other charts are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from cms.charts import LETTER, NARROW, WIDE
from cms.curves import Tick, ticks

#: A bar with its label above it, so that a phone has the whole width for both.
ROW, THICK, TOP, BOTTOM, EDGE = 44, 18, 6, 40, 34


@dataclass(frozen=True)
class Bar:
    label: str
    label_y: str
    y: str
    low_x: str
    low_width: str
    high_x: str
    high_width: str
    title: str


@dataclass(frozen=True)
class Drawing:
    name: str
    width: int
    height: int
    base: int
    middle: str
    bars: list[Bar]
    across: list[Tick]
    thick: int = THICK


@dataclass(frozen=True)
class Swings:
    """What cms/admin/swings.html draws. `rows`: what, the outcome at its low and at its high, as text."""

    name: str
    title: Any
    columns: tuple[Any, Any, Any]
    rows: list[tuple[str, str, str]]
    drawings: list[Drawing]

    @property
    def heading(self) -> str:
        return f"swings-{self.name}"


def swings(
    name: str,
    title: Any,
    columns: tuple[Any, Any, Any],
    rows: Sequence[tuple[str, float, float]],
    *,
    middle: float,
    said: Callable[[float], str],
) -> Swings | None:
    """One bar per row (label, outcome at its low, outcome at its high), around `middle`. None where nothing moves."""
    if not any(low != high for _label, low, high in rows):
        return None
    ends = [middle, *(end for _label, low, high in rows for end in (low, high))]
    return Swings(
        name,
        title,
        columns,
        [(label, said(low), said(high)) for label, low, high in rows],
        [
            _drawn(size, width, rows, middle, said, min(ends), max(ends))
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        ],
    )


def _drawn(
    name: str,
    width: int,
    rows: Sequence[tuple[str, float, float]],
    middle: float,
    said: Callable[[float], str],
    first: float,
    last: float,
) -> Drawing:
    height = TOP + ROW * len(rows) + BOTTOM

    def at(value: float) -> float:
        return EDGE + (value - first) / (last - first) * (width - 2 * EDGE)

    bars = []
    for place, (label, low, high) in enumerate(rows):
        y = TOP + ROW * place
        low_x, low_width = _from(at(middle), at(low))
        high_x, high_width = _from(at(middle), at(high))
        bars.append(
            Bar(
                Truncator(label).chars(int((width - 2 * EDGE) / float(LETTER))),
                f"{y + 12}",
                f"{y + 18}",
                low_x,
                low_width,
                high_x,
                high_width,
                f"{label}: {said(low)}, {said(high)}",
            )
        )
    longest = max(len(said(value)) for value in (first, last))
    room = max(2, min(7, int((width - 2 * EDGE) / (longest * float(LETTER) + 18))))
    across = [Tick(f"{at(value):.1f}", said(value)) for value in ticks(first, last, room)]
    return Drawing(name, width, height, height - BOTTOM, f"{at(middle):.1f}", bars, across)


def _from(middle: float, end: float) -> tuple[str, str]:
    return f"{min(middle, end):.1f}", f"{abs(end - middle):.1f}"
