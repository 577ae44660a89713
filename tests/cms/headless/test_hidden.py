"""Capability 5: what a reader may not see is nowhere in any answer, whatever refers to it."""

import json
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex

from cms.models import OrganiserSettings, StandardPage
from tests import factories
from tests.cms.headless.making import API, READING, document, image, page, private, private_collection

pytestmark = READING
SECRET = "Geheim"


def everything(client: Client, made: Page) -> str:
    """Every answer in which a page could stand, as one text."""
    number = made.pk
    addresses = [
        f"{API}/pages/?fields=*&limit=100",
        f"{API}/pages/?type=cms.StandardPage&fields=*&facets=type,locale",
        f"{API}/pages/{number}/",
        f"{API}/pages/{number}/?expand=breadcrumbs,navigation,translations,children,link-integrity",
        f"{API}/resolve/?path={made.get_url()}&expand=breadcrumbs",
        f"{API}/navigation/",
        f"{API}/settings/",
        f"{API}/redirects/",
    ]
    told = [client.get(address) for address in addresses]
    told.append(client.get(made.get_url(), headers={"Accept": "application/json"}))
    assert {answer.status_code for answer in told} == {200}
    return "\n".join(answer.content.decode() for answer in told)


def secret_of(state: str) -> StandardPage:
    hidden = page(title=SECRET, slug="geheim", show_in_menus=True, in_footer=True)
    if state == "private":
        private(hidden)
    elif state == "below a private page":
        private(above := page(title=f"{SECRET} erboven", slug="geheim-boven"))
        hidden.move(above, "last-child")
    else:
        hidden.unpublish()
    return StandardPage.objects.get(pk=hidden.pk)


STATES = ["private", "below a private page", "unpublished"]


@pytest.mark.parametrize("state", STATES)
def test_a_hidden_page_is_in_no_answer_about_what_refers_to_it(client: Client, state: str) -> None:
    hidden = secret_of(state)
    link = f'<p>Zie <a linktype="page" id="{hidden.pk}">dit blad</a> en <a linktype="page" id="999999">dat</a>.</p>'
    made = page(title="Open", body=[("text", link)])
    StandardPage.objects.filter(pk=hidden.pk).update(body=f'[{{"type": "text", "value": "<p>{SECRET}</p>"}}]')
    Redirect.objects.create(old_path="/nl/oud-geheim", redirect_page=hidden, is_permanent=True)
    organiser = OrganiserSettings.load()
    organiser.terms_page = hidden
    organiser.save()

    told = everything(client, made)

    assert SECRET.lower() not in told.lower()
    assert (
        "<p>Zie dit blad en dat.</p>" in json.loads(client.get(f"{API}/pages/{made.pk}/").content)["body"][0]["value"]
    )
    assert client.get(f"{API}/settings/").json()["terms_page"] is None


@pytest.mark.parametrize("state", STATES)
def test_the_parent_of_an_open_page_is_null_when_it_is_hidden(client: Client, state: str) -> None:
    """B4: Wagtail's API v3 tells the title and the address of an unpublished parent."""
    hidden = page(title=SECRET, slug="geheim")
    made = page(title="Open", under=hidden)
    if state == "unpublished":
        StandardPage.objects.filter(pk=hidden.pk).update(live=False)
        told = everything(client, made).lower()
        assert SECRET.lower() not in told.replace(made.full_url.lower(), "")
        assert client.get(f"{API}/pages/{made.pk}/").json()["parent"] is None
        assert [one["id"] for one in client.get(f"{API}/pages/{made.pk}/breadcrumbs/").json()["items"]] == [
            factories.ground().pk
        ]
    else:
        # What stands below a private page is private too.
        private(hidden)
        assert client.get(f"{API}/pages/{made.pk}/").status_code == 404


@pytest.mark.parametrize("state", ["private", "unpublished"])
def test_a_hidden_translation_is_not_told(client: Client, state: str) -> None:
    made = page(title="Open", both=True)
    twin = made.get_translations().get()
    Page.objects.filter(pk=twin.pk).update(title=SECRET, slug="geheim")
    private(twin) if state == "private" else Page.objects.filter(pk=twin.pk).update(live=False)

    told = everything(client, made)

    assert SECRET.lower() not in told.lower()
    assert client.get(f"{API}/pages/{made.pk}/").json()["translations"] == []
    assert len(client.get(f"{API}/pages/{made.pk}/translations/").json()["items"]) == 1


def test_an_alias_says_nothing_of_the_page_it_shows(client: Client) -> None:
    """B5."""
    source = page(title="Bron", slug="bron-geheim")
    alias = source.create_alias(parent=factories.ground(), update_slug="spiegel")
    private(source)

    told = everything(client, Page.objects.get(pk=alias.pk))

    assert "geheim" not in told


def test_what_a_hidden_page_refers_to_does_not_say_so(client: Client) -> None:
    made = page(title="Open")
    hidden = page(title=SECRET, body=[("text", f'<p><a linktype="page" id="{made.pk}">open</a></p>')])
    ReferenceIndex.create_or_update_for_object(hidden)
    assert client.get(f"{API}/pages/{made.pk}/link-integrity/").json()["breaches"][0]["page"]["title"] == SECRET
    private(hidden)

    assert client.get(f"{API}/pages/{made.pk}/link-integrity/").json()["breaches"] == []


