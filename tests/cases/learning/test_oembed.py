"""oEmbed 1.0: a link to a case becomes a card, in JSON or XML, and only the card may stand in a frame."""

from urllib.parse import quote

import pytest
from lxml import etree
from lxml import html as lxml_html

from tests.cases.learning.courses import signed_off_case

pytestmark = pytest.mark.django_db

#: What oEmbed 1.0 asks of every answer of the type "rich", section 2.3.4.
ASKED_OF_RICH = {"type", "version", "html", "width", "height"}


def ask(client, url, **more):
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in {"url": url, **more}.items())
    return client.get(f"/api/v1/oembed/?{query}")


def frame_of(told):
    (frame,) = lxml_html.fragments_fromstring(told["html"])
    return frame


def path_of(frame):
    return "/" + frame.get("src").split("/", 3)[3]


def test_the_page_names_both_addresses_and_they_answer(client):
    case = signed_off_case()
    page = lxml_html.document_fromstring(client.get(case.url).content)

    found = {link.get("type"): link.get("href") for link in page.xpath("//link[contains(@type, 'oembed')]")}

    assert set(found) == {"application/json+oembed", "text/xml+oembed"}
    told = client.get("/" + found["application/json+oembed"].split("/", 3)[3])
    assert told["Content-Type"] == "application/json"
    assert told.json()["title"] == case.title and set(told.json()) >= ASKED_OF_RICH
    xml = client.get("/" + found["text/xml+oembed"].split("/", 3)[3])
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    tree = etree.fromstring(xml.content)
    assert tree.tag == "oembed"
    assert {node.tag: node.text for node in tree} == {name: str(value) for name, value in told.json().items()}


def test_the_answer_is_a_frame_no_wider_than_was_asked(client):
    case = signed_off_case()

    usual, narrow = ask(client, case.full_url).json(), ask(client, case.full_url, maxwidth=300, maxheight=200).json()
    wide = ask(client, case.full_url, maxwidth=5000).json()

    assert (usual["type"], usual["version"], usual["width"], usual["height"]) == ("rich", "1.0", 600, 320)
    assert (narrow["width"], narrow["height"]) == (300, 200)
    assert (wide["width"], wide["height"]) == (600, 320)
    frame = frame_of(narrow)
    assert (frame.tag, frame.get("width"), frame.get("height"), frame.get("title")) == (
        *("iframe", "300", "200"),
        case.title,
    )


def test_a_link_to_a_lesson_becomes_the_card_of_that_lesson(client):
    case = signed_off_case()
    anchor = case.lessons.get().anchor

    told = ask(client, f"{case.full_url}#{anchor}").json()

    assert told["title"] == "Vraag restwaarde"
    card = client.get(path_of(frame_of(told))).content.decode()
    assert "Met waarborg." in card and f'href="{case.full_url}#{anchor}"' in card
    assert client.get(f"/nl/card/cases/{case.pk}/lesson-00000000/").status_code == 404


def test_only_the_card_may_stand_in_a_frame_of_somebody_else_and_it_asks_nothing_elsewhere(client):
    case = signed_off_case()

    card, page = client.get(f"/nl/card/cases/{case.pk}/"), client.get(case.url)

    assert "X-Frame-Options" not in card and page["X-Frame-Options"] == "SAMEORIGIN"
    policies = [
        dict(rule.strip().split(" ", 1) for rule in one["Content-Security-Policy"].split(";")) for one in (card, page)
    ]
    assert policies[0].pop("frame-ancestors") == "*" and policies[1].pop("frame-ancestors") == "'self'"
    assert policies[0] == policies[1]
    tree = lxml_html.document_fromstring(card.content)
    assert tree.xpath("//script | //style | //iframe | //form") == []
    assert all(address.startswith("/static/") for address in tree.xpath("//@src | //link[@rel='stylesheet']/@href"))
    assert tree.xpath("//h1/text()") == [case.title]


def test_a_character_that_xml_cannot_hold_is_left_out_and_no_other(client):
    case = signed_off_case(title="18\u00a0% \x02rest😀")

    xml = etree.fromstring(ask(client, case.full_url, format="xml").content)

    assert xml.findtext("title") == "18\u00a0% rest😀"


@pytest.mark.parametrize("address", ["{url}niets/", "https://example.org/nl/cases/x/", "niets", "http://[", "/nl/", ""])
def test_an_unknown_or_foreign_address_is_not_found(client, address):
    case = signed_off_case()

    answer = ask(client, address.format(url=case.full_url))

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_case_that_is_not_signed_off_has_no_card(client):
    case = signed_off_case(licence="reserved")

    assert ask(client, case.full_url).status_code == 404
    assert client.get(f"/nl/card/cases/{case.pk}/").status_code == 404
    assert b"oembed" not in client.get(case.url).content


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"format": "yaml"}, 501),
        ({"maxwidth": 0}, 422),
        ({"maxwidth": "x"}, 422),
        ({"width": 3}, 422),
        ({"dnt": 1}, 200),
    ],
)
def test_what_cannot_be_answered_is_said(client, more, status):
    assert ask(client, signed_off_case().full_url, **more).status_code == status


def test_without_an_address_the_field_is_named(client):
    answer = client.get("/api/v1/oembed/")

    assert answer.status_code == 422 and answer.json()["errors"][0]["loc"] == ["query", "url"]


def test_an_answer_takes_a_constant_number_of_queries(client, django_assert_num_queries):
    case = signed_off_case()
    ask(client, case.full_url)

    with django_assert_num_queries(9):
        ask(client, case.full_url)
