"""What search engines read in a page, taken out and understood by libraries that are not ours."""

import json
import warnings
from typing import Any

import extruct
from rdflib import Graph, Namespace

SCHEMA = Namespace("https://schema.org/")


def blocks(html: str) -> list[dict[str, Any]]:
    """The JSON-LD of a page, as extruct finds it."""
    found: list[dict[str, Any]] = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
    return found


def things(html: str, kind: str) -> list[dict[str, Any]]:
    """Those of this type, of the one block a page has."""
    (block,) = blocks(html)
    assert block["@context"] == "https://schema.org"
    return [thing for thing in block["@graph"] if thing["@type"] == kind]


def triples(html: str) -> Graph:
    """The same as rdflib understands it. The vocabulary is named here: a test asks nothing of the network."""
    (block,) = blocks(html)
    local = block | {"@context": {"@vocab": str(SCHEMA)}}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)  # rdflib's own use
        return Graph().parse(data=json.dumps(local), format="json-ld")
