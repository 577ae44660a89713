"""Two-language text for content written in code: demo pages and their translations."""

from typing import NamedTuple


class Text(NamedTuple):
    """One text in the site's two languages."""

    nl: str
    en: str


def both(nl: str, en: str) -> Text:
    return Text(nl, en)
