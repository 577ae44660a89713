"""What can be asked about any page beside its content: each at an address of its own, or inside the page's answer.

The plugins bring theirs in `Plugin.components`; an expanded one stands where its address stood.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import import_string
from ninja import Schema
from wagtail.models import Page, ReferenceIndex

from cms.headless.access import Reader
from cms.headless.reading import Reading, whole
from cms.headless.shapes import Json, PageRef, TranslationRef
from cms.navigation import footer_pages, menu_pages
from cms.plugins import installed_plugins


def _everybody(reader: Reader) -> bool:
    return True


@dataclass(frozen=True)
class Component:
    """One thing to ask about a page. `read` may raise a Problem for a reader who may not."""

    annotation: type[Schema]
    read: Callable[[Page, Reading], Json]
    summary: str
    #: Whether its address answers about drafts, too, or takes more than GET: its own module makes it then.
    has_own_address: bool = False
    #: Whether a page's answer names it for this reader.
    offered: Callable[[Reader], bool] = _everybody


@cache
def components() -> dict[str, Component]:
    """By name, in the order of the story."""
    return {name: import_string(path) for plugin in installed_plugins() for name, path in plugin.components.items()}


class PageListOut(Schema):
    items: list[PageRef]


class TranslationListOut(Schema):
    items: list[TranslationRef]


class LinkOut(PageRef):
    #: The page that is read stands at or below it.
    is_current: bool


class NavigationOut(Schema):
    locale: str
    home: PageRef | None
    menu: list[LinkOut]
    footer: list[LinkOut]


class ReferenceOut(Schema):
    page: PageRef
    #: Where in that page, as its editor names it.
    field: str


class IntegrityOut(Schema):
    #: What would lead nowhere when the page goes: links and choices on other pages.
    breaches: list[ReferenceOut]
    #: The pages below it, which would go along.
    below: list[PageRef]
    #: What the page itself leads to.
    leads_to: list[PageRef]


def _breadcrumbs(page: Page, reading: Reading) -> Json:
    above = reading.pages.ancestor_of(page).select_related("locale").order_by("depth")
    return {"items": [reading.told(one) for one in above]}


def _children(page: Page, reading: Reading) -> Json:
    if not page.path:  # it is being made: nothing stands below it
        return {"items": []}
    below = reading.pages.child_of(page).select_related("locale").order_by("path")
    return {"items": [reading.told(one) for one in below[:MOST_CHILDREN]]}


def _translations(page: Page, reading: Reading) -> Json:
    reading.want_translations(page)
    reading.load()
    own = reading.told(page)
    first = {name: own[name] for name in ("locale", "id", "title", "html_url", "api_url")}
    return {"items": [first, *reading.translations(page)]}


#: A list that is longer is read with GET /pages/?child_of=.
MOST_CHILDREN = 100


def navigation_of(language: str, reading: Reading, page: Page | None = None) -> Json:
    """The menu and the footer of the site in one language, with where `page` stands in it."""
    here = page.path if page is not None else ""
    home = None
    if reading.site is not None:
        home = (
            reading.pages.filter(translation_key=reading.site.root_page.translation_key, locale__language_code=language)
            .select_related("locale")
            .first()
        )

    def links(pages: Any) -> list[Json]:
        told = reading.pages.filter(pk__in=pages.order_by().values("pk")).select_related("locale").order_by("path")
        return [reading.told(one) | {"is_current": here.startswith(one.path)} for one in told]

    return {
        "locale": language,
        "home": reading.told(home) if home else None,
        "menu": links(menu_pages(home)) if home else [],
        "footer": links(footer_pages(home)) if home else [],
    }


def _navigation(page: Page, reading: Reading) -> Json:
    return navigation_of(page.locale.language_code, reading, page)


def _link_integrity(page: Page, reading: Reading) -> Json:
    """Of the reference index, only what the reader may see: that a hidden page leads here is nobody's business."""
    if not page.path:  # it is being made: nobody leads to it, and nobody has read where it leads to
        return {"breaches": [], "below": [], "leads_to": []}
    is_page = {"base_content_type_id": ReferenceIndex._get_base_content_type(Page).pk}
    coming = list(ReferenceIndex.get_references_to(page).filter(**is_page).order_by("pk")[:MOST_REFERENCES])
    going = [
        whole(key)
        for key in ReferenceIndex.get_references_for_object(page)
        .filter(to_content_type_id=is_page["base_content_type_id"])
        .order_by("pk")
        .values_list("to_object_id", flat=True)[:MOST_REFERENCES]
    ]
    for one in coming:
        reading.want_page(one.object_id)
    for key in going:
        reading.want_page(key)
    reading.load()
    breaches = [
        {"page": told, "field": reference.model_path}
        for reference in coming
        if (told := reading.page_ref(reference.object_id)) is not None and told["id"] != page.pk
    ]
    below = reading.pages.descendant_of(page).select_related("locale").order_by("path")[:MOST_CHILDREN]
    led = [told for key in dict.fromkeys(going) if (told := reading.page_ref(key)) and told["id"] != page.pk]
    return {"breaches": breaches, "below": [reading.told(one) for one in below], "leads_to": led}


MOST_REFERENCES = 500

breadcrumbs = Component(PageListOut, _breadcrumbs, "The pages above it, the home page first")
children = Component(PageListOut, _children, "The pages right below it, at most a hundred")
translations = Component(TranslationListOut, _translations, "The page in every language it is public in")
navigation = Component(NavigationOut, _navigation, "The menu and footer round it, in its language")
link_integrity = Component(IntegrityOut, _link_integrity, "What would break if it went, and what it leads to")
