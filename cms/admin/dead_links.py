"""The report of links that lead nowhere: which page, which address, since when."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleContentTypeFilter, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, get_page_content_types
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.admin.read_only import MomentColumn
from cms.admin.spreadsheets import TidyExport
from cms.conf import languages
from cms.language_states import seen_by
from cms.models import OutsideAddress, OutsideLink

Verdict = OutsideAddress.Verdict
REPORT = "dead_links"


def may_see_dead_links(request: HttpRequest) -> bool:
    """Whoever writes or publishes pages."""
    return bool(PagePermissionPolicy().user_has_any_permission(request.user, ["add", "change", "publish"]))


class DeadLinksMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_dead_links(request)


def menu_item() -> DeadLinksMenuItem:
    return DeadLinksMenuItem(_("Dead links"), reverse(REPORT), name="dead-links", icon_name="link-external", order=90)


class DeadLinksFilterSet(WagtailFilterSet):
    verdict = django_filters.ChoiceFilter(
        label=_("Verdict"),
        field_name="address__verdict",
        choices=[(Verdict.DEAD.value, Verdict.DEAD.label), (Verdict.UNSURE.value, Verdict.UNSURE.label)],
        empty_label=None,
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        field_name="page__locale__language_code",
        choices=languages,
        empty_label=_("All"),
    )
    content_type = MultipleContentTypeFilter(
        label=_("Page type"),
        field_name="page__content_type",
        queryset=lambda request: get_page_content_types(include_base_page_type=False),
    )

    class Meta:
        model = OutsideLink
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[OutsideLink]) -> QuerySet[OutsideLink]:
        """Dead ones unless something else is asked."""
        self.form.cleaned_data["verdict"] = self.form.cleaned_data.get("verdict") or Verdict.DEAD.value
        found: QuerySet[OutsideLink] = super().filter_queryset(queryset)
        return found


class AddressColumn(Column):
    """The address as a link, so that a person can see for themselves."""

    cell_template_name = "cms/admin/address_cell.html"


class DeadLinksReport(TidyExport, ReportView):
    """Dead links on the live pages a person may edit, the longest dead first. As many queries for many as for one."""

    index_url_name = REPORT
    index_results_url_name = "dead_links_results"
    page_title = _("Dead links")
    header_icon = "link-external"
    filterset_class = DeadLinksFilterSet
    model = OutsideLink
    export_headings = {
        "page.pk": "page",
        "page.title": "title",
        "page.locale.language_code": "language",
        "address.url": "address",
        "address.verdict": "verdict",
        "address.status": "status",
        "address.failing_since": "since",
        "address.tried_at": "tried",
    }
    list_export = list(export_headings)
    columns = [
        TitleColumn(
            "page",
            label=_("Page"),
            classname="tour-page-name",
            accessor="page.title",
            get_url=lambda link: reverse("wagtailadmin_pages:edit", args=[link.page_id]),
        ),
        Column("language", label=_("Language"), accessor="page.locale.language_code"),
        AddressColumn("address", label=_("Address"), accessor="address.url"),
        Column("answer", label=_("Answer"), accessor="address.said"),
        MomentColumn("since", label=_("Since"), accessor="address.dead_since"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_dead_links(request):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_queryset(self) -> QuerySet[OutsideLink]:
        pages = seen_by(self.request.user, Page.objects.live())
        return (
            OutsideLink.objects.filter(page__in=pages.values("pk"), address__verdict__in=[Verdict.DEAD, Verdict.UNSURE])
            .select_related("page__locale", "address")
            .order_by("address__failing_since", "address__url", "page__title", "pk")
        )
