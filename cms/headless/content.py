"""Which page types there are, and by which fields each is told: the registry that the plugins fill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.utils.module_loading import import_string
from ninja import Schema
from pydantic import Field, create_model
from wagtail.models import Page, get_page_models

from cms.conf import content_languages
from cms.headless.components import components
from cms.headless.fields import Told, fields_of, iso
from cms.headless.reading import Reading, parent_path, type_of
from cms.headless.shapes import ParentRef, TranslationRef
from cms.headless.versions import draft_version
from cms.plugins import installed_plugins


@dataclass(frozen=True)
class PageContent:
    """What a page type tells beside what every page does: names of its fields, Rows, Related, Counted."""

    fields: Sequence[Any]
    #: Whether it tells what changes without the page being published: seats, prices. No cache keeps it unasked.
    changes_by_itself: bool = False


def version_of(page: Page, *, latest: bool = False) -> str:
    """The version of a page: of what is public, or with `latest` of its newest draft. What If-Match is held against.

    It stands in the answer as `etag` and is the part of the ETag header before the dot.
    """
    return draft_version(page) if latest else f"{page.pk}-{page.live_revision_id or 0}"


def _components(page: Page, reading: Reading) -> dict[str, Any]:
    offered = (name for name, one in components().items() if one.offered(reading.reader))
    return {name: reading.api_url(f"page_{name}", page.pk) for name in offered}


def _value(name: str, annotation: Any, read: Any, **more: Any) -> Told:
    return Told(name, annotation, lambda page, reading, specs: read(page, reading), **more)


def _component_links() -> Any:
    """Each an address, or what stands there when it was asked for with ?expand=."""
    parts: dict[str, Any] = {name: (str | one.annotation, None) for name, one in components().items()}
    return create_model("PageComponents", __base__=Schema, **parts)


@cache
def core() -> list[Told]:
    """What every page says."""
    return [
        _value("id", int, lambda page, reading: page.pk, sought_as="number", lookup="pk"),
        _value("type", str, lambda page, reading: type_of(page)),
        _value("title", str, lambda page, reading: page.title, sought_as="text", lookup="title"),
        _value("slug", str, lambda page, reading: page.slug, sought_as="text", lookup="slug"),
        _value("locale", Literal[*languages()], lambda page, reading: page.locale.language_code),
        _value("html_url", str, lambda page, reading: reading.html_url(page)),
        _value("api_url", str, lambda page, reading: reading.api_url("page", page.pk)),
        _value("seo_title", str, lambda page, reading: page.seo_title),
        _value("search_description", str, lambda page, reading: page.search_description),
        _moment("first_published_at"),
        _moment("last_published_at"),
        _value("etag", str, lambda page, reading: version_of(page, latest=reading.latest)),
        _value(
            "parent",
            ParentRef | None,
            lambda page, reading: reading.parent(page),
            want=lambda page, reading, specs: reading.want_path(parent_path(page)),
        ),
        _value(
            "translations",
            list[TranslationRef],
            lambda page, reading: reading.translations(page),
            want=lambda page, reading, specs: reading.want_translations(page),
        ),
        _value("components", _component_links(), _components),
    ]


def _moment(name: str) -> Told:
    return _value(name, str | None, lambda page, reading: iso(getattr(page, name)), sought_as="moment", lookup=name)


def languages() -> list[str]:
    return [code for code, _name in content_languages()]


@cache
def _brought() -> dict[str, PageContent]:
    return {label: import_string(path) for plugin in installed_plugins() for label, path in plugin.content.items()}


def keeps(types: Iterable[str]) -> bool:
    """Whether an answer about pages of these types stays true until one is published."""
    return not any(_brought()[label].changes_by_itself for label in types if label in _brought())


@cache
def contents() -> dict[str, dict[str, Told]]:
    """Page type -> its fields by name, those every page has first."""
    found = {}
    for model in sorted(get_page_models(), key=lambda one: str(one._meta.label)):
        label = str(model._meta.label)
        if model is Page:
            continue
        named = _brought()[label].fields if label in _brought() else _as_wagtail_names(model)
        found[label] = {one.name: one for one in [*core(), *fields_of(model, named)]}
    return found


def _as_wagtail_names(model: type[Page]) -> list[str]:
    """The model fields that a type without a PageContent names in Wagtail's own way."""
    names = []
    for one in getattr(model, "api_fields", []):
        name = getattr(one, "name", one)
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if field.concrete and not field.many_to_many:
            names.append(name)
    return names


@cache
def model_of(label: str) -> type[Page]:
    return next(model for model in get_page_models() if model._meta.label == label)


@cache
def schemas() -> dict[str, type[Schema]]:
    """Page type -> the schema of its answer. `id` and `type` are always there, the rest unless `fields` left it out."""
    made = {}
    for label, told in contents().items():
        parts: dict[str, Any] = {one.name: (one.annotation, None) for one in told.values()}
        parts |= {"id": (int, ...), "type": (Literal[label], ...)}
        made[label] = create_model(_schema_name(label), __base__=Schema, **parts)
    return made


def _schema_name(label: str) -> str:
    """ "CasePageOut"; with its app where two have one name."""
    app, _dot, name = label.partition(".")
    twins = [other for other in contents() if other.partition(".")[2] == name]
    return f"{name}Out" if len(twins) == 1 else f"{app.capitalize()}{name}Out"


@cache
def page_schema() -> Any:
    """Any page, told apart by its type."""
    union: Any = None
    for schema in schemas().values():
        union = schema if union is None else union | schema
    return Annotated[union, Field(discriminator="type")] if len(schemas()) > 1 else union
