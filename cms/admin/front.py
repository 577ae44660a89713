"""The admin's front page: what waits for whoever opened it, as the plugins tell it."""

from typing import Any

from django.forms import Media
from django.utils import timezone
from wagtail.admin.ui.components import Component

from cms.plugins import waiting

#: Wagtail's own panels of what is under review: they say it again, with queries for each page.
REPEATED = {"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"}


class WaitingPanel(Component):
    """For everybody, first of all: one friendly line when there is nothing."""

    name = "waiting"
    template_name = "cms/admin/waiting_panel.html"
    order = 50

    @property
    def media(self) -> Media:
        return Media(css={"all": ["cms/waiting.css"]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"found": list(waiting(user=parent_context["request"].user, at=timezone.now()))}
