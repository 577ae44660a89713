"""The house in Wagtail's admin: the address book, translations, and what is said of a page that cannot go live."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from cms.actions.address_book import COLUMNS
from cms.actions.publishing import KEPT_BACK
from cms.admin import address_book, api_tokens, dead_links, plugins, translation_views
from cms.admin.front import REPEATED, WaitingPanel
from cms.admin.guards import GuardedCreateView, GuardedDeleteView, GuardedEditView
from cms.admin.languages import TranslationsReport, may_see_translations
from cms.admin.webhooks import DeliveryViewSet, EndpointViewSet
from cms.headless.negotiation import before_serving
from cms.models import BasePage, Organisation
from cms.plugins import installed_plugins


@hooks.register("before_serve_page", order=-1)
def as_json(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Before Wagtail asks for a password: to who wants data, a page they may not see is not there."""
    return before_serving(page, request, args, kwargs)


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


class OrganisationIndexView(IndexView):
    @property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if not self.user_has_permission("add"):
            return buttons
        there = reverse("organisations:import")
        return [*buttons, Button(_("Import and export"), url=there, icon_name="upload", priority=95)]


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
    #: The columns of the import, by their names there: what this list hands out can be handed in.
    list_export = list(COLUMNS)
    export_headings = {column: column for column in COLUMNS}
    index_view_class = OrganisationIndexView

    @property
    def panels(self) -> list[Panel]:
        return organisation_panels()

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("import/", self.construct_view(address_book.ImportView), name="import"),
            path("table/", self.construct_view(address_book.ExportView), name="hand_out"),
        ]

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        instead = _("Whoever took part stays in the address book, so that past figures stay true.")
        return {**super().get_delete_view_kwargs(**kwargs), "instead": instead}


@hooks.register("register_admin_viewset")
def organisations() -> OrganisationViewSet:
    return OrganisationViewSet()


@hooks.register("register_admin_viewset")
def tokens() -> api_tokens.ApiTokenViewSet:
    return api_tokens.ApiTokenViewSet()


hooks.register("register_log_actions", api_tokens.register_log_actions)


@hooks.register("register_admin_viewset")
def webhooks() -> list[ModelViewSet]:
    return [EndpointViewSet(), DeliveryViewSet()]


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


@hooks.register("register_admin_urls")
def translations() -> list[URLPattern]:
    """At wagtail-localize's own addresses, and before them, because the house is the first installed app."""
    return [
        path("localize/submit/page/<int:page_id>/", translation_views.SubmitPageView.as_view()),
        path("localize/update/<int:translation_source_id>/", translation_views.UpdateView.as_view()),
        path("localize/translate/<int:translation_id>/pofile/upload/", translation_views.upload),
        path("localize/translate/<int:translation_id>/machine_translate/", translation_views.machine_translate),
        path("localize/translate/<int:translation_id>/disable/", translation_views.stop),
        path("localize/page/<int:page_id>/convert_to_alias/", translation_views.convert_to_alias),
        path("localize/reports/translations/", TranslationsReport.as_view()),
        path("localize/reports/translations/results/", TranslationsReport.as_view(results_only=True)),
        path("translations/<int:translation_id>/submit/", translation_views.submit, name="submit_translation"),
    ]


@hooks.register("before_edit_page", order=-1)
def publish_or_start_again(request: HttpRequest, page: Page) -> HttpResponse | None:
    return translation_views.on_edit(request, page)


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [WaitingPanel(), *(panel for panel in panels if panel.name not in REPEATED)]


@hooks.register("construct_reports_menu")
def report_for_translators(request: HttpRequest, menu_items: list[Any]) -> None:
    if not may_see_translations(request):
        menu_items[:] = [item for item in menu_items if item.name != "translations"]


@hooks.register("register_admin_urls")
def report_of_dead_links() -> list[URLPattern]:
    view = dead_links.DeadLinksReport
    return [
        path("reports/dead-links/", view.as_view(), name=view.index_url_name),
        path("reports/dead-links/results/", view.as_view(results_only=True), name=view.index_results_url_name),
    ]


hooks.register("register_reports_menu_item", dead_links.menu_item)


@hooks.register("construct_page_action_menu")
def no_alias(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """A page in the second language is never turned into an alias: see convert_to_alias."""
    menu_items[:] = [item for item in menu_items if item.name != "localize-convert-to-alias"]


@hooks.register("insert_global_admin_css")
def tags_of_languages() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/languages.css"))


@hooks.register("insert_global_admin_css")
def addresses_that_break() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/links.css"))


@hooks.register("after_edit_page")
def say_what_the_reviewer_did(request: HttpRequest, page: Page) -> None:
    """Wagtail says of an approval, too, that the page was updated."""
    if not request.POST.get("action-workflow-action"):
        return
    is_out = Page.objects.filter(pk=page.pk, live=True, has_unpublished_changes=False).exists()
    match request.POST.get("workflow-action-name"):
        case "approve" if is_out:
            messages.success(request, gettext("You approved it, and it is published."))
        case "approve":
            messages.success(request, gettext("You approved it. It is not live yet."))
        case "reject":
            messages.success(request, gettext("You asked for changes; whoever sent it in is told."))


@hooks.register("register_admin_urls")
def control_panel() -> list[URLPattern]:
    return [
        path("plugins/", plugins.PluginsView.as_view(), name="plugins"),
        path("plugins/demo/", plugins.load_demo, name="plugins_load_demo"),
    ]


hooks.register("register_settings_menu_item", plugins.menu_item)


@hooks.register("register_permissions")
def permission_to_see_the_plugins() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="cms", codename="view_plugins")


@hooks.register("insert_global_admin_css")
def control_panel_drawn() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/plugins.css"))
