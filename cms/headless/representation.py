"""Pages as data: the one place that writes them, for the API's addresses and for the page's own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from cms.headless.choosing import Choice
from cms.headless.components import components
from cms.headless.content import contents
from cms.headless.fields import Told
from cms.headless.reading import Reading
from cms.headless.shapes import Json


def told_of(page: Page) -> dict[str, Told]:
    """The fields of a page's type."""
    return contents()[str(type(page)._meta.label)]


def prepared(pages: QuerySet[Any], choice: Choice, told: Mapping[str, Told] | None = None) -> QuerySet[Any]:
    """The pages of one type with what their chosen fields need: a constant number of queries for any list."""
    for name, one in (told or contents()[str(pages.model._meta.label)]).items():
        if name in choice:
            pages = one.prepare(pages)
    return pages.select_related("locale")


def loaded(rows: Sequence[Page], choice: Choice) -> list[Page]:
    """These pages of any types as their own types, in the same order: one query a type, and those of its fields."""
    wanted: dict[Any, list[int]] = {}
    for row in rows:
        model = row.cached_content_type.model_class()
        if model is not None and str(model._meta.label) in contents():
            wanted.setdefault(model, []).append(row.pk)
    found: dict[int, Page] = {}
    for model, keys in wanted.items():
        found |= {page.pk: page for page in prepared(model._default_manager.filter(pk__in=keys), choice)}
    return [found[row.pk] for row in rows if row.pk in found]


def represent(
    pages: Sequence[Page],
    choice: Choice,
    reading: Reading,
    expand: Iterable[str] = (),
    told: Mapping[str, Told] | None = None,
) -> list[Json]:
    """Each page with its chosen fields, its type's own unless `told` says others. All they refer to comes together."""
    chosen = [(page, [one for name, one in (told or told_of(page)).items() if name in choice]) for page in pages]
    for page, fields in chosen:
        for one in fields:
            one.want(page, reading, choice[one.name])
    reading.load()
    answers = [{one.name: one.read(page, reading, choice[one.name]) for one in fields} for page, fields in chosen]
    for page, answer in zip(pages, answers, strict=True):
        for name in expand:
            answer.setdefault("components", {})[name] = components()[name].read(page, reading)
    return answers
