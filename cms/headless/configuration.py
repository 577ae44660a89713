"""The one settings dict of the content API. What it does not say is as DEFAULTS say."""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # The renditions that may be asked for. A closed list: nobody fills the disk with sizes of their own.
    "RENDITIONS": [
        "fill-300x200",
        "fill-600x400",
        "fill-1200x630",
        "max-1600x1600",
        "width-400",
        "width-800",
        "width-1200",
    ],
    # What an image has when nothing is asked for.
    "DEFAULT_RENDITIONS": ["width-800"],
    # How long a cache may keep an anonymous answer about content, in seconds. Seats and prices are always asked again.
    "FRESH_FOR": 60,
    # The origins whose scripts may read the API: ["*"] for all. No cookie counts here, so there is nothing to borrow.
    "ORIGINS": ["*"],
}


def configured(name: str) -> Any:
    """What CONTENT_API says of this, or the default. Raises KeyError for a name there is not."""
    given: dict[str, Any] = getattr(settings, "CONTENT_API", {})
    return given.get(name, DEFAULTS[name])
