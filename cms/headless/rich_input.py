"""Rich text that comes in through the API: kept as an editor could have written it, or refused with what is wrong."""

import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

#: Tags that say the same, or nothing: the editor writes one for another.
SAME = {"b": "strong", "i": "em", "s": "del", "strike": "del"}
SILENT = {"p", "br", "html", "body", "span"}
#: Given to each block by the editor; says nothing.
KEY = "data-block-key"
MOST_NAMED = 5


class Unusable(ValueError):
    """A text that cannot be kept whole. Says so in the active language."""


def database_html(text: str, widget: Any) -> str:
    """What the form of an editor makes of it, as this widget hands it in.

    Raises Unusable when something of it would be lost (a tag, an attribute, an address that runs a program), or when it
    leads to a page, document or image that is not there.
    """
    _refuse_dead_references(text)
    handed_in = widget.format_value(text)
    kept = widget.value_from_datadict({"text": handed_in}, {}, "text") or ""
    if lost := lost_in(text, kept):
        raise Unusable(_("This cannot be kept in a text here: %(what)s.") % {"what": ", ".join(lost[:MOST_NAMED])})
    return str(handed_in)


def lost_in(before: str, after: str) -> list[str]:
    """What of the first text is not in the second: tags, attributes, words."""
    one, other = BeautifulSoup(before, "html.parser"), BeautifulSoup(after, "html.parser")
    lost = [f"<{name}>" for name in sorted(_tags(one) - _tags(other))]
    lost += [f"{name}=“{value}”"[:80] for (_tag, name, value) in (_attributes(one) - _attributes(other))]
    if not lost and _letters(one) != _letters(other):
        lost.append(_("some of its words"))
    return lost


def _tags(soup: BeautifulSoup) -> set[str]:
    return {SAME.get(tag.name, tag.name) for tag in soup.find_all(True)} - SILENT


def _attributes(soup: BeautifulSoup) -> Counter[tuple[str, str, str]]:
    return Counter(
        (tag.name, name, " ".join(value) if isinstance(value, list) else str(value))
        for tag in soup.find_all(True)
        for name, value in tag.attrs.items()
        if name != KEY
    )


def _letters(soup: BeautifulSoup) -> str:
    return re.sub(r"\s+", "", soup.get_text())


def _refuse_dead_references(text: str) -> None:
    soup = BeautifulSoup(text, "html.parser")
    kinds = (
        ("a", "linktype", "page", Page),
        ("a", "linktype", "document", get_document_model()),
        ("embed", "embedtype", "image", get_image_model()),
    )
    for name, attribute, kind, model in kinds:
        asked = {str(tag.get("id", "")) for tag in soup.find_all(name, attrs={attribute: kind})}
        numbers = {int(number) for number in asked if re.fullmatch(r"[0-9]{1,18}", number)}
        known = (
            {str(pk) for pk in model.objects.filter(pk__in=numbers).values_list("pk", flat=True)} if numbers else set()
        )
        if missing := sorted(asked - known):
            raise Unusable(
                _("It leads to a page, document or image that does not exist: %(numbers)s.")
                % {"numbers": ", ".join(missing)[:80] or "?"}
            )
