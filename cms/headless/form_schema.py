"""What a page's form takes over the API, as JSON Schema 2020-12: the other side of field_input.py and block_input.py.

What fits the schema is read by the form; whether it may stand there (a number that exists, a text that is long enough,
a slug nobody has) the form's own rules say. A type's schema is one person's: fields they may not change are not in it.
"""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.utils.encoding import force_str
from taggit.forms import TagField
from wagtail.blocks import Block, ChooserBlock, FieldBlock, PageChooserBlock, RichTextBlock, StaticBlock
from wagtail.blocks.base import BlockField
from wagtail.blocks.list_block import ListBlock
from wagtail.blocks.stream_block import BaseStreamBlock
from wagtail.blocks.struct_block import BaseStructBlock

from cms.headless.block_input import MOST_BLOCKS
from cms.headless.field_input import BIGGEST, PLAIN, is_keyed_by_text, takes_many
from cms.headless.page_forms import MOST_ROWS, NOT_CONTENT
from cms.headless.shapes import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HTML: Json = {"type": "string", "contentMediaType": "text/html"}
KEY: Json = {"type": ["integer", "null"], "minimum": 1, "maximum": BIGGEST}
BLOCK_ID: Json = {"type": ["string", "null"], "format": "uuid"}
OF_THE_ROW = {"id", DELETION_FIELD_NAME, ORDERING_FIELD_NAME}


def content_schema(form: Any) -> Json:
    """Of the whole form. `required`: what a draft needs; `x-required-to-publish`: what is missed when it goes live."""
    to_publish = _required(form)
    form.defer_required_fields()
    in_a_draft = _required(form)
    form.restore_required_fields()
    return {
        "$schema": DIALECT,
        "title": force_str(form.instance._meta.verbose_name),
        **_object(form),
        "required": in_a_draft,
        "x-required-to-publish": to_publish,
    }


def _required(form: BaseForm) -> list[str]:
    """A slug is proposed after the title where none is given."""
    return [name for name, field in form.fields.items() if field.required and name not in NOT_CONTENT | {"slug"}]


def _object(form: BaseForm) -> Json:
    properties = {name: _named(field) for name, field in form.fields.items() if name not in NOT_CONTENT | OF_THE_ROW}
    for name, formset in getattr(form, "formsets", {}).items():
        if name not in NOT_CONTENT:
            properties[name] = _rows(formset)
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _rows(formset: Any) -> Json:
    """Rows of parts; one whose `id` is not given again is taken out."""
    row = _object(formset.empty_form)
    row["properties"] = {"id": {"type": ["integer", "string", "null"]}, **row["properties"]}
    title = force_str(formset.model._meta.verbose_name_plural)
    return {"title": title, "type": "array", "maxItems": MOST_ROWS, "items": row}


def _named(field: forms.Field) -> Json:
    said = {"title": field.label, "description": field.help_text}
    told = {name: force_str(text) for name, text in said.items() if text}
    return told | (_block(field.block) if isinstance(field, BlockField) else _value(field))


def _value(field: forms.Field) -> Json:
    """In the order in which field_input.put() asks."""
    if hasattr(field.widget, "converter"):
        return HTML
    match field:
        case TagField():
            return {"type": "array", "items": {"type": "string"}}
        case forms.ModelMultipleChoiceField():
            return {"type": "array", "items": _row_key(field)}
        case _ if takes_many(field):
            return {
                "type": "array",
                "items": {"enum": [value for value, _label in _flat(getattr(field, "choices", []))]},
            }
        case forms.FileField():
            return {"not": {}}
        case forms.NullBooleanField():
            return {"type": ["boolean", "null"]}
        case forms.BooleanField():
            return {"type": "boolean"}
        case forms.JSONField():
            return {}
        case forms.DateTimeField():
            return {"type": ["string", "null"], "format": "date-time"}
        case forms.DateField():
            return {"type": ["string", "null"], "format": "date"}
        case forms.TimeField():
            return {"type": ["string", "null"], "pattern": r"^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"}
        case forms.DecimalField() | forms.FloatField():
            number = {"type": "number"} | _bounds(field)
            return {"anyOf": [number, {"type": "string", "pattern": f"^({PLAIN.pattern})?$"}, {"type": "null"}]}
        case forms.IntegerField():
            return {"type": ["integer", "null"]} | _bounds(field)
        case forms.ModelChoiceField():
            key = _row_key(field)
            return key | {"type": [key["type"], "null"]}
        case forms.ChoiceField():
            return {"enum": list(dict.fromkeys([value for value, _label in _flat(field.choices)] + ["", None]))}
    text: Json = {"type": "string"}
    if (most := getattr(field, "max_length", None)) is not None:
        text["maxLength"] = most
    if type(field).prepare_value is not forms.Field.prepare_value:
        # A list that is typed as one text, its values one after another.
        return {"anyOf": [text, {"type": "array", "items": {"type": "string"}}]}
    return text


def _row_key(field: Any) -> Json:
    """The number of a row, or its key where that is a text. Which there are, the vocabularies and lists tell."""
    about: Json = {"x-model": field.queryset.model._meta.label}
    if is_keyed_by_text(field):
        return about | {"type": "string"}
    return about | {"type": "integer", "minimum": 1, "maximum": BIGGEST}


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return found


def _bounds(field: forms.Field) -> Json:
    bounds: Json = {}
    for validator in field.validators:
        limit = getattr(validator, "limit_value", None)
        if not isinstance(limit, int):
            continue
        if isinstance(validator, MinValueValidator):
            bounds["minimum"] = max(limit, bounds.get("minimum", limit))
        elif isinstance(validator, MaxValueValidator):
            bounds["maximum"] = min(limit, bounds.get("maximum", limit))
    return bounds


def _block(block: Block) -> Json:
    match block:
        case BaseStreamBlock():
            kinds = [_item(name, child) for name, child in block.child_blocks.items()]
            return {"type": "array", "maxItems": MOST_BLOCKS, "items": {"oneOf": kinds}}
        case ListBlock():
            inner = _block(block.child_block)
            return {"type": "array", "maxItems": MOST_BLOCKS, "items": {"anyOf": [inner, _kept("item", inner)]}}
        case BaseStructBlock():
            inside = {name: _labelled(child) for name, child in block.child_blocks.items()}
            return {"type": "object", "properties": inside, "additionalProperties": False}
        case StaticBlock():
            return {"type": "null"}
        case RichTextBlock():
            return HTML
        case ChooserBlock():
            return KEY | {"x-model": _models_of(block)}
        case FieldBlock() if type(block).value_for_form is FieldBlock.value_for_form:
            return _value(block.field)
    return {}


def _item(name: str, child: Block) -> Json:
    return {"title": force_str(child.label), **_kept(name, _block(child))}


def _kept(name: str, value: Json) -> Json:
    """As a stream or a list keeps one block."""
    return {
        "type": "object",
        "properties": {"type": {"const": name}, "value": value, "id": BLOCK_ID},
        "required": ["type", "value"],
        "additionalProperties": False,
    }


def _labelled(child: Block) -> Json:
    return {"title": force_str(child.label), **_block(child)}


def _models_of(block: Any) -> list[str] | str:
    models = block.target_models if isinstance(block, PageChooserBlock) else [block.model_class]
    labels = [str(model._meta.label) for model in models]
    return labels if len(labels) > 1 else labels[0]
