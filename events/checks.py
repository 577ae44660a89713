"""What is wrong with the settings of registering, said when the site starts."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

NAMES = frozenset(["manage", "confirm_mailbox", "offer", "approval", "seat"])


@register()
def registration_addresses(**_kwargs: Any) -> list[Error]:
    """Each address of a front end is of something we link to, is a whole address, and takes the token."""
    return [
        Error(
            f"REGISTRATION_ADDRESSES: {name!r} should be one of {', '.join(sorted(NAMES))}, "
            f"with an address that begins with https:// and holds {{token}}.",
            id="events.E001",
        )
        for name, address in settings.REGISTRATION_ADDRESSES.items()
        if name not in NAMES or not str(address).startswith(("https://", "http://")) or "{token}" not in str(address)
    ]
