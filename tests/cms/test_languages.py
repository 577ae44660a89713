"""Two languages, one site: the same page in the other language, and a notice where it is missing."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale

from cms.models import StandardPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.ground()


def standard(home, slug="over", **facts):
    return home.add_child(instance=StandardPage(title="Over", slug=slug, locale=home.locale, intro="Kort.", **facts))


def test_the_root_goes_to_the_readers_language_and_to_dutch_by_default(client, home):
    assert client.get("/")["Location"] == "/nl/"
    assert client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"})["Location"] == "/en/"


def test_the_switch_leads_to_the_same_page_and_both_name_each_other(client, home):
    page = standard(home)
    twin = factories.english(page, title="About", slug="about")

    dutch, english = client.get("/nl/over/").content.decode(), client.get("/en/about/").content.decode()

    assert '<html lang="nl">' in dutch and '<html lang="en">' in english
    assert f'<a href="{twin.get_url()}" lang="en" hreflang="en">English</a>' in dutch
    assert f'<a href="{page.get_url()}" lang="nl" hreflang="nl">Nederlands</a>' in english
    pairs = [
        '<link rel="alternate" hreflang="nl" href="http://testserver/nl/over/">',
        '<link rel="alternate" hreflang="en" href="http://testserver/en/about/">',
        '<link rel="alternate" hreflang="x-default" href="http://testserver/nl/over/">',
    ]
    assert [pair in dutch for pair in pairs] == [pair in english for pair in pairs] == [True] * 3


def test_a_page_missing_in_a_language_is_met_with_a_notice_and_no_hreflang(client, home):
    page = standard(home)
    with override("en"):
        notice_url = reverse("cms:not_translated", args=[page.pk])

    dutch = client.get("/nl/over/").content.decode()
    notice = client.get(notice_url)

    assert f'href="{notice_url}" lang="en"' in dutch
    assert 'hreflang="en" href="http' not in dutch
    assert (notice.status_code, notice["X-Robots-Tag"]) == (200, "noindex")
    assert "This page is not available in English yet" in notice.content.decode()
    assert 'href="/nl/over/"' in notice.content.decode()


def test_an_address_typed_in_the_wrong_language_finds_the_page_or_the_notice(client, home):
    page = standard(home)
    assert "This page is not available in English yet" in client.get("/en/over/").content.decode()

    factories.english(page, title="About", slug="about")
    assert client.get("/en/over/")["Location"] == "/en/about/"


def test_a_draft_or_private_page_is_not_given_away_by_the_notice(client, home):
    page = standard(home)
    page.unpublish()

    assert client.get("/en/over/").status_code == 404
    with override("en"):
        assert client.get(reverse("cms:not_translated", args=[page.pk])).status_code == 404


def test_an_address_nobody_knows_is_a_404_in_the_readers_language(client, home):
    answer = client.get("/en/nothing/")

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "question", "found"),
    [("nl", "aankopers", True), ("nl", "purchasers", False), ("en", "purchaser", True), ("en", "aankoper", False)],
)
def test_search_stems_in_the_readers_language(client, home, language, question, found):
    page = standard(home)
    page.intro = "Voor elke aankoper met vragen."
    page.save_revision().publish()
    factories.english(page, title="About", slug="about", intro="For all purchasers with questions.")
    with override(language):
        url = reverse("cms:search")

    text = client.get(url, {"q": question}).content.decode()

    assert ('<h2><a href="/nl/over/">' in text or '<h2><a href="/en/about/">' in text) is found


@pytest.mark.parametrize("question", ["", "   ", "' OR 1=1", "a" * 5_000, "&|!():*", "é" * 300])
def test_search_takes_whatever_is_typed(client, home, question):
    with override("nl"):
        assert client.get(reverse("cms:search"), {"q": question, "page": "x"}).status_code == 200


def test_locales_are_the_two_of_the_site(home):
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"nl", "en"}
