"""What a cache in front of the site must forget when a page is published, taken off or moved.

Wagtail's own signal purges the page itself; this adds its answers in the API, its parent's page, and its translations,
which name it. Lists with parameters have no end: they are fresh for a minute (`API_FRESH_FOR`).
Nothing happens without WAGTAILFRONTENDCACHE.
"""

from copy import copy
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Page

from cms.headless.access import ANONYMOUS
from cms.headless.components import components
from cms.headless.reading import Reading

LISTS = ("pages", "navigation", "redirects", "settings")


#: Of a branch that moves so many pages are named; the others grow old by themselves.
MOST_BELOW = 500


def addresses(page: Page) -> list[str]:
    """The addresses whose answers tell about this page, but for lists with parameters."""
    reading = Reading(ANONYMOUS, None)
    related = [page, *page.get_translations()]
    if page.depth > 1:
        related.append(page.get_parent())
    found = [address for one in related for address in _own(one, reading)]
    return [*dict.fromkeys(found), *(reading.api_url(name) for name in LISTS)]


def _own(page: Page, reading: Reading) -> list[str]:
    told = [reading.api_url("page", page.pk), *(reading.api_url(f"page_{name}", page.pk) for name in components())]
    return [reading.absolute(page.full_url), *told] if page.full_url else told


def _moved_from(page: Page, old_path: str) -> list[str]:
    """Where the page and what stands below it stood, and where they stand now."""
    reading = Reading(ANONYMOUS, None)
    found = []
    for one in page.get_descendants(inclusive=True)[:MOST_BELOW]:
        found += _own(one, reading)
        before = copy(one)
        before.url_path = old_path + one.url_path.removeprefix(page.url_path)
        if before.full_url:
            found.append(reading.absolute(before.full_url))
    return found


def purge(urls: list[str]) -> None:
    batch = PurgeBatch()
    batch.add_urls(urls)
    batch.purge()


def on_change(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Wagtail's own signals: published, unpublished (before a deletion too), moved, given another slug."""
    if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
        return
    urls = addresses(instance)
    before = kwargs.get("instance_before")
    if old := kwargs.get("url_path_before") or (before.url_path if before is not None else ""):
        urls = list(dict.fromkeys([*urls, *_moved_from(instance, old)]))
    transaction.on_commit(partial(purge, urls), robust=True)
