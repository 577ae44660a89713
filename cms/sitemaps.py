"""Sitemaps (sitemaps.org, with the languages as Google reads them): every page of one language that may be found.

The pairs of languages are those in the pages' own heads, by the same rule: live, public, and with a twin.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page, PageQuerySet

from cms import plugins
from cms.linked import absolute
from cms.sites import of_this_site


def findable() -> "PageQuerySet":
    """The pages below the home pages of this site that search engines may list."""
    unlisted = [pk for pk, changed in plugins.page_news().items() if changed is None]
    return of_this_site(Page.objects.live().public().filter(depth__gt=1).exclude(pk__in=unlisted))


class PageSitemap(Sitemap):
    """The pages of one language. Every address is that of the page's own canonical link."""

    def __init__(self, language: str) -> None:
        self.language = language

    def items(self) -> PageQuerySet:
        return findable().filter(locale__language_code=self.language).select_related("locale").order_by("path")

    def get_urls(self, page: Any = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        news = plugins.page_news()
        shown = list(self.paginator.page(page).object_list)
        twins: dict[Any, dict[str, str]] = {}
        keys = [one.translation_key for one in shown]
        for one in findable().filter(translation_key__in=keys).select_related("locale").order_by("pk"):
            if address := one.full_url:
                twins.setdefault(one.translation_key, {})[one.locale.language_code] = absolute(address)
        return [
            {
                "location": twins[one.translation_key][self.language],
                "lastmod": _latest(one.last_published_at, news.get(one.pk)),
                "alternates": _alternates(twins[one.translation_key]),
            }
            for one in shown
            if self.language in twins.get(one.translation_key, {})  # one outside the site has no address
        ]


def _latest(*moments: datetime | None) -> datetime | None:
    """When it was published last, or when what it tells about changed after that."""
    return max((moment for moment in moments if moment), default=None)


def _alternates(twins: Mapping[str, str]) -> list[dict[str, str]]:
    """Itself, the other languages, and the first language for everybody else; as cms/base.html says it."""
    named = [{"lang_code": code, "location": twins[code]} for code, _name in settings.LANGUAGES if code in twins]
    first = twins.get(settings.LANGUAGE_CODE)
    return [*named, {"lang_code": "x-default", "location": first}] if first else named


SITEMAPS = {code: PageSitemap(code) for code, _name in settings.LANGUAGES}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where the sitemap is. What must not be listed says so itself: it has to be read for that."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('wagtailadmin_home')}",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
