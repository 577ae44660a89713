"""What an editor reads above a case: what still keeps it from going live, and what the host said."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override
from wagtail.admin.panels import Panel

from cases.models.signing import HostSignOff
from cases.substance import digests_of, original_of


class GoingLivePanel(Panel):
    """About the newest draft as it was last saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cases/admin/going_live_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["obstacles"] = self.instance.obstacles()
            context["sent_back"] = self._sent_back()
            with override(self.instance.locale.language_code):
                context["scorm_url"] = reverse("cases:scorm", args=[self.instance.pk])
                context["cartridge_url"] = reverse("cases:cartridge", args=[self.instance.pk])
            if self.instance.kind == self.instance.Kind.VISIT_REPORT:
                original = original_of(self.instance)
                context |= {
                    "is_report": True,
                    "original": original if original.pk != self.instance.pk else None,
                    "digests": digests_of([original])[0],
                    "asked": HostSignOff.objects.about(original).select_related("organisation", "asked_by"),
                    "ask_url": reverse("cases_ask_host", args=[original.pk]),
                }
            return context

        def _sent_back(self) -> Any:
            """The reviewer's request for changes, while nobody sent the page in again; None otherwise."""
            state = self.instance.current_workflow_state
            return state.current_task_state if state and state.status == state.STATUS_NEEDS_CHANGES else None
