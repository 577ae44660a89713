"""The fields of an answer: what each is called, what type it has, what it refers to, and how it is read.

`field_of` makes one from a model's own field, so that naming it is enough; `Rows` and `Related` follow a relation to
the fields of another model, `Counted` is for what no model field holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from ninja import Schema
from pydantic import create_model
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.headless import blocks, richtext
from cms.headless.reading import Reading
from cms.headless.shapes import DocumentOut, ImageOut, PageRef

Specs = tuple[str, ...]


def _nothing(owner: Any, reading: Reading, specs: Specs) -> None:
    return None


def _as_it_is(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


@dataclass(frozen=True)
class Told:
    """One field of an answer."""

    name: str
    annotation: Any
    read: Callable[[Any, Reading, Specs], Any]
    #: Says what it refers to, before anything is fetched.
    want: Callable[[Any, Reading, Specs], None] = _nothing
    #: What a list has to fetch along, so that no row asks by itself.
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]] = _as_it_is
    #: Whether renditions may be asked of it.
    has_images: bool = False
    #: The kind of value it can be narrowed and ordered by: text, number, date, moment, truth, list; "" for none.
    sought_as: str = ""
    #: Its path for the database.
    lookup: str = ""
    #: Of a list: whether its values are numbers.
    holds_numbers: bool = False


@dataclass(frozen=True)
class Rows:
    """The rows that belong to a page, each with these fields."""

    name: str
    fields: Sequence[Any]


@dataclass(frozen=True)
class Related:
    """One row that is referred to, with these fields; None when there is none."""

    name: str
    fields: Sequence[Any]


@dataclass(frozen=True)
class Counted:
    """What is made of more than one field. `prepare` fetches what it needs for a whole list."""

    name: str
    annotation: Any
    read: Callable[[Any, Reading], Any]
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]] = _as_it_is
    want: Callable[[Any, Reading], None] = field(default=lambda owner, reading: None)
    sought_as: str = ""
    lookup: str = ""


def iso(moment: datetime | date | None) -> str | None:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).isoformat()
    return moment.isoformat() if moment else None


def fields_of(model: type[models.Model], named: Iterable[Any]) -> list[Told]:
    """What is named of this model: the name of a field of it, or one of the classes above."""
    return [_told(model, one) for one in named]


def _told(model: type[models.Model], named: Any) -> Told:
    match named:
        case Told():
            return named
        case Rows():
            return _rows(model, named)
        case Related():
            return _related(model, named)
        case Counted():
            return Told(
                named.name,
                named.annotation,
                lambda owner, reading, specs: named.read(owner, reading),
                want=lambda owner, reading, specs: named.want(owner, reading),
                prepare=named.prepare,
                sought_as=named.sought_as,
                lookup=named.lookup or named.name,
            )
    return field_of(model, str(named))


def field_of(model: type[models.Model], name: str) -> Told:
    """The field of the model by this name. Raises FieldDoesNotExist for one there is not."""
    found: Any = model._meta.get_field(name)
    if isinstance(found, StreamField):
        return _stream(model, found)
    if isinstance(found, RichTextField):
        return Told(
            name,
            str,
            lambda owner, reading, specs: richtext.safe(getattr(owner, name), reading),
            want=lambda owner, reading, specs: richtext.want(getattr(owner, name), reading),
        )
    if isinstance(found, models.ForeignKey):
        return _foreign(found)
    return _value(found)


def _stream(model: type[models.Model], found: Any) -> Told:
    block = found.stream_block
    begins = f"{model._meta.object_name}{blocks.camel(found.name)}"

    def raw(owner: Any) -> Any:
        return block.get_prep_value(getattr(owner, found.name))

    return Told(
        found.name,
        blocks.annotation(block, begins),
        lambda owner, reading, specs: blocks.read(block, raw(owner), reading, specs),
        want=lambda owner, reading, specs: blocks.want(block, raw(owner), reading, specs),
        has_images=True,
    )


def _foreign(found: Any) -> Told:
    name, key, target = found.name, found.attname, found.related_model
    if issubclass(target, Page):
        return Told(
            name,
            PageRef | None,
            lambda owner, reading, specs: reading.page_ref(getattr(owner, key)),
            want=lambda owner, reading, specs: reading.want_page(getattr(owner, key)),
        )
    if issubclass(target, get_image_model()):
        return Told(
            name,
            ImageOut | None,
            lambda owner, reading, specs: reading.image(getattr(owner, key), specs),
            want=lambda owner, reading, specs: reading.want_image(getattr(owner, key), specs),
            has_images=True,
        )
    if issubclass(target, get_document_model()):
        return Told(
            name,
            DocumentOut | None,
            lambda owner, reading, specs: reading.document(getattr(owner, key)),
            want=lambda owner, reading, specs: reading.want_document(getattr(owner, key)),
        )
    # Of anything else its number: a type that tells more says so with Related.
    return Told(name, int | None, lambda owner, reading, specs: getattr(owner, key))


def _value(found: Any) -> Told:
    name = found.name
    annotation, sought_as, make = _plain(found)
    if found.null and sought_as not in {"list"}:
        annotation = annotation | None
    return Told(
        name,
        annotation,
        lambda owner, reading, specs: make(getattr(owner, name)),
        sought_as=sought_as,
        lookup=name,
        holds_numbers=isinstance(getattr(found, "base_field", None), models.IntegerField),
    )


def _same(value: Any) -> Any:
    return value


def _plain(found: Any) -> tuple[Any, str, Callable[[Any], Any]]:
    match found:
        case ArrayField():
            inner, _kind, make = _plain(found.base_field)
            return list[inner], "list", lambda values: [make(value) for value in values or []]  # type: ignore[valid-type]
        case models.BooleanField():
            return bool, "truth", _same
        case models.DecimalField():
            return str, "number", lambda value: None if value is None else f"{Decimal(value).normalize():f}"
        case models.FloatField():
            return float, "", _same
        case models.IntegerField():
            values = [value for value, _label in found.flatchoices or []]
            return (Literal[*values] if values else int), "number", _same
        case models.DateTimeField():
            return str, "moment", iso
        case models.DateField():
            return str, "date", iso
    return _words(found), "text", lambda value: None if value is None else str(value)


def _words(found: Any) -> Any:
    """One of its choices where it has some. A draft may have none chosen yet."""
    values = [str(value) for value, _label in found.flatchoices or []]
    return Literal[*dict.fromkeys(["", *values])] if values else str


def _model_of(name: str, told: Iterable[Told]) -> type[Schema]:
    parts: dict[str, Any] = {one.name: (one.annotation, ...) for one in told}
    return create_model(name, __base__=Schema, **parts)


def _read_all(told: Sequence[Told], owner: Any, reading: Reading, specs: Specs) -> dict[str, Any]:
    return {one.name: one.read(owner, reading, specs) for one in told}


def _rows(model: type[models.Model], named: Rows) -> Told:
    relation: Any = model._meta.get_field(named.name)
    child = relation.related_model
    told = fields_of(child, named.fields)
    name = named.name

    def prepare(rows: QuerySet[Any]) -> QuerySet[Any]:
        inner = child._default_manager.all()
        for one in told:
            inner = one.prepare(inner)
        return rows.prefetch_related(Prefetch(name, queryset=inner))

    def want(owner: Any, reading: Reading, specs: Specs) -> None:
        for row in getattr(owner, name).all():
            for one in told:
                one.want(row, reading, specs)

    return Told(
        name,
        list[_model_of(f"{model._meta.object_name}{blocks.camel(name)}Row", told)],  # type: ignore[misc]
        lambda owner, reading, specs: [_read_all(told, row, reading, specs) for row in getattr(owner, name).all()],
        want=want,
        prepare=prepare,
        has_images=any(one.has_images for one in told),
    )


def _related(model: type[models.Model], named: Related) -> Told:
    relation: Any = model._meta.get_field(named.name)
    told = fields_of(relation.related_model, named.fields)
    name = named.name

    def want(owner: Any, reading: Reading, specs: Specs) -> None:
        if (row := getattr(owner, name)) is not None:
            for one in told:
                one.want(row, reading, specs)

    def read(owner: Any, reading: Reading, specs: Specs) -> Any:
        row = getattr(owner, name)
        return None if row is None else _read_all(told, row, reading, specs)

    made: Any = _model_of(f"{model._meta.object_name}{blocks.camel(name)}", told)
    return Told(
        name,
        made | None if relation.null else made,
        read,
        want=want,
        prepare=lambda rows: rows.select_related(name),
        has_images=any(one.has_images for one in told),
    )
