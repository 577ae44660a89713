"""Every pair of colours used for text has at least 4.5:1 contrast in both themes (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("moss", "paper"),
    ("moss", "surface"),
    ("moss", "moss-tint"),
    ("on-moss", "moss"),
    ("copper", "paper"),
    ("copper", "copper-tint"),
    ("copper", "surface"),
    ("sky", "paper"),
    ("on-sun", "sun"),
    ("ink", "moss-tint"),
    ("ink", "copper-tint"),
]


def themes() -> dict[str, dict[str, str]]:
    css = (Path(settings.BASE_DIR) / "cms/static/cms/tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    found = {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for name, part in (("light", light), ("dark", dark))
    }
    return {"light": found["light"], "dark": found["light"] | found["dark"]}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme, text, ground):
    colours = themes()[theme]
    high, low = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)

    assert (high + 0.05) / (low + 0.05) >= 4.5
