"""The page's own address for who wants JSON: always a machine's answer, kept by nobody it is not for."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.models import StandardPage
from tests.cms.headless.asking import caller, problem
from tests.cms.headless.making import API, READING, page, private

pytestmark = READING
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("address", ["/nl/geheim/", "/en/geheim/", "/nl/is-er-niet/", "/is-er-niet/", "/en/onder/"])
def test_what_is_not_there_is_a_404_a_program_can_read(client: Client, address: str) -> None:
    """Private in this language or the other, of no language at all, in the other language only."""
    private(page(slug="geheim", both=False))
    page(slug="onder")

    answer = client.get(address, headers=JSON, follow=True)

    assert problem(answer)[0] == 404
    assert "Accept" in answer["Vary"]


def test_a_page_that_has_another_slug_in_this_language_is_told_where_it_is(client: Client) -> None:
    made = page(slug="onder", both=True)
    english = made.get_translations().get()

    answer = client.get("/en/onder/", headers=JSON)

    assert (answer.status_code, answer["Location"]) == (302, english.get_url())


def test_people_still_get_a_notice(client: Client) -> None:
    page(slug="onder")

    assert client.get("/en/onder/").status_code == 200


def test_what_a_token_opened_is_never_kept(client: Client) -> None:
    """At the page's own address as at the API's."""
    hidden = private(page(slug="geheim"))
    token = caller("Editors").headers

    for address in ("/nl/geheim/", f"{API}/pages/{hidden.pk}/"):
        answer = client.get(address, headers=JSON | token)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store"), address
        assert {"Authorization"} <= {name.strip() for name in answer["Vary"].split(",")}, address
    assert client.get("/nl/geheim/", headers=JSON)["Cache-Control"] == "private, no-store"
    assert client.get("/nl/geheim/", headers=JSON | {"Authorization": "Bearer tour_x"})["Cache-Control"] == (
        "private, no-store"
    )


def test_nor_is_a_public_page_that_was_asked_with_one(client: Client) -> None:
    made = page(slug="open")
    token = caller("Editors").headers

    for address in (made.url, f"{API}/pages/{made.pk}/", f"{API}/pages/", f"{API}/navigation/", f"{API}/settings/"):
        assert "public" not in client.get(address, headers=JSON | token)["Cache-Control"], address
        assert client.get(address, headers=JSON)["Cache-Control"] != "private, no-store", address


@pytest.mark.parametrize("address", ["{url}?version=draft", API + "/resolve/?path={url}&version=draft"])
def test_a_draft_is_asked_where_drafts_are_told(client: Client, address: str) -> None:
    made = page(slug="open")

    answer = client.get(address.format(url=made.url), headers=JSON | caller("Editors").headers)

    assert problem(answer) == (422, "about:blank", [(["query", "version"], "extra_forbidden")])


def routed() -> dict[str, Any]:
    """As a RoutablePage answers: for itself, and for the years below it, with views of its own."""

    def route(self: Page, request: Any, components: list[str]) -> RouteResult:
        return RouteResult(self, args=self.resolve_subpage("/".join(["", *components, ""])))

    def resolve_subpage(self: Page, path: str) -> Any:
        return (str.upper, (), {"year": path.strip("/")}) if path.strip("/") else (str.lower, (), {})

    return {"route": route, "resolve_subpage": resolve_subpage}


def test_a_page_with_routes_of_its_own_tells_itself_and_leaves_its_routes_to_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = page(slug="jaren")
    answered: list[Any] = []

    def serve(self: Page, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        answered.append(kwargs)
        return Page.serve(self, request)

    for name, one in (routed() | {"serve": serve}).items():
        monkeypatch.setattr(StandardPage, name, one, raising=False)

    itself = client.get("/nl/jaren/", headers=JSON)
    assert (itself.status_code, itself.json()["id"]) == (200, made.pk)
    below = client.get("/nl/jaren/2026/", headers=JSON)
    assert (below["Content-Type"], answered) == ("text/html; charset=utf-8", [{"year": "2026"}])
    resolved = client.get(f"{API}/resolve/?path=/nl/jaren/2026/").json()
    assert (resolved["kind"], resolved["page"]["id"], resolved["arguments"]) == ("page", made.pk, {"year": "2026"})
    assert client.get(f"{API}/resolve/?path=/nl/jaren/").json()["arguments"] == {}
