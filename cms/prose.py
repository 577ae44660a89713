"""An editor's text for paper: Wagtail's rich text as plain parts that a typst template can place (see house.typ).

parts: [{"kind": "paragraph", "runs": [run, …]},
        {"kind": "heading", "level": 3, "runs": […]},
        {"kind": "list", "ordered": False, "items": [parts, …]},
        {"kind": "rule"}]
run: {"text": str, "bold": bool, "italic": bool, "url": str, "is_break": bool}
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from lxml import html as lxml_html
from wagtail.rich_text import expand_db_html

Part = dict[str, Any]

BOLD, ITALIC = {"b", "strong"}, {"i", "em"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
PLAIN = {"bold": False, "italic": False, "url": "", "is_break": False}
#: Addresses somebody may be sent to from a document.
SCHEMES = {"http", "https", "mailto", "tel"}


def parts(rich: str, *, base_url: str, level: int = 3) -> list[Part]:
    """What a rich text field holds. Links become whole addresses below `base_url`; its highest heading is of `level`.

    A picture in the text is told by its description, and something embedded by its address: paper cannot show them
    where they stand, and nothing is left out in silence. Spaces and empty paragraphs are tidied away.
    """
    if not rich.strip():
        return []
    root = lxml_html.fragment_fromstring(expand_db_html(rich), create_parent="div")
    seen = sorted({HEADINGS[node.tag] for node in root.iter() if node.tag in HEADINGS})
    levels = {f"h{written}": level + depth for depth, written in enumerate(seen)}
    return list(_Reader(base_url, levels).parts(root))


def plain(text: str) -> list[Part]:
    """A text without marks: a paragraph for each line that says something."""
    return [_paragraph([_run(line.strip())]) for line in text.splitlines() if line.strip()]


def linked(title: str, url: str, after: str) -> list[Part]:
    """A paragraph that begins with a title that leads somewhere, and says more on the next line."""
    bold = {**PLAIN, "bold": True, "url": url}
    return [_paragraph([_run(title, bold), _run("", {**PLAIN, "is_break": True}), _run(after)])]


class _Reader:
    def __init__(self, base_url: str, levels: dict[str, int]) -> None:
        self.base_url = base_url
        self.levels = levels

    def parts(self, node: Any) -> Iterator[Part]:
        """The parts of a container; text that stands loose between them is a paragraph of its own."""
        loose = [_run(node.text or "")]
        for child in node:
            made = list(self._part(child))
            if made:
                yield from _if_said(_paragraph(loose))
                yield from made
                loose = []
            else:
                loose += self._runs_of(child, PLAIN)
            loose.append(_run(child.tail or ""))
        yield from _if_said(_paragraph(loose))

    def _part(self, node: Any) -> Iterator[Part]:
        if node.tag == "p":
            yield from _if_said(_paragraph(self._inside(node, PLAIN)))
        elif node.tag in self.levels:
            heading = {"kind": "heading", "level": self.levels[node.tag], "runs": _tidy(self._inside(node, PLAIN))}
            yield from _if_said(heading)
        elif node.tag in {"ul", "ol"}:
            items = [list(self.parts(item)) for item in node if item.tag == "li"]
            if items:
                yield {"kind": "list", "ordered": node.tag == "ol", "items": items}
        elif node.tag == "hr":
            yield {"kind": "rule"}
        elif node.tag in {"div", "blockquote", "figure", "section"}:
            yield from self.parts(node)

    def _inside(self, node: Any, marks: dict[str, Any]) -> list[dict[str, Any]]:
        runs = [_run(node.text or "", marks)]
        for child in node:
            runs += self._runs_of(child, marks)
            runs.append(_run(child.tail or "", marks))
        return runs

    def _runs_of(self, node: Any, marks: dict[str, Any]) -> list[dict[str, Any]]:
        if not isinstance(node.tag, str):  # a comment
            return []
        if node.tag == "br":
            return [_run("", {**marks, "is_break": True})]
        if node.tag == "img":
            said = node.get("alt", "").strip()
            return [_run(_("[Picture: %(what)s]") % {"what": said}, {**marks, "italic": True})] if said else []
        if node.tag == "iframe":
            address = self._address(node.get("src", ""))
            return [_run(address, {**marks, "url": address})] if address else []
        marks = {**marks, "bold": marks["bold"] or node.tag in BOLD, "italic": marks["italic"] or node.tag in ITALIC}
        if node.tag == "a":
            marks = {**marks, "url": self._address(node.get("href", ""))}
        return self._inside(node, marks)

    def _address(self, written: str) -> str:
        """Whole, or "" when it leads nowhere from paper."""
        address = urljoin(self.base_url, written) if written else ""
        return address if urlsplit(address).scheme in SCHEMES else ""


def _run(text: str, marks: dict[str, Any] = PLAIN) -> dict[str, Any]:
    return {**marks, "text": text}


def _tidy(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One space where the source has several, none at the ends; without runs that say nothing."""
    kept: list[dict[str, Any]] = []
    ends_in_space = True
    for run in runs:
        if run["is_break"]:
            kept.append(run)
            ends_in_space = True
            continue
        text = " ".join(run["text"].split()) if run["text"].strip() else ""
        before = " " if run["text"][:1].isspace() and not ends_in_space else ""
        after = " " if text and run["text"][-1:].isspace() else ""
        text = f"{before}{text}{after}"
        if text:
            kept.append({**run, "text": text})
            ends_in_space = text[-1] == " "
    while kept and (kept[-1]["is_break"] or not kept[-1]["text"].strip()):
        kept.pop()
    if kept:
        kept[-1] = {**kept[-1], "text": kept[-1]["text"].rstrip()}
    return kept


def _paragraph(runs: list[dict[str, Any]]) -> Part:
    return {"kind": "paragraph", "runs": _tidy(runs)}


def _if_said(part: Part) -> list[Part]:
    return [part] if part["runs"] else []
