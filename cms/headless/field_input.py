"""One value from JSON for one field of a form: checked for its kind, and put where the field's widget will look for it.

A form reads what a browser sends, all of it text, and turns much of what it cannot read into nothing. Here nothing is
lost on the way: what is of another kind is an error of its own.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from taggit.forms import TagField
from taggit.models import Tag

from cms.admin.amounts import AmountField, AmountInput
from cms.headless.rich_input import Unusable, database_html

#: A figure without an exponent, as a form reads it.
PLAIN = re.compile(r"-?\d{1,30}(\.\d{1,30})?")
#: The largest number PostgreSQL keeps as a key.
BIGGEST = 2**63 - 1
DEEPEST = 40

Location = tuple[str | int, ...]


class Malformed(Exception):
    """What came in does not fit the form. `errors` as the API gives them: loc, msg, type."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} error(s)")


def error(loc: Iterable[str | int], message: str, kind: str) -> dict[str, Any]:
    """One entry of `errors`."""
    return {"loc": list(loc), "msg": message, "type": kind}


class WrongKind(ValueError):
    """A value of another kind than the field takes."""

    def __init__(self, message: str, kind: str) -> None:
        self.kind = kind
        super().__init__(message)


def unstorable(value: Any, loc: Location) -> Iterator[dict[str, Any]]:
    """An error for each text no database keeps (NUL, half a character), each number that is none, too deep nesting."""
    if len(loc) > DEEPEST:
        yield error(loc, _("This is nested too deeply."), "too_deep")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from unstorable(key, loc)
            yield from unstorable(inner, (*loc, key[:100]))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from unstorable(inner, (*loc, place))
    elif isinstance(value, str):
        if "\x00" in value or not _is_whole(value):
            yield error(loc, _("This contains a character that cannot be used."), "unusable_character")
    elif isinstance(value, float) and not math.isfinite(value):
        yield error(loc, _("Give a number."), "finite_number")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def put(field: forms.Field, key: str, value: Any, data: MultiValueDict) -> None:
    """Write this value into the data of the form. Raises WrongKind."""
    if hasattr(field.widget, "converter"):
        try:
            data[key] = database_html(_text(value), field.widget)
        except Unusable as unusable:
            raise WrongKind(str(unusable), "rich_text") from unusable
    elif takes_many(field):
        data.setlist(key, [_choice(one) for one in _list(value)])
    else:
        told = _told(field, value)
        if told is not None:
            data[key] = told


def takes_many(field: forms.Field) -> bool:
    """Whether the field holds a list of choices."""
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField) or bool(
        getattr(field.widget, "allow_multiple_selected", False)
    )


def _told(field: forms.Field, value: Any) -> Any:
    """As a browser would say it; None for not at all, as an unticked box."""
    match field:
        case TagField():
            names = [_text(name) for name in _list(value)]
            return field.widget.format_value([Tag(name=name) for name in names])
        case forms.FileField():
            raise WrongKind(_("Files are not taken here."), "file")
        case forms.NullBooleanField():
            return {None: "unknown", True: "true", False: "false"}[None if value is None else _truth(value)]
        case forms.BooleanField():
            return "on" if _truth(value) else None
        case forms.JSONField():
            return json.dumps(value)
        case forms.DateTimeField():
            return "" if value is None else _moment(value)
        case forms.DateField():
            return "" if value is None else _iso(value, date.fromisoformat, _("Give a date as 2027-01-31."))
        case forms.TimeField():
            return "" if value is None else _iso(value, time.fromisoformat, _("Give a time as 13:30."))
        case AmountField():
            return "" if value is None else _amount(_number(value))
        case forms.DecimalField() | forms.FloatField():
            return "" if value is None else _number(value)
        case forms.IntegerField():
            return "" if value is None else _whole(value)
        case forms.ModelChoiceField():
            return "" if value is None else _key(field, value)
        case forms.ChoiceField():
            return "" if value is None else _choice(value)
    if isinstance(value, list) and type(field).prepare_value is not forms.Field.prepare_value:
        return field.prepare_value([_text(one) for one in value])
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongKind(_("Give a text."), "string_type")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise WrongKind(_("Give a list."), "list_type")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongKind(_("Give true or false."), "bool_type")
    return value


def _whole(value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongKind(_("Give a whole number."), "int_type")
    return str(value)


def _number(value: Any) -> str:
    """A decimal may come as text, as the API gives it: no figure is rounded on the way."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise WrongKind(_("Give a number."), "number_type")
    return str(value)


def _amount(number: str) -> str:
    """JSON has one reading of 300.125 where a person's typing has two: written so that the form sees that one.

    What is no plain figure stays as it is, for the form to refuse.
    """
    return AmountInput().format_value(Decimal(number)) or "" if PLAIN.fullmatch(number) else number


def _choice(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise WrongKind(_("Give a text or a whole number."), "choice_type")
    return str(value)


def _key(field: Any, value: Any) -> str:
    """The number of a row. Which rows there are the field knows itself."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number and not 0 < value <= BIGGEST:
        raise WrongKind(_("There is nothing with this number."), "unknown_id")
    if is_number or (isinstance(value, str) and is_keyed_by_text(field)):
        return str(value)
    raise WrongKind(_("Give the number of what you mean, or null."), "int_type")


def is_keyed_by_text(field: Any) -> bool:
    """Whether the rows to choose from are known by a text (a code of CPV), as most are by a number."""
    key = field.queryset.model._meta.pk
    while key.remote_field:  # a child's key is its parent's
        key = key.target_field
    return not key.get_internal_type().endswith("AutoField")


def _moment(value: Any) -> str:
    text = _text(value)
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise WrongKind(_("Give a moment as 2027-01-31T13:30:00+01:00."), "datetime")
    return text


def _iso(value: Any, parse: Any, message: str) -> str:
    text = _text(value)
    try:
        return str(parse(text).isoformat())
    except ValueError as problem:
        raise WrongKind(message, "iso") from problem


def value_of(field: forms.Field, value: Any) -> Any:
    """The other way round: what stands in the field now, as JSON that `put` takes."""
    if isinstance(field, TagField):
        return sorted(getattr(tag, "name", str(tag)) for tag in value or [])
    if takes_many(field):
        return [getattr(one, "pk", one) for one in value or []]
    if isinstance(field, forms.ModelChoiceField):
        return getattr(value, "pk", value)
    if isinstance(field, forms.BooleanField):
        return value if isinstance(field, forms.NullBooleanField) else bool(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(field, forms.DecimalField) and value is not None:
        return str(value)
    if isinstance(field, forms.CharField | forms.ChoiceField):
        return "" if value is None else value if isinstance(value, list | int) else str(value)
    return value


def told_errors(problem: ValidationError, loc: Location) -> list[dict[str, Any]]:
    """The messages of one field."""
    return [error(loc, message, "invalid") for message in problem.messages]
