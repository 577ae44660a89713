"""After a page is published: the stored source is taken anew, and what the languages share follows by itself.

Texts wait for a translator; a number, a date, an organisation does not. So no English page shows an old figure because
nobody pressed "sync", and no Dutch text turns up on it.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import SegmentOverride, StringSegment, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cms.untranslated import normal

#: Path of a text -> its strings in order; rich text has one for each paragraph. None is a string not translated yet.
Texts = Mapping[str, list[str | None]]


#: While this publishes, nothing has to follow: else two pages that never agree would publish each other for ever.
_carrying: ContextVar[bool] = ContextVar("carrying", default=False)


def is_carrying() -> bool:
    return _carrying.get()


@transaction.atomic
def follow(*, page: Page) -> None:
    """What a publishing of this page asks of its translations, whichever of them it is. Safe to run twice.

    Of a page that is translated: its source is stored anew. Either way the facts of the live translations follow.
    """
    for source in TranslationSource.objects.filter(object_id=page.translation_key):
        # Stopped translations keep the source they were made from, so that starting again can compare.
        links = list(source.translations.filter(enabled=True).select_related("target_locale"))
        if not links:
            continue
        if source.locale_id == page.locale_id:
            refresh_source(source=source)
        for link in links:
            if page.locale_id in (source.locale_id, link.target_locale_id):
                carry_facts(translation=link)


@transaction.atomic
def refresh_source(*, source: TranslationSource) -> bool:
    """Store the first language's page anew: as it is live, or its latest draft while it has never been so.

    True when a text changed; only then `last_updated_at` moves, by which a translation is out of date.
    """
    page = source.get_source_instance()
    if isinstance(page, Page) and not page.live:
        page = page.get_latest_revision_as_object()
    texts, moment = _stored_texts(source), source.last_updated_at
    source, _created = TranslationSource.update_or_create_from_instance(page)
    if _stored_texts(source) != texts:
        return True
    TranslationSource.objects.filter(pk=source.pk).update(last_updated_at=moment)
    return False


def _stored_texts(source: TranslationSource) -> list[Any]:
    strings = source.stringsegment_set.order_by("context__path", "order").values_list("context__path", "string")
    templates = source.templatesegment_set.order_by("context__path").values_list("context__path", "template")
    return [list(strings), list(templates)]


@transaction.atomic
def carry_facts(*, translation: Translation) -> bool:
    """Give the live translation the facts of the live first language. True when something changed.

    A part (a figure, a lesson) follows as a whole, and only while its texts are those of the first language: a new
    number under an old label would be a false statement. A part without texts is added, one that went is taken out, one
    with texts waits for them. While a draft waits to be published only what is live changes; the draft follows when it
    is published.
    """
    page = translation.source.get_source_instance()
    # Whoever publishes the translation at this moment waits; read before that, its texts would be written over here.
    list(
        Page.objects.filter(translation_key=page.translation_key, locale=translation.target_locale)
        .select_for_update(no_key=True, of=("self",))
        .values_list("pk")
    )
    twin = type(page).objects.filter(translation_key=page.translation_key, locale=translation.target_locale).first()
    if twin is None or not (isinstance(page, Page) and page.live and twin.live):
        return False
    overridden = set(
        SegmentOverride.objects.filter(
            context__object_id=page.translation_key, locale=translation.target_locale
        ).values_list("context__path", flat=True)
    )
    if not _carry(page, twin, _Words(translation, twin), overridden):
        return False
    if twin.has_unpublished_changes:
        twin.save(clean=False)
    else:
        # The facts were checked on the page they come from, and no text changes: what is live is not asked again.
        following = _carrying.set(True)
        try:
            PublishPageRevisionAction(twin.save_revision(clean=False)).execute()
        finally:
            _carrying.reset(following)
    return True


class _Words:
    """Tells whether a part of the live translation has all the words the first language asks for now."""

    def __init__(self, translation: Translation, twin: Page) -> None:
        self.asked: dict[str, list[str | None]] = defaultdict(list)
        segments = StringSegment.objects.filter(source=translation.source).order_by("order")
        for path, text in segments.annotate_translation(translation.target_locale).values_list(
            "context__path", "translation"
        ):
            self.asked[path].append(text and normal(text))
        self.live = texts_of(twin)

    def agree(self, prefix: str) -> bool:
        def part(texts: Texts) -> dict[str, list[str | None]]:
            return {path: strings for path, strings in texts.items() if path.startswith(prefix)}

        return part(self.asked) == part(self.live)


def texts_of(page: models.Model) -> Texts:
    """The texts on a page as it is in memory, in the form wagtail-localize keeps them."""
    texts: dict[str, list[str | None]] = defaultdict(list)
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue):
            texts[segment.path].append(segment.string.data)
    return texts


def _carry(page: Page, twin: Page, words: _Words, overridden: set[str]) -> bool:
    """True when the twin is another than before, as are all the functions it is made of."""
    changed = _carry_fields(page, twin, "", overridden)
    for treated in get_translatable_fields(type(page)):
        field = treated.get_field(type(page))
        if not isinstance(field, models.ManyToOneRel):
            continue
        if issubclass(field.related_model, TranslatableMixin):
            changed |= _carry_parts(page, twin, field.name, words, overridden)
        elif _rows(page, field.name) != _rows(twin, field.name):
            page.copy_child_relation(field.name, twin)
            changed = True
    return changed


def _carry_fields(row: models.Model, twin: models.Model, prefix: str, overridden: set[str]) -> bool:
    changed = False
    for treated in get_translatable_fields(type(row)):
        field = treated.get_field(type(row))
        if isinstance(field, models.ManyToOneRel) or f"{prefix}{field.name}" in overridden:
            continue
        value = getattr(row, field.attname)
        if _is_fact(treated, row) and getattr(twin, field.attname) != value:
            setattr(twin, field.attname, value)
            changed = True
    return changed


def _is_fact(treated: Any, row: models.Model) -> bool:
    """A field the languages share, or a text that was taken out: for that no words are needed."""
    field = treated.get_field(type(row))
    if treated.is_translated(row):
        return isinstance(field, models.CharField | models.TextField) and getattr(row, field.attname) == ""
    return bool(treated.is_synchronized(row))


def _rows(page: Page, name: str) -> list[dict[str, Any]]:
    relation: Any = page._meta.get_field(name)
    facts = [
        field.attname
        for field in relation.related_model._meta.concrete_fields
        if not field.primary_key and field != relation.field
    ]
    return [{fact: getattr(row, fact) for fact in facts} for row in getattr(page, name).all()]


def _carry_parts(page: Page, twin: Page, name: str, words: _Words, overridden: set[str]) -> bool:
    known = {part.translation_key: part for part in getattr(twin, name).all()}
    parts, changed = [], False
    for part in getattr(page, name).all():
        prefix = f"{name}.{part.translation_key}."
        own = known.get(part.translation_key)
        if own is None:
            if texts_of(part):
                continue
            own = _copied(part, twin)
        elif words.agree(prefix):
            changed |= _carry_fields(part, own, prefix, overridden)
        if own.sort_order != part.sort_order:
            own.sort_order, changed = part.sort_order, True
        parts.append(own)
    if changed or {part.translation_key for part in parts} != known.keys():
        getattr(twin, name).set(parts)
        return True
    return False


def _copied(part: Any, twin: Page) -> Any:
    facts = {field.attname: getattr(part, field.attname) for field in part._meta.concrete_fields}
    return type(part)(**facts | {"id": None, "locale_id": twin.locale_id})
