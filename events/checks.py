"""What the site must say for the history of registrations to be kept."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def history_is_append_only(**kwargs: Any) -> list[CheckMessage]:
    """events.E001: without it a row of history can be rewritten, and our migrations differ from the models."""
    if getattr(settings, "PGHISTORY_APPEND_ONLY", False) is True:
        return []
    text = "PGHISTORY_APPEND_ONLY is not True: what happened to a registration could be rewritten."
    return [Error(text, hint="Set PGHISTORY_APPEND_ONLY = True.", id="events.E001")]
