"""Which site is asked. Several may stand on one installation; what is public on one is not told on another.

As the active language, the request in hand is known wherever an answer is made: a slot, a feed, a chapter of results.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Site

_in_hand: ContextVar[HttpRequest | None] = ContextVar("request in hand", default=None)


@contextmanager
def asked(request: HttpRequest | None) -> Iterator[None]:
    """Within it, `request` is the one that is answered (cms.middleware.PageLocale); None for what answers nobody."""
    before = _in_hand.set(request)
    try:
        yield
    finally:
        _in_hand.reset(before)


def of_this_site(pages: Any) -> Any:
    """Those of the site the request in hand came to. All of them outside a request, and where there is one site only.

    Takes pages of any type, as a queryset.
    """
    here = below_this_site()
    return pages if here is None else pages.filter(here)


def below_this_site() -> Q | None:
    """The pages of the site the request in hand came to; None where nothing needs to be kept apart."""
    request = _in_hand.get()
    if request is None:
        return None
    roots = Site.get_site_root_paths()
    if len({root.site_id for root in roots}) < 2:
        return None
    site = Site.find_for_request(request)
    here = Q(pk__in=[])
    for root in roots:
        if site is not None and root.site_id == site.pk:
            here |= Q(url_path__startswith=root.root_path)
    return here


def origin() -> str:
    """Scheme and host of the site that is asked, without a slash at the end, as its pages' own addresses begin.

    Outside a request, in a mail, WAGTAILADMIN_BASE_URL; `cms.W016` says when that is of no site.
    """
    request = _in_hand.get()
    site = Site.find_for_request(request) if request is not None else None
    return str(site.root_url if site is not None else settings.WAGTAILADMIN_BASE_URL)
