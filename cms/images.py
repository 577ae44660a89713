"""Images in the text of a page that do not say what is on them, or who made them.

A case has a list of images of its own, and cases/obstacles.py asks the same of it.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page


def incomplete_images(page: Page) -> list[str]:
    """A sentence for each image in the page's streams that lacks what its block asks, in the active language. No query.

    A draft may be half-typed, and is published by other roads than its form.
    """
    sentence = _("The image in “%(field)s”, block %(number)s, lacks: %(facts)s.")
    found = []
    for field in page._meta.concrete_fields:
        if not isinstance(field, StreamField):
            continue
        for number, child in enumerate(getattr(page, field.attname), start=1):
            for facts in _lacking(child.block, child.value):
                told = {"field": capfirst(str(field.verbose_name)), "number": number, "facts": ", ".join(facts)}
                found.append(sentence % told)
    return found


def _lacking(block: blocks.Block, value: Any) -> Iterator[list[str]]:
    """The names of what each image in this block lacks; nothing for one that is complete."""
    match value:
        case StreamValue():
            for child in value:
                yield from _lacking(child.block, child.value)
        case ListValue():
            for item in value:
                yield from _lacking(block.child_block, item)
        case blocks.StructValue():
            parts = block.child_blocks
            if any(isinstance(part, ImageChooserBlock) for part in parts.values()):
                asked = [name for name, part in parts.items() if part.required]
                empty = [name for name in asked if not str(value.get(name) or "").strip()]
                if empty:
                    yield [str(parts[name].label).lower() for name in empty]
            for name, part in parts.items():
                yield from _lacking(part, value.get(name))
