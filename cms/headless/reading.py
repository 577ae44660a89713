"""One answer being written: what it refers to is collected first and fetched together, past the reader's own eyes.

A field first says what it wants (`want_page`, `want_image`, …), `load()` fetches all of it in one query a kind, and
the field then reads what came back. What the reader may not see did not come back.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from cms.conf import content_languages
from cms.headless.access import Reader, documents_for, images_for, pages_for, site_of
from cms.headless.shapes import Json

#: What is needed of a page that is only referred to.
REFERRED = ("id", "title", "slug", "url_path", "path", "depth", "translation_key", "content_type", "locale")


class Reading:
    """What one reader sees in one answer."""

    #: Whether pages are told as their newest draft is, not as they are public.
    latest = False

    def __init__(self, reader: Reader, request: HttpRequest | None) -> None:
        self.reader = reader
        self.request = request
        self.site = site_of(request)
        self.origin = self.site.root_url if self.site else str(settings.WAGTAILADMIN_BASE_URL)
        #: One query, whatever is asked of it later.
        self.pages = pages_for(reader, request)
        self._pages: dict[int, Page] = {}
        self._by_path: dict[str, Page] = {}
        self._by_key: dict[Any, dict[int, Page]] = {}
        self._images: dict[int, Any] = {}
        self._documents: dict[int, Any] = {}
        self._wanted_pages: set[int] = set()
        self._wanted_paths: set[str] = set()
        self._wanted_keys: set[Any] = set()
        self._wanted_images: dict[int, set[str]] = {}
        self._wanted_documents: set[int] = set()

    def want_page(self, pk: Any) -> None:
        if (number := whole(pk)) is not None and number not in self._pages:
            self._wanted_pages.add(number)

    def want_path(self, path: str) -> None:
        self._wanted_paths.add(path)

    def want_translations(self, page: Page) -> None:
        self._wanted_keys.add(page.translation_key)

    def want_image(self, pk: Any, specs: Iterable[str]) -> None:
        if (number := whole(pk)) is not None:
            self._wanted_images.setdefault(number, set()).update(specs)

    def want_document(self, pk: Any) -> None:
        if (number := whole(pk)) is not None:
            self._wanted_documents.add(number)

    def load(self) -> None:
        """Fetch what is wanted: one query for pages, two for images with their renditions, one for documents."""
        wanted = Q()
        for lookup, values in (
            ("pk__in", self._wanted_pages),
            ("path__in", self._wanted_paths),
            ("translation_key__in", self._wanted_keys),
        ):
            if values:
                wanted |= Q(**{lookup: values})
        if wanted:
            found = self.pages.filter(wanted).select_related("locale").only(*REFERRED, "locale__language_code")
            for page in found.order_by("pk"):
                self._pages[page.pk] = page
                self._by_path[page.path] = page
                self._by_key.setdefault(page.translation_key, {})[page.pk] = page
        if self._wanted_images:
            specs = sorted({spec for wants in self._wanted_images.values() for spec in wants})
            images: Any = images_for(self.reader).filter(pk__in=list(self._wanted_images))
            for image in images.prefetch_renditions(*specs) if specs else images:
                self._images[image.pk] = image
        if self._wanted_documents:
            for document in documents_for(self.reader).filter(pk__in=self._wanted_documents):
                self._documents[document.pk] = document
        self._wanted_pages, self._wanted_paths, self._wanted_keys = set(), set(), set()
        self._wanted_images, self._wanted_documents = {}, set()

    def page(self, pk: Any) -> Page | None:
        return self._pages.get(whole(pk) or 0)

    def page_ref(self, pk: Any) -> Json | None:
        page = self.page(pk)
        return self.told(page) if page is not None else None

    def parent(self, page: Page) -> Json | None:
        """The page above, or None when there is none the reader may see."""
        above = self._by_path.get(parent_path(page))
        return {"id": above.pk, "title": above.title, "html_url": self.html_url(above)} if above else None

    def translations(self, page: Page) -> list[Json]:
        """The page in its other languages, in the order of the site."""
        order = [code for code, _name in content_languages()]
        others = [one for one in self._by_key.get(page.translation_key, {}).values() if one.pk != page.pk]
        return [
            {
                "locale": one.locale.language_code,
                "id": one.pk,
                "title": one.title,
                "html_url": self.html_url(one),
                "api_url": self.api_url("page", one.pk),
            }
            for one in sorted(others, key=lambda one: order.index(one.locale.language_code))
        ]

    def told(self, page: Page) -> Json:
        """A page somebody refers to; it came through `pages`."""
        return {
            "id": page.pk,
            "type": type_of(page),
            "title": page.title,
            "locale": page.locale.language_code,
            "html_url": self.html_url(page),
            "api_url": self.api_url("page", page.pk),
        }

    def image(self, pk: Any, specs: Iterable[str]) -> Json | None:
        image = self._images.get(whole(pk) or 0)
        if image is None:
            return None
        return {
            "id": image.pk,
            "title": image.title,
            "alt": image.default_alt_text,
            "width": image.width,
            "height": image.height,
            "renditions": {spec: made for spec in specs if (made := self._rendition(image, spec)) is not None},
        }

    def _rendition(self, image: Any, spec: str) -> Json | None:
        try:
            made = image.get_rendition(spec)
        except (SourceImageIOError, InvalidFilterSpecError, OSError):
            # The file is gone or damaged: the page says so in the admin, the answer leaves it out.
            return None
        return {"url": self.absolute(made.url), "width": made.width, "height": made.height}

    def document(self, pk: Any) -> Json | None:
        document = self._documents.get(whole(pk) or 0)
        if document is None:
            return None
        return {
            "id": document.pk,
            "title": document.title,
            "filename": document.filename,
            "url": self.absolute(document.url),
            "size": document.file_size,
        }

    def html_url(self, page: Page) -> str:
        return self.absolute(page.full_url or "/")

    def api_url(self, name: str, *args: Any) -> str:
        try:
            return self.absolute(reverse(f"api-1:{name}", args=args))
        except NoReverseMatch:
            return ""

    def absolute(self, address: str) -> str:
        return f"{self.origin}{address}" if address.startswith("/") else address


def parent_path(page: Page) -> str:
    return str(page.path[: -page.steplen])


def type_of(page: Page) -> str:
    """ "cases.CasePage"."""
    model = page.cached_content_type.model_class() or type(page)
    return str(model._meta.label)


def whole(value: Any) -> int | None:
    """The number of a row, or None for what cannot be one: content may hold anything."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return getattr(value, "pk", None)
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
