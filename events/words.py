"""Names kept in both languages on one row, for what is not a page."""

from typing import Any

from django.utils.translation import get_language


def in_active_language(row: Any, field: str) -> str:
    """The Dutch or English value of `field` ("name" -> name_nl, name_en); the other one when this one is empty."""
    first, second = ("nl", "en") if get_language() == "nl" else ("en", "nl")
    return str(getattr(row, f"{field}_{first}") or getattr(row, f"{field}_{second}"))
