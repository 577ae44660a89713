"""Packages held against the schemas of those who wrote the formats. They are not ours to hand on.

What is looked for, by name, anywhere below one folder:
    SCORM 1.2             imscp_rootv1p1p2.xsd, imsmd_rootv1p2p1.xsd, adlcp_rootv1p2.xsd      (ADL)
    Common Cartridge 1.3  ccv1p3_imscp_v1p2_v1p0.xsd, ccv1p3_lommanifest_v1p0.xsd,
                          ccv1p3_lomresource_v1p0.xsd, ccv1p3_qtiasiv1p2p1_v1p0.xsd          (1EdTech)
"""

import io
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

SCORM = ("imscp_rootv1p1p2.xsd", "imsmd_rootv1p2p1.xsd", "adlcp_rootv1p2.xsd")
CARTRIDGE = ("ccv1p3_imscp_v1p2_v1p0.xsd", "ccv1p3_lommanifest_v1p0.xsd", "ccv1p3_lomresource_v1p0.xsd")
QUIZ = ("ccv1p3_qtiasiv1p2p1_v1p0.xsd",)
XSD = "http://www.w3.org/2001/XMLSchema"


class SchemaMissing(Exception):
    """A schema is not in the folder; its argument is the file's name."""


def faults(content: bytes, name: str, names: tuple[str, ...], folder: Path) -> list[str]:
    """What the schemas say is wrong with the file `name` in this zip, with its line. Raises SchemaMissing."""
    schema = _schema(names, folder)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = etree.fromstring(archive.read(name), _Local(folder).parser())
    schema.validate(tree)
    return [f"{name}, line {error.line}: {error.message}" for error in schema.error_log]


def _schema(names: tuple[str, ...], folder: Path) -> Any:
    """One schema that knows several namespaces: lxml takes one document, so a small one imports them all."""
    local = _Local(folder)
    root = etree.Element(f"{{{XSD}}}schema", nsmap={"xs": XSD})
    for name in names:
        found = local.find(name)
        target = etree.parse(found, local.parser()).getroot().get("targetNamespace")
        etree.SubElement(root, f"{{{XSD}}}import", namespace=target, schemaLocation=found.as_uri())
    document = etree.fromstring(etree.tostring(root), local.parser())
    return etree.XMLSchema(document)


class _Local(etree.Resolver):
    """Finds each schema that another one names in the folder by its file's name; asks nobody on the network."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def parser(self) -> Any:
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
        parser.resolvers.add(self)
        return parser

    def find(self, name: str) -> Path:
        found = sorted(self.folder.rglob(name))
        if not found:
            raise SchemaMissing(name)
        return found[0].resolve()

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        name = system_url.rpartition("/")[2]
        if not name.endswith(".xsd"):
            return None
        try:
            return self.resolve_filename(str(self.find(name)), context)
        except SchemaMissing:
            return None
