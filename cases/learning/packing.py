"""Files in a zip, and texts in XML, that come out the same each time."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override
from lxml import etree

FILES = Path(__file__).with_name("files")
#: The first day a zip can hold: a package says nothing of when it was asked for.
EPOCH = (1980, 1, 1, 0, 0, 0)
#: What XML 1.0 has no place for (section 2.2), however it came into a text.
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these, the manifest first, then by name; the same files give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != "imsmanifest.xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return written.getvalue()


def html(template: str, language: str, context: Mapping[str, Any]) -> bytes:
    """A page of a package in this language. Nothing of the request is in it."""
    with override(language):
        return render_to_string(f"cases/learning/{template}", {**context, "language": language}).encode()


def own(name: str) -> bytes:
    """A file that goes along as it is."""
    return (FILES / name).read_bytes()


class Tree:
    """An XML element to which children are added by name: `tree.add("title", "Venlo", language="nl")`.

    A name may be prefixed ("lom:title") with one of `namespaces`; without a prefix it is in the one called None.
    """

    def __init__(self, element: Any, namespaces: Mapping[str | None, str]) -> None:
        self.element, self.namespaces = element, namespaces

    @classmethod
    def root(
        cls, name: str, namespaces: Mapping[str | None, str], locations: Mapping[str, str], **facts: str
    ) -> "Tree":
        """`locations`: namespace -> address of its schema."""
        made = cls(etree.Element(_full(name, namespaces), nsmap={**namespaces, "xsi": XSI}), namespaces)
        told = " ".join(f"{namespace} {address}" for namespace, address in locations.items())
        made.element.set(f"{{{XSI}}}schemaLocation", told)
        made.set(**facts)
        return made

    def set(self, **facts: str) -> "Tree":
        """`adlcp__scormtype="sco"` for a prefixed attribute."""
        for name, value in facts.items():
            prefix, parted, local = name.rpartition("__")
            self.element.set(f"{{{self.namespaces[prefix]}}}{local}" if parted else name, in_xml(value))
        return self

    def add(self, name: str, text: str = "", **facts: str) -> "Tree":
        child = Tree(etree.SubElement(self.element, _full(name, self.namespaces)), self.namespaces)
        child.element.text = in_xml(text) or None
        return child.set(**facts)

    def written(self) -> bytes:
        made: bytes = etree.tostring(self.element, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return made


def _full(name: str, namespaces: Mapping[str | None, str]) -> str:
    prefix, parted, local = name.rpartition(":")
    return f"{{{namespaces[prefix if parted else None]}}}{local}"
