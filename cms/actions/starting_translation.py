"""Making a page's translation, and giving it texts, from outside the admin."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object
from wagtail_localize.strings import StringValue, validate_translation_links

from cms.actions.following import refresh_source
from cms.actions.page_drafts import DraftRefused, NotAllowed
from cms.actions.translating import BARE_AMPERSAND


class TextsRefused(Exception):
    """Some of the texts cannot be taken; none was. `problems` says why, by the number of the text."""

    def __init__(self, problems: dict[int, str]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} text(s)")


@transaction.atomic
def start_translation(*, page: Page, locale: Locale, by: Any) -> Page:
    """Make the page in this language, as a draft that is kept in step, and give it back.

    Raises NotAllowed, and DraftRefused where it is there already, is a translation itself, or has no place to come.
    """
    if not by.has_perm("wagtail_localize.submit_translation"):
        raise NotAllowed("not_permitted", _("You may not send pages to be translated."))
    if page.get_translations(inclusive=True).filter(locale=locale, alias_of=None).exists():
        raise DraftRefused("translated_already", _("This page is there in that language already."))
    if Translation.objects.filter(
        source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
    ).exists():
        raise DraftRefused("is_translation", _("This page is a translation itself: translate the one it comes from."))
    if page.get_parent().get_translation_or_none(locale) is None:
        raise DraftRefused("parent_untranslated", _("Translate the page above it first."))
    source = TranslationSource.objects.get_for_instance_or_none(page)
    if source is not None:
        refresh_source(source=source)
    elif not page.live:
        TranslationSource.update_or_create_from_instance(page.get_latest_revision_as_object())
    translate_object(page.specific, [locale], None, by)
    made: Page = page.get_translation(locale)
    return made


@transaction.atomic
def give_texts(*, translation: Translation, texts: Mapping[int, str], by: Any) -> int:
    """Keep these translations, by the number of the segment; how many are new or other than before.

    An empty one takes the translation away. Nothing is published by it. Raises TextsRefused when one cannot be taken:
    it is not of this page, is no valid HTML, or lost a link of the first language.
    """
    segments = {
        segment.pk: segment
        for segment in StringSegment.objects.filter(source=translation.source, pk__in=list(texts)).select_related(
            "string", "context"
        )
    }
    if problems := {pk: problem for pk, text in texts.items() if (problem := _problem(segments.get(pk), text))}:
        raise TextsRefused(problems)
    return sum(_give(translation, segments[pk], text, by) for pk, text in texts.items())


def _problem(segment: StringSegment | None, text: str) -> str:
    if segment is None:
        return _("There is no such text on this page.")
    if not text:
        return ""
    try:
        StringValue.from_translated_html(text)
    except ValueError:
        return _("This is not the HTML of a text: %(text)s") % {"text": segment.string.data[:80]}
    try:
        validate_translation_links(segment.string.data, text)
    except ValueError:
        return _("Keep the links of the text: each <a id> once, and no others.")
    return ""


def _give(translation: Translation, segment: StringSegment, written: str, by: Any) -> bool:
    # "R&D" would be published as "RD": wagtail-localize reads a translation as HTML.
    text = BARE_AMPERSAND.sub("&amp;", written)
    place = {"translation_of": segment.string, "locale": translation.target_locale, "context": segment.context}
    given = StringTranslation.objects.filter(**place).first()
    if not text:
        if given is not None:
            given.delete()
        return given is not None
    if given is not None and given.data == text and not given.has_error:
        return False
    StringTranslation.objects.update_or_create(
        **place,
        defaults={
            "data": text,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": "",
            "last_translated_by": by,
            "has_error": False,
            "field_error": "",
            "updated_at": timezone.now(),
        },
    )
    return True
