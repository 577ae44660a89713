"""A deed that needs a second yes: what is unusual about it is said above its form, and has to be read first."""

from hashlib import sha256
from typing import Any

from django import forms
from django.http import HttpRequest


class SecondYes:
    """For a form view: `unread` is what has to be shown first, `seen` in the post names what was shown."""

    request: HttpRequest

    def warnings(self, facts: dict[str, Any]) -> list[str]:
        """What is unusual about the deed with these facts, a sentence each."""
        return []

    def unread(self, form: forms.Form) -> dict[str, Any]:
        """Context for the page that shows it; empty when nothing is, or when exactly this was read."""
        said = self.warnings(form.cleaned_data)
        seen = sha256("\n".join(said).encode()).hexdigest()
        return {"warnings": said, "seen": seen} if said and self.request.POST.get("seen") != seen else {}
