"""The cases chapter in Wagtail's admin."""

from wagtail import hooks

from cases.admin.handing_in import CaseTablesViewSet
from cases.admin.sought import SoughtViewSet


@hooks.register("register_admin_viewset")
def sought_in_vain() -> SoughtViewSet:
    return SoughtViewSet()


@hooks.register("register_admin_viewset")
def case_tables() -> CaseTablesViewSet:
    return CaseTablesViewSet()
