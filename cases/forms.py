"""The form editors fill a case in with."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from cases.obstacles import obstacles


class CasePageForm(WagtailAdminPageForm):
    """Saves a half-typed draft; refuses what cannot go live when it is published or sent to be reviewed."""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        # Wagtail defers what is required when only a draft is saved.
        if self.is_deferred_validation:
            return True
        # The parts are rows of the page only when the form has put them there: Wagtail does so next anyway.
        for sentence in obstacles(super().save(commit=False)):
            self.add_error(None, sentence)
        return not self.errors

    def save(self, commit: bool = True) -> Any:
        # Whoever writes down that a figure was seen in its source is the one who saw it.
        for form in self.formsets["figures"]:
            if "verified_on" in form.changed_data:
                form.instance.verified_by = self.for_user if form.instance.verified_on else None
        return super().save(commit=commit)
