"""Which texts of a page still lack a translation, by the name an editor knows them by. Questions only.

wagtail-localize fills a missing translation with the text of the first language. Nobody may read that by surprise, so a
page is asked before it goes live: see BasePage.publish.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Model
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page
from wagtail_localize.models import String, StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue

from cms.refusals import CannotGoLive

#: A message names so many; the editor's screen marks all of them.
MOST_NAMED = 8
LETTERS = 60


class UntranslatedText(NamedTuple):
    """A text of the first language and the field it stands in ("Lessons learned: explanation")."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field} (“{Truncator(strip_tags(self.text)).chars(LETTERS)}”)"


class LeftUntranslated(CannotGoLive):
    """A page was to go live with texts of another language on it. `text` names them, in the active language."""

    def __init__(self, page: Page, texts: list[UntranslatedText]) -> None:
        self.texts = texts
        self.text = ngettext(
            "“%(page)s” was not published: one text is not translated yet: %(texts)s.",
            "“%(page)s” was not published: %(count)s texts are not translated yet: %(texts)s.",
            len(texts),
        ) % {"page": page.get_admin_display_title(), "count": len(texts), "texts": named(texts)}
        super().__init__(page, [self.text])

    def __str__(self) -> str:
        return self.text


def named(texts: list[UntranslatedText]) -> str:
    """The texts in one sentence part, the first so many by name."""
    told = ", ".join(str(text) for text in texts[:MOST_NAMED])
    more = len(texts) - MOST_NAMED
    return told if more <= 0 else _("%(texts)s and %(count)s more") % {"texts": told, "count": more}


def untranslated_texts(translation: Translation) -> list[UntranslatedText]:
    """What the translation memory lacks for the stored source, in the order of the page. One query.

    A translation with a fault (broken HTML, too long) counts as missing, as it does for wagtail-localize.
    """
    segments = (
        translation.source.stringsegment_set.annotate_translation(translation.target_locale)
        .filter(translation=None)
        .select_related("string", "context")
        .order_by("order")
    )
    model = translation.source.specific_content_type.model_class()
    return [UntranslatedText(field_label(model, one.context.path), one.string.data) for one in segments]


def texts_too_long(translation: Translation) -> list[UntranslatedText]:
    """Translations that do not fit the column they are for. The form of a page says so itself; its parts would not, and
    PostgreSQL would refuse them. One query.
    """
    model = translation.source.specific_content_type.model_class()
    given = (
        translation.source.stringsegment_set.annotate_translation(translation.target_locale)
        .exclude(translation=None)
        .select_related("context")
        .order_by("order")
    )
    return [
        UntranslatedText(field_label(model, one.context.path), one.translation)
        for one in given
        if len(StringValue(one.translation).render_text()) > (_room(model, one.context.path) or len(one.translation))
    ]


def _room(model: type[Model], path: str) -> int | None:
    """How many letters the column of this text holds; None for as many as one likes."""
    name, *rest = path.split(".")
    field = model._meta.get_field(name)
    if field.one_to_many and len(rest) > 1:
        field = field.related_model._meta.get_field(rest[1])  # type: ignore[union-attr]
    return getattr(field, "max_length", None)


def texts_left_in(page: Page) -> list[UntranslatedText]:
    """Texts on this very page, as it is in memory, that were filled in from the language it is translated from.

    Empty for a page that is not kept in step with another one. At most three queries.

    A text is left over when it is a known text of the first language and nobody ever gave it as a translation for this
    place: a name that is the same in both languages is told apart because somebody translated it, as itself.
    """
    source = (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
        )
        .values_list("source__locale_id", flat=True)
        .first()
    )
    if source is None:
        return []
    texts = [segment for segment in extract_segments(page) if isinstance(segment, StringSegmentValue)]
    hashes = {String._get_data_hash(segment.string.data) for segment in texts}
    first_language = set(String.objects.filter(locale_id=source, data_hash__in=hashes).values_list("data", flat=True))
    same = [segment for segment in texts if segment.string.data in first_language]
    given = {
        (path, normal(data))
        for path, data in StringTranslation.objects.filter(
            context__object_id=page.translation_key,
            context__path__in=[segment.path for segment in same],
            locale_id=page.locale_id,
        ).values_list("context__path", "data")
    }
    return [
        UntranslatedText(field_label(type(page), segment.path), segment.string.data)
        for segment in same
        if (segment.path, segment.string.data) not in given
    ]


def normal(text: str) -> str:
    """A translation as wagtail-localize would take it from a page: "A & B" is kept as it was typed, and found escaped.

    What is no valid HTML is given back as it is: it never reaches a page.
    """
    try:
        return str(StringValue.from_translated_html(text).data)
    except ValueError:
        return text


def field_label(model: type[Model], path: str) -> str:
    """The path of a segment as people name it: "lessons.<key>.text" is "Lessons: explanation"."""
    name, *rest = path.split(".")
    field = model._meta.get_field(name)
    if field.one_to_many and len(rest) > 1:
        related = field.related_model
        child = related._meta.get_field(rest[1])  # type: ignore[union-attr]
        return f"{capfirst(related._meta.verbose_name_plural)}: {child.verbose_name}"  # type: ignore[union-attr]
    return capfirst(str(getattr(field, "verbose_name", name)))


def field_labels(model: type[Model], paths: Iterable[str]) -> str:
    """Each field once, with commas between them."""
    return ", ".join(dict.fromkeys(field_label(model, path) for path in paths))
