"""The fifteen capabilities of the content API, each by its proof over real HTTP, against the running demonstration."""

import http.client
import json
import subprocess
import sys
import urllib.parse
import urllib.request
from typing import Any

import pytest
from django.conf import settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.cms.outgoing.receiver import listening
from tests.stories.conftest import until

API = "/api/v1"
TOKENS = """
import json
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from cms.actions.api_tokens import create_token
now = timezone.now()
def made(login, *scopes, at=now, days=1):
    person = get_user_model().objects.get(username=login)
    return create_token(user=person, name=login, scopes=scopes, expires_at=at + timedelta(days=days), by=None, at=at)[1]
every = ("read", "drafts", "write", "workflow")
print("SAID", json.dumps({
    "admin": made("admin", *every), "editor": made("editor", *every), "reviewer": made("reviewer", *every),
    "read": made("editor", "read"), "expired": made("editor", "read", at=now - timedelta(days=2)),
}))
"""
OLD_PREVIEW = """
import json, time
from unittest.mock import patch
from cms.headless.preview import token_of
from cms.models import UnsavedPage
with patch("time.time", return_value=time.time() - 3700):
    print("SAID", json.dumps(token_of(UnsavedPage.objects.latest("kept_at"))))
"""

WEBHOOK = """
import json
from cms.models import WebhookEndpoint
made = WebhookEndpoint.objects.create(url="ADDRESS", kinds=["page.published"], description="Proef")
print("SAID", json.dumps(made.secret))
"""
LOGGED = """
import json
from cms.models import WebhookAttempt
told = WebhookAttempt.objects.filter(delivery__endpoint__description="Proef")
print("SAID", json.dumps(list(told.values_list("status", "problem"))))
"""


def said(site: Any, code: str) -> Any:
    """What this says, run beside the demonstration on its own database."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=settings.BASE_DIR,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.partition("SAID ")[2])


class Answer:
    """What came back: status, headers, JSON."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.raw = response.status, response.headers, response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@pytest.fixture(scope="module")
def tokens(site: Any) -> dict[str, str]:
    return said(site, TOKENS)


@pytest.fixture
def ask(site: Any, tokens: dict[str, str]) -> Any:
    """`ask("GET", "/pages/", who="editor")`, over a connection of its own."""

    def asked(
        method: str, path: str, body: Any = None, who: str = "", source: str = "127.0.0.1", **headers: str
    ) -> Answer:
        host = urllib.parse.urlsplit(site.url).netloc
        connection = http.client.HTTPConnection(host, timeout=60, source_address=(source, 0))
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            sent["Authorization"] = f"Bearer {tokens[who]}"
        data = None if body is None else json.dumps(body)
        if data is not None:
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, path if path.startswith("/nl/") else f"{API}{path}", data, sent)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    return asked


def path_of(url: str) -> str:
    return urllib.parse.urlsplit(url).path


@pytest.fixture
def venlo(ask: Any) -> Any:
    return ask("GET", "/resolve/?path=/nl/cases/stadskantoor-venlo/").json["page"]


def new_page(ask: Any, parent: int, title: str) -> Any:
    """A draft of the editor's below this page."""
    text = [{"type": "text", "value": "<p>Tekst.</p>"}]
    content = {"title": title, "intro": "Kort.", "search_description": "Kort gezegd.", "body": text}
    made = ask("POST", "/pages/", {"type": "cms.StandardPage", "parent": parent, "content": content}, "editor")
    assert made.status == 201, made.raw
    return made.json


def step(ask: Any, page: int, name: str, who: str = "admin") -> Any:
    return ask("POST", f"/pages/{page}/workflow/{name}/", {}, who)


@pytest.fixture
def home(ask: Any) -> int:
    return ask("GET", "/navigation/?locale=nl").json["home"]["id"]


def test_1_a_list_has_chosen_fields_renditions_and_titles_of_what_it_refers_to(ask: Any) -> None:
    """At a constant number of queries: tests/cases/test_case_content_api.py counts them for 1, 3 and 20."""
    fields = "title,images(fill-300x200),lessons,parent,translations"
    told = ask("GET", f"/cases/?locale=nl&limit=3&fields={fields}").json

    assert len(told["items"]) == 3
    for item in told["items"]:
        assert set(item) == {"id", "type", "title", "images", "lessons", "parent", "translations"}
        assert item["parent"]["title"]
        assert [one["locale"] for one in item["translations"]] == ["en"]
    rendition = next(item["images"] for item in told["items"] if item["images"])
    assert "fill-300x200" in json.dumps(rendition)


def test_2_components_come_on_request(ask: Any, venlo: Any) -> None:
    names = "breadcrumbs,navigation,translations,workflow,actions"
    page = ask("GET", f"/pages/{venlo['id']}/?expand={names}", who="editor").json

    assert len(page["components"]["translations"]["items"]) == 2
    assert {name for name, told in page["components"].items() if isinstance(told, dict)} == set(names.split(","))
    for name in names.split(","):
        assert ask("GET", f"/pages/{venlo['id']}/{name}/", who="editor").json == page["components"][name]