def test_images_and_documents_of_private_collections_are_not_there(client: Client) -> None:
    inside = private_collection()
    picture, paper = image(SECRET, inside), document(SECRET, inside)
    open_picture = image("Open")
    text = (
        f'<p><embed embedtype="image" id="{picture.pk}" format="left" alt="x"/>'
        f'<a linktype="document" id="{paper.pk}">het blad</a></p>'
    )
    told = {"alternative": "Iets", "caption": "", "credit": "Wij"}
    made = page(
        body=[
            ("text", text),
            ("image", told | {"image": picture}),
            ("image", told | {"image": open_picture}),
            ("document", paper),
        ]
    )

    answer = client.get(f"{API}/pages/{made.pk}/").json()

    values = [entry["value"] for entry in answer["body"]]
    assert values[0] == "<p>het blad</p>"
    assert [values[1]["image"], values[2]["image"]["title"], values[3]] == [None, "Open", None]
    assert SECRET not in json.dumps(answer)


def test_a_page_outside_the_site_or_its_languages_is_not_there(client: Client) -> None:
    home = factories.ground()
    root = home.get_parent()
    other = root.add_child(instance=StandardPage(title=SECRET, slug="elders", locale=home.locale))

    assert client.get(f"{API}/pages/{other.pk}/").status_code == 404
    assert SECRET not in client.get(f"{API}/pages/?fields=*").content.decode()


def test_rich_text_runs_nothing_and_leads_only_where_it_may(client: Client) -> None:
    paper = document("Blad")
    other = page(title="Ander", slug="ander")
    text = (
        '<h2 onclick="x()">Kop</h2><script>alert(1)</script><p style="color:red">'
        f'<a linktype="page" id="{other.pk}">p</a>'
        f'<a linktype="document" id="{paper.pk}">d</a><a href="javascript:alert(1)">j</a>'
        '<a href=" java\nscript:alert(1)">k</a><a href="/nl/zoeken/">z</a>'
        '<a href="https://example.org/?a=1&amp;b=2">w</a>'
        '<a linktype="page" id="1; drop">q</a></p><iframe src="//x"></iframe><custom>woorden</custom><!-- weg -->'
    )
    made = page(body=[("text", text)])

    told = client.get(f"{API}/pages/{made.pk}/").json()["body"][0]["value"]

    assert told == (
        '<h2>Kop</h2><p><a href="http://testserver/nl/ander/">p</a>'
        f'<a href="http://testserver{paper.url}">d</a>jk<a href="http://testserver/nl/zoeken/">z</a>'
        '<a href="https://example.org/?a=1&amp;b=2">w</a>q</p>woorden'
    )


@pytest.mark.parametrize(
    "stored",
    [
        '[{"type": "image", "value": "x"}]',
        '[{"type": "image", "value": {"image": "1; x"}}]',
        '[{"type": "image", "value": {"image": 99999999999999999999}}]',
        '[{"type": "document", "value": {"a": []}}]',
        '[{"type": "text", "value": {"a": 1}}]',
        '[{"type": "unknown", "value": 1}]',
        "[]",
    ],
)
def test_what_is_stored_wrongly_is_told_as_far_as_it_goes(client: Client, stored: str) -> None:
    made = page()
    StandardPage.objects.filter(pk=made.pk).update(body=stored)

    answer = client.get(f"{API}/pages/{made.pk}/?fields=body")

    assert answer.status_code == 200
    assert [entry["type"] for entry in answer.json()["body"]] in ([], ["image"], ["document"], ["text"])


HOSTILE: list[tuple[str, int]] = [
    ("pages/?title=%00", 400),
    ("pages/?title=%ED%A0%80", 200),
    ("pages/?offset=99999999999999999999", 422),
    ("pages/?offset=-1", 422),
    ("pages/?limit=99999999999999999999", 422),
    ("pages/?child_of=99999999999999999999", 422),
    ("pages/?child_of=2147483647", 422),
    ("pages/?id=99999999999999999999", 422),
    ("pages/?id=999999999999999", 200),
    ("pages/?id__in=999999999999999,1", 200),
    ("pages/?id__gte=999999999999999", 200),
    ("pages/?id__in=,", 422),
    ("pages/?first_published_at__gte=9999-12-31T23:59:59-12:00", 422),
    ("pages/?type=auth.User", 422),
    ("pages/?order=owner__password", 422),
    ("pages/?owner__username=admin", 422),
    ("pages/?fields=owner", 422),
    ("pages/?fields=%00", 400),
    ("pages/?fields=title(", 422),
    ("pages/?search=%00", 400),
    ("vocabularies/%00/", 400),
    ("vocabularies/..%2Fx/", 404),
    ("resolve?path=%00", 400),
    ("resolve?path=/nl/%2500/", 422),
    ("resolve?path=/nl/%25ED%25A0%2580/", 404),
    ("resolve?path=//evil.example/nl/", 422),
    ("resolve?path=https://evil.example/", 422),
    ("resolve?path=http://[", 422),
    ("resolve?path=javascript:alert(1)", 422),
    ("resolve?path=nl", 422),
    ("resolve?path=", 422),
    ("resolve", 422),
    ("resolve?path=/nl/" + "a/" * 600, 422),
    ("resolve?path=/nl/" + "a/" * 400, 404),
    ("resolve?path=/admin/", 404),
    ("redirects/?offset=99999999999999999999", 422),
    ("navigation/?locale=xx", 422),
]


@pytest.mark.parametrize(("address", "status"), HOSTILE)
def test_nothing_a_client_sends_makes_it_fall_over(client: Client, address: str, status: int) -> None:
    page()

    answer = client.get(f"{API}/{address}")

    assert (answer.status_code, "json" in answer["Content-Type"]) == (status, True)


def test_a_head_asks_what_a_get_does(client: Client) -> None:
    made: Any = page()
    address = f"{API}/pages/{made.pk}/"

    head, whole = client.head(address), client.get(address)

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])
    assert head["Content-Length"] == str(len(whole.content))
