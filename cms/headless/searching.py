"""Free text in lists of pages: the words the site's own search page finds, the best first."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, QuerySet, Value
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from cms.headless.choosing import wrong


def about(listed: QuerySet[Any], question: str, locale: str | None) -> QuerySet[Any]:
    """Those of a list that answer the question, with `found_at` (1 is the best). One query more, however many they are.

    Raises Problem 422 without a language: words are stemmed by the dictionary of one.
    """
    if locale is None:
        raise wrong("q", _("Say with `locale` in which language you search."))
    pages = Page.objects.filter(locale=Locale.objects.get(language_code=locale))
    found = [page.pk for page in pages.only("pk").search(question, operator="and")]
    place = Func(
        Value(found, ArrayField(IntegerField())), F("pk"), function="array_position", output_field=IntegerField()
    )
    return listed.filter(pk__in=found).annotate(found_at=place)