def test_3_any_public_address_is_resolved_dutch_ones_too(ask: Any) -> None:
    assert ask("GET", "/resolve?path=/nl/cases/stadskantoor-venlo/").json["page"]["locale"] == "nl"
    assert ask("GET", "/resolve?path=/en/cases/venlo-city-hall/").json["page"]["locale"] == "en"
    assert ask("GET", "/resolve?path=/nl/er-niet/").status == 404


def test_4_the_address_of_the_page_itself_answers_json(ask: Any, venlo: Any) -> None:
    path = path_of(venlo["html_url"])
    as_data, as_page = ask("GET", path, Accept="application/json"), ask("GET", path, Accept="text/html,*/*;q=0.8")

    assert as_data.json["id"] == venlo["id"]
    assert "Accept" in as_data.headers["Vary"]
    assert as_page.headers["Content-Type"].startswith("text/html")


def test_5_a_parent_nobody_may_see_is_not_told(ask: Any, home: int) -> None:
    parent = new_page(ask, home, "Alleen voor ons")
    assert step(ask, parent["id"], "publish").status == 200
    child = new_page(ask, parent["id"], "Voor iedereen")
    assert step(ask, child["id"], "publish").status == 200
    assert ask("GET", f"/pages/{child['id']}/").json["parent"]["title"] == "Alleen voor ons"

    assert step(ask, parent["id"], "unpublish").status == 200

    shown = ask("GET", f"/pages/{child['id']}/")
    assert (shown.status, shown.json["parent"]) == (200, None)
    assert b"Alleen voor ons" not in shown.raw


def test_6_tokens_are_scoped_and_end_and_nobody_asks_without_measure(ask: Any, venlo: Any, home: int) -> None:
    page = {"type": "cms.StandardPage", "parent": home, "content": {"title": "Nee"}}

    assert ask("POST", "/pages/", page, "read").status == 403
    assert ask("GET", f"/pages/{venlo['id']}/", who="expired").status == 401

    # From an address of its own, so that the other proofs are not counted with it.
    statuses = [ask("GET", "/vocabularies/", source="127.0.0.9").status for _time in range(310)]
    assert 429 in statuses
    late = ask("GET", "/vocabularies/", source="127.0.0.9")
    assert late.status == 200 or 1 <= int(late.headers["Retry-After"]) <= 60
    assert ask("GET", "/vocabularies/").status == 200


def test_7_unsaved_edits_are_previewed_and_the_preview_ends(ask: Any, site: Any, home: int) -> None:
    page = new_page(ask, home, "Nog in de maak")
    change = {"content": {"title": "Nog niet bewaard"}}
    made = ask("POST", f"/pages/{page['id']}/preview/", change, "editor").json

    seen = ask("GET", f"/preview/{made['token']}/")
    assert (seen.status, seen.json["title"]) == (200, "Nog niet bewaard")
    assert ask("HEAD", f"/preview/{made['token']}/").headers["Cache-Control"] == "no-store"
    assert ask("GET", f"/preview/{said(site, OLD_PREVIEW)}/").status == 403
    assert ask("GET", f"/pages/{page['id']}/draft/", who="editor").json["title"] == "Nog in de maak"


def test_8_a_page_goes_through_review_over_http(ask: Any) -> None:
    """A case: what stands below the overview of cases goes past the reviewers."""
    page = ask("GET", "/resolve/?path=/nl/cases/licht-als-dienst-kortrijk/").json["page"]["id"]

    def transitions(who: str) -> set[str]:
        return set(ask("GET", f"/pages/{page}/workflow/", who=who).json["transitions"])

    assert "submit" in transitions("editor")
    assert not {"approve", "reject"} & transitions("editor")
    assert step(ask, page, "submit", "editor").status == 200
    assert {"approve", "reject"} <= transitions("reviewer")
    assert step(ask, page, "approve", "reviewer").status == 200
    assert transitions("reviewer") & {"approve", "reject"} == set()
    assert ask("GET", f"/pages/{page}/workflow/").json["state"] == "live"


