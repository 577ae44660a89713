"""The feed of the cases, read by a library that is not ours."""

import feedparser
import pytest

from cases.models import CaseIndexPage, CasePage
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_the_feed_lists_what_is_public_in_its_language_and_each_entry_is_filed(client):
    page = factories.case_page(title="Stadskantoor & co", strategies=["reuse"])
    CasePage.objects.filter(pk=page.pk).update(first_published_at=NOON, last_published_at=NOON)
    factories.case_page(title="Concept", live=False, both=False)

    feed = feedparser.parse(client.get("/nl/cases/atom.xml").content)

    assert (feed.bozo, feed.version, feed.feed.language) == (False, "atom10", "nl")
    (entry,) = feed.entries
    assert (entry.link, entry.updated) == (page.full_url, "2027-01-12T11:00:00+00:00")
    assert [tag.term for tag in entry.tags] == [*page.product_group_names, *page.strategy_names]
    assert client.get("/nl/cases/").content.decode().count('href="/nl/cases/atom.xml"') == 1
    english = feedparser.parse(client.get("/en/cases/atom.xml").content)
    assert [one.link for one in english.entries] == [page.get_translations().get().specific.full_url]


def test_without_cases_there_is_no_feed(client):
    factories.ground()

    assert client.get("/nl/cases/atom.xml").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_many_queries_for_one_case_as_for_three(client, number, django_assert_num_queries):
    for _case in range(number):
        factories.case_page(both=False)
    client.get("/nl/cases/atom.xml")

    with django_assert_num_queries(5):
        assert len(feedparser.parse(client.get("/nl/cases/atom.xml").content).entries) == number


def test_a_second_index_page_takes_no_feed_away_and_the_admin_makes_none(client):
    page = factories.case_page(both=False)
    index = page.get_parent().specific
    home = index.get_parent().specific
    assert not CaseIndexPage.can_create_at(home)
    second = home.add_child(instance=CaseIndexPage(title="Nog cases", slug="nog-cases", locale=home.locale))

    feed = feedparser.parse(client.get("/nl/cases/atom.xml").content)

    assert (second.live, feed.bozo) == (True, False)
    assert [one.link for one in feed.entries] == [page.full_url]
