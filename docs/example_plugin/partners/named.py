"""Which partners the public pages name: the one question the slot and the API both ask."""

from collections.abc import Iterator

from wagtail.models import Site

from cms.models import StandardPage


def named(site: Site, language: str) -> Iterator[dict[str, str]]:
    """{"name", "address", "page"} of each partner on the live, public pages of this language, each partner once."""
    homes = site.root_page.get_translations(inclusive=True).filter(locale__language_code=language)
    seen: set[str] = set()
    for home in homes:
        for page in StandardPage.objects.descendant_of(home).live().public().order_by("path"):
            for block in page.body:
                if block.block_type == "partner" and block.value["name"] not in seen:
                    seen.add(block.value["name"])
                    yield {"name": block.value["name"], "address": block.value["address"], "page": page.full_url}
