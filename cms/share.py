"""The picture of a page where somebody shares it (Open Graph, 1200 by 630): its own photograph, else a card we draw."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms import paper
from cms.linked import absolute
from cms.models import BasePage
from cms.sites import of_this_site

TEMPLATE = Path(__file__).with_name("card.typ")
WIDTH, HEIGHT = 1200, 630
#: Longer does not fit on the card, and nobody reads it there.
LONGEST = 140
#: The address of a card changes with what it says, so that it may be kept.
YEAR = 365 * 24 * 3600


class Picture(NamedTuple):
    """Absolute address, and what someone who cannot see it should know."""

    url: str
    alt: str


def picture(page: BasePage) -> Picture:
    """Of this page; a photograph is cut to the size of a card."""
    if photograph := page.photograph:
        image, alt = photograph
        return Picture(absolute(image.get_rendition(f"fill-{WIDTH}x{HEIGHT}").url), alt)
    address = absolute(reverse("share_card", args=[page.pk, mark(page)]))
    return Picture(address, _("The title of the page: %(title)s") % {"title": page.told_title})


def mark(page: BasePage) -> str:
    """What the card says, in short: another text is another address."""
    said = "\0".join((*_said(page), page.drawing, TEMPLATE.read_text()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _said(page: BasePage) -> tuple[str, str]:
    title, line = page.told_title, page.trail[-1].title if page.trail else ""
    return (f"{title[: LONGEST - 1].rstrip()}…" if len(title) > LONGEST else title), line


def png(page: BasePage) -> bytes:
    """The card, drawn. About 100 ms: see card() for who keeps it."""
    title, line = _said(page)
    facts = {
        "lang": page.locale.language_code,
        "site": settings.WAGTAIL_SITE_NAME,
        "title": title,
        "line": line,
        "has_picture": bool(page.drawing),
    }
    return paper.png(TEMPLATE, {"card.json": paper.as_json(facts), "picture.svg": page.drawing.encode()})


@require_safe
def card(request: HttpRequest, page_id: int, marked: str) -> HttpResponse:
    """The card of a public page. An address of what it said before leads to what it says now."""
    found: Page = get_object_or_404(of_this_site(Page.objects.live().public().select_related("locale")), pk=page_id)
    page = found.specific
    if not isinstance(page, BasePage):
        raise Http404
    with override(page.locale.language_code):
        if marked != (now := mark(page)):
            return HttpResponseRedirect(reverse("share_card", args=[page_id, now]))
        drawn: Any = cache.get_or_set(f"card-{page_id}-{now}", lambda: png(page), YEAR)
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
