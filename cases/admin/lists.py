"""The cases as a list in the admin: where they are from, how they stand with their host, and when they were checked."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageViewSet

from cases.checked import to_check_again
from cases.host_words import HostWord, with_host_word
from cases.models import CasePage
from cases.taxonomy import Goal, Market, ProductGroup
from cms.admin.page_lists import (
    BelowView,
    DayColumn,
    FlatListing,
    FlatView,
    Listed,
    PageListFilterSet,
    UseView,
    columns,
)


class ListFilter(django_filters.MultipleChoiceFilter):
    """On a list of choices: those with any of the ones that are ticked."""

    def get_filter_predicate(self, v: Any) -> dict[str, Any]:
        return {f"{self.field_name}__contains": [v]}


class CaseFilterSet(PageListFilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CasePage.Kind, empty_label=_("All"))
    goals = ListFilter(label=_("Green Deal goals"), choices=Goal.choices)
    markets = ListFilter(label=_("Market"), choices=Market.choices)
    product_groups = ListFilter(label=_("Product group"), choices=ProductGroup.choices)
    checked = django_filters.ChoiceFilter(
        label=_("Facts checked"),
        method="with_age",
        choices=[("old", _("More than a year ago")), ("never", _("Never"))],
        empty_label=_("All"),
    )
    host = django_filters.ChoiceFilter(
        label=_("The host's last word"), field_name="host_word", choices=HostWord, empty_label=_("All")
    )

    class Meta:
        model = CasePage
        fields: list[str] = []

    def with_age(self, cases: Any, name: str, value: str) -> QuerySet[Any]:
        return to_check_again(cases, on=timezone.localdate()) if value == "old" else cases.filter(checked_on=None)


class PlaceColumn(Column):
    def get_value(self, instance: CasePage) -> str:
        return instance.place


class KindColumn(Column):
    """What it is; below it the host's last word on a visit report."""

    cell_template_name = "cases/admin/kind_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        said = HostWord(instance.host_word).label if instance.host_word else ""
        return {**super().get_cell_context_data(instance, parent_context), "said": said}


class CasesListed(Listed):
    searched = ("title", "draft_title", "municipality", "parties__organisation__name")
    base_columns = columns(
        KindColumn("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind", classname="tour-kind"),
        PlaceColumn("municipality", label=_("Place"), sort_key="municipality"),
        DayColumn("checked_on", label=_("Facts checked"), sort_key="checked_on"),
    )

    def annotate_queryset(self, pages: Any) -> QuerySet[Any]:
        listed: QuerySet[Any] = super().annotate_queryset(pages)  # type: ignore[misc]
        return with_host_word(listed, at=timezone.now())


class CasesView(CasesListed, FlatView):
    page_title = _("Cases")


class CasesBelowView(CasesListed, BelowView):
    pass


class CasesUseView(CasesListed, UseView):
    pass


class CaseListing(FlatListing):
    """In the menu: every case, for whoever may see them."""

    model = CasePage
    name = "cases_list"
    url_prefix = "cases"
    icon = "doc-full"
    menu_label = _("Cases")
    menu_order = 140
    add_to_admin_menu = True
    index_view_class = CasesView
    filterset_class = CaseFilterSet


class CasePageViewSet(PageViewSet):
    """In the explorer, below a page of cases."""

    model = CasePage
    index_view_class = CasesBelowView
    content_type_use_view_class = CasesUseView
    filterset_class = CaseFilterSet
