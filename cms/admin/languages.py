"""Where the admin tells how pages stand in the other language: a report of all."""

from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleContentTypeFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page, get_page_content_types

from cms.admin.read_only import FigureColumn
from cms.admin.spreadsheets import TidyExport
from cms.conf import languages
from cms.language_states import LanguageState, other_locales, pages_in, seen_by, standing
from cms.machine import told

REPORT = "wagtail_localize:translations_report"


def may_see_translations(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("wagtail_localize.submit_translation"))


class StateColumn(Column):
    """A LanguageState as a tag that leads to the translation."""

    cell_template_name = "cms/admin/language_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"standing": instance.standing}


def _languages() -> list[tuple[str, Any]]:
    return [pair for pair in languages() if pair[0] != settings.LANGUAGE_CODE]


class TranslationsFilterSet(WagtailFilterSet):
    #: Chosen in the view: each language has a question of its own.
    language = django_filters.ChoiceFilter(label=_("Language"), choices=_languages, empty_label=None, method="as_it_is")
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), field_name="language_state", choices=LanguageState.choices
    )
    content_type = MultipleContentTypeFilter(
        label=_("Page type"), queryset=lambda request: get_page_content_types(include_base_page_type=False)
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def as_it_is(self, queryset: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        return queryset


class TranslationsReport(TidyExport, ReportView):
    """Every live page of the first language with how it stands in another. In place of wagtail-localize's own report,
    which knows no missing page and asks the database for each row.
    """

    index_url_name = REPORT
    index_results_url_name = "wagtail_localize:translations_report_results"
    results_template_name = "cms/admin/translations_report_results.html"
    page_title = _("Translations")
    header_icon = "wagtail-localize-language"
    filterset_class = TranslationsFilterSet
    model = Page
    export_headings = {"page_type_display_name": "type", "language_state": "state"}
    list_export = ["pk", "title", "page_type_display_name", "language_state", "untranslated", "last_published_at"]
    columns = [
        TitleColumn("title", label=_("Page"), get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk])),
        Column("type", label=_("Page type"), accessor="page_type_display_name"),
        StateColumn("state", label=_("State")),
        FigureColumn("untranslated", label=_("Texts to translate"), decimals=0),
        DateColumn("last_published_at", label=_("Published")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_translations(request):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @cached_property
    def locale_asked(self) -> Locale:
        locales = {locale.language_code: locale for locale in other_locales()}
        return locales.get(self.request.GET.get("language", "")) or next(iter(locales.values()))

    def get_queryset(self) -> QuerySet[Page]:
        pages = seen_by(self.request.user, pages_in(self.locale_asked))
        return pages.order_by(F("last_published_at").desc(nulls_last=True), "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for page in object_list:
            page.standing = standing(page, self.locale_asked)
        return object_list

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(*args, **kwargs), "machine": told()}
