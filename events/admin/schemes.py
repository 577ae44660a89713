"""Schemes in the admin. Who belongs to one is kept on the organisation."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.guards import GuardedCreateView, GuardedDeleteView, GuardedEditView
from events.admin.members import ExportView, ImportView
from events.models import Scheme


class SchemeViewSet(ModelViewSet):
    model = Scheme
    name = "tour_schemes"
    url_prefix = "schemes"
    menu_label = _("Schemes")
    icon = "tag"
    add_view_class = GuardedCreateView
    edit_view_class = GuardedEditView
    delete_view_class = GuardedDeleteView
    copy_view_enabled = False
    inspect_view_enabled = True
    search_fields = ["name_nl", "name_en", "slug"]
    list_display = [
        "name_nl",
        "name_en",
        Column("valid_from", label=_("Valid from"), sort_key="valid_from"),
        Column("valid_until", label=_("Valid until"), sort_key="valid_until"),
    ]
    panels = [
        HelpPanel(_("Which organisations belong to it, from when to when, is kept on each organisation.")),
        HelpPanel(template="events/admin/members_link.html"),
        FieldRowPanel([FieldPanel("name_nl"), FieldPanel("name_en")]),
        FieldPanel("slug"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])],
            heading=_("Validity"),
            help_text=_("Judged on the day of the visit. Empty is open-ended."),
        ),
        FieldPanel("facilitators_included"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("quota_per_event"), FieldPanel("quota_per_year")]),
                FieldRowPanel([FieldPanel("no_show_limit"), FieldPanel("quota_after_no_shows")]),
            ],
            heading=_("Quota"),
            help_text=_("Beyond it people pay the normal price or ask you; nobody is refused."),
        ),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("import/", self.construct_view(ImportView), name="import_members"),
            path("export/", self.construct_view(ExportView), name="export_members"),
        ]

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        instead = _("Give it a last day instead: it then proves nothing for later visits.")
        return {**super().get_delete_view_kwargs(**kwargs), "instead": instead}
