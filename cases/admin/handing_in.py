"""Cases, their lessons and their figures as tables, in and out of the admin."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.permission_policies.pages import PagePermissionPolicy

from cases.actions.case_table import COLUMNS, NEEDED, case_table, read_cases
from cases.actions.importing import import_cases
from cases.models import CaseIndexPage
from cms.admin.handed_in import HandInView, HandOutView
from cms.judging import Result, Row

KINDS = {
    "cases": gettext_lazy("Cases"),
    "lessons": gettext_lazy("Lessons"),
    "figures": gettext_lazy("Impact figures"),
}
#: What a row is known by, as the table of outcomes heads it.
KNOWN_BY = {
    "cases": gettext_lazy("Slug"),
    "lessons": gettext_lazy("Lesson"),
    "figures": gettext_lazy("What it says"),
}


def _index() -> CaseIndexPage | None:
    """English is made by translating: a table is of the language cases are written in first."""
    language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    index: CaseIndexPage | None = CaseIndexPage.objects.filter(locale__language_code=language).first()
    return index


class _OfCases:
    """Whoever may add a case below the Dutch list may hand in and take out the tables."""

    model = CaseIndexPage
    permission_required = "add"
    kwargs: dict[str, Any]
    index: CaseIndexPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        index = _index()
        if index is None or kwargs["kind"] not in KINDS:
            raise Http404
        if not index.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied
        self.index = index
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    @property
    def kind(self) -> str:
        return str(self.kwargs["kind"])


class ImportView(_OfCases, HandInView):
    salt = "cases.checked"

    @property
    def page_title(self) -> str:
        return _("Import: %(what)s") % {"what": KINDS[self.kind]}

    @property
    def column(self) -> Any:
        return KNOWN_BY[self.kind]

    @property
    def import_url(self) -> str:
        return reverse("case_tables:import", args=[self.kind])

    @property
    def export_url(self) -> str:
        return reverse("case_tables:export", args=[self.kind])

    @property
    def help_text(self) -> Any:
        return format_lazy(
            gettext_lazy(
                "The first row names the columns. Needed: {needed}. If you have them: {others}. Take the list as it is "
                "now for an example. Several values of a list have commas between them; organisations stand in the "
                "address book, with semicolons between them. Rows become drafts, nothing goes public. Nothing is "
                "written yet: you see first what would become of each row."
            ),
            needed=", ".join(NEEDED[self.kind]),
            others=", ".join(column for column in COLUMNS[self.kind] if column not in NEEDED[self.kind]),
        )

    def beside(self) -> list[tuple[str, str]]:
        """The other tables of a case."""
        others = [(kind, label) for kind, label in KINDS.items() if kind != self.kind]
        return [(reverse("case_tables:import", args=[kind]), str(label)) for kind, label in others]

    def read(self, name: str, content: bytes) -> list[Row]:
        return read_cases(self.kind, name, content)

    def write(self, rows: list[Row], *, dry_run: bool, foreseen: str = "") -> list[Result]:
        return import_cases(
            kind=self.kind,
            rows=rows,
            index=self.index,
            by=self.request.user,
            dry_run=dry_run,
            foreseen=foreseen,
        )


class ExportView(_OfCases, HandOutView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.file_name = self.kind
        return super().get(request, *args, **kwargs)

    def table(self) -> Iterable[list[str]]:
        return case_table(self.kind, self.index)


class CaseTablesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """To whoever may add pages somewhere: known already from the explorer's menu, so no page asks more for it."""
        return bool(PagePermissionPolicy().user_has_permission(request.user, "add"))


class CaseTablesViewSet(ViewSet):
    name = "case_tables"
    url_prefix = "case-tables"
    icon = "upload"
    menu_label = gettext_lazy("Import and export")
    menu_order = 335
    add_to_admin_menu = True
    menu_item_class = CaseTablesMenuItem

    @property
    def menu_url(self) -> str:
        return reverse("case_tables:import", args=["cases"])

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<str:kind>/", ImportView.as_view(), name="import"),
            path("<str:kind>/export/", ExportView.as_view(), name="export"),
        ]
