"""Which addresses outside the site a page leads to, and where in it each stands. Every kind of page, by its fields."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import models
from django.utils.encoding import iri_to_uri
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.embeds.blocks import EmbedValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

#: Longer ones are not followed: they are no address a person typed, and an index has to hold them.
LONGEST = 1000
PORTS = {"http": 80, "https": 443}


class Link(NamedTuple):
    """An address as it is followed, and where in the page it stands, in the active language."""

    url: str
    place: str


def links_in(page: Page) -> list[Link]:
    """Every link of this page that leads outside, in the order of its fields; as it is in memory, unsaved parts too.

    One query for the names of the site itself, and at most one for each kind of part.
    """
    own = own_hosts()
    found = [*_of_fields(page)]
    for relation in get_all_child_relations(type(page)):
        if not any(_holds_links(field) for field in relation.related_model._meta.concrete_fields):
            continue
        for number, row in enumerate(getattr(page, relation.get_accessor_name()).all(), start=1):
            name = _("%(part)s %(number)s (%(name)s)") % {
                "part": capfirst(relation.related_model._meta.verbose_name),
                "number": number,
                "name": row,
            }
            found += [(href, f"{name}: {place}") for href, place in _of_fields(row)]
    told = [(address_of(href), place) for href, place in found]
    return [Link(url, place) for url, place in told if url and urlsplit(url).hostname not in own]


def address_of(href: str) -> str:
    """The address that is followed for a link: without fragment, in ASCII; "" for one that leads to no web page.

    A name or a password in an address, and a port other than the web's own, are nothing a public page leads to.
    """
    try:
        parts = urlsplit(href.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:  # UnicodeError is one
        return ""
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host or parts.username is not None or port not in (None, PORTS[scheme]):
        return ""
    host = f"[{host}]" if ":" in host else host
    url = iri_to_uri(urlunsplit((scheme, host, parts.path or "/", parts.query, "")))
    return url if len(url) <= LONGEST and url.isprintable() and " " not in url else ""


def own_hosts() -> set[str]:
    """The names of the site itself: what stands there is not outside. One query."""
    public = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or ""
    return {public, *(host.lower() for host in Site.objects.values_list("hostname", flat=True))}


def _holds_links(field: Any) -> bool:
    return isinstance(field, models.URLField | RichTextField | StreamField)


def _of_fields(row: models.Model) -> Iterator[tuple[str, str]]:
    """(what the link says, where it stands) for each link in the row's own fields."""
    for field in row._meta.concrete_fields:
        if not _holds_links(field):
            continue
        place = capfirst(str(field.verbose_name))
        value = getattr(row, field.attname)
        for href, within in _of_value(value, is_html=isinstance(field, RichTextField)):
            yield href, f"{place}, {within}" if within else place


def _of_value(value: Any, *, is_html: bool = False) -> Iterator[tuple[str, str]]:
    """The links of a value of a field or block, each with the block it stands in."""
    match value:
        case StreamValue():
            for number, child in enumerate(value, start=1):
                name = f"{capfirst(str(child.block.label))} {number}"
                for href, _within in _of_block(child.block, child.value):
                    yield href, name
        case str():
            yield from ((href, "") for href in (_hrefs(value) if is_html else [value]) if href)


def _of_block(block: blocks.Block, value: Any) -> Iterator[tuple[str, str]]:
    """By the kind of block; what is no link, and has none in it, gives nothing."""
    match value:
        case RichText():
            yield from ((href, "") for href in _hrefs(value.source))
        case EmbedValue():
            yield value.url, ""
        case StreamValue():
            yield from _of_value(value)
        case blocks.StructValue():
            for name, child in block.child_blocks.items():
                yield from _of_block(child, value.get(name))
        case blocks.list_block.ListValue():
            for child in value:
                yield from _of_block(block.child_block, child)
        case str() if isinstance(block, blocks.URLBlock):
            yield value, ""
        case str() if isinstance(block, blocks.RawHTMLBlock):
            yield from ((href, "") for href in _hrefs(value))


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Wagtail's own links to pages and documents carry no href here: they are no addresses.
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append(href)


def _hrefs(html: str) -> list[str]:
    parser = _Hrefs()
    parser.feed(html)
    parser.close()
    return parser.found
