"""Which texts stand in a chapter's code and templates, found without gettext installed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.utils.translation.template import templatize

#: A string as templatize writes it into what xgettext would read.
WRITTEN = re.compile(r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)


def texts_of(*folders: Path) -> set[str]:
    """Every string of the Python files and every text to translate of the templates; more than is translated."""
    found: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".py":
                found.update(_of_python(path.read_text()))
            elif path.suffix in {".html", ".txt"}:
                found.update(_of_template(path.read_text()))
    return found


def _of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _of_template(source: str) -> Iterator[str]:
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    for match in WRITTEN.finditer(templatize(source)):
        yield ast.literal_eval(match.group(1))
