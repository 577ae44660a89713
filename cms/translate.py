"""Translating content from code: the demo's pages get their English the way an editor's would: by wagtail-localize.

The admin shows them as translated, marks them out of date when the Dutch changes, an editor goes on from there.
"""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import StringValue

from cms.actions.translating import publish_translation
from cms.content import Text


class TextMissing(LookupError):
    """A Dutch text of the page has no English beside it."""


def texts_in(content: Any) -> Iterator[Text]:
    """Every Text anywhere in nested dicts, lists and tuples."""
    if isinstance(content, Text):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from texts_in(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from texts_in(value)


def html(rich: list[tuple[str, Text]]) -> str:
    """Dutch rich text of (tag, Text) rows: "p", "h2", "h3", "li" and "oli" for an item of an ordered list."""
    parts: list[str] = []
    open_list = ""
    for tag, text in rich:
        wanted = {"li": "ul", "oli": "ol"}.get(tag, "")
        if wanted != open_list:
            parts.append(f"</{open_list}>" if open_list else "")
            parts.append(f"<{wanted}>" if wanted else "")
            open_list = wanted
        name = "li" if wanted else tag
        parts.append(f"<{name}>{text.nl}</{name}>")
    parts.append(f"</{open_list}>" if open_list else "")
    return "".join(parts)


def translate_page(page: Page, content: Any, *, to: str = "en") -> Page:
    """Publish the page in the other language, every text taken from `content`.

    Raises TextMissing for a Dutch text that is not in it.
    """
    locale = Locale.objects.get(language_code=to)
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    known = {_key(text.nl): _key(text.en) for text in texts_in(content)}
    for segment in StringSegment.objects.filter(source=source).select_related("string", "context"):
        text = known.get(segment.string.data)
        if text is None:
            raise TextMissing(f"{page}: {segment.context.path}: {segment.string.data[:120]}")
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={"data": text, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL},
        )
    publish_translation(translation=translation)
    return page.get_translation(locale).specific


def _key(text: str) -> str:
    """A text as wagtail-localize keeps it: addresses of links taken out, so that both languages' links match."""
    return str(StringValue.from_source_html(text)[0].data)
