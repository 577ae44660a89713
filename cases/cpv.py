"""Codes of the Common Procurement Vocabulary (Regulation (EC) 213/2008): eight digits, with a ninth that checks them.

The digits are a tree: 45000000 construction, 45200000, 45210000, 45213150. A code that ends in zeros means the whole
branch, so a case is found by any beginning of its codes of at least two digits. The check digit says nothing more: it
is left out.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: The names of codes we use, typed by us. Any other code is shown without one.
NAMES: dict[str, Any] = {
    "18000000": _("Clothing"),
    "18100000": _("Occupational clothing and special workwear"),
    "18110000": _("Occupational clothing"),
    "18113000": _("Industrial clothing"),
    "18130000": _("Special workwear"),
    "19200000": _("Textile fabrics"),
    "19210000": _("Woven fabrics"),
    "31500000": _("Lighting equipment and lamps"),
    "31520000": _("Lamps and light fittings"),
    "39100000": _("Furniture"),
    "39130000": _("Office furniture"),
    "39160000": _("School furniture"),
    "45213150": _("Office block construction"),
    "80530000": _("Vocational training"),
    "90910000": _("Cleaning services"),
}
SHORTEST = 2


def normal_code(written: str) -> str:
    """ "45213150-9" or "45213150" -> "45213150". Raises ValidationError for anything else."""
    match = re.fullmatch(r"([0-9]{8})(-[0-9])?", written.strip())
    if match is None or match[1].startswith("00"):
        raise ValidationError(
            _("%(written)s is no CPV code: eight digits, for instance 39130000 or 39130000-2."),
            params={"written": written},
        )
    return match[1]


def beginning(written: str) -> str:
    """What a person looks for, as a beginning of codes: "45210000-2" -> "4521". Empty when it is none."""
    digits = written.strip().partition("-")[0]
    if not re.fullmatch(r"[0-9]{2,8}", digits):
        return ""
    return digits[:SHORTEST] + digits[SHORTEST:].rstrip("0")


def above(written: str) -> list[str]:
    """The codes of the branches a whole code stands in: "18113000-4" -> 18110000, 18100000, 18000000.

    The nearest first. Nothing for a beginning: that asks for a branch by itself.
    """
    if not re.fullmatch(r"[0-9]{8}(-[0-9])?", written):
        return []
    own = beginning(written)
    longer = [own[:length].ljust(8, "0") for length in range(len(own) - 1, SHORTEST - 1, -1)]
    return list(dict.fromkeys(longer))


def beginnings(codes: Iterable[str]) -> list[str]:
    """Every beginning by which one of these codes is found, each once: "45210000" gives 45, 452 and 4521."""
    found = set()
    for code in codes:
        whole = beginning(code)
        found |= {whole[:length] for length in range(SHORTEST, len(whole) + 1)}
    return sorted(found)


def described(code: str) -> str:
    """ "39130000 Office furniture"; the code alone when we have no name for it."""
    return f"{code} {NAMES[code]}" if code in NAMES else code


def choices() -> list[tuple[str, Any]]:
    """The codes that have a name here."""
    return list(NAMES.items())
