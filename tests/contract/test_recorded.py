"""docs/http.md is what the API answers: questions and answers recorded here, and the test fails when one changes.

TOUR_RECORD=1 pytest tests/contract/test_recorded.py writes the file anew.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests import factories
from tests.cms.headless.asking import key
from tests.contract.ground import Ground, made

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]
FILE = settings.BASE_DIR / "docs" / "http.md"
HEAD = """# The API in questions and answers

Recorded from the tests: `TOUR_RECORD=1 .venv/bin/python -m pytest tests/contract/test_recorded.py` writes this file
anew, and the test fails when an answer is no longer what stands here. Numbers, times and tokens are made even.
"""
SHOWN = ("Content-Type", "ETag", "Cache-Control", "Vary", "Link", "Location", "WWW-Authenticate")
PERSON = {"first_name": "Noor", "last_name": "Peeters", "email": "noor@example.org"}

#: What is not the same twice, and how it is written instead.
EVEN = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)", "2027-02-01T09:00:00+01:00"),
    (r"tour_[\w-]{43}", "tour_…"),
    (r"\b(tekst|text|bezoek|visit|case)-\d+", r"\1-1"),
    (r"\b(Bezoek|Visit|Case|Tekst|Text) \d+", r"\1 1"),
    (r'"\d+-\d+(-[0-9a-f]+)?(\.[0-9a-f]{20})?"', '"7-12.5f0c2a9d41b7e6380d95"'),
    (r'"[0-9a-f]{20}"', '"5f0c2a9d41b7e6380d95"'),
)


def even(text: str, there: Ground, known: dict[str, str]) -> str:
    """The text with the same numbers, times and tokens each time."""
    for secret, name in known.items():
        text = text.replace(secret, name)
    for pattern, instead in EVEN:
        text = re.sub(pattern, instead, text)
    order: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return found[1] + order.setdefault(found[2], str(len(order) + 1))

    return re.sub(r'("id": |"event": |"attendee": |/pages/|/events/|/edit/|pages/)(\d+)', numbered, text)


@pytest.fixture(autouse=True)
def apart(db: None) -> None:
    """Each table counts from a number of its own: a page and a visit of one number would be written as one thing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1")
        for place, (name,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', place * 10_000])


def asked(there: Ground) -> Iterator[tuple[str, str, str, Any, dict[str, str]]]:
    """What is told, method, address, body, headers. Asked in turn: what is made by one is there for the next."""
    editor = {"Authorization": f"Bearer {key(factories.user('Editors'))}"}
    reader = {"Authorization": f"Bearer {key(factories.user('Editors'), 'read')}"}
    page, twin = f"/pages/{there.pages['kept']}/", f"/pages/{there.pages['twin']}/"
    plain = f"/pages/{there.pages['live']}/"
    order = {
        "event": there.event,
        "contact": PERSON,
        "organisation": {"name": "Gemeente Proef"},
        "attendees": [PERSON],
        "accept_terms": True,
    }
    yield "Cases with chosen fields", "GET", "/cases/?locale=nl&fields=title,strategies,translations", None, {}
    yield "Visits to come", "GET", "/events/?locale=en", None, {}
    yield "A page with components", "GET", f"{page}?fields=title&expand=breadcrumbs,translations", None, {}
    yield "What stands at an address", "GET", "/resolve/?path=/nl/over/&fields=title", None, {}
    yield "An unknown parameter", "GET", "/cases/?bogus=1", None, {}
    yield "The organiser's choices, in English", "GET", "/vocabularies/phase/?locale=en", None, {}
    yield "A token without the scope", "PATCH", plain, {"content": {"intro": "Kort."}}, reader
    yield "Writing without a version", "PATCH", plain, {"content": {"intro": "Kort."}}, editor
    yield "Writing on an old version", "PATCH", plain, {"content": {"intro": "Kort."}}, editor | {"If-Match": '"1-0"'}
    yield "Where a page stands", "GET", f"{plain}workflow/", None, editor
    yield "Writing over a translation", "PATCH", twin, {"content": {"title": "Lost"}}, editor | {"If-Match": "*"}
    yield "Registering", "POST", "/registrations/", order | {"locale": "en"}, {"Idempotency-Key": "order-1"}
    # The one that was just made: a reader takes one reference for one registration.
    mine = {"Authorization": f"Bearer {there.manage_token}"}
    yield "Reading a registration", "GET", f"/registrations/{there.reference}/", None, mine
    yield "Somebody else's registration", "GET", f"/registrations/{there.other_reference}/", None, mine


def exchange(name: str, method: str, path: str, body: Any, headers: dict[str, str], there: Ground) -> str:
    content = "" if body is None else json.dumps(body)
    sent = {"Accept-Language": "en"} | headers
    answer = Client().generic(method, f"/api/v1{path}", content, content_type="application/json", headers=sent)
    told = answer.json()
    known = {there.manage_token: "MANAGE-TOKEN", there.reference: "BPT-REFERENCE", there.other_reference: "BPT-OTHER"}
    if made_token := (told.get("manage_token") if isinstance(told, dict) else None):
        there.reference, there.manage_token = told["reference"], made_token
        known = {made_token: "MANAGE-TOKEN", there.reference: "BPT-REFERENCE", there.other_reference: "BPT-OTHER"}
    lines = [f"## {name}", "", "```http", f"{method} /api/v1{path}"]
    lines += [f"{header}: {value}" for header, value in headers.items()]
    lines += [] if body is None else ["", json.dumps(body, indent=2, ensure_ascii=False)]
    lines += ["```", "", "```http", f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"]
    lines += [f"{header}: {answer[header]}" for header in SHOWN if header in answer]
    lines += ["", json.dumps(told, indent=2, ensure_ascii=False), "```", ""]
    return even("\n".join(lines), there, known)


def test_the_answers_are_those_in_the_docs() -> None:
    there = made()
    text = "\n".join([HEAD, *(exchange(*one, there) for one in asked(there))])
    if os.environ.get("TOUR_RECORD"):
        FILE.write_text(text, encoding="utf-8")

    assert FILE.read_text(encoding="utf-8") == text


def test_one_reference_tells_one_story() -> None:
    """Who is registered, for what and at which price is the same wherever the reference stands."""
    told = {}
    for part in FILE.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, _line, rest = part.partition("\n")
        told[name] = json.loads(re.findall(r"\n\n(\{.*?\n\})\n```", rest, re.DOTALL)[-1])
    made, read = told["Registering"], told["Reading a registration"]

    assert made["reference"] == read["reference"] == "BPT-REFERENCE"
    assert read == {name: made[name] for name in read}
