"""What can be found, and what was looked for in vain."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.conf import languages


class SearchText(models.Model):
    """The words by which one live case, or one of its lessons, is found in one language."""

    page = models.ForeignKey("cases.CasePage", on_delete=models.CASCADE, related_name="+")
    #: None for the row of the case itself.
    lesson = models.ForeignKey("cases.Lesson", on_delete=models.CASCADE, related_name="+", null=True)
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    #: Stemmed in the locale's language; the words as written, and those of the other language, with the least weight
    #: (see cases.search.texts).
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_text_vector")]
        constraints = [
            models.UniqueConstraint(fields=["page", "lesson"], name="search_text_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.lesson_id or ''}"


class SoughtInVain(models.Model):
    """Something that nothing was found for, noted for the programme makers. Of nobody: no person, no address."""

    language = models.CharField(_("language"), max_length=2, choices=languages)
    words = models.CharField(_("words"), max_length=200, blank=True)
    #: Facet -> values chosen, as in the address of the search.
    facets = models.JSONField(_("filters"), default=dict, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first time"))
    last_at = models.DateTimeField(_("last time"))

    class Meta:
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["language", "words", "facets"], name="sought_in_vain_once"),
            models.CheckConstraint(condition=~Q(words="") | ~Q(facets={}), name="sought_in_vain_something"),
            models.CheckConstraint(condition=Q(times__gte=1, last_at__gte=F("first_at")), name="sought_in_vain_counts"),
        ]

    def __str__(self) -> str:
        return self.words or str(self.facets)
