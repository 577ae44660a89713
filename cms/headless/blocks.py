"""From a StreamField's blocks to what the API says of them: their schema, what they refer to, and their values.

Works on what is stored, not on what the blocks would make of it: no block fetches anything by itself. A plugin brings
its own representation of a block of its own as a `BlockKind` in `Plugin.block_content`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal

from django.utils.module_loading import import_string
from ninja import Schema
from pydantic import Field, create_model
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from cms.headless import richtext
from cms.headless.reading import Reading, whole
from cms.headless.shapes import DocumentOut, ImageOut, PageRef
from cms.plugins import installed_plugins

Specs = tuple[str, ...]


@dataclass(frozen=True)
class BlockKind:
    """How blocks of one class are told. `raw` is what is stored, whatever it is: it may be half-written or foreign."""

    #: The Python type of the value, from which the schema is made.
    annotation: Callable[[Any, str], Any]
    #: (block, raw, reading, specs) -> the value.
    read: Callable[[Any, Any, Reading, Specs], Any]
    #: (block, raw, reading, specs): says what the value refers to.
    want: Callable[[Any, Any, Reading, Specs], None] = lambda block, raw, reading, specs: None


def annotation(block: blocks.Block, name: str) -> Any:
    """The type of the block's value; `name` begins the names of the models made for it."""
    return _kind(block.__class__).annotation(block, name)


def want(block: blocks.Block, raw: Any, reading: Reading, specs: Specs) -> None:
    _kind(block.__class__).want(block, raw, reading, specs)


def read(block: blocks.Block, raw: Any, reading: Reading, specs: Specs) -> Any:
    return _kind(block.__class__).read(block, raw, reading, specs)


# --- Blocks that hold other blocks -----------------------------------------------------------------------------------


def _entries(block: Any, raw: Any) -> Iterator[tuple[str, Any, str | None]]:
    """(type, value, id) of what a stream holds and its block knows."""
    for entry in raw if isinstance(raw, list) else []:
        if isinstance(entry, dict) and entry.get("type") in block.child_blocks:
            key = entry.get("id")
            yield entry["type"], entry.get("value"), key if isinstance(key, str) else None


def _stream_annotation(block: Any, name: str) -> Any:
    entries = [
        create_model(
            f"{name}{camel(kind)}Entry",
            __base__=Schema,
            type=(Literal[kind], ...),  # type: ignore[arg-type]
            id=(str | None, ...),
            value=(annotation(child, f"{name}{camel(kind)}"), ...),
        )
        for kind, child in block.child_blocks.items()
    ]
    if not entries:
        return list[Any]
    union: Any = entries[0]
    for entry in entries[1:]:
        union = union | entry
    return list[Annotated[union, Field(discriminator="type")]] if len(entries) > 1 else list[union]


def _stream_read(block: Any, raw: Any, reading: Reading, specs: Specs) -> Any:
    return [
        {"type": kind, "id": key, "value": read(block.child_blocks[kind], value, reading, specs)}
        for kind, value, key in _entries(block, raw)
    ]


def _stream_want(block: Any, raw: Any, reading: Reading, specs: Specs) -> None:
    for kind, value, _key in _entries(block, raw):
        want(block.child_blocks[kind], value, reading, specs)


def _items(raw: Any) -> list[Any]:
    """What a list holds: items with a key of their own, or the bare values of before Wagtail 2.16."""
    found = raw if isinstance(raw, list) else []
    return [item["value"] if isinstance(item, dict) and {"type", "value"} <= set(item) else item for item in found]


def _list_want(block: Any, raw: Any, reading: Reading, specs: Specs) -> None:
    for item in _items(raw):
        want(block.child_block, item, reading, specs)


def _struct_want(block: Any, raw: Any, reading: Reading, specs: Specs) -> None:
    if isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            want(child, raw.get(name), reading, specs)


def _struct_read(block: Any, raw: Any, reading: Reading, specs: Specs) -> Any:
    parts = raw if isinstance(raw, dict) else {}
    return {name: read(child, parts.get(name), reading, specs) for name, child in block.child_blocks.items()}


def _struct_annotation(block: Any, name: str) -> Any:
    parts: dict[str, Any] = {
        part: (annotation(child, f"{name}{camel(part)}"), ...) for part, child in block.child_blocks.items()
    }
    return create_model(f"{name}Value", __base__=Schema, **parts)


# --- Blocks that refer to something ----------------------------------------------------------------------------------


