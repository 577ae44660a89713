"""Documents on paper: a typst template and its files made into a PDF that everybody can read and keep.

Reached with typst 0.15: PDF/A-3a and PDF/UA-1 in one file, which includes all PDF/A-3b asks. The compiler refuses to
write a file that breaks either standard (a picture without a description, a table without its header), so what comes
out claims them by construction. The same files always give the same bytes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

STANDARDS = ["ua-1", "a-3a"]
_compile: Any = typst.compile  # its annotations do not know that files may come from memory
_FONTS = typst.Fonts(include_system_fonts=False)


def pdf(template: Path, files: Mapping[str, bytes]) -> bytes:
    """The PDF of this template, which finds `files` beside it by name. Raises typst.TypstError. About 30 ms a page.

    What a person wrote goes into a file the template reads (JSON), never into the template.
    """
    made = _compile(
        {"main.typ": template.read_bytes(), **files}, format="pdf", pdf_standards=STANDARDS, font_paths=_FONTS
    )
    return bytes(made)
