"""Reads the bracketed form bodies Stripe's clients send: `line_items[0][price_data][currency]=eur`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import StripeError

MAX_FIELDS = 2_000
MAX_DEPTH = 10
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode_pairs(text: str | bytes) -> list[tuple[str, str]]:
    """`a=1&b=2` -> [("a", "1"), ("b", "2")]; anything that is not clean UTF-8 text is refused."""
    try:
        clean = text.decode("ascii") if isinstance(text, bytes) else text
        pairs = parse_qsl(
            clean, keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as problem:  # also UnicodeDecodeError, and too many fields
        raise StripeError(f"Invalid request: the form body could not be read ({type(problem).__name__}).") from None
    for key, value in pairs:
        # PostgreSQL and JSON readers choke on NUL; nobody who means well sends one.
        if "\x00" in key or "\x00" in value:
            raise StripeError("Invalid request: NUL bytes are not allowed.", param=key.replace("\x00", ""))
    return pairs


def decode_form(text: str | bytes) -> dict[str, Any]:
    """`a[b][0]=x` -> {"a": {"b": {"0": "x"}}}.

    Lists stay dicts with number keys: only the annotation knows whether `metadata[0]` is an item or a name.
    """
    tree: dict[str, Any] = {}
    for key, value in decode_pairs(text):
        match = _KEY.fullmatch(key)
        if match is None:
            raise StripeError(f"Invalid request: cannot read the parameter name {key!r}.", param=key)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        if len(path) > MAX_DEPTH:
            raise StripeError("Invalid request: parameters are nested too deeply.", param=key)
        node = tree
        for segment in path[:-1]:
            child = node.setdefault(segment or str(len(node)), {})
            if not isinstance(child, dict):
                raise StripeError(f"Invalid request: {key} is both a value and a hash.", param=key)
            node = child
        last = path[-1] or str(len(node))
        if last in node:
            raise StripeError(f"Invalid request: {key} is given twice.", param=key)
        node[last] = value
    return tree
