"""What the lists of one kind of page share: the flat one in the menu, and the explorer's below its index page.

The flat list is for whoever has the kind's view permission: colleagues who edit no page still find it and read how it
stands. The explorer stays as Wagtail has it: for who may do something with the pages.
"""

from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page, WorkflowState, get_default_page_content_type

from cms.conf import languages
from cms.language_states import LanguageState, other_locales, pages_in
from cms.templatetags.cms_tags import brief


class NameColumn(PageTitleColumn):
    """The title with its menu, at no query for each row."""

    cell_template_name = "cms/admin/page_title_cell.html"


class DayColumn(Column):
    """The day of a moment; a dash for none."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, classname="tour-day", **kwargs)

    def get_value(self, instance: Any) -> str:
        found = super().get_value(instance)
        return brief(timezone.localdate(found) if isinstance(found, datetime) else found) or "–"


class StatusColumn(PageStatusColumn):
    """Draft, live, changed: without the other language, which has a column of its own here."""

    cell_template_name = "cms/admin/status_cell.html"


class TranslationColumn(Column):
    """How it stands in the other language. Two queries for the whole table."""

    cell_template_name = "cms/admin/translation_cell.html"


def columns(*own: Column) -> list[Any]:
    """The title, what is told of this kind of page, then how it stands."""
    return [
        BulkActionsColumn("bulk_actions"),
        NameColumn("title", label=_("Title"), sort_key="title", classname="title tour-name"),
        *own,
        TranslationColumn("translation", label=_("Translation"), accessor="pk"),
        StatusColumn("status", label=_("Status"), sort_key="live"),
        DayColumn("latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"),
    ]


def under_review() -> "QuerySet[WorkflowState]":
    """The numbers of the pages that are at a reviewer, or back from one."""
    return (
        WorkflowState.objects.active()
        .filter(base_content_type=get_default_page_content_type())
        .annotate(page_pk=Cast("object_id", IntegerField()))
        .values("page_pk")
    )


class PageListFilterSet(WagtailFilterSet):
    """For every kind of page: its status, its language, and how it stands in the other one."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="with_status",
        choices=[
            ("live", _("Live")),
            ("changed", _("Live, with changes that are not")),
            ("draft", _("Draft")),
            ("review", _("Under review")),
        ],
        empty_label=_("All"),
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), field_name="locale__language_code", choices=languages, empty_label=_("All")
    )
    translation = django_filters.ChoiceFilter(
        label=_("Translation"), method="with_translation", choices=LanguageState.choices, empty_label=_("All")
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def with_status(self, pages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        match value:
            case "live":
                return pages.filter(live=True)
            case "changed":
                return pages.filter(live=True, has_unpublished_changes=True)
            case "draft":
                return pages.filter(live=False)
        return pages.filter(pk__in=under_review())

    def with_translation(self, pages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Both pages of a pair stand alike."""
        alike = Q()
        for locale in other_locales():
            keys = pages_in(locale).filter(language_state=value).values("translation_key")
            alike |= Q(translation_key__in=keys)
        return pages.filter(alike)


class Listed:
    """Searched by words that stand in the row, drafts included. Of the index of the site a draft is not a part."""

    request: HttpRequest
    model: Any
    #: Lookups of what is searched.
    searched: tuple[str, ...] = ("title", "draft_title")

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:  # type: ignore[attr-defined]
            return queryset
        for word in self.search_query.split()[:10]:  # type: ignore[attr-defined]
            anywhere = Q()
            for lookup in self.searched:
                anywhere |= Q(**{f"{lookup}__icontains": word})
            queryset = queryset.filter(pk__in=self.model.objects.filter(anywhere).values("pk"))
        return queryset

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """With the number of the page last, so that no page of the list repeats a row of another."""
        ordered = super().order_queryset(queryset)  # type: ignore[misc]
        return ordered.order_by(*(ordered.query.order_by or ["title"]), "pk")


class FlatView(Listed, IndexView):
    """All pages of the kind, in every language, for whoever has the view permission."""

    @property
    def may_change(self) -> bool:
        return bool(super().user_has_any_permission({"add", "change", "publish"}))

    def user_has_any_permission(self, permissions: Any) -> bool:
        return may_see(self.request, self.model)

    def get_table(self, object_list: Any) -> Any:
        """Nothing is ticked where nothing can be done with it."""
        shown = [column for column in self.columns if self.may_change or column.name != "bulk_actions"]
        return self.table_class(shown, object_list, **self.get_table_kwargs())

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.annotate_queryset(self.model.objects.filter(depth__gt=1))


class BelowView(Listed, ExplorableIndexView):
    """The pages below one index page, in the explorer."""


class UseView(Listed, ContentTypeUseView):
    """All pages of a kind, from the report of kinds."""


def may_see(request: HttpRequest, model: Any) -> bool:
    return bool(request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"))


class ParentView(ChooseParentView):
    """Where a new page goes: asked of who may add one somewhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permission_policy.user_has_permission(request.user, "add"):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class FlatListing(PageListingViewSet):
    """A list of one kind of page in the menu."""

    choose_parent_view_class = ParentView

    @property
    def menu_item_class(self) -> type[MenuItem]:
        model = self.model

        class ListMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return may_see(request, model)

        return ListMenuItem
