"""Names kept in both languages on one row, for what is not a page; and what is said of whoever has no name any more."""

from typing import Any

from django.utils.translation import get_language, gettext


def in_active_language(row: Any, field: str) -> str:
    """The Dutch or English value of `field` ("name" -> name_nl, name_en); the other one when this one is empty."""
    first, second = ("nl", "en") if get_language() == "nl" else ("en", "nl")
    return str(getattr(row, f"{field}_{first}") or getattr(row, f"{field}_{second}"))


#: The addresses of whoever was forgotten end like this: nobody reads them, and no mail is sent there.
NOBODY = "@invalid.invalid"


def is_nobody(email: str) -> bool:
    """Whether the person who had this address was forgotten."""
    return email.endswith(NOBODY)


#: The mailboxes of invented people in a site of somebody's own end like this: nobody is ever written to about them.
INVENTED = "@demo.invalid"


def is_invented(email: str) -> bool:
    """Whether the person with this address was invented, for a demonstration beside a site of somebody's own."""
    return email.endswith(INVENTED)


def forgotten() -> str:
    """What stands where a name was."""
    return gettext("(forgotten)")
