"""A StreamField body from JSON: each block checked for its shape, then put where the block's own form will look for it.

Any JSON at all may come in, so nothing is taken for granted; what a block makes of its content (a description that is
missing, a text that is too long) its own rules say afterwards, as they do to an editor.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from wagtail.blocks import Block, ChooserBlock, FieldBlock, PageChooserBlock, RichTextBlock, StaticBlock
from wagtail.blocks.list_block import ListBlock, ListBlockValidationError
from wagtail.blocks.stream_block import BaseStreamBlock, StreamBlockValidationError
from wagtail.blocks.struct_block import BaseStructBlock, StructBlockValidationError

from cms.headless.field_input import BIGGEST, Location, WrongKind, error, put
from cms.headless.rich_input import Unusable, database_html

#: More blocks than anybody reads, and than a form of the admin could send.
MOST_BLOCKS = 500


def put_block(block: Block, value: Any, prefix: str, data: MultiValueDict, loc: Location) -> list[dict[str, Any]]:
    """Write the value into the data of the form; the errors of its shape, none when it fits."""
    match block:
        case BaseStreamBlock():
            return _put_stream(block, value, prefix, data, loc)
        case ListBlock():
            return _put_list(block, value, prefix, data, loc)
        case BaseStructBlock():
            return _put_struct(block, value, prefix, data, loc)
        case StaticBlock():
            return [] if value is None else [error(loc, _("This block has no content: give null."), "none_required")]
        case _:
            return _put_leaf(block, value, prefix, data, loc)


def _put_stream(block: Any, value: Any, prefix: str, data: MultiValueDict, loc: Location) -> list[dict[str, Any]]:
    if wrong := _not_a_list(value, loc):
        return wrong
    errors = []
    data[f"{prefix}-count"] = str(len(value))
    for place, item in enumerate(value):
        errors += _put_item(block, item, f"{prefix}-{place}", data, (*loc, place), place)
    return errors


def _not_a_list(value: Any, loc: Location) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        return [error(loc, _("Give a list."), "list_type")]
    if len(value) > MOST_BLOCKS:
        return [error(loc, _("Use at most %(max)s items.") % {"max": MOST_BLOCKS}, "too_long")]
    return []


def _put_item(
    block: Any, item: Any, prefix: str, data: MultiValueDict, loc: Location, place: int
) -> list[dict[str, Any]]:
    if not isinstance(item, dict):
        return [error(loc, _("Give an object with type and value."), "dict_type")]
    errors = [error((*loc, key), _("Unknown field."), "extra_forbidden") for key in item if key not in _ITEM]
    errors += [error((*loc, key), _("This field is required."), "missing") for key in _ITEM[:2] if key not in item]
    if not _is_id(item.get("id")):
        errors.append(error((*loc, "id"), _("This is no id of a block."), "uuid"))
    name = item.get("type")
    child = block.child_blocks.get(name) if isinstance(name, str) else None
    if "type" in item and child is None:
        choices = _("Choose one of these: %(choices)s.") % {"choices": ", ".join(block.child_blocks)}
        errors.append(error((*loc, "type"), choices, "unknown_block"))
    if errors or child is None:
        return errors
    data[f"{prefix}-deleted"] = ""
    data[f"{prefix}-order"] = str(place)
    data[f"{prefix}-type"] = name
    data[f"{prefix}-id"] = item.get("id") or ""
    return put_block(child, item["value"], f"{prefix}-value", data, (*loc, "value"))


_ITEM = ("type", "value", "id")


def _is_id(value: Any) -> bool:
    if value is None:
        return True
    try:
        uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _put_list(block: ListBlock, value: Any, prefix: str, data: MultiValueDict, loc: Location) -> list[dict[str, Any]]:
    if wrong := _not_a_list(value, loc):
        return wrong
    errors = []
    data[f"{prefix}-count"] = str(len(value))
    for place, item in enumerate(value):
        # As it is kept ({"type": "item", "value": …, "id": …}), or the bare value.
        is_kept = isinstance(item, dict) and item.get("type") == "item" and "value" in item and set(item) <= set(_ITEM)
        key = item.get("id") if is_kept else None
        if not _is_id(key):
            errors.append(error((*loc, place, "id"), _("This is no id of a block."), "uuid"))
            continue
        data[f"{prefix}-{place}-deleted"] = ""
        data[f"{prefix}-{place}-order"] = str(place)
        data[f"{prefix}-{place}-id"] = key or ""
        inner = item["value"] if is_kept else item
        where = (*loc, place, "value") if is_kept else (*loc, place)
        errors += put_block(block.child_block, inner, f"{prefix}-{place}-value", data, where)
    return errors


def _put_struct(block: Any, value: Any, prefix: str, data: MultiValueDict, loc: Location) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return [error(loc, _("Give an object."), "dict_type")]
    errors = [
        error((*loc, key), _("Unknown field."), "extra_forbidden") for key in value if key not in block.child_blocks
    ]
    for name, child in block.child_blocks.items():
        # What is left out is as in a new block.
        inner = value[name] if name in value else child.get_prep_value(child.get_default())
        if name not in value and inner is None and not isinstance(child, ChooserBlock | StaticBlock):
            continue
        errors += put_block(child, inner, f"{prefix}-{name}", data, (*loc, name))
    return errors


def _put_leaf(block: Block, value: Any, prefix: str, data: MultiValueDict, loc: Location) -> list[dict[str, Any]]:
    try:
        if isinstance(block, RichTextBlock):
            if not isinstance(value, str):
                raise WrongKind(_("Give a text."), "string_type")
            data[prefix] = database_html(value, block.field.widget)
        elif isinstance(block, ChooserBlock):
            data[prefix] = _chosen(block, value)
        elif isinstance(block, FieldBlock) and type(block).value_for_form is FieldBlock.value_for_form:
            put(block.field, prefix, value, data)
        else:
            data[prefix] = _as_the_block_says(block, value)
    except Unusable as problem:
        return [error(loc, str(problem), "rich_text")]
    except WrongKind as problem:
        return [error(loc, str(problem), problem.kind)]
    return []


def _chosen(block: ChooserBlock, value: Any) -> str:
    """The number of what is chosen, which has to be there: an empty place is said with null."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongKind(_("Give the number of what you mean, or null."), "int_type")
    found = block.model_class._default_manager.filter(pk=value).first() if 0 < value <= BIGGEST else None
    if found is None or not _is_of_kind(block, found):
        raise WrongKind(_("There is nothing with this number."), "unknown_id")
    return str(value)


