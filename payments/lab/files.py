"""What the lab reads from files: answers as CSV, a planned season as JSON. A bad row is named by its line."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from payments.lab.demand import Asked, Limit, shares_of
from payments.lab.plans import check_early
from payments.lab.refusal import CannotCompute, amount, part_taken, share, whole
from payments.lab.season import NAMES, Assumptions, PlannedVisit, Range, certain
from payments.lab.van_westendorp import COLUMNS, Answer

A = TypeVar("A")
#: Longer words for a segment are cut off.
MOST_SEGMENT = 40
#: Words for yes and no in the column `answer`.
YES, NO = ("yes", "ja", "1", "true"), ("no", "nee", "0", "false")


def _rows(text: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """The columns of a CSV, and its rows with their line. Semicolons serve as well, as a Belgian spreadsheet writes
    them."""
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    columns = [(name or "").strip().lower() for name in reader.fieldnames or []]
    reader.fieldnames = columns

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for row in reader:
            if any(value and str(value).strip() for value in row.values()):
                yield reader.line_num, {name: (value or "").strip() for name, value in row.items() if name is not None}

    return columns, rows()


def _at(line: int, value: str, column: str) -> Decimal:
    """An amount in a row; the decimal comma is read too. Raises CannotCompute that names the line."""
    try:
        return amount(value.replace(",", "."), column)
    except CannotCompute as error:
        raise CannotCompute(_("Line %(line)s: %(problem)s"), line=line, problem=error) from error


@dataclass(frozen=True)
class Told(Generic[A]):
    """One person's answer, the segment it is of ("" for none) and what was paid, where the file says so."""

    answer: A
    segment: str
    paid: Decimal | None


def _told(line: int, row: dict[str, str], answer: A) -> Told[A]:
    paid = _at(line, row["paid"], "paid") if row.get("paid") else None
    return Told(answer, row.get("segment", "")[:MOST_SEGMENT], paid)


def price_rows(text: str) -> list[Told[Answer]]:
    """Answers to the four questions, a person per line. Raises CannotCompute for a missing column or a bad amount."""
    columns, rows = _rows(text)
    if missing := [name for name in COLUMNS if name not in columns]:
        raise CannotCompute(_("The file lacks the columns %(names)s."), names=", ".join(missing))
    return [_told(line, row, Answer(*(_at(line, row[name], name) for name in COLUMNS))) for line, row in rows]


def price_answers(text: str) -> list[Answer]:
    """As price_rows(), the answers alone."""
    return [row.answer for row in price_rows(text)]


def demand_answers(text: str) -> tuple[list[Asked], list[str]]:
    """Who would pay which price, in one of three layouts, and the people who contradict themselves.

    price, share (0 to 1); price, yes, asked (counts); person, price, answer (yes or no). People are known in the third
    only. Raises CannotCompute for another layout, a bad row or a price that stands there twice.
    """
    columns, rows = _rows(text)
    if {"person", "price", "answer"} <= set(columns):
        return _of_people(rows)
    points: dict[Decimal, Asked] = {}
    for line, row in rows:
        if {"price", "yes", "asked"} <= set(columns):
            try:
                asked = whole(row["asked"], "asked", least=1)
                yes = whole(row["yes"], "yes", most=asked)
            except CannotCompute as error:
                raise CannotCompute(_("Line %(line)s: %(problem)s"), line=line, problem=error) from error
            point = Asked(_at(line, row["price"], "price"), yes / asked, asked)
        elif {"price", "share"} <= set(columns):
            point = Asked(_at(line, row["price"], "price"), share(_at(line, row["share"], "share"), "share"))
        else:
            raise CannotCompute(
                _("The file has none of these sets of columns: %(sets)s."),
                sets="price, share; price, yes, asked; person, price, answer",
            )
        if point.price in points:
            raise CannotCompute(
                _("Line %(line)s: the price %(price)s stands there twice."), line=line, price=point.price
            )
        points[point.price] = point
    if not points:
        raise CannotCompute(_("There is no usable answer."))
    return [points[price] for price in sorted(points)], []


def _of_people(rows: Iterator[tuple[int, dict[str, str]]]) -> tuple[list[Asked], list[str]]:
    people = _people(rows)
    points, places = shares_of([person.answer for person in people.values()])
    names = list(people)
    return points, [names[place] for place in places]


def demand_rows(text: str) -> list[Told[Limit]]:
    """What each person said of each asked price: person, price, answer. Raises CannotCompute."""
    columns, rows = _rows(text)
    if missing := [name for name in ("person", "price", "answer") if name not in columns]:
        raise CannotCompute(_("The file lacks the columns %(names)s."), names=", ".join(missing))
    return list(_people(rows).values())


