"""Capability 11: the OpenAPI document is valid, is what docs/openapi.json says, and is what the answers are."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from ninja import Schema
from openapi_spec_validator import OpenAPIV31SpecValidator

from cms.headless.contract import document
from cms.urls import api
from tests.cms.headless.making import API, READING, conforms, image, page
from tests.cms.headless.making import document as paper

pytestmark = READING
TYPESCRIPT = Path(__file__).parent / "typescript"
ALL = {"cms", "cases", "events", "payments"}


def contract() -> Any:
    return json.loads(json.dumps(document(api), default=str))


def test_it_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(contract()).iter_errors()] == []


@pytest.mark.skipif(set(settings.PLUGINS) != ALL, reason="The file is about all four chapters.")
def test_the_file_in_docs_says_the_same() -> None:
    call_command("export_openapi", "--check")


def test_every_address_says_its_reply_and_its_problems() -> None:
    for path, methods in contract()["paths"].items():
        for method, operation in methods.items():
            told = operation["responses"]
            assert {"400", "404", "422", "default"} <= set(told), (path, method)
            for status, reply in told.items():
                if status in {"304", "204"}:
                    assert "content" not in reply
                else:
                    assert reply["content"], (path, method, status)
            if method == "get":
                assert "304" in told


def test_nothing_in_a_stream_is_untyped() -> None:
    body = contract()["components"]["schemas"]["StandardPageOut"]["properties"]["body"]

    assert body["items"]["discriminator"]["mapping"] == {
        kind: f"#/components/schemas/StandardPageBody{kind.capitalize()}Entry"
        for kind in ("text", "image", "quote", "document")
    }
    value = contract()["components"]["schemas"]["StandardPageBodyImageValue"]
    assert value["properties"]["image"] == {"anyOf": [{"$ref": "#/components/schemas/ImageOut"}, {"type": "null"}]}


def test_the_answers_are_what_it_says(client: Client) -> None:
    told = {"image": image(), "alternative": "Een hal", "caption": "", "credit": "Wij"}
    above = page(show_in_menus=True, both=True)
    made = page(
        under=above,
        both=True,
        body=[("text", "<p>x</p>"), ("image", told), ("quote", "Zo."), ("document", paper())],
    )
    path = "/api/v1/pages/{page_id}/"
    expand = "breadcrumbs,navigation,translations,children,link-integrity"

    conforms(client.get(f"{API}/pages/"), "/api/v1/pages/")
    conforms(client.get(f"{API}/pages/?fields=*&facets=type,locale"), "/api/v1/pages/")
    conforms(client.get(f"{API}/pages/{made.pk}/?expand={expand}"), path)
    conforms(client.get(f"{API}/pages/{made.pk}/?fields=title"), path)
    conforms(client.get(f"{API}/pages/{made.pk}/?bogus=1"), path)
    conforms(client.get(f"{API}/pages/99999/"), path)
    for name in expand.split(","):
        conforms(client.get(f"{API}/pages/{made.pk}/{name}/"), f"{path}{name}/")
    for address in ("navigation", "settings", "redirects", "vocabularies"):
        conforms(client.get(f"{API}/{address}/"), f"/api/v1/{address}/")
    conforms(client.get(f"{API}/vocabularies/country/"), "/api/v1/vocabularies/{name}/")
    for where in ("/nl/", made.get_url(), "/", "/nl/er-niet/"):
        conforms(client.get(f"{API}/resolve/?path={where}"), "/api/v1/resolve/")


def test_typescript_types_are_made_of_it_and_compile(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("NOT RUN: TypeScript types of the contract (no npm). Run: apt-get install npm")
    for name in ("package.json", "package-lock.json", "client.ts"):
        shutil.copy(TYPESCRIPT / name, tmp_path)
    (tmp_path / "openapi.json").write_text(json.dumps(contract()), encoding="utf-8")

    def run(*words: str) -> None:
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    run("node_modules/.bin/openapi-typescript", "openapi.json", "-o", "api.d.ts")
    run(
        "node_modules/.bin/tsc",
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--moduleResolution",
        "bundler",
        "--module",
        "es2022",
        "client.ts",
    )


def shapes(below: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for shape in below.__subclasses__():
        yield shape
        yield from shapes(shape)


def test_no_shape_has_the_name_of_another() -> None:
    """The contract keeps one of the two for both, so a file on a page was once told as an invoice."""
    homes: dict[str, set[str]] = {}
    for shape in shapes():
        if shape.__module__.split(".")[0] in {"cms", "cases", "events", "payments"}:
            homes.setdefault(shape.__name__, set()).add(shape.__module__)
    assert "ProblemOut" in homes
    assert {name: sorted(told) for name, told in homes.items() if len(told) > 1} == {}
