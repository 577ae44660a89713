"""A Dutch page with its English kept in step by wagtail-localize, as editors would have made it."""

from typing import Any

from wagtail.models import Locale, Page
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.operations import translate_object

from cms.actions.translating import publish_translation
from cms.language_states import pages_in
from cms.models import StandardPage
from tests import factories


def english() -> Locale:
    return Locale.objects.get(language_code="en")


def standard_page(*, text: str = "<p>Ga kijken.</p><p>Schrijf u in.</p>", **facts: Any) -> StandardPage:
    """A live Dutch page of text, with a revision."""
    home = factories.ground()
    page = StandardPage(
        title=facts.pop("title", "Over"), slug=facts.pop("slug", "over"), locale=home.locale, intro="Kort.", **facts
    )
    page.body = [("text", text)]
    home.add_child(instance=page)
    page.save_revision().publish()
    return StandardPage.objects.get(pk=page.pk)


def sent_to_be_translated(page: Page) -> Translation:
    translate_object(page, [english()])
    return Translation.objects.get(source__object_id=page.translation_key)


def give(translation: Translation, texts: dict[str, str] | None = None) -> None:
    """Translate what is not translated yet: as said in `texts` (Dutch -> English), else "EN: " before the Dutch."""
    segments = translation.source.stringsegment_set.annotate_translation(translation.target_locale)
    for segment in segments.filter(translation=None).select_related("string", "context"):
        dutch = segment.string.data
        value = (texts or {}).get(dutch) or (f"{dutch}-en" if segment.context.path == "slug" else f"EN: {dutch}")
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            data=value,
            translation_type="manual",
        )


def in_english(page: Page, texts: dict[str, str] | None = None) -> Page:
    """The page's English, translated and published."""
    translation = sent_to_be_translated(page)
    give(translation, texts)
    publish_translation(translation=translation)
    return twin_of(page)


def twin_of(page: Page) -> Page:
    """The English page as it is in the database now."""
    return type(page).objects.get(translation_key=page.translation_key, locale=english())


def changed(page: Page, **facts: Any) -> None:
    """The Dutch page published with other facts."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in facts.items():
        setattr(page, name, value)
    page.save_revision().publish()


def state(page: Page) -> str:
    return str(pages_in(english()).get(pk=page.pk).language_state)


def english_speaking(person: Any) -> Any:
    """Somebody who reads the admin in English."""
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "en"})
    return person
