"""Two people have the same form open: what each of them changed is told apart by what the form was opened with.

Everything here is as a browser sends it, so that the rows below a form are met like its fields, those just added too.
"""

import json
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from events.admin.told import in_words

#: What a browser sends of a form: name -> values.
Sent = dict[str, list[str]]
#: A row below a form: field -> values.
Row = dict[str, list[str]]


class Told(NamedTuple):
    """Something somebody else changed."""

    #: The form's field; "" for a row below the form.
    field: str
    label: str
    #: How it is now, as people read it.
    now: str


class Meeting(NamedTuple):
    """What was posted, brought onto the row as it is now."""

    data: QueryDict
    #: Changed by somebody else alone: it stays as they made it.
    theirs: list[Told]
    #: Changed by both, each otherwise: `data` has what was posted, and a person decides.
    both: list[Told]


def sent(form: Any) -> Sent:
    """What a browser would send of this form, the rows below it included, were it saved as it is."""
    found = _sent_fields(form)
    for formset in form.formsets.values():
        for part in (formset.management_form, *formset.forms):
            found |= _sent_fields(part)
    return found


def opened_with(posted: QueryDict) -> Sent | None:
    """What the form was opened with, by its field `opened`; None when it does not say."""
    try:
        said = json.loads(posted.get("opened", ""))
        return {str(name): [str(value) for value in values] for name, values in said.items()}
    except (ValueError, TypeError, AttributeError):
        return None


def meet(form: Any, *, opened: Sent, posted: QueryDict) -> Meeting:
    """Whatever was posted as it was opened is as it is now. `form` is of the row as it is now, and not bound."""
    now = sent(form)
    meeting = Meeting(posted.copy(), [], [])
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        value, told = _meet(field, opened.get(key, []), posted.getlist(key), now.get(key, []))
        meeting.data.setlist(key, value) if value else meeting.data.pop(key, None)
        if told:
            getattr(meeting, told).append(Told(name, str(form[name].label), _as_read(field, now.get(key, []))))
    for prefix, formset in form.formsets.items():
        was, mine, theirs = (_rows(found, formset) for found in (opened, dict(posted.lists()), now))
        if was != theirs:
            _write_rows(meeting.data, prefix, _meet_rows(meeting, formset, was, mine, theirs))
    return meeting


def _sent_fields(form: Any) -> Sent:
    found = {}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, forms.CheckboxInput):
            values = ["on"] if value else []
        else:
            formatted = widget.format_value(value)
            values = [str(one) for one in formatted] if isinstance(formatted, list | tuple) else [str(formatted or "")]
        found[bound.html_name] = values
    return found


def _meet(field: forms.Field, was: list[str], mine: list[str], theirs: list[str]) -> tuple[list[str], str]:
    """(what it is to be, "theirs" or "both" when somebody else changed it since, else "")."""
    if _same(field, was, theirs) or _same(field, mine, theirs):
        return mine, ""
    return (theirs, "theirs") if _same(field, was, mine) else (mine, "both")


def _same(field: forms.Field, one: list[str], other: list[str]) -> bool:
    """Whether two texts mean the same in this field: "25" and "25.00", one kind of line end and the other."""
    return one == other or _meant(field, one) == _meant(field, other)


def _meant(field: forms.Field, values: list[str]) -> Any:
    texts = [text.replace("\r\n", "\n").strip() for text in values if text]
    try:
        return [field.to_python(text) for text in texts]
    except (ValidationError, ValueError):
        return texts


def _as_read(field: forms.Field, values: list[str]) -> str:
    if isinstance(field, forms.BooleanField):
        return in_words(bool(values))
    if isinstance(field.widget, forms.Select) and not isinstance(field, forms.ModelChoiceField):
        labels = {str(key): str(label) for key, label in field.widget.choices}
        return ", ".join(labels.get(value, value) for value in values)
    return ", ".join(in_words(value) for value in _meant(field, values)) or "–"


# --- Rows below the form ----------------------------------------------------------------------------------------------
def _rows(found: Sent, formset: Any) -> list[Row]:
    """The rows sent of this formset, those with a key of the database first, as a formset wants them."""
    total = "".join(found.get(f"{formset.prefix}-TOTAL_FORMS", []))
    count = min(int(total), formset.absolute_max) if total.isdecimal() else 0
    rows = [
        {name: found.get(f"{formset.prefix}-{number}-{name}", []) for name in formset.empty_form.fields}
        for number in range(count)
    ]
    return sorted(rows, key=lambda row: not _key(row))


def _key(row: Row) -> str:
    return "".join(row.get("id", []))


def _meet_rows(meeting: Meeting, formset: Any, was: list[Row], mine: list[Row], theirs: list[Row]) -> list[Row]:
    fields = formset.empty_form.fields
    before, now = ({_key(row): row for row in rows if _key(row)} for rows in (was, theirs))
    title = str(formset.model._meta.verbose_name)
    rows = []
    for row in mine:
        key = _key(row)
        if not key:
            rows.append(row)
        elif key in now:
            rows.append(_meet_row(meeting, formset, before.get(key, now[key]), row, now[key]))
        else:
            told = Told("", f"{title} {_name(fields, row)}", _("removed"))
            if all(_same(field, before.get(key, {}).get(name, []), row[name]) for name, field in _own(fields)):
                meeting.theirs.append(told)
            else:  # what was typed into it is not lost: saved once more it is a new row
                meeting.both.append(told)
                rows.append({**row, "id": [""]})
    for key, row in now.items():
        if key not in before:
            meeting.theirs.append(Told("", f"{title} {_name(fields, row)}", _("added")))
            rows.append(row)
    return sorted(rows, key=lambda row: not _key(row))


def _meet_row(meeting: Meeting, formset: Any, was: Row, mine: Row, theirs: Row) -> Row:
    fields = formset.empty_form.fields
    met = dict(mine)
    for name, field in _own(fields):
        met[name], told = _meet(field, was[name], mine[name], theirs[name])
        if told:
            label = f"{formset.model._meta.verbose_name} {_name(fields, theirs)}, {field.label}"
            # A row that goes would take their change with it.
            found = meeting.both if told == "both" or "".join(mine.get("DELETE", [])) else meeting.theirs
            found.append(Told("", label, _as_read(field, theirs[name])))
    return met


def _own(fields: dict[str, forms.Field]) -> list[tuple[str, forms.Field]]:
    """What a row says; its key, its place and whether it goes are told apart from that."""
    return [(name, field) for name, field in fields.items() if name not in ("id", "ORDER", "DELETE")]


def _name(fields: dict[str, forms.Field], row: Row) -> str:
    """A row is called by the first thing it says."""
    name, field = _own(fields)[0]
    return f"“{_as_read(field, row[name])}”"


def _write_rows(data: QueryDict, prefix: str, rows: list[Row]) -> None:
    for key in [key for key in data if key.startswith(f"{prefix}-") and key.split("-")[1].isdecimal()]:
        del data[key]
    data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    data[f"{prefix}-INITIAL_FORMS"] = str(sum(bool(_key(row)) for row in rows))
    for number, row in enumerate(rows):
        for name, values in row.items():
            if values:
                data.setlist(f"{prefix}-{number}-{name}", values)
