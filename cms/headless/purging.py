"""What a cache in front of the site must forget when a page is published, taken off or moved.

Wagtail's own signal purges the page itself; this adds its answers in the API, its parent's page, and its translations,
which name it. Lists with parameters have no end: they are fresh for a minute (`CONTENT_API["FRESH_FOR"]`).
Nothing happens without WAGTAILFRONTENDCACHE.
"""

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


def addresses(page: Page) -> list[str]:
    """The addresses whose answers tell about this page, but for lists with parameters."""
    reading = Reading(ANONYMOUS, None)
    related = [page, *page.get_translations()]
    if page.depth > 1:
        related.append(page.get_parent())
    found = []
    for one in related:
        if address := one.full_url:
            found.append(reading.absolute(address))
        found.append(reading.api_url("page", one.pk))
        found += [reading.api_url(f"page_{name}", one.pk) for name in components()]
    return [*dict.fromkeys(found), *(reading.api_url(name) for name in LISTS)]


def purge(page: Page) -> None:
    batch = PurgeBatch()
    batch.add_urls(addresses(page))
    batch.purge()


def on_change(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Wagtail's own signals: published, unpublished, moved, given another slug."""
    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        transaction.on_commit(partial(purge, instance), robust=True)
