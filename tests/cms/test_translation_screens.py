"""Where an editor sees how the translations stand: front page, report, list of pages, and the page itself."""

import csv

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.admin.waits import waiting
from tests import factories
from tests.cms.translated import changed, english_speaking, in_english, standard_page, twin_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]

REPORT = "/admin/localize/reports/translations/"


@pytest.fixture
def page(at_once):
    """Live in both languages, its Dutch changed since then."""
    page = standard_page()
    Page.objects.filter(depth=2).exclude(title="Thuis").exclude(title="Home").get().delete()  # Wagtail's welcome
    with at_once():
        in_english(page)
    with at_once():
        changed(page, intro="Anders.")
    return page


def tag(href, words):
    return f'href="{href}">{words}'


def out_of_date(page):
    twin = twin_of(page)
    return tag(reverse("wagtailadmin_pages:edit", args=[twin.pk]), "English: Out of date (1")


def missing(page):
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    return tag(f"{url}?select_locale=en", "English: Missing")


def test_the_front_page_leads_straight_to_the_translation_what_is_read_first(editor, page, django_assert_num_queries):
    def rows():
        with django_assert_num_queries(8):  # of drafts, of reviews, of webhooks, of languages
            (found,) = [one for one in waiting(user=editor, at=timezone.now()) if "English" in one.heading]
        return found.count, [(row.text, row.url, row.note) for row in found.rows]

    send = reverse("wagtail_localize:submit_page_translation", args=[0]).replace("/0/", "/%s/?select_locale=en")
    old = (page.title, reverse("wagtailadmin_pages:edit", args=[twin_of(page).pk]), "Out of date, 1 text to translate")
    waiting(user=editor, at=timezone.now())  # what is asked of any person and remembered
    assert rows() == (1, [old])

    new = [standard_page(title=name, slug=name.lower()) for name in ("Ander", "Derde")]
    assert rows() == (3, [old, *((one.title, send % one.pk, "Missing") for one in reversed(new))])


def test_who_does_not_translate_hears_of_none_and_has_no_report(client, page):
    client.force_login(english_speaking(factories.user("Finance")))

    assert b"To be translated" not in client.get("/admin/").content
    assert client.get(REPORT)["Location"] == "/admin/"


def test_the_page_itself_tells_how_it_stands(desk, page):
    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert out_of_date(page) in html
    assert "facts follow by themselves" in html


def test_a_page_that_is_not_live_tells_nothing(desk, page):
    page.unpublish()

    assert "tour-languages" not in desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_the_lists_of_pages_tell_it_in_both_languages_for_any_number_of_pages(desk, page):
    def listed(parent):
        with CaptureQueriesContext(connection) as queries:
            html = desk.get(reverse("wagtailadmin_explore", args=[parent.pk])).content.decode()
        told = [query["sql"] for query in queries if "language_state" in query["sql"]]
        return html, len(told)

    html, questions = listed(page.get_parent())
    assert (out_of_date(page) in html, questions) == (True, 1)
    html, questions = listed(twin_of(page).get_parent())
    assert (out_of_date(page) in html, questions) == (True, 1)

    other, third = standard_page(title="Ander", slug="ander"), standard_page(title="Derde", slug="derde")
    html, questions = listed(page.get_parent())
    assert (missing(other) in html, missing(third) in html, questions) == (True, True, 1)


def test_the_translators_screen_names_what_is_missing(desk, page):
    html = desk.get(reverse("wagtailadmin_pages:edit", args=[twin_of(page).pk])).content.decode()

    assert '<li>Introduction: <q lang="nl">Anders.</q></li>' in html


def rows(desk, **question):
    answer = desk.get(REPORT, {"export": "csv", **question})
    return [
        (row[1], row[3], row[4]) for row in csv.reader(b"".join(answer.streaming_content).decode().splitlines()[1:])
    ]


def test_the_report_lists_every_page_and_narrows_by_state_type_and_language(desk, page):
    standard_page(title="Ander", slug="ander")

    assert rows(desk) == [
        ("Ander", "missing", "0"),
        ("Over", "out-of-date", "1"),
        ("Thuis", "apart", "0"),
    ]
    assert rows(desk, state="out-of-date") == [("Over", "out-of-date", "1")]
    assert rows(desk, state=["missing", "out-of-date"]) == [("Ander", "missing", "0"), ("Over", "out-of-date", "1")]
    kind = page.content_type_id
    assert [title for title, *_rest in rows(desk, content_type=kind)] == ["Ander", "Over"]
    assert len(rows(desk, language="en")) == 3
    assert out_of_date(page) in desk.get(REPORT).content.decode()


def test_the_report_asks_the_same_number_of_questions_of_one_page_and_of_three(desk, page):
    def asked():
        desk.get(REPORT)
        with CaptureQueriesContext(connection) as queries:
            desk.get(REPORT)
        return len(queries)

    before = asked()
    standard_page(title="Ander", slug="ander")
    standard_page(title="Derde", slug="derde")
    assert asked() == before


@pytest.mark.parametrize("question", [{"language": "xx"}, {"state": "none"}, {"content_type": "0"}, {"p": "99"}])
def test_the_report_takes_whatever_is_asked(desk, page, question):
    assert desk.get(REPORT, question).status_code in {200, 404}
