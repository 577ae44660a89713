"""What an editor reads above a case: what still keeps it from going live, and what the host said."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from cases.models.signing import HostSignOff
from cases.substance import digest_of, original_of


class GoingLivePanel(Panel):
    """About the newest draft as it was last saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cases/admin/going_live_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["obstacles"] = self.instance.obstacles()
            if self.instance.kind == self.instance.Kind.VISIT_REPORT:
                original = original_of(self.instance)
                context |= {
                    "is_report": True,
                    "original": original if original.pk != self.instance.pk else None,
                    "digest": digest_of(original),
                    "asked": HostSignOff.objects.about(original).select_related("organisation", "asked_by"),
                    "ask_url": reverse("cases_ask_host", args=[original.pk]),
                }
            return context
