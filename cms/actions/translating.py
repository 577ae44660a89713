"""What editors do with a translation: publish it, send it to be reviewed, stop keeping it in step, start again."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationLog

from cms.actions.following import refresh_source, texts_of
from cms.untranslated import LeftUntranslated, field_labels, named, texts_too_long, untranslated_texts


class TranslationRefused(Exception):
    """A deed on a translation that cannot be done. `text` says why, in the active language."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


class NoWorkflow(TranslationRefused):
    """Nobody is named to review this page."""


class UnderReview(TranslationRefused):
    """A reviewer has it already."""


class CannotStartAgain(TranslationRefused):
    """What was written while the translation was stopped has no place in the first language's page."""


class CannotBeSaved(TranslationRefused):
    """The page refuses a text of the translation, for instance one that is too long."""


# The first three are not one transaction: when the page refuses a text, wagtail-localize notes that on the text, by
# which its editor marks the field; that note has to stay. Each step is whole by itself.


def publish_translation(*, translation: Translation, by: Any = None) -> Page:
    """Put the page together from the translated texts and publish it. Permission is the caller's question.

    Raises LeftUntranslated naming the texts that are missing, and CannotBeSaved for one the page does not take; the
    texts given so far are kept, and what is live stays as it is.
    """
    if missing := untranslated_texts(translation):
        raise LeftUntranslated(_page_of(translation), missing)
    _put_together(translation, lambda: translation.save_target(user=by, publish=True))
    return _page_of(translation)


def _page_of(translation: Translation) -> Page:
    """In its own language; where it has not been made yet, the page it will be a translation of."""
    try:
        return translation.get_target_instance()
    except ObjectDoesNotExist:
        return translation.source.get_source_instance()


def submit_translation(*, translation: Translation, by: Any) -> Page:
    """Put the page together as a draft and send it to whoever reviews pages there.

    Raises LeftUntranslated, CannotBeSaved, NoWorkflow when nobody is named to review it, UnderReview when it waits
    for a reviewer already.
    """
    page = translation.get_target_instance()
    workflow = page.get_workflow()
    if workflow is None:
        raise NoWorkflow(_("Nobody is named to review this page. Ask somebody who may publish it."))
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise UnderReview(_("This translation waits for its reviewer already."))
    if missing := untranslated_texts(translation):
        raise LeftUntranslated(page, missing)
    _put_together(translation, lambda: _save_draft(translation, by))
    page.refresh_from_db()
    if state is not None:
        state.resume(by)
    else:
        workflow.start(page, by)
    return page


def stop_translation(*, translation: Translation, by: Any) -> None:
    """Leave the page to be edited by itself, beginning with the texts translated so far.

    wagtail-localize would show the texts last published, which is the first language's where there were none
    (its issues 607 and 861). Raises CannotBeSaved.
    """
    _put_together(translation, lambda: _save_draft(translation, by))
    translation.enabled = False
    translation.save(update_fields=["enabled"])


@transaction.atomic
def start_again(*, translation: Translation, by: Any) -> None:
    """Keep the page in step once more, with the texts written meanwhile as its translations.

    wagtail-localize would replace them by the translations of before (its issue 876). They are held against the source
    the page was made from, so a text that changed in the first language since then is to be translated anew.
    Raises CannotStartAgain, naming the fields, when a text has no counterpart there: nothing is lost or changed.
    """
    page = translation.get_target_instance().get_latest_revision_as_object()
    source = translation.source
    segments: dict[str, list[StringSegment]] = {}
    for segment in source.stringsegment_set.select_related("string", "context").order_by("order"):
        segments.setdefault(segment.context.path, []).append(segment)
    written = texts_of(page)
    if apart := _without_counterpart(segments, written):
        raise CannotStartAgain(
            _(
                "Starting again would lose what was written here, because the two languages differ in: %(fields)s. "
                "Give these as many paragraphs and parts as the first language has, or go on editing this page by "
                "itself."
            )
            % {"fields": field_labels(type(page), apart)}
        )
    for path, rows in segments.items():
        for segment, text in zip(rows, written[path], strict=True):
            if text is not None and text != segment.string.data:
                _give(translation, segment, text, by)
    translation.enabled = True
    translation.save(update_fields=["enabled"])
    refresh_source(source=source)


def _without_counterpart(segments: Mapping[str, list[Any]], written: Mapping[str, list[Any]]) -> list[str]:
    """The paths of which one side has more strings than the other."""
    paths = {**segments, **written}
    return [path for path in paths if len(segments.get(path, ())) != len(written.get(path, ()))]


def _give(translation: Translation, segment: StringSegment, text: str, by: Any) -> None:
    given, created = StringTranslation.objects.get_or_create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=segment.context,
        defaults={
            "data": text,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "last_translated_by": by,
        },
    )
    if not created and given.data != text:
        given.data, given.translation_type, given.tool_name = text, StringTranslation.TRANSLATION_TYPE_MANUAL, ""
        given.last_translated_by, given.has_error, given.field_error = by, False, ""
        given.updated_at = timezone.now()
        given.save()


#: An ampersand that begins no entity of HTML.
BARE_AMPERSAND = re.compile(r"&(?!\w+;|#\d+;|#x[0-9a-fA-F]+;)")


def _keep_ampersands(translation: Translation) -> None:
    """ "R&D" at the end of a text would be published as "RD": wagtail-localize reads a translation as HTML."""
    for given in translation.source.stringsegment_set.get_translations(translation.target_locale):
        if BARE_AMPERSAND.search(given.data):
            data = BARE_AMPERSAND.sub("&amp;", given.data)
            # It means the same, so it is no newer than it was.
            StringTranslation.objects.filter(pk=given.pk).update(data=data)


def _save_draft(translation: Translation, by: Any) -> None:
    """A revision and nothing else: wagtail-localize would write the draft's texts on the live page, too."""
    draft = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    revision = draft.save_revision(user=by)
    TranslationLog.objects.create(source=translation.source, locale=translation.target_locale, revision=revision)


def _put_together(translation: Translation, save: Callable[[], None]) -> None:
    _keep_ampersands(translation)
    if long := texts_too_long(translation):
        raise CannotBeSaved(_("This translation is too long for its field: %(texts)s.") % {"texts": named(long)})
    try:
        save()
    except ValidationError as error:
        raise CannotBeSaved(
            _("This translation cannot be saved: %(problems)s") % {"problems": " ".join(error.messages)}
        ) from error
