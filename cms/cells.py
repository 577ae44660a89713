"""Text in a cell of a spreadsheet: what a stranger typed never runs as a formula, and is read back as it was typed."""

import re

# A worksheet cannot hold these; openpyxl raises on them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: A cell that starts like this is run as a formula by the spreadsheet that opens it. Apostrophes before it too, so that
#: the first of them is always one that `harmless` put there.
_FORMULA = re.compile(r"[\s']*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def harmless(text: str) -> str:
    """What a stranger typed, as text that no spreadsheet runs: an apostrophe goes before a formula's first sign.

    Also where the sign comes after spaces, and in XLSX too, so that saving that file as CSV brings nothing to life.
    """
    text = _UNWRITABLE.sub("", text)
    return f"'{text}" if _FORMULA.match(text) else text


def as_typed(text: str) -> str:
    """Takes off the apostrophe that `harmless` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
