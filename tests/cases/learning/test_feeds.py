"""Signed-off cases and lessons as JSON Feed 1.1, held against the published rules by jsonschema."""

import json
from pathlib import Path

import feedparser
import jsonschema
import pytest

from cases.models import CasePage
from tests import factories
from tests.cases.learning.courses import signed_off_case

pytestmark = pytest.mark.django_db

RULES = json.loads(Path(__file__).with_name("jsonfeed-1.1.schema.json").read_text())
FEEDS = ["/nl/cases/feed.json", "/nl/cases/lessons/feed.json"]


def read(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/feed+json")
    told = answer.json()
    jsonschema.validate(told, RULES, format_checker=jsonschema.FormatChecker())
    assert len({item["id"] for item in told["items"]}) == len(told["items"])
    return told


def test_a_case_stands_in_the_feed_of_its_language_with_licence_and_sources(client):
    case = signed_off_case(both=True)

    dutch, english = read(client, "/nl/cases/feed.json"), read(client, "/en/cases/feed.json")

    (item,) = dutch["items"]
    assert (dutch["language"], english["language"]) == ("nl", "en")
    assert dutch["feed_url"].endswith("/nl/cases/feed.json")
    assert (item["title"], item["url"], item["summary"]) == (case.title, case.full_url, "Kort.")
    assert "Waarom, met" in item["content_html"] and "Met waarborg." in item["content_html"]
    assert item["_tour"] == {
        "case": case.title,
        "licence": "cc-by-4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "attribution": f"{case.title}. Best Practice Tour. {case.full_url}",
        "checked_on": "2027-01-12",
        "sources": [{"name": "Een rapport", "url": "https://example.org/rapport"}],
    }
    assert [one["title"] for one in english["items"]] == ["City hall"]


def test_each_lesson_has_its_own_address_and_phase(client):
    case = signed_off_case()

    (item,) = read(client, "/nl/cases/lessons/feed.json")["items"]

    assert (item["title"], item["tags"]) == ("Vraag restwaarde", ["Gunning en contract"])
    assert item["url"] == f"{case.full_url}#{case.lessons.get().anchor}"
    assert "Vaag blijven." in item["content_html"] and item["_tour"]["case"] == case.title


def test_only_what_is_signed_off_stands_in_a_feed(client):
    signed_off_case(licence="reserved")
    signed_off_case(checked_on=None)
    factories.case_page(both=False, live=False, licence="cc-by-4.0")
    given = signed_off_case(items=0, licence="cc0-1.0")

    assert [item["url"] for item in read(client, FEEDS[0])["items"]] == [given.full_url]


def test_a_language_without_cases_has_no_feed(client):
    factories.ground()

    assert [client.get(address).status_code for address in FEEDS] == [404, 404]


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize("number", [1, 3])
def test_a_feed_takes_a_constant_number_of_queries(client, address, number, django_assert_num_queries):
    for _case in range(number):
        signed_off_case()
    client.get(address)

    with django_assert_num_queries(11):  # one of them: which site is asked
        client.get(address)


def test_the_lessons_as_atom_say_what_the_json_feed_says(client):
    """Read by feedparser: title, phase, address, text, rights, and an identity of its own per language."""
    case = signed_off_case(both=True)

    dutch, english = (feedparser.parse(client.get(f"/{code}/cases/lessons/atom.xml").content) for code in ("nl", "en"))

    assert (dutch.bozo, dutch.version, dutch.feed.language) == (False, "atom10", "nl")
    (entry,) = dutch.entries
    (item,) = read(client, FEEDS[1])["items"]
    assert (entry.title, entry.link, [tag.term for tag in entry.tags]) == (item["title"], item["url"], item["tags"])
    assert "Vaag blijven." in entry.summary
    assert entry.rights == f"{item['_tour']['attribution']} https://creativecommons.org/licenses/by/4.0/"
    assert entry.id not in [one.id for one in english.entries] and dutch.feed.id != english.feed.id
    assert client.get("/nl/cases/").content.decode().count('href="/nl/cases/lessons/atom.xml"') == 1
    CasePage.objects.filter(pk=case.pk).update(checked_on=None)
    assert feedparser.parse(client.get("/nl/cases/lessons/atom.xml").content).entries == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_lessons_take_as_many_queries_for_one_case_as_for_three(client, number, django_assert_num_queries):
    for _case in range(number):
        signed_off_case()
    client.get("/nl/cases/lessons/atom.xml")

    with django_assert_num_queries(11):
        assert len(feedparser.parse(client.get("/nl/cases/lessons/atom.xml").content).entries) == number
