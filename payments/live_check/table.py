"""What was expected at each step, what was seen, and whether they are the same."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    step: str
    expected: str
    seen: str

    @property
    def is_ok(self) -> bool:
        return self.expected == self.seen


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)

    def expect(self, step: str, expected: object, seen: object) -> bool:
        """Note a step; True when what was seen is what was expected."""
        row = Row(step, str(expected), str(seen))
        self.rows.append(row)
        return row.is_ok

    def broke(self, step: str, why: object) -> None:
        """A step that did not come to an answer."""
        self.rows.append(Row(step, "an answer", f"none: {why}"))

    @property
    def wrong(self) -> list[Row]:
        return [row for row in self.rows if not row.is_ok]

    def lines(self) -> list[str]:
        """As columns of text."""
        head = ("step", "expected", "seen", "ok")
        cells = [head, *((row.step, row.expected, row.seen, "yes" if row.is_ok else "NO") for row in self.rows)]
        widths = [max(len(line[place]) for line in cells) for place in range(len(head))]
        padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in cells]
        return ["  ".join(line).rstrip() for line in padded]
