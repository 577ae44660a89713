"""docs/plugins.md shows the code that runs: the add-on's files as they are, every name there is."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from cms import conf, plugins
from tests.plugins.conftest import EXAMPLE
from tests.plugins.stranger import GUIDE, blocks

FILES = sorted(
    path.relative_to(EXAMPLE)
    for path in EXAMPLE.rglob("*")
    if path.suffix in {".py", ".html", ".toml"} and path.name != "__init__.py"
)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_guide_shows_the_add_on_as_it_is(path: Path):
    assert blocks(path.as_posix()) == [(EXAMPLE / path).read_text()]


def test_the_add_on_is_about_a_hundred_lines():
    lines = [line for path in FILES for line in (EXAMPLE / path).read_text().splitlines() if line.strip()]
    assert len(lines) <= 130


def test_the_guide_names_every_attribute_a_plugin_may_have():
    named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in rows("| attribute |"))))
    there = {name for name, value in vars(plugins.Plugin).items() if not name.startswith("_") and is_said(value)}
    assert named == there - {"default_auto_field"}


def is_said(value: object) -> bool:
    return not callable(value) and not isinstance(value, property)


def test_the_guide_tells_every_setting_with_its_default():
    with override("en"):
        told = [
            f"| `{one.name}` | {'secret, none' if one.is_secret else f'`{one.default!r}`'} | {one.meaning} |"
            for one in conf.known().values()
        ]
    assert rows("| name | default |") == told


def test_the_guide_names_every_check_and_every_slot():
    root = GUIDE.parent.parent
    code = "".join(path.read_text() for path in root.glob("*/*checks.py"))
    whole = re.sub(r"`(\w+)\.E(\d+)`, `E(\d+)`", r"`\1.E\2` `\1.E\3`", GUIDE.read_text())
    whole = re.sub(r"`cms\.W012`, `W013`, `W014`", "`cms.W012` `cms.W013` `cms.W014`", whole)
    assert sorted(set(re.findall(r'id="(\w+\.[EW]\d+)"', code))) == sorted(
        set(re.findall(r"`((?:cms|events|payments)\.[EW]\d+)`", whole))
    )
    templates = "".join(path.read_text() for path in (root / "templates").rglob("*.html"))
    for slot in re.findall(r'{% slot "([\w.]+)" %}', templates):
        assert f"`{slot}`" in whole


def rows(head: str) -> list[str]:
    """The rows of the guide's table that begins so."""
    below = GUIDE.read_text().split(head, 1)[1].split("\n\n")[0].splitlines()[2:]
    return [line for line in below if line.startswith("|")]
