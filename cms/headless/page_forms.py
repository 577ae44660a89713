"""A page's own form, as the admin has it, read and filled in as JSON.

`content_of` tells what stands in the form; `bind` takes the same shape back, all of it or a part, and gives the bound
form. What is not mentioned stays as it is. Everything the form does for an editor (required fields, permissions on
fields, the rules of a chapter) it does here.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from wagtail.blocks.base import BlockField
from wagtail.models import Page

from cms.headless.block_input import block_errors, put_block
from cms.headless.field_input import Location, Malformed, WrongKind, error, put, told_errors, unstorable, value_of

#: Of Wagtail's forms, what is about the editor at the screen and not about the page.
NOT_CONTENT = {"comments", "comment_notifications"}
ROOT: Location = ("body", "content")
MOST_ROWS = 200


def form_for(page: Page, *, parent: Page | None, user: Any, data: Any = None) -> Any:
    """The form an editor has of this page."""
    form_class = type(page).get_edit_handler().get_form_class()
    return form_class(data, None, instance=page, parent_page=parent, for_user=user)


def content_of(form: BaseForm) -> dict[str, Any]:
    """Every field of the form that this person may fill in, as JSON; rows of parts with the `id` they are known by."""
    told: dict[str, Any] = {}
    for name, field in form.fields.items():
        if name in NOT_CONTENT:
            continue
        initial = form.get_initial_for_field(field, name)
        if isinstance(field, BlockField):
            told[name] = json.loads(json.dumps(field.block.get_prep_value(initial), cls=DjangoJSONEncoder))
        else:
            told[name] = value_of(field, initial)
    for name, formset in _formsets(form).items():
        told[name] = [{"id": row.instance.pk} | content_of(row) for row in formset.forms if not _is_spare(row)]
    # What belongs to the row's place in the form and not to its content.
    return {name: value for name, value in told.items() if name not in (DELETION_FIELD_NAME, ORDERING_FIELD_NAME)}


def _formsets(form: BaseForm) -> dict[str, Any]:
    return {name: formset for name, formset in getattr(form, "formsets", {}).items() if name not in NOT_CONTENT}


def _is_spare(row: Any) -> bool:
    """An empty row an editor could fill in."""
    return bool(row.empty_permitted and row.instance.pk is None and not row.initial)


def bind(page: Page, content: Any, *, parent: Page | None, user: Any, extra: dict[str, str] | None = None) -> Any:
    """The form with this content in it, the rest as it was; `extra` as a button of the admin would send it.

    Raises Malformed for content that does not fit; whether it is valid is_valid() says.
    """
    if not isinstance(content, dict):
        raise Malformed([error(ROOT, _("Give an object."), "dict_type")])
    if errors := list(unstorable(content, ROOT)):
        raise Malformed(errors)
    empty = form_for(page, parent=parent, user=user)
    # By column: a relation that is not filled in yet raises when it is asked for.
    kept = {column: getattr(page, column) for name, column in _columns(empty) if name not in content}
    data = MultiValueDict({key: [value] for key, value in (extra or {}).items()})
    if errors := _fill(empty, content, content_of(empty), data, ROOT):
        raise Malformed(errors)
    form = form_for(page, parent=parent, user=user, data=data)
    form.kept, form.mentioned = kept, set(content)
    return form


def _columns(form: Any) -> list[tuple[str, str]]:
    """The form's fields that are columns of the page, with the attribute each is kept in."""
    columns = {field.name: field.attname for field in form.instance._meta.concrete_fields}
    return [(name, columns[name]) for name in form.fields if name in columns]


def keep_unmentioned(form: Any) -> None:
    """After a valid form has filled its page: the fields nobody mentioned are to the letter what they were.

    The editor's widgets would tidy them up: give paragraphs new keys, write an empty text as an empty paragraph.
    """
    for column, value in form.kept.items():
        setattr(form.instance, column, value)


def changes_something(form: Any) -> bool:
    """Whether what was mentioned is other than what stood there."""
    if form.mentioned & set(form.changed_data):
        return True
    return any(formset.has_changed() for name, formset in _formsets(form).items() if name in form.mentioned)


