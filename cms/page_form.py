"""The form editors fill a page in with."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class GatedPageForm(WagtailAdminPageForm):
    """Saves a half-typed draft; refuses what lacks something when it is published, approved or sent to be reviewed.

    The page would refuse that itself, but after the form: what was typed would be gone. A page type with a form of its
    own makes it from this one.
    """

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        # Wagtail defers what is required when only a draft is saved.
        if self.is_deferred_validation or not (self._goes_live or self._is_sent_in):
            return True
        # The parts are rows of the page only when the form has put them there: Wagtail does so next anyway.
        page: Any = super().save(commit=False)
        for sentence in page.obstacles() if self._goes_live else page.obstacles_to_review():
            self.add_error(None, sentence)
        return not self.errors

    @property
    def _goes_live(self) -> bool:
        approves = self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == "approve"
        return bool(self.data.get("action-publish") or approves)

    @property
    def _is_sent_in(self) -> bool:
        return bool(self.data.get("action-submit") or self.data.get("action-restart-workflow"))
