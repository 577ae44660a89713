"""The pages of the visits as a list in the admin: who sees it, what it tells, at a constant number of queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cms import review
from events.models import EventIndexPage
from tests import factories
from tests.events.desk import event, logged_in, register

pytestmark = pytest.mark.django_db

LIST = "/admin/visit-pages/"


@pytest.fixture
def editor():
    factories.ground()
    review.give_pages()
    return logged_in("Editors")


def titles(client, **asked):
    return [page.title for page in client.get(LIST, {"language": "nl"} | asked).context["object_list"]]


@pytest.mark.parametrize(
    ("group", "sees"), [("Editors", True), ("Organisers", True), ("Reviewers", True), ("Finance", False)]
)
def test_who_makes_runs_or_reads_visits_sees_the_list_and_finance_does_not(now, group, sees):
    factories.event_page(event(now), title="Naar Ronse")
    review.give_pages()
    client = logged_in(group)

    answer = client.get(LIST)

    assert (answer.status_code, b"Naar Ronse" in answer.content) == ((200, True) if sees else (302, False))
    assert (f'"{LIST}"' in client.get("/admin/").content.decode()) is sees


def test_it_tells_when_and_where_and_what_a_visitor_can_do(editor, now):
    full = event(now, capacity=1, city="Ronse")
    register(full, now)
    page = factories.event_page(full)
    starts_on = (now + timedelta(days=20)).date()

    for address in (LIST, reverse("wagtailadmin_explore", args=[page.get_parent().pk])):
        text = editor.get(address).content.decode()
        assert [word in text for word in (f"{starts_on:%-d %b %Y}", "Ronse", "Fully booked")] == [True] * 3


@pytest.mark.parametrize(("address", "queries"), [(LIST, 23), ("", 34)])
@pytest.mark.parametrize("number", [1, 3])
def test_a_list_asks_the_same_of_one_visit_and_of_three(
    editor, now, address, queries, number, django_assert_num_queries
):
    for _place in range(number):
        factories.event_page(event(now), both=False)
    address = address or reverse(
        "wagtailadmin_explore", args=[EventIndexPage.objects.get(locale__language_code="nl").pk]
    )
    editor.get(address)  # what is asked of any page once: the site, the content types

    with django_assert_num_queries(queries):
        found = editor.get(address).context["object_list"]

    assert len(found) == number


def test_what_is_to_come_is_told_apart_from_what_was_and_the_last_day_stands_first(editor, now):
    factories.event_page(factories.event(starts_at=now - timedelta(days=3)), title="Voorbij")
    factories.event_page(event(now, status="draft"), title="Gepland")
    factories.event_page(factories.event(starts_at=now + timedelta(days=30), status="cancelled"), title="Afgelast")

    assert titles(editor) == ["Afgelast", "Gepland", "Voorbij"]
    assert titles(editor, when="upcoming") == ["Afgelast", "Gepland"]
    assert titles(editor, when="past") == ["Voorbij"]
    assert titles(editor, visit="cancelled") == ["Afgelast"]


def test_words_are_sought_in_the_title_the_city_and_the_name_of_the_visit(editor, now):
    factories.event_page(event(now, name="Bib", city="Kortrijk"), title="Licht als dienst")
    factories.event_page(event(now), title="Laptops")

    assert [titles(editor, q=words) for words in ("licht", "kortrijk", "bib dienst", "bib laptops")] == [
        ["Licht als dienst"],
        ["Licht als dienst"],
        ["Licht als dienst"],
        [],
    ]


def test_each_column_sorts_and_status_narrows(editor, now):
    page = factories.event_page(event(now), title="Laptops", both=False)
    page.unpublish()

    for order in ("title", "-event__starts_at", "event__city", "live", "latest_revision_created_at"):
        assert titles(editor, ordering=order) == ["Laptops"]
    assert (titles(editor, status="draft"), titles(editor, status="live")) == (["Laptops"], [])
