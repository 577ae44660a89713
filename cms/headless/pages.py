"""Pages over HTTP: lists with chosen fields, one page, and its components each at an address of its own."""

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field
from wagtail.models import Page

from cms.api import Problem, refuse_unknown_parameters
from cms.headless.access import reader_of
from cms.headless.choosing import chosen_components, chosen_fields, known_parameters, once, wrong
from cms.headless.components import Component, components
from cms.headless.content import contents, core, keeps, languages, model_of, page_schema
from cms.headless.delivery import answer, fresh
from cms.headless.desk import drafted
from cms.headless.fields import Told
from cms.headless.narrowing import condition, counts, facet, ordering, parameters
from cms.headless.reading import Reading
from cms.headless.representation import loaded, prepared, represent
from cms.headless.searching import about
from cms.headless.shapes import FacetOut, Json

pages = Router(tags=["pages"])

MOST = 100
BIGGEST_ID = 2**31 - 1
#: What a list says of each page when nothing is asked.
IN_LISTS = (
    *("id", "type", "title", "slug", "locale", "html_url", "api_url", "search_description"),
    *("first_published_at", "last_published_at", "parent"),
)


class PageList(Schema):
    items: list[page_schema()]  # type: ignore[valid-type]
    total: int
    next: str | None
    facets: list[FacetOut] = Field([], description="Only when `facets` asks for some.")


FIELDS = "Names with commas, `*` for all; renditions in brackets: `title,images(fill-300x200)`. Left out: {}."


class PageQuery(Schema):
    """With exactly one `type`, its own fields narrow too: `municipality__contains=Gent`, `cpv=39130000`."""

    type: list[Literal[*contents()]] = Field([], description="More than one: any of them.")  # type: ignore[valid-type]
    locale: Literal[*languages()] | None = None  # type: ignore[valid-type]
    child_of: int | None = Field(None, ge=1, le=BIGGEST_ID)
    descendant_of: int | None = Field(None, ge=1, le=BIGGEST_ID)
    translation_of: int | None = Field(None, ge=1, le=BIGGEST_ID)
    q: str = Field("", max_length=200, description="Free text in the language of `locale`; the best come first.")
    fields: str = Field("", max_length=2_000, description=FIELDS.format("what a list needs"))
    order: str = Field("", max_length=200, description="Names with commas; `-` before one that goes down.")
    facets: str = Field("", max_length=100, description="`type`, `locale`, or both: how many there are of each.")
    limit: int = Field(20, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)
    id__in: str = Field("", max_length=2_000)
    title: str = Field("", max_length=200)
    title__contains: str = Field("", max_length=200)
    slug: str = Field("", max_length=200)
    slug__in: str = Field("", max_length=2_000)
    first_published_at__gte: str = Field("", max_length=40, description="A day or a time.")
    first_published_at__lte: str = Field("", max_length=40)
    last_published_at__gte: str = Field("", max_length=40)
    last_published_at__lte: str = Field("", max_length=40)


OWN = known_parameters(PageQuery)
#: Of those, the ones that are not about a field.
BESIDES = {
    "type",
    "locale",
    "child_of",
    "descendant_of",
    "translation_of",
    "q",
    "fields",
    "order",
    "facets",
    "limit",
    "offset",
}


