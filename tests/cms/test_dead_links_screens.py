"""What an editor sees of links that lead nowhere: on the page's form, on its translation, and in a report of all."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from wagtail.models import GroupPagePermission, Page

from cms.actions.links import read_links
from cms.models import OutsideAddress
from tests import factories
from tests.cms.translated import english_speaking, in_english, standard_page, twin_of

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/dead-links/"


@pytest.fixture(autouse=True)
def in_english_words():
    with override("en"):
        yield


@pytest.fixture
def desk(client):
    client.force_login(english_speaking(factories.user("admin")))
    return client


def dead(url, at, **facts):
    facts = {"verdict": "dead", "status": 404, "tried_at": at, "failing_since": at} | facts
    return OutsideAddress.objects.update_or_create(url=url, defaults=facts)[0]


def page_with(*urls, number=1, at):
    links = "".join(f'<p><a href="{url}">Bron {n}</a></p>' for n, url in enumerate(urls))
    page = standard_page(title=f"Pagina {number}", slug=f"pagina-{number}", text=links)
    read_links(page=page, at=at)
    return page


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def rows(response):
    return [(link.page.title, link.address.url) for link in response.context["object_list"]]


# ------------------------------------------------------------------------------------------------------ the page's form


def test_the_form_says_which_link_is_dead_since_when_and_where_it_stands(desk, at):
    page = page_with("https://example.org/weg", "https://example.org/er", at=at)
    dead("https://example.org/weg", at)

    text = desk.get(edit(page)).content.decode()

    assert 'href="https://example.org/weg" rel="noreferrer"' in text
    assert 'href="https://example.org/er" rel="noreferrer"' not in text
    assert text.count("tour-address") == 1
    assert "Not found (404), since 12 Jan 2027." in " ".join(text.split())
    assert "Where: Text, Text 1" in " ".join(text.split())


def test_a_draft_without_the_link_says_nothing_any_more(desk, at):
    page = page_with("https://example.org/weg", at=at)
    dead("https://example.org/weg", at)
    page.body = [("text", "<p>Zonder.</p>")]
    page.save_revision()

    assert "https://example.org/weg" not in desk.get(edit(page)).content.decode()


@pytest.mark.parametrize("verdict", ["untried", "works", "unsure"])
def test_the_form_says_nothing_of_a_link_that_is_not_known_to_be_dead(desk, at, verdict):
    page = page_with("https://example.org/misschien", at=at)
    dead("https://example.org/misschien", at, verdict=verdict, failing_since=None)

    assert "tour-address" not in desk.get(edit(page)).content.decode()


def test_a_page_with_a_dead_link_can_be_published(desk, at):
    """A dead link elsewhere keeps no text from the public: somebody mends it when they can."""
    page = page_with("https://example.org/weg", at=at)
    dead("https://example.org/weg", at)

    page.save_revision().publish()

    assert Page.objects.get(pk=page.pk).live


def test_the_editor_of_a_translation_says_it_too(desk, at, at_once):
    page = page_with("https://example.org/weg", at=at)
    with at_once():
        in_english(page)
    dead("https://example.org/weg", at)

    text = desk.get(edit(twin_of(page))).content.decode()

    assert 'href="https://example.org/weg" rel="noreferrer"' in text


# ----------------------------------------------------------------------------------------------------------- the report


def test_the_report_lists_page_and_address_the_longest_dead_first(desk, at):
    one = page_with("https://b.example/", "https://a.example/", number=1, at=at)
    page_with("https://b.example/", "https://works.example/", number=2, at=at)
    dead("https://a.example/", at)
    dead("https://b.example/", at - timedelta(days=30), status=None)

    response = desk.get(REPORT)

    assert rows(response) == [
        ("Pagina 1", "https://b.example/"),
        ("Pagina 2", "https://b.example/"),
        ("Pagina 1", "https://a.example/"),
    ]
    text = response.content.decode()
    assert f'href="{edit(one)}"' in text
    assert "Its name is not known" in text
    assert "Not found (404)" in text
    assert "12 Jan 2027" in text


def test_the_report_is_narrowed_by_verdict_language_and_page_type(desk, at, at_once):
    page = page_with("https://a.example/", "https://b.example/", at=at)
    with at_once():
        in_english(page)
    read_links(page=twin_of(page), at=at)
    home = factories.ground()
    home.about = '<p><a href="https://a.example/">x</a></p>'
    home.save()
    read_links(page=home, at=at)
    dead("https://a.example/", at)
    dead("https://b.example/", at, verdict="unsure", status=503, failing_since=None)

    assert rows(desk.get(REPORT)) == [
        (twin_of(page).title, "https://a.example/"),
        ("Pagina 1", "https://a.example/"),
        ("Thuis", "https://a.example/"),
    ]
    assert rows(desk.get(f"{REPORT}?language=en")) == [(twin_of(page).title, "https://a.example/")]
    assert rows(desk.get(f"{REPORT}?verdict=unsure&language=nl")) == [("Pagina 1", "https://b.example/")]
    assert rows(desk.get(f"{REPORT}?content_type={home.content_type_id}")) == [("Thuis", "https://a.example/")]


def test_a_page_that_is_not_live_is_not_in_the_report(desk, at):
    page = page_with("https://a.example/", at=at)
    dead("https://a.example/", at)
    page.unpublish()

    assert rows(desk.get(REPORT)) == []


def test_an_editor_sees_the_pages_that_are_theirs_and_finance_sees_no_report(client, at):
    page_with("https://a.example/", at=at)
    dead("https://a.example/", at)
    mine = factories.user("Editors")
    client.force_login(english_speaking(mine))
    assert rows(client.get(REPORT)) == [("Pagina 1", "https://a.example/")]
    assert REPORT in client.get("/admin/").content.decode()

    elsewhere = factories.ground().add_sibling(instance=type(factories.ground())(title="Los", slug="los", hero="Los"))
    GroupPagePermission.objects.filter(group__in=mine.groups.all()).update(page=elsewhere)
    assert rows(client.get(REPORT)) == []

    client.force_login(english_speaking(factories.user("Finance")))
    assert client.get(REPORT).status_code == 302
    assert REPORT not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_asks_as_much_for_many_as_for_one(desk, at, count):
    for number in range(count):
        page_with(f"https://{number}.example/", number=number, at=at)
        dead(f"https://{number}.example/", at)
    desk.get(REPORT)

    with CaptureQueriesContext(connection) as queries:
        response = desk.get(f"{REPORT}results/")

    assert len(rows(response)) == count
    assert len(queries) == 5, "\n".join(query["sql"] for query in queries)


def test_the_report_can_be_taken_along(desk, at):
    page = page_with("https://a.example/", at=at)
    dead("https://a.example/", at)

    answer = desk.get(f"{REPORT}?export=csv")
    table = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))

    moment = "2027-01-12T12:00+01:00"
    assert table == [
        ["page", "title", "language", "address", "verdict", "status", "since", "tried"],
        [str(page.pk), "Pagina 1", "nl", "https://a.example/", "dead", "404", moment, moment],
    ]


def test_the_notice_escapes_what_somebody_typed(desk, at):
    page = page_with("https://example.org/?a=&quot;&gt;&lt;b&gt;", at=at)
    row = OutsideAddress.objects.get()
    dead(row.url, at)

    text = desk.get(edit(page)).content.decode()

    assert f'href="{escape(row.url)}" rel="noreferrer"' in text
    assert "<b>" not in row.url
