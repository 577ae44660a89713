"""What the house's own pages tell in the API."""

from typing import Any

from cms.conf import content_languages
from cms.headless.content import PageContent
from cms.models import Organisation


def languages() -> list[tuple[str, Any]]:
    """The languages of the site, each in the reader's words."""
    return content_languages()


def organisation_kinds() -> list[tuple[str, Any]]:
    return list(Organisation.Kind.choices)


home_page = PageContent(
    ["intro", "hero", "about", "figures_note", "figures", "results", "lessons", "future", "partners"]
)
standard_page = PageContent(["intro", "body", "in_footer"])
results_page = PageContent(["intro", "counting"])