@pages.get("/", response=PageList, url_name="pages", operation_id="list_pages", summary="Pages with chosen fields")
def list_pages(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    types = list(dict.fromkeys(query.type))
    told = contents()[types[0]] if len(types) == 1 else {one.name: one for one in core()}
    sought = {name: one for name, one in told.items() if one.sought_as}
    refuse_unknown_parameters(request, OWN | set(parameters(sought)))
    reading = Reading(reader_of(request), request)
    with translation.override(query.locale or translation.get_language()):
        choice = chosen_fields(query.fields, [contents()[one] for one in types or contents()], _default(types))
        found = _found(query, types, reading)
        model = model_of(types[0]) if len(types) == 1 else Page
        listed: Any = model._default_manager.filter(pk__in=found.values("pk")) if model is not Page else found
        listed = listed.filter(condition(request, sought, BESIDES))
        if question := " ".join(once(request, "q").split()):
            listed = about(listed, question, query.locale)
        listed = listed.order_by(*ordering(request, sought, ("found_at",) if question else ("pk",)))
        facets = _facets(query.facets, listed)
        total = listed.count()
        window = slice(query.offset, query.offset + query.limit)
        shown = list(prepared(listed, choice)[window]) if model is not Page else loaded(list(listed[window]), choice)
        told_pages = represent(shown, choice, reading)
    last = query.offset + query.limit
    following = next_address(request, reading, "pages", last) if last < total else None
    body: Json = {"items": told_pages, "total": total, "next": following}
    return answer(request, body | ({"facets": facets} if facets else {}), fresh_for=fresh_for(types or contents()))


def _default(types: list[str]) -> tuple[str, ...]:
    """The intro is no field of every type in another's site."""
    has_intro = any("intro" in contents()[one] for one in types or contents())
    return (*IN_LISTS, "intro") if has_intro else IN_LISTS


def _found(query: Any, types: list[str], reading: Reading) -> Any:
    found = reading.pages
    if types:
        found = found.type(tuple(model_of(one) for one in types))
    else:
        found = found.type(tuple(model_of(one) for one in contents()))
    if query.locale:
        found = found.filter(locale__language_code=query.locale)
    for name in ("child_of", "descendant_of", "translation_of"):
        if (key := getattr(query, name)) is None:
            continue
        if (base := reading.pages.filter(pk=key).first()) is None:
            raise wrong(name, _("There is no such page."))
        if name == "translation_of":
            found = found.filter(translation_key=base.translation_key).exclude(pk=base.pk)
        else:
            found = getattr(found, name)(base)
    return found


def next_address(request: HttpRequest, reading: Reading, name: str, offset: int) -> str:
    """The same question, further on."""
    asked = [(key, value) for key, values in request.GET.lists() for value in values if key != "offset"]
    return f"{reading.api_url(name)}?{urlencode([*asked, ('offset', offset)])}"


def _facets(written: str, listed: Any) -> list[Json]:
    facets = []
    for name in filter(None, (part.strip() for part in written.split(","))):
        if name == "type":
            labels = {model_of(label)._meta.model_name: label for label in contents()}
            found = counts(listed, "content_type__model")
            options = [(labels[model], labels[model], number) for model, number in found if model in labels]
        elif name == "locale":
            options = [(code, code, number) for code, number in counts(listed, "locale__language_code")]
        else:
            raise wrong("facets", _("Choose from these: %(choices)s.") % {"choices": "type, locale"})
        facets.append(facet(name, name, options))
    return facets


def fresh_for(types: Iterable[str]) -> int:
    return fresh() if keeps(types) else 0


def label_of(page: Page) -> str:
    return str(type(page)._meta.label)


class OnePageQuery(Schema):
    """What can be chosen of one page, wherever it is read."""

    fields: str = Field("", max_length=2_000, description=FIELDS.format("all"))
    expand: str = Field("", max_length=500, description="Names of components, with commas: they come along.")


class VersionQuery(OnePageQuery):
    version: Literal["draft"] | None = Field(
        None, description="The newest draft; needs a token with the scope `drafts`, of somebody who may edit the page."
    )


def page_for(page_id: int, reading: Reading) -> Page:
    """The page as its own type. Raises Problem 404 for one that is not there for this reader."""
    row = reading.pages.filter(pk=page_id).first() if 0 < page_id <= BIGGEST_ID else None
    found = [row] if row is not None else []
    if row is None or str(row.specific_class and row.specific_class._meta.label) not in contents():
        raise Problem(404, _("There is no such page."))
    return loaded(found, dict.fromkeys(contents()[str(row.specific_class._meta.label)], ()))[0]


def body_of(request: HttpRequest, page: Page, reading: Reading) -> Json:
    """One page as this request asks for it by `fields` and `expand`."""
    with translation.override(page.locale.language_code):
        told: dict[str, Told] = contents()[str(type(page)._meta.label)]
        choice = chosen_fields(once(request, "fields"), [told])
        expand = chosen_components(once(request, "expand"), reading)
        return represent([page], choice, reading, expand)[0]


@pages.get(
    "/{int:page_id}/",
    response=page_schema(),
    url_name="page",
    operation_id="read_page",
    summary="One page with its components",
)
def read_page(request: HttpRequest, page_id: int, query: Query[VersionQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(VersionQuery))
    if query.version == "draft":
        draft, reading = drafted(request, page_id)
        return answer(request, body_of(request, draft, reading), page=draft)
    reading = Reading(reader_of(request), request)
    page = page_for(page_id, reading)
    return answer(request, body_of(request, page, reading), fresh_for=fresh_for([label_of(page)]), page=page)


def _add(name: str, one: Component) -> None:
    def read_component(request: HttpRequest, page_id: int) -> HttpResponse:
        refuse_unknown_parameters(request, [])
        reading = Reading(reader_of(request), request)
        page = page_for(page_id, reading)
        with translation.override(page.locale.language_code):
            return answer(request, one.read(page, reading), fresh_for=fresh())

    pages.add_api_operation(
        f"/{{int:page_id}}/{name}/",
        ["GET"],
        read_component,
        response=one.annotation,
        url_name=f"page_{name}",
        operation_id=f"read_page_{name.replace('-', '_')}",
        summary=str(one.summary),
    )


for _name, _component in components().items():
    if not _component.has_own_address:
        _add(_name, _component)
