"""What is wrong with the settings of registering and of its history, said when the site starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from cms.conf import configured

NAMES = frozenset(["manage", "confirm_mailbox", "offer", "approval", "seat"])


@register()
def history_is_append_only(**kwargs: Any) -> list[CheckMessage]:
    """events.E001: without it a row of history can be rewritten, and our migrations differ from the models."""
    if getattr(settings, "PGHISTORY_APPEND_ONLY", False) is True:
        return []
    text = "PGHISTORY_APPEND_ONLY is not True: what happened to a registration could be rewritten."
    return [Error(text, hint="Set PGHISTORY_APPEND_ONLY = True.", id="events.E001")]


@register()
def registration_addresses(**kwargs: Any) -> list[CheckMessage]:
    """events.E002: an address of a front end is of something we link to, is a whole address, and takes the token."""
    return [
        Error(
            f"REGISTRATION_ADDRESSES: {name!r} cannot be used.",
            hint=f"Name one of {', '.join(sorted(NAMES))}, with a whole https address that holds {{token}}.",
            id="events.E002",
        )
        for name, address in configured.REGISTRATION_ADDRESSES.items()
        if name not in NAMES or not str(address).startswith(("https://", "http://")) or "{token}" not in str(address)
    ]
