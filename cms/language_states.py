"""How each page stands in the other language: missing, being translated, out of date. Questions only, in SQL.

A page is out of date by its texts: `refresh_source` stores the first language anew after each publishing, and moves the
moment of `TranslationSource.last_updated_at` only when a text changed.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationLog, TranslationSource

from cms.conf import language_name


class LanguageState(TextChoices):
    """How a live page of the first language stands in another one."""

    MISSING = "missing", _("Missing")
    OUT_OF_DATE = "out-of-date", _("Out of date")
    BEING_TRANSLATED = "being-translated", _("Being translated")
    READY = "ready", _("Translated, not published")
    APART = "apart", _("Edited apart")
    UP_TO_DATE = "up-to-date", _("Up to date")


#: What waits for somebody, in the order of urgency: readers see what is out of date.
WAITING = (LanguageState.OUT_OF_DATE, LanguageState.MISSING, LanguageState.READY, LanguageState.BEING_TRANSLATED)


def other_locales() -> list[Locale]:
    """The languages pages are translated into, in the order of the settings."""
    order = [code for code, _name in settings.LANGUAGES]
    locales = Locale.objects.exclude(language_code=settings.LANGUAGE_CODE).filter(language_code__in=order)
    return sorted(locales, key=lambda locale: order.index(locale.language_code))


def pages_in(locale: Locale) -> "QuerySet[Page]":
    """The live pages of the first language, each with how it stands in `locale`:

    `language_state` a LanguageState, `twin_id` and `twin_live` of the page in that language, `translation_pk` of what
    keeps the two in step, `untranslated` the number of texts that lack a translation. One query for any list.
    """
    pages = Page.objects.filter(
        live=True, depth__gt=1, alias_of=None, locale__language_code=settings.LANGUAGE_CODE
    ).select_related("content_type")
    return with_language_state(pages, locale)


def with_language_state(pages: "QuerySet[Page]", locale: Locale) -> "QuerySet[Page]":
    """What `pages_in` says, for other pages of the first language (see there)."""
    key = OuterRef("translation_key")
    # An alias shows the first language's texts: it is not a translation.
    twins = Page.objects.filter(translation_key=key, locale=locale, alias_of=None)
    links = Translation.objects.filter(source__object_id=key, target_locale=locale, enabled=True)
    texts = StringSegment.objects.filter(source__translations=OuterRef("translation_pk"))
    given = StringTranslation.objects.filter(
        translation_of=OuterRef("string"), context=OuterRef("context"), locale=locale, has_error=False
    )
    lacking = texts.filter(~Exists(given)).order_by().values("source").annotate(count=Count("pk")).values("count")
    newest = (
        StringTranslation.objects.filter(
            locale=locale,
            context__object_id=key,
            translation_of__segments__context=F("context"),
            has_error=False,
        )
        .order_by()
        .values("locale")
        .annotate(at=Max("updated_at"))
        .values("at")
    )
    return (
        pages.annotate(
            twin_id=Subquery(twins.values("pk")[:1]),
            twin_live=Coalesce(Subquery(twins.values("live")[:1], output_field=BooleanField()), Value(False)),
            translation_pk=Subquery(links.values("pk")[:1]),
        )
        .annotate(
            untranslated=Coalesce(Subquery(lacking, output_field=IntegerField()), Value(0)),
            changed_at=Subquery(
                TranslationSource.objects.filter(translations=OuterRef("translation_pk")).values("last_updated_at")[:1]
            ),
            made_at=Subquery(_made_at(locale), output_field=DateTimeField()),
            newest_at=Subquery(newest, output_field=DateTimeField()),
        )
        .annotate(
            language_state=Case(
                When(twin_id=None, then=Value(LanguageState.MISSING)),
                When(translation_pk=None, then=Value(LanguageState.APART)),
                When(untranslated__gt=0, twin_live=True, then=Value(LanguageState.OUT_OF_DATE)),
                When(untranslated__gt=0, then=Value(LanguageState.BEING_TRANSLATED)),
                When(
                    Q(twin_live=False)
                    | Q(made_at=None)
                    | Q(changed_at__gt=F("made_at"))
                    | Q(newest_at__gt=F("made_at")),
                    then=Value(LanguageState.READY),
                ),
                default=Value(LanguageState.UP_TO_DATE),
                output_field=CharField(),
            )
        )
    )


def _made_at(locale: Locale) -> "QuerySet[TranslationLog]":
    """When the texts that are live now were put together: the last time before the live revision.

    A revision that only follows the facts is later and has no log; one that waits for a moderator is later too.
    """
    live = Page.objects.filter(
        translation_key=OuterRef("source__object_id"), locale=locale, live_revision__gte=OuterRef("revision")
    )
    return (
        TranslationLog.objects.filter(locale=locale, source__object_id=OuterRef("translation_key"))
        .filter(Q(revision=None) | Exists(live))
        .order_by()
        .values("locale")
        .annotate(at=Max("created_at"))
        .values("at")
    )


def seen_by(user: Any, pages: "QuerySet[Page]") -> "QuerySet[Page]":
    """Those this person may find in the explorer."""
    return pages.filter(pk__in=PagePermissionPolicy().explorable_instances(user).values("pk"))


class Standing(NamedTuple):
    """How one page stands in one other language, and the address in the admin where that can be changed."""

    language: str
    state: LanguageState
    untranslated: int
    url: str


def standing(page: Page, locale: Locale) -> Standing:
    """Of a page as `pages_in(locale)` gives it. No query."""
    if page.twin_id is None:
        url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
        url += f"?select_locale={locale.language_code}"
    else:
        url = reverse("wagtailadmin_pages:edit", args=[page.twin_id])
    return Standing(
        str(language_name(locale.language_code)), LanguageState(page.language_state), page.untranslated, url
    )


def standings_of(pages: Iterable[Page]) -> dict[int, list[Standing]]:
    """For each page (its number) how it stands: one of the first language in every other, one of another in its own.

    One query for the languages and one for each of them, for any number of pages.
    """
    listed = list(pages)
    found: dict[int, list[Standing]] = {page.pk: [] for page in listed}
    keys = {page.translation_key for page in listed}
    for locale in other_locales():
        known = {page.translation_key: page for page in pages_in(locale).filter(translation_key__in=keys)}
        for page in listed:
            first = known.get(page.translation_key)
            if first is not None and page.pk in (first.pk, first.twin_id):
                found[page.pk].append(standing(first, locale))
    return found
