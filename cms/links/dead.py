"""What an editor has to know of links that lead nowhere: which addresses, since when, and where in the page."""

from typing import NamedTuple

from wagtail.models import Page

from cms.links.found import links_in
from cms.models.links import OutsideAddress


class DeadHere(NamedTuple):
    address: OutsideAddress
    #: Where in the page it stands; more than once is possible.
    places: list[str]


def dead_in(page: Page) -> list[DeadHere]:
    """The dead links of a page as it is in memory, in the order they stand there. One query beside those of links_in.

    So a draft that was mended says nothing any more, before it is published.
    """
    places: dict[str, list[str]] = {}
    for link in links_in(page):
        places.setdefault(link.url, []).append(link.place)
    dead = {address.url: address for address in OutsideAddress.objects.dead().filter(url__in=places)}
    return [DeadHere(dead[url], where) for url, where in places.items() if url in dead]
