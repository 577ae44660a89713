"""The house in Wagtail's admin: the address book, and what is said of a page that cannot go live."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from cms.actions import KEPT_BACK
from cms.admin.guards import GuardedCreateView, GuardedDeleteView, GuardedEditView
from cms.models import BasePage, Organisation
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


@hooks.register("before_bulk_action")
def refuse_bulk_publish(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponseRedirect | None:
    """Publish all that was ticked or none: each page that cannot go live is named, with what it lacks."""
    if action_type != "publish":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [draft for page in list(pages) for draft in page.get_descendants().not_live()]
    kept = []
    for page in pages:
        newest = page.get_latest_revision_as_object()
        if isinstance(newest, BasePage) and not newest.alias_of_id and (found := newest.obstacles()):
            kept.append((newest.title, " ".join(found)))
    if not kept:
        return None
    messages.error(
        request,
        format_html(
            "{} {}",
            gettext("Nothing was published: some of these pages cannot go live yet."),
            format_html_join(" ", "“{}”: {}", kept),
        ),
    )
    return HttpResponseRedirect(action.next_url)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(KEPT_BACK)
    class KeptBack(LogFormatter):
        label = _("Kept back on the day it was planned for")

        def format_message(self, log_entry: Any) -> str:
            because = " ".join(log_entry.data.get("obstacles", []))
            return gettext("Kept back on the day it was planned for: %(because)s") % {"because": because}