def _people(rows: Iterator[tuple[int, dict[str, str]]]) -> dict[str, Told[Limit]]:
    said: dict[str, dict[Decimal, bool]] = {}
    first: dict[str, tuple[int, dict[str, str]]] = {}
    for line, row in rows:
        answer = row["answer"].lower()
        if answer not in YES + NO:
            raise CannotCompute(_("Line %(line)s: “%(value)s” is neither yes nor no."), line=line, value=row["answer"])
        mine = said.setdefault(row["person"], {})
        first.setdefault(row["person"], (line, row))
        price = _at(line, row["price"], "price")
        if price in mine:
            raise CannotCompute(_("Line %(line)s: the price %(price)s stands there twice."), line=line, price=price)
        mine[price] = answer in YES
    return {person: _told(*first[person], Limit(tuple(sorted(answers.items())))) for person, answers in said.items()}


@dataclass(frozen=True)
class PlannedSeason:
    visits: list[PlannedVisit]
    #: Model -> its parameters.
    models: Mapping[str, Mapping[str, Any]]
    assumptions: Assumptions
    #: What the payment service keeps of what participants pay.
    fee_share: float


def planned_season(text: str) -> PlannedSeason:
    """A season from JSON: {"events": [{"name", "capacity", "registrations", "price", "fixed", "per_participant"}],
    "models": {kind: {parameter: value}}, "uncertain": {assumption: value or [low, likely, high]}, "fee_share": 0.02}.

    Assumptions: demand, free_share, elasticity, no_show, cost. Raises CannotCompute for text that is not JSON, an
    unknown or missing key, or a value out of bounds.
    """
    try:
        told = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise CannotCompute(_("The file is not JSON: %(problem)s."), problem=error) from error
    if not isinstance(told, dict):
        raise CannotCompute(_("The file is not a JSON object."))
    _known(told, {"events", "models", "uncertain", "fee_share"}, _("the season"))
    events = told.get("events")
    if events is not None and not isinstance(events, list):
        raise CannotCompute(_("“events” is a list of visits."))
    if not events:
        raise CannotCompute(_("There is no visit in this season."))
    uncertain, models = told.get("uncertain", {}), told.get("models", {})
    if not isinstance(models, dict) or not all(isinstance(value, dict) for value in models.values()):
        raise CannotCompute(_("“models” names each model with its parameters."))
    check_early(models.get("early_bird", {}))
    if not isinstance(uncertain, dict):
        raise CannotCompute(_("“uncertain” names each assumption with its value or with low, likely and high."))
    _known(uncertain, set(NAMES), _("the assumptions"))
    return PlannedSeason(
        [_visit(event, place) for place, event in enumerate(events, start=1)],
        models,
        Assumptions(**{name: _range(name, value) for name, value in uncertain.items()}),
        part_taken(told.get("fee_share", 0), "fee_share"),
    )


def _known(told: Mapping[str, Any], keys: set[str], where: Any) -> None:
    if unknown := set(told) - keys:
        raise CannotCompute(
            _("Unknown in %(where)s: %(names)s. Known are %(known)s."),
            where=where,
            names=", ".join(sorted(unknown)),
            known=", ".join(sorted(keys)),
        )


def _visit(told: Any, place: int) -> PlannedVisit:
    where = _("visit %(place)s") % {"place": place}
    if not isinstance(told, dict):
        raise CannotCompute(_("Unknown in %(where)s: %(names)s."), where=where, names=told)
    _known(told, {"name", "capacity", "registrations", "price", "fixed", "per_participant"}, where)
    needed = ("capacity", "registrations", "price", "fixed")
    if missing := [name for name in needed if name not in told]:
        raise CannotCompute(_("Missing in %(where)s: %(names)s."), where=where, names=", ".join(missing))
    name = str(told.get("name", where))
    visit = PlannedVisit(
        name,
        whole(told["capacity"], f"{name}: capacity", least=1),
        float(amount(told["registrations"], f"{name}: registrations")),
        amount(told["price"], f"{name}: price"),
        amount(told["fixed"], f"{name}: fixed"),
        amount(told.get("per_participant", 0), f"{name}: per_participant"),
    )
    visit.check()
    return visit


def _range(name: str, value: Any) -> Range:
    if isinstance(value, list):
        if len(value) != 3:
            raise CannotCompute(_("“%(name)s” is one value, or low, likely and high."), name=name)
        return Range(*(float(amount(one, name)) for one in value))
    return certain(float(amount(value, name)))
