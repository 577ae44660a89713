"""The control panel: which plugins are installed, what they are told, how they stand, and their demo content."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from cms import health
from cms.actions.demo import may_load_demo
from cms.admin.screens import Screen
from cms.tasks import load_demo_content

PERMISSION = "cms.view_plugins"


class PluginsView(Screen, TemplateView):
    """For superusers and whoever has the permission. It changes nothing."""

    template_name = "cms/admin/plugins.html"
    page_title = _("Plugins")
    header_icon = "cogs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "standings": health.standings(),
            "others": health.other_problems(),
            "beats": health.beats(timezone.now()),
            "may_load_demo": may_load_demo() and self.request.user.is_superuser,
        }


@require_POST
def load_demo(request: HttpRequest) -> HttpResponse:
    """Have the worker load the demo content. A superuser's, where the settings allow it; refused otherwise."""
    if not request.user.is_superuser or not may_load_demo():
        raise PermissionDenied
    transaction.on_commit(load_demo_content.enqueue)
    messages.success(request, gettext("The demo content is being loaded. It takes a minute or two: look again then."))
    return redirect("plugins")


class PluginsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(PERMISSION))


def menu_item() -> PluginsMenuItem:
    return PluginsMenuItem(_("Plugins"), reverse("plugins"), name="plugins", icon_name="cogs", order=950)
