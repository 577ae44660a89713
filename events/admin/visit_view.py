"""What every screen about one visit's registrations shares: who may open it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.screens import Screen
from events.models import Event


class VisitScreen(PermissionCheckedMixin, BaseObjectMixin, Screen):
    """A screen about who comes to one visit. Seeing the visit itself is not enough: `needs` says what else is."""

    model = Event
    permission_required = "view"
    needs = "events.view_registration"
    object: Event

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perms({VisitScreen.needs, self.needs}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def trail(self) -> list[tuple[str, str]]:
        cockpit = reverse("tour_events:cockpit", args=[self.object.pk])
        return [(reverse("tour_events:index"), _("Events")), (cockpit, str(self.object))]


class VisitView(VisitScreen, FormView):
    """One with a form about the visit."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "event": self.object}