def _described_image(block: Any, raw: Any, reading: Reading, specs: Specs) -> Any:
    """Wagtail's image with its description: the description is the image's alternative here."""
    parts = raw if isinstance(raw, dict) else {"image": raw}
    image = reading.image(parts.get("image"), specs)
    if image is None:
        return None
    return image | {"alt": "" if parts.get("decorative") else str(parts.get("alt_text") or image["alt"])}


def _want_image(block: Any, raw: Any, reading: Reading, specs: Specs) -> None:
    reading.want_image(raw.get("image") if isinstance(raw, dict) else raw, specs)


# --- Plain values ----------------------------------------------------------------------------------------------------


def _plain(annotation: Any, make: Callable[[Any], Any]) -> BlockKind:
    return BlockKind(lambda block, name: annotation, lambda block, raw, reading, specs: make(raw))


def _text(raw: Any) -> str:
    return "" if raw is None or isinstance(raw, dict | list) else str(raw)


def _or_none(raw: Any) -> str | None:
    return _text(raw) or None


def _number(raw: Any) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else whole(raw)


def _measure(raw: Any) -> float | None:
    known = isinstance(raw, int | float) and not isinstance(raw, bool) and isfinite(raw)
    return float(raw) if known else None


def _texts(raw: Any) -> list[str]:
    return [_text(one) for one in raw] if isinstance(raw, list) else []


def _rich(block: Any, raw: Any, reading: Reading, specs: Specs) -> str:
    return richtext.safe(raw, reading)


def _want_rich(block: Any, raw: Any, reading: Reading, specs: Specs) -> None:
    richtext.want(raw, reading)


def _address(block: Any, raw: Any, reading: Reading, specs: Specs) -> str | None:
    return richtext.safe_address(raw, reading)


def _is_text(block: Any, name: str) -> Any:
    return str


KINDS: dict[type[blocks.Block], BlockKind] = {
    blocks.BaseStreamBlock: BlockKind(_stream_annotation, _stream_read, _stream_want),
    blocks.ListBlock: BlockKind(
        lambda block, name: list[annotation(block.child_block, f"{name}Item")],  # type: ignore[misc]
        lambda block, raw, reading, specs: [read(block.child_block, item, reading, specs) for item in _items(raw)],
        _list_want,
    ),
    blocks.BaseStructBlock: BlockKind(_struct_annotation, _struct_read, _struct_want),
    ImageBlock: BlockKind(lambda block, name: ImageOut | None, _described_image, _want_image),
    ImageChooserBlock: BlockKind(
        lambda block, name: ImageOut | None,
        lambda block, raw, reading, specs: reading.image(raw, specs),
        _want_image,
    ),
    blocks.PageChooserBlock: BlockKind(
        lambda block, name: PageRef | None,
        lambda block, raw, reading, specs: reading.page_ref(raw),
        lambda block, raw, reading, specs: reading.want_page(raw),
    ),
    DocumentChooserBlock: BlockKind(
        lambda block, name: DocumentOut | None,
        lambda block, raw, reading, specs: reading.document(raw),
        lambda block, raw, reading, specs: reading.want_document(raw),
    ),
    # Any other choice is told by its number: whether the reader may see more of it, nobody knows here.
    blocks.ChooserBlock: _plain(int | None, whole),
    blocks.RichTextBlock: BlockKind(_is_text, _rich, _want_rich),
    blocks.RawHTMLBlock: BlockKind(_is_text, _rich, _want_rich),
    EmbedBlock: BlockKind(lambda block, name: str | None, _address),
    blocks.URLBlock: BlockKind(lambda block, name: str | None, _address),
    blocks.BooleanBlock: _plain(bool, bool),
    blocks.IntegerBlock: _plain(int | None, _number),
    blocks.FloatBlock: _plain(float | None, _measure),
    blocks.DecimalBlock: _plain(str | None, _or_none),
    blocks.DateBlock: _plain(str | None, _or_none),
    blocks.TimeBlock: _plain(str | None, _or_none),
    blocks.DateTimeBlock: _plain(str | None, _or_none),
    blocks.MultipleChoiceBlock: _plain(list[str], _texts),
    blocks.StaticBlock: _plain(None, lambda raw: None),
    blocks.Block: _plain(str, _text),
}


@cache
def _brought() -> dict[str, BlockKind]:
    """What the plugins say of blocks of their own, by the dotted path of the block's class."""
    return {name: import_string(path) for plugin in installed_plugins() for name, path in plugin.block_content.items()}


@cache
def _kind(model: Any) -> BlockKind:
    """The nearest of its classes that is known."""
    for base in model.__mro__:
        if found := _brought().get(f"{base.__module__}.{base.__qualname__}") or KINDS.get(base):
            return found
    return KINDS[blocks.Block]


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))
