"""The cases chapter in Wagtail's admin."""

from wagtail import hooks

from cases.admin.sought import SoughtViewSet


@hooks.register("register_admin_viewset")
def sought_in_vain() -> SoughtViewSet:
    return SoughtViewSet()
