"""Strict narrowing and ordering of a list: `title__contains=lamp`, `checked_on__gte=2027-01-01`, `order=-title`.

A field can be sought when its type says so (`Told.sought_as`), by the operators of its kind. Whatever a client sends
becomes a value of that kind or a 422; nothing reaches the database as it was written.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.headless.choosing import once, wrong
from cms.headless.fields import Told
from cms.headless.shapes import Json

OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("", "in", "contains", "isnull"),
    "number": ("", "in", "gt", "gte", "lt", "lte", "isnull"),
    "date": ("", "gt", "gte", "lt", "lte", "isnull"),
    "moment": ("", "gt", "gte", "lt", "lte", "isnull"),
    "truth": ("",),
    "list": ("", "in", "isnull"),
}
LONGEST = 200
MOST_VALUES = 100
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


def parameters(told: Mapping[str, Told]) -> dict[str, tuple[Told, str]]:
    """Parameter -> the field and the operator it means."""
    return {
        f"{name}__{operator}" if operator else name: (one, operator)
        for name, one in told.items()
        for operator in OPERATORS.get(one.sought_as, ())
    }


def condition(request: HttpRequest, told: Mapping[str, Told], besides: set[str]) -> Q:
    """What the address asks of these fields, leaving out parameters that mean something else. Raises Problem 422."""
    asked = Q()
    known = parameters(told)
    for parameter in request.GET:
        if parameter in known and parameter not in besides:
            one, operator = known[parameter]
            asked &= _condition(parameter, one, operator, request.GET.getlist(parameter))
    return asked


def _condition(parameter: str, one: Told, operator: str, given: list[str]) -> Q:
    if operator in {"", "in"}:
        parts = [part for text in given for part in (text.split(",") if operator else [text])]
        if len(parts) > MOST_VALUES:
            raise wrong(parameter, _("Use at most %(max)s items.") % {"max": MOST_VALUES})
        asked = Q()
        for part in parts:
            asked |= _equal(one, _known(parameter, one, _value(parameter, one, part)))
        return asked
    if len(given) > 1:
        raise wrong(parameter, _("Give this once."))
    if operator == "isnull":
        empty = Q(**{f"{one.lookup}__isnull": True})
        if one.sought_as == "text":
            empty |= Q(**{one.lookup: ""})
        if one.sought_as == "list":
            empty |= Q(**{f"{one.lookup}__len": 0})
        return empty if _truth(parameter, given[0]) else ~empty
    if operator == "contains":
        return Q(**{f"{one.lookup}__icontains": _value(parameter, one, given[0])})
    value = _value(parameter, one, given[0])
    if one.sought_as == "moment" and not isinstance(value, datetime):
        # A day means all of it: after its end, from its beginning.
        day = value + timedelta(days=1) if operator in {"gt", "lte"} else value
        operator = {"gt": "gte", "lte": "lt"}.get(operator, operator)
        value = _midnight(day)
    return Q(**{f"{one.lookup}__{operator}": value})


def _equal(one: Told, value: Any) -> Q:
    if one.sought_as == "list":
        return Q(**{f"{one.lookup}__contains": [value]})
    if one.sought_as == "moment" and not isinstance(value, datetime):
        begin, end = _midnight(value), _midnight(value + timedelta(days=1))
        return Q(**{f"{one.lookup}__gte": begin, f"{one.lookup}__lt": end})
    return Q(**{one.lookup: value})


def _known(parameter: str, one: Told, value: Any) -> Any:
    """One of the field's words, where it has a list of them."""
    words = [word for word in get_args(one.annotation) if word] if get_origin(one.annotation) is Literal else []
    if words and value not in words:
        raise wrong(parameter, _("Choose one of these: %(choices)s.") % {"choices": ", ".join(map(str, words))})
    return value


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _value(parameter: str, one: Told, text: str) -> Any:
    if len(text) > LONGEST:
        raise wrong(parameter, _("Use at most %(max)s characters.") % {"max": LONGEST})
    if "\x00" in text:
        raise wrong(parameter, _("This value cannot be used."))
    match one.sought_as:
        case "number":
            found = _number(parameter, text)
            if isinstance(found, Decimal) and one.annotation in {int, int | None}:
                raise wrong(parameter, _("Give a whole number."))
            return found
        case "date":
            return _day(parameter, text)
        case "moment":
            return _moment(parameter, text)
        case "truth":
            return _truth(parameter, text)
        case "list" if one.holds_numbers:
            return _number(parameter, text)
    return text


def _number(parameter: str, text: str) -> int | Decimal:
    if not text.isascii() or not NUMBER.fullmatch(text):
        raise wrong(parameter, _("Give a number."))
    return Decimal(text) if "." in text else int(text)


def _truth(parameter: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise wrong(parameter, _("Give true or false."))
    return text == "true"


def _day(parameter: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise wrong(parameter, _("Give a date as 2027-01-31.")) from None
    return _in_our_time(parameter, found)


def _moment(parameter: str, text: str) -> date | datetime:
    if len(text) <= 10:
        return _day(parameter, text)
    # A plus sign that was not encoded has become a space.
    try:
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        _in_our_time(parameter, found.date())
        return timezone.make_aware(found) if timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        raise wrong(parameter, _("Give a date as 2027-01-31, or a time as 2027-01-31T13:00:00+01:00.")) from None


def _in_our_time(parameter: str, day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise wrong(parameter, _("Give a year between 1900 and 2200."))
    return day


def ordering(request: HttpRequest, told: Mapping[str, Told], default: tuple[str, ...]) -> tuple[str, ...]:
    """What `order` asks: names with commas, "-" before one that goes down. Always one order: by number last."""
    written = once(request, "order")
    if not written:
        return default
    can = {name: one.lookup for name, one in told.items() if one.sought_as not in {"", "list"}}
    order = []
    for part in written.split(","):
        name = part.removeprefix("-")
        if name not in can:
            raise wrong("order", _("Choose from these: %(choices)s.") % {"choices": ", ".join(can)})
        order.append(f"-{can[name]}" if part.startswith("-") else can[name])
    return (*dict.fromkeys(order), "pk")


def counts(rows: QuerySet[Any], lookup: str) -> list[tuple[Any, int]]:
    """How many rows have each value, most first. One query."""
    found = rows.order_by().values_list(lookup).annotate(number=Count("pk", distinct=True))
    there = [(value, number) for value, number in found if value not in {None, ""}]
    return sorted(there, key=lambda pair: (-pair[1], str(pair[0])))


def facet(name: str, title: Any, options: Iterable[tuple[Any, Any, int]]) -> Json:
    """(value, label, how many) as the answer says it."""
    return {
        "name": name,
        "title": str(title),
        "options": [
            {"value": str(value), "label": str(label), "count": number, "chosen": False}
            for value, label, number in options
        ],
    }