def _fill(
    form: BaseForm, content: dict[str, Any], there: dict[str, Any], data: MultiValueDict, loc: Location
) -> list[dict[str, Any]]:
    """Write what is given, else what is there, into the data."""
    errors = _unknown(form, content, loc)
    for name, field in form.fields.items():
        if name in NOT_CONTENT or name not in there:
            continue
        value, where = content.get(name, there[name]), (*loc, name)
        key = form.add_prefix(name)
        if isinstance(field, BlockField):
            errors += put_block(field.block, value, key, data, where)
            continue
        try:
            put(field, key, value, data)
        except WrongKind as wrong:
            if name in content:
                errors.append(error(where, str(wrong), wrong.kind))
            else:
                # What stands there was never an editor's to lose (imported text): their form would tidy it up, too.
                data[key] = field.widget.format_value(value)
    for name, formset in _formsets(form).items():
        errors += _fill_rows(formset, content.get(name, there[name]), there[name], data, (*loc, name))
    return errors


def _unknown(form: BaseForm, content: dict[str, Any], loc: Location) -> list[dict[str, Any]]:
    known = {*form.fields, *_formsets(form)} - NOT_CONTENT
    barred = set(getattr(form, "base_fields", {})) - known - NOT_CONTENT
    return [
        error((*loc, name), _("You may not change this field."), "not_permitted")
        if name in barred
        else error((*loc, name[:100]), _("Unknown field."), "extra_forbidden")
        for name in content
        if name not in known
    ]


def _fill_rows(
    formset: Any, rows: Any, there: list[dict[str, Any]], data: MultiValueDict, loc: Location
) -> list[dict[str, Any]]:
    """The rows in their new order; one whose `id` is not given again is taken out."""
    if not isinstance(rows, list):
        return [error(loc, _("Give a list."), "list_type")]
    if len(rows) > MOST_ROWS:
        return [error(loc, _("Use at most %(max)s items.") % {"max": MOST_ROWS}, "too_long")]
    known = {row.instance.pk: (row, told) for row, told in _known_rows(formset, there)}
    prefix, errors = formset.prefix, []
    # The rows that were there come first in the data, whatever their order is now.
    places = {pk: place for place, pk in enumerate(known)}
    named, number = set(), len(known)
    for order, row in enumerate(rows, start=1):
        where = (*loc, order - 1)
        if not isinstance(row, dict):
            errors.append(error(where, _("Give an object."), "dict_type"))
            continue
        pk = row.get("id")
        if pk is not None and (isinstance(pk, bool) or not isinstance(pk, int | str) or pk not in known or pk in named):
            errors.append(error((*where, "id"), _("There is nothing with this number here."), "unknown_id"))
            continue
        if pk is None:
            place, number = number, number + 1
            form, told = formset.empty_form, None
        else:
            named.add(pk)
            place, (form, told) = places[pk], known[pk]
        form.prefix = f"{prefix}-{place}"
        given = {name: value for name, value in row.items() if name != "id"}
        errors += _fill(form, given, content_of(form) if told is None else told, data, where)
        data[f"{form.prefix}-{ORDERING_FIELD_NAME}"] = str(order)
    for pk, place in places.items():
        data[f"{prefix}-{place}-id"] = str(pk)
        if pk not in named:
            data[f"{prefix}-{place}-{DELETION_FIELD_NAME}"] = "on"
    data[f"{prefix}-TOTAL_FORMS"] = str(number)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(known))
    data[f"{prefix}-MIN_NUM_FORMS"], data[f"{prefix}-MAX_NUM_FORMS"] = "0", str(MOST_ROWS)
    return errors


def _known_rows(formset: Any, there: list[dict[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
    """The rows with a number of their own, each with what stands in it."""
    told = {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in there if row["id"]}
    return [(row, told[row.instance.pk]) for row in formset.forms if row.instance.pk in told]


def errors_of(form: Any, loc: Location = ROOT) -> list[dict[str, Any]]:
    """What the form says is wrong, each with its place in what came in."""
    found: list[dict[str, Any]] = []
    for name, problems in form.errors.as_data().items():
        for problem in problems:
            if name == "__all__":
                found += told_errors(problem, loc)
            elif isinstance(form.fields.get(name), BlockField):
                found += block_errors(problem, (*loc, name))
            else:
                found += told_errors(problem, (*loc, name))
    for name, formset in _formsets(form).items():
        for problem in formset.non_form_errors().as_data():
            found += told_errors(problem, (*loc, name))
        for row in formset.forms:
            if row not in formset.deleted_forms and not row.is_valid():
                found += errors_of(row, (*loc, name, _order(row)))
    return found


def _order(row: Any) -> int:
    """Its place in the list that came in."""
    return int(row.data.get(row.add_prefix(ORDERING_FIELD_NAME)) or 1) - 1
