"""A table somebody hands in, judged row by row with all that is wrong, and written as a whole or not at all.

A deed gives `judge` what writes one row; the screens of cms.admin.handed_in show the outcome before it is written.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Row = dict[str, str]


class Result(NamedTuple):
    """What becomes of one row of the file; `number` counts from 2, as a spreadsheet does below its heading."""

    number: int
    name: str
    #: "new", "changed", "same" or "wrong".
    outcome: str
    #: All that is wrong with the row, each with its column: "domains: ...".
    errors: Sequence[str]
    #: What is or would be another value than before, old and new.
    changes: Sequence[str] = ()


class OutcomeDiffers(Exception):
    """Something else would become of the rows than was foreseen: the list was changed meanwhile. Nothing is written."""

    def __init__(self, results: list[Result]) -> None:
        super().__init__("The list was changed meanwhile.")
        self.results = results


@dataclass
class Found:
    """What one row turned out to change ("evidence: a list -> a letter"), or all that is wrong with it."""

    name: str = ""
    is_new: bool = False
    changes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    #: Where a field of a model is called otherwise than its column.
    column_of: dict[str, str] = field(default_factory=dict)
    #: What the row is about, by whatever it can be known: no other row of the table may be about one of these.
    about: set[Any] = field(default_factory=set)

    def note(self, row: Any, name: str, value: Any) -> None:
        """Set a field to its new value, and remember it when that is another one."""
        before = getattr(row, name)
        if _as_read(before) != _as_read(value):
            setattr(row, name, value)
            label = row._meta.get_field(name).verbose_name
            self.changes.append(f"{label}: {said(before)} → {said(value)}")

    @contextmanager
    def fault_of(self, column: str) -> Iterator[None]:
        """A ValidationError raised in here is a fault of the row, told with its column; the judging goes on."""
        try:
            yield
        except ValidationError as error:
            faults = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for name, messages in faults.items():
                told_of = column if name == NON_FIELD_ERRORS else self.column_of.get(name, name)
                self.errors += [shortened(f"{told_of}: {message}") for message in messages]


def _as_read(value: Any) -> Any:
    """Text without what a cell of a spreadsheet does not keep: how its lines end, and the space around it."""
    return "\n".join(value.strip().splitlines()) if isinstance(value, str) else value


def fingerprint(results: list[Result]) -> str:
    """The same for the same outcome of every row, and for no other."""
    return sha256(repr([tuple(result) for result in results]).encode()).hexdigest()


def judge(
    rows: list[Row], write: Callable[[Row, Found], None], *, named: str, dry_run: bool, foreseen: str = "", **found: Any
) -> list[Result]:
    """Write the rows that say something, each by `write`, or find out what would become of them. Inside a transaction.

    `named`: the column a row is known by. A dry run writes nothing; nor does a table with a wrong row. `found`: what
    each row's Found begins with. Raises OutcomeDiffers when the outcome is not the one whose fingerprint was
    `foreseen`.
    """
    results, about = [], []
    with _untold() if dry_run else nullcontext():
        for number, row in enumerate(rows, start=2):
            if any(row.values()):
                what = Found(**found)
                results.append(_judged(number, row, write, named, what))
                about.append(what.about)
    results = _once_each(results, about, named)
    if foreseen and foreseen != fingerprint(results):
        raise OutcomeDiffers(results)
    if dry_run or any(result.outcome == "wrong" for result in results):
        transaction.set_rollback(True)
    return results


def _judged(number: int, row: Row, write: Callable[[Row, Found], None], named: str, found: Found) -> Result:
    name = shortened(row.get(named, "").replace("\x00", ""))
    if any("\x00" in cell for cell in row.values()):
        return Result(number, name, "wrong", [_("A cell holds a sign that cannot be kept (NUL).")])
    with transaction.atomic():
        write(row, found)
        if found.errors:
            transaction.set_rollback(True)
    if found.errors:
        return Result(number, name, "wrong", found.errors)
    outcome = "new" if found.is_new else "changed" if found.changes else "same"
    return Result(number, name or found.name, outcome, [], found.changes)


def _once_each(results: list[Result], about: list[set[Any]], named: str) -> list[Result]:
    """Two rows about the same are both wrong, each with the number of the other: neither is the one that counts."""
    rows_about: dict[Any, set[int]] = defaultdict(set)
    for result, what in zip(results, about, strict=True):
        for one in what:
            rows_about[one].add(result.number)
    judged = []
    for result, what in zip(results, about, strict=True):
        others = sorted(set().union(*(rows_about[one] for one in what)) - {result.number})
        if others:
            said = ngettext(
                "Row %(rows)s is about the same: keep one of the two.",
                "Rows %(rows)s are about the same: keep one of them.",
                len(others),
            ) % {"rows": ", ".join(map(str, others))}
            errors = [*result.errors, f"{named}: {said}"]
            result = result._replace(outcome="wrong", errors=errors, changes=())
        judged.append(result)
    return judged


@contextmanager
def _untold() -> Iterator[None]:
    """Wagtail's log says nothing of the pages this thread makes meanwhile: they are taken back."""
    here, log = threading.get_ident(), logging.getLogger("wagtail")

    def is_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != here

    log.addFilter(is_elsewhere)
    try:
        yield
    finally:
        log.removeFilter(is_elsewhere)


def said(value: Any) -> str:
    """A value in the list of changes."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return "–" if value in (None, "") else shortened(str(value))


def shortened(text: str, most: int = 1000) -> str:
    """Its beginning and its end: a cell may hold a whole book by mistake."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def day(written: str) -> date | None:
    """Of "2027-01-31", None of nothing. Raises ValidationError in words for anything else."""
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ValidationError(_("“%(day)s” is no day: write it as 2027-01-31.") % {"day": written}) from error
