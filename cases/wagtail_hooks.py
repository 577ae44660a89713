"""The cases chapter in Wagtail's admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogFormatter

from cases.actions import signing
from cases.admin.handing_in import CaseTablesViewSet
from cases.admin.lists import CaseListing, CasePageViewSet
from cases.admin.sign_off import AskHostView
from cases.admin.sought import SoughtViewSet


@hooks.register("register_admin_viewset")
def lists_of_cases() -> list[ViewSet]:
    return [CaseListing(), CasePageViewSet()]


@hooks.register("register_permissions")
def permission_to_see_the_cases() -> QuerySet[Permission]:
    """Who edits no page may be allowed to see their list all the same."""
    return Permission.objects.filter(content_type__app_label="cases", codename="view_casepage")


@hooks.register("register_admin_viewset")
def sought_in_vain() -> SoughtViewSet:
    return SoughtViewSet()


@hooks.register("register_admin_viewset")
def case_tables() -> CaseTablesViewSet:
    return CaseTablesViewSet()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("cases/<int:page_id>/ask-host/", AskHostView.as_view(), name="cases_ask_host")]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(signing.ASKED)
    class Asked(LogFormatter):
        label = _("Host asked to agree")

        def format_message(self, log_entry: Any) -> str:
            return gettext("%(organisation)s was asked to agree") % log_entry.data

    @actions.register_action(signing.AGREED)
    class Agreed(LogFormatter):
        label = _("Host agreed")

        def format_message(self, log_entry: Any) -> str:
            return gettext("%(name)s (%(organisation)s) agreed to this text") % log_entry.data

    @actions.register_action(signing.REFUSED)
    class AsksForChange(LogFormatter):
        label = _("Host asks for a change")

        def format_message(self, log_entry: Any) -> str:
            return gettext("%(name)s (%(organisation)s) asks for a change: %(note)s") % log_entry.data
