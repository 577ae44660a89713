"""The form editors fill a case in with."""

from typing import Any

from cms.page_form import GatedPageForm


class CasePageForm(GatedPageForm):
    """Notes who saw a figure in its source."""

    def save(self, commit: bool = True) -> Any:
        # Whoever writes down that a figure was seen in its source is the one who saw it.
        for form in self.formsets["figures"]:
            if "verified_on" in form.changed_data:
                form.instance.verified_by = self.for_user if form.instance.verified_on else None
        return super().save(commit=commit)