def test_9_questions_are_strict_and_have_operators_and_facets(ask: Any) -> None:
    assert ask("GET", "/cases/?bogus=1").status == 422
    every = ask("GET", "/events/?when=all&limit=100").json["items"]
    day = sorted(one["starts_at"] for one in every)[len(every) // 2][:10]
    late = {one["id"] for one in every if one["starts_at"][:10] >= day and one["city"] in {"Gent", "Leuven"}}
    asked = ask("GET", f"/events/?starts_at__gte={day}&city__in=Gent,Leuven&when=all&limit=100").json["items"]
    assert 0 < len(late) < len(every)
    assert {one["id"] for one in asked} == late

    counted = ask("GET", "/cases/?facets=phase,strategy").json["facets"]
    assert [one["name"] for one in counted] == ["phase", "strategy"]
    for one in counted:
        most = max(one["options"], key=lambda option: option["count"])
        assert most["count"] == ask("GET", f"/cases/?{one['name']}={most['value']}").json["total"] > 0


def test_10_reads_are_conditional_and_writes_are_safe(ask: Any, venlo: Any, home: int) -> None:
    path = f"/pages/{venlo['id']}/"
    etag = ask("GET", path).headers["ETag"]
    assert ask("HEAD", path, If_None_Match=etag).status == 304

    page = new_page(ask, home, "Samen geschreven")
    first = ask("GET", f"/pages/{page['id']}/draft/", who="editor").headers["ETag"]
    change = {"content": {"intro": "Van de eerste."}}
    assert ask("PATCH", f"/pages/{page['id']}/", change, "editor").status == 428
    assert ask("PATCH", f"/pages/{page['id']}/", change, "editor", If_Match=first).status == 200
    assert ask("PATCH", f"/pages/{page['id']}/", change, "admin", If_Match=first).status == 412


def test_11_the_contract_is_valid_and_the_one_that_was_committed(ask: Any) -> None:
    served = ask("GET", "/openapi.json").json

    assert [error.message for error in OpenAPIV31SpecValidator(served).iter_errors()] == []
    kept = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert served == kept


def test_12_a_translation_is_not_written_over(ask: Any, home: int) -> None:
    page = new_page(ask, home, "Te vertalen")["id"]
    assert step(ask, page, "publish").status == 200
    twin = ask("POST", f"/pages/{page}/translations/", {"locale": "en"}, "editor").json["id"]

    refused = ask("PATCH", f"/pages/{twin}/", {"content": {"title": "Lost"}}, "editor", If_Match="*")
    assert refused.status == 409
    assert refused.headers["Link"] == f'</api/v1/pages/{twin}/texts/>; rel="edit"'
    texts = ask("GET", f"/pages/{twin}/texts/", who="editor").json["items"]
    given = {str(one["id"]): "to-translate" if one["source"] == "te-vertalen" else "In English." for one in texts}
    assert ask("PATCH", f"/pages/{twin}/texts/", {"texts": given}, "editor").status == 200
    assert step(ask, twin, "publish").status == 200
    assert ask("GET", f"/pages/{twin}/").json["title"] == "In English."
    again = ask("GET", f"/pages/{page}/draft/", who="editor").headers["ETag"]
    assert ask("PATCH", f"/pages/{page}/", {"content": {"intro": "Anders."}}, "editor", If_Match=again).status == 200
    assert step(ask, page, "publish").status == 200
    assert ask("GET", f"/pages/{twin}/").json["title"] == "In English."


def test_13_words_menus_and_facts_of_the_site_are_public(ask: Any) -> None:
    phases = ask("GET", "/vocabularies/phase/?locale=nl")
    assert (phases.status, phases.json["locale"]) == (200, "nl")
    assert phases.json["items"] != ask("GET", "/vocabularies/phase/?locale=en").json["items"]
    assert ask("GET", "/navigation/?locale=nl").json["menu"]
    assert ask("GET", "/settings/?locale=en").status == 200


def test_14_what_would_break_is_told_before_it_goes(ask: Any, home: int) -> None:
    target = new_page(ask, home, "Waar het naartoe leidt")["id"]
    assert step(ask, target, "publish").status == 200
    source = new_page(ask, home, "Waar het vandaan komt")["id"]
    link = [{"type": "text", "value": f'<p><a linktype="page" id="{target}">Daarheen</a></p>'}]
    assert ask("PATCH", f"/pages/{source}/", {"content": {"body": link}}, "editor", If_Match="*").status == 200
    assert step(ask, source, "publish").status == 200

    # Wagtail notes which page leads where in a task of the worker.
    until(lambda: ask("GET", f"/pages/{target}/link-integrity/").json["breaches"])
    told = ask("GET", f"/pages/{target}/link-integrity/").json
    assert [one["page"]["id"] for one in told["breaches"]] == [source]

    # Its old address goes on leading to it when it has another.
    change = {"content": {"slug": "waar-het-nu-staat"}}
    assert ask("PATCH", f"/pages/{target}/", change, "editor", If_Match="*").status == 200
    assert step(ask, target, "publish").status == 200
    kept = {one["old_path"]: path_of(one["redirect_to"]) for one in ask("GET", "/redirects/?limit=100").json["items"]}
    assert kept["/nl/waar-het-naartoe-leidt"] == "/nl/waar-het-nu-staat/"
    assert ask("GET", "/resolve/?path=/nl/waar-het-naartoe-leidt/").json["kind"] == "redirect"


def test_15_what_happens_is_told_to_a_receiver_signed_and_logged(ask: Any, site: Any, home: int) -> None:
    """That a receiver which was killed is told when it is back: tests/cms/outgoing/test_retrying.py."""
    with listening() as receiver:
        secret = said(site, WEBHOOK.replace("ADDRESS", receiver.url))
        page = new_page(ask, home, "Aan te kondigen")["id"]
        assert step(ask, page, "publish").status == 200

        def heard() -> list[tuple[dict[str, str], bytes]]:
            return [(headers, body) for headers, body in receiver.heard if json.loads(body)["data"]["id"] == page]

        [(headers, body)] = until(heard, 60)
        assert Webhook(secret).verify(body, headers)["type"] == "page.published"
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body.replace(b"published", b"forgotten"), headers)
        assert until(lambda: said(site, LOGGED)) == [[204, ""]]
