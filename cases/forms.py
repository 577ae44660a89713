"""The form editors fill a case in with."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from cases.obstacles import obstacles, waits_for_host


class CasePageForm(WagtailAdminPageForm):
    """Saves a half-typed draft; refuses what lacks something when it is published, approved or sent to be reviewed.

    Reviewer and host may read at the same time, so only going live waits for the host.
    """

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        # Wagtail defers what is required when only a draft is saved.
        if self.is_deferred_validation or not (self._goes_live or self._is_sent_in):
            return True
        # The parts are rows of the page only when the form has put them there: Wagtail does so next anyway.
        case = super().save(commit=False)
        for sentence in [*obstacles(case), *(waits_for_host(case) if self._goes_live else [])]:
            self.add_error(None, sentence)
        return not self.errors

    @property
    def _goes_live(self) -> bool:
        approves = self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == "approve"
        return bool(self.data.get("action-publish") or approves)

    @property
    def _is_sent_in(self) -> bool:
        return bool(self.data.get("action-submit") or self.data.get("action-restart-workflow"))

    def save(self, commit: bool = True) -> Any:
        # Whoever writes down that a figure was seen in its source is the one who saw it.
        for form in self.formsets["figures"]:
            if "verified_on" in form.changed_data:
                form.instance.verified_by = self.for_user if form.instance.verified_on else None
        return super().save(commit=commit)
