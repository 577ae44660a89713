"""Bars drawn by the server as SVG: no script, no style of their own, and the figures in a table beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format

#: Never drawn smaller than this: a drawing that shrinks to a phone takes its letters along. So there are two.
WIDE, NARROW, HEIGHT = 672, 320, 256
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 12, 50
#: What two labels beside each other keep between them.
GAP = 6
#: How wide a letter of a label is, about, and how wide those are that differ most from it.
LETTER = Decimal("6.4")
LETTERS = {
    letter: Decimal(wide)
    for wide, letters in {
        "3.2": "iljI.,:;'|",
        "3.6": " ",
        "4.6": "tfr()-/",
        "6.9": "abdeghknopquvxy0123456789",
        "8": "ABCDEFGHKLNOPQRSTUVXYZ",
        "10.6": "mwMW@%…",
    }.items()
    for letter in letters
}
#: More bars than these cannot be read; the table below a report has all of them.
MOST = 24


@dataclass(frozen=True)
class Box:
    """A piece of a bar: coordinates as SVG wants them, and which series it is (1, 2, …)."""

    x: str
    y: str
    width: str
    height: str
    series: int
    title: str


@dataclass(frozen=True)
class Tick:
    """A bar's label, in one line or two."""

    x: str
    lines: list[str]


@dataclass(frozen=True)
class Drawing:
    """The bars for a screen of at least this width."""

    name: str
    width: int
    boxes: list[Box]
    ticks: list[Tick]
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Chart:
    """What cms/admin/chart.html draws. `rows` are the figures: a label, then one per series."""

    name: str
    title: Any
    series: list[tuple[int, Any]]
    rows: list[tuple[str, list[Decimal]]]
    #: One for a wide screen and one for a phone; the style sheet shows one of them.
    drawings: list[Drawing]
    left_out: int
    decimals: int

    @property
    def grouped(self) -> str:
        """How floatformat writes a figure of the table: as beside it, in groups of three."""
        return f"{self.decimals}g"

    @property
    def heading(self) -> str:
        return f"chart-{self.name}"


def stacked_bars(
    name: str,
    title: Any,
    series: Sequence[Any],
    rows: Sequence[tuple[str, Sequence[Any]]],
    *,
    decimals: int = 2,
    last: bool = False,
) -> Chart | None:
    """One bar per row, its values stacked; of many rows the first, or the last. None without anything above 0.

    Values below 0 have no height; the table says them.
    """
    shown = [(label, [Decimal(value) for value in values]) for label, values in (rows[-MOST:] if last else rows[:MOST])]
    sums = [sum((max(value, Decimal(0)) for value in values), start=Decimal(0)) for _label, values in shown]
    highest = max(sums, default=Decimal(0))
    if highest <= 0:
        return None
    return Chart(
        name=name,
        title=title,
        series=list(enumerate(series, start=1)),
        rows=shown,
        drawings=[
            _drawn("wide", WIDE, shown, series, highest, decimals),
            _drawn("narrow", NARROW, shown, series, highest, decimals),
        ],
        left_out=max(0, len(rows) - MOST),
        decimals=decimals,
    )


def _drawn(
    name: str,
    width: int,
    shown: Sequence[tuple[str, Sequence[Decimal]]],
    series: Sequence[Any],
    highest: Decimal,
    decimals: int,
) -> Drawing:
    step = Decimal(width - LEFT - RIGHT) / len(shown)
    thick = min(step * Decimal("0.7"), Decimal(72))
    scale = Decimal(HEIGHT - TOP - BOTTOM) / highest
    boxes, ticks = [], []
    every = max(1, -(-len(shown) // (width // 80)))  # labels that do not run into each other
    for place, (label, values) in enumerate(shown):
        x = LEFT + step * place + (step - thick) / 2
        y = Decimal(HEIGHT - BOTTOM)
        for number, value in enumerate(values, start=1):
            height = max(value, Decimal(0)) * scale
            if not height:
                continue
            y -= height
            said = f"{label}, {series[number - 1]}: {number_format(value, decimals, force_grouping=True)}"
            boxes.append(Box(_at(x), _at(y), _at(thick), _at(height), number, said))
        if place % every == 0:
            centre = x + thick / 2
            room = min(step * every - GAP, 2 * centre, 2 * (width - centre))  # none of it beyond the edges
            ticks.append(Tick(_at(centre), _lines(label, room)))
    return Drawing(name=name, width=width, boxes=boxes, ticks=ticks)


def _wide(text: str) -> Decimal:
    return sum((LETTERS.get(letter, LETTER) for letter in text), start=Decimal(0))


def _lines(label: str, room: Decimal) -> list[str]:
    """At most two, of whole words; what is longer is cut off with a sign that it is."""
    lines: list[str] = []
    for word in label.split():
        if lines and _wide(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    first, *rest = lines or [""]
    more = [f"{rest[0]}…" if len(rest) > 1 else rest[0]] if rest else []
    return [_cut(line, room) for line in (first, *more)]


def _cut(line: str, room: Decimal) -> str:
    """As much of it as there is room for."""
    if _wide(line) <= room:
        return line
    kept = line.rstrip("…")
    while len(kept) > 1 and _wide(f"{kept}…") > room:
        kept = kept[:-1]
    return f"{kept}…"


def _at(value: Decimal) -> str:
    """With a point, whatever the language."""
    return f"{value:.1f}"
