"""The house in Wagtail's admin: the address book."""

from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.guards import GuardedCreateView, GuardedDeleteView, GuardedEditView
from cms.models import Organisation
from cms.plugins import installed_plugins


def organisation_panels() -> list[Panel]:
    """The organisation's own fields, then what the installed plugins add to it."""
    panels: list[Panel] = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("kind"),
                FieldPanel("municipality"),
                FieldPanel("country"),
                FieldPanel("website"),
                FieldPanel("enterprise_number"),
                FieldPanel("vat_number"),
            ],
            heading=_("Organisation"),
        )
    ]
    for plugin in installed_plugins():
        if plugin.organisation_panels:
            panels += import_string(plugin.organisation_panels)()
    return panels


class OrganisationViewSet(ModelViewSet):
    model = Organisation
    name = "organisations"
    icon = "group"
    menu_label = _("Organisations")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "kind", "municipality", "country"]
    list_filter = ["kind", "country"]
    search_fields = ["name", "municipality"]
    add_view_class = GuardedCreateView
    edit_view_class = GuardedEditView
    delete_view_class = GuardedDeleteView
    copy_view_enabled = False
    list_export = ["name", "kind", "municipality", "country", "enterprise_number", "vat_number", "website"]

    @property
    def panels(self) -> list[Panel]:
        return organisation_panels()

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        instead = _("Whoever took part stays in the address book, so that past figures stay true.")
        return {**super().get_delete_view_kwargs(**kwargs), "instead": instead}


@hooks.register("register_admin_viewset")
def organisations() -> OrganisationViewSet:
    return OrganisationViewSet()
