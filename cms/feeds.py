"""Atom feeds (RFC 4287) of what the plugins publish, each in the language of its address."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language

from cms.linked import absolute
from cms.models import BasePage, OrganiserSettings
from cms.sites import of_this_site

#: A reader looks every few hours: more than so many are never new at once.
MOST = 50


def entry_id(page: BasePage) -> str:
    """The same for this page in this language, whatever its address becomes and wherever the site moves."""
    return uuid.uuid5(page.translation_key, page.locale.language_code).urn


class PageFeed(Feed):
    """What is newest below one index page. A feed names `index_model`, and lists its pages in `newest`."""

    feed_type = Atom1Feed
    index_model: type[BasePage]

    def get_object(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        pages = of_this_site(self.index_model._default_manager.live().public().select_related("locale"))
        # The one that stands first in the tree: nothing but the admin's screens keeps a second from being made.
        index = pages.filter(locale__language_code=get_language()).order_by("path").first()
        if index is None:
            raise Http404
        return index

    def newest(self, index: Any) -> Any:
        raise NotImplementedError

    def items(self, obj: Any) -> list[Any]:
        return list(self.newest(obj)[:MOST])

    def title(self, obj: Any) -> str:
        return f"{obj.title} · Best Practice Tour"

    def subtitle(self, obj: Any) -> str:
        return str(obj.summary)

    def link(self, obj: Any) -> str:
        return absolute(obj.full_url)

    def feed_guid(self, obj: Any) -> str:
        return entry_id(obj)

    def author_name(self) -> str:
        return OrganiserSettings.load().name

    def item_title(self, item: Any) -> str:
        return str(item.told_title)

    def item_description(self, item: Any) -> str:
        # Atom1Feed says that a summary is HTML.
        return escape(item.summary)

    def item_link(self, item: Any) -> str:
        return absolute(item.full_url)

    def item_guid(self, item: Any) -> str:
        return entry_id(item)

    def item_pubdate(self, item: Any) -> datetime | None:
        published: datetime | None = item.first_published_at
        return published

    def item_updateddate(self, item: Any) -> datetime | None:
        """When it was published last, or its facts changed after that (`changed_at`, where a feed knows it)."""
        moments = (item.last_published_at, getattr(item, "changed_at", None), item.first_published_at)
        return max((moment for moment in moments if moment), default=None)
