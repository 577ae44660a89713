"""Documents on paper: a typst template and its files made into a PDF that everybody can read and keep.

Reached with typst 0.15: PDF/A-3a and PDF/UA-1 in one file, which includes all PDF/A-3b asks. The compiler refuses to
write a file that breaks either standard (a picture without a description, a table without its header), so what comes
out claims them by construction. The same files always give the same bytes.
"""

import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
import typst
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

STANDARDS = ["ua-1", "a-3a"]
#: What every template may import: the house's colours and how an editor's text is set.
HOUSE = Path(__file__).with_name("house.typ")
_compile: Any = typst.compile  # its annotations do not know of fonts made once
_FONTS = typst.Fonts(include_system_fonts=False)


def pdf(template: Path, files: Mapping[str, bytes]) -> bytes:
    """The PDF of this template, which finds `files` beside it by name. Raises typst.TypstError. About 30 ms a page.

    What a person wrote goes into a file the template reads (JSON), never into the template.
    """
    return _made(template, files, format="pdf", pdf_standards=STANDARDS)


def png(template: Path, files: Mapping[str, bytes]) -> bytes:
    """The one page of this template as a picture, at one pixel a point. Raises typst.TypstError."""
    return _made(template, files, format="png", ppi=72)


def _made(template: Path, files: Mapping[str, bytes], **form: Any) -> bytes:
    # From a folder: from memory typst 0.15 takes text alone, no photograph.
    with TemporaryDirectory(prefix="paper-") as folder:
        main = Path(folder, "main.typ")
        for name, content in {main.name: template.read_bytes(), HOUSE.name: HOUSE.read_bytes(), **files}.items():
            Path(folder, name).write_bytes(content)
        return bytes(_compile(main, root=folder, font_paths=_FONTS, **form))


def framed(*, title: str, author: str, foot: str, on: date) -> dict[str, Any]:
    """What house.typ needs of every document: its language, its title, whose it is and of which day."""
    return {
        "lang": get_language() or "nl",
        "title": title,
        "author": author,
        "foot": foot,
        "page": _("Page"),
        "year": on.year,
        "month": on.month,
        "day": on.day,
    }


def as_json(said: Mapping[str, Any]) -> bytes:
    """What a template reads."""
    return json.dumps(said, ensure_ascii=False).encode()


def code(address: str) -> bytes:
    """A QR code to this address, as an SVG picture in the house's ink."""
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(written, kind="svg", dark="#16211B", border=0, unit="")
    return written.getvalue()


def response(content: bytes, name: str) -> HttpResponse:
    """The PDF in the browser, with a name of its own for who keeps it."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