def _is_of_kind(block: ChooserBlock, found: Any) -> bool:
    """Which kinds of page a block takes only the admin's dialogue asks."""
    return not isinstance(block, PageChooserBlock) or isinstance(found.specific, tuple(block.target_models))


def _as_the_block_says(block: Any, value: Any) -> Any:
    """A kind of block we do not know: it reads what it keeps, or refuses it in its own way, whatever that is."""
    try:
        return block.value_for_form(block.to_python(value))
    except Exception as problem:
        raise WrongKind(_("This value cannot be used."), "invalid") from problem


def block_errors(problem: ValidationError, loc: Location) -> list[dict[str, Any]]:
    """What the rules of the blocks say, each with its place."""
    own = [error(loc, str(message), "invalid") for one in _own(problem) for message in one.messages]
    match problem:
        case StreamBlockValidationError() | ListBlockValidationError():
            inner = problem.block_errors
            places = inner.items() if isinstance(inner, dict) else enumerate(inner or [])
            suffix: Location = ("value",) if isinstance(problem, StreamBlockValidationError) else ()
            return own + [e for place, one in places if one for e in block_errors(one, (*loc, place, *suffix))]
        case StructBlockValidationError():
            return own + [
                e for name, one in (problem.block_errors or {}).items() for e in block_errors(one, (*loc, name))
            ]
    return own


def _own(problem: ValidationError) -> list[ValidationError]:
    """The messages about the block itself; a leaf has no others."""
    found = getattr(problem, "non_block_errors", None)
    return [problem] if found is None else [ValidationError(found)] if found else []
