"""In which language a visit is held: a fact of the visit, which its pages in other languages tell too."""

import pytest
from django.apps import apps
from django.utils.translation import override

from events.models import Event
from tests import factories
from tests.linked import things

pytestmark = pytest.mark.django_db


def test_a_visit_is_in_dutch_unless_said_otherwise():
    assert factories.event().language == "nl"


@pytest.mark.parametrize(("spoken", "in_words"), [("nl", "Dutch"), ("en", "English"), ("fr", "French")])
def test_its_pages_say_what_is_spoken_in_the_words_of_the_reader(client, spoken, in_words):
    factories.event_page(factories.event(language=spoken), title="Bezoek")
    page = Event.objects.get().page_in("en")

    text = client.get(page.url).content.decode()

    with override("en"):
        assert f"<dt>Language of the visit</dt><dd>{in_words}</dd>" in text


def test_the_api_says_it_in_the_list_and_of_one(client):
    page = factories.event_page(factories.event(language="fr"))

    assert [item["language"] for item in client.get("/api/v1/events/?locale=en").json()["items"]] == ["fr"]
    assert client.get(f"/api/v1/events/{page.event_id}/").json()["language"] == "fr"


def test_search_engines_read_the_language_of_the_visit_on_both_pages(client):
    page = factories.event_page(factories.event(language="fr"))

    pages = [page, page.get_translation(factories.english_locale())]
    told = [things(client.get(one.url).content.decode(), "EducationEvent") for one in pages]

    assert [[event["inLanguage"] for event in events] for events in told] == [["fr"], ["fr"]]


def test_its_history_keeps_what_it_was():
    event = factories.event()
    event.language = "en"
    event.save()

    history = apps.get_model("events", "EventChange").objects.filter(pgh_obj=event).order_by("pgh_id")

    assert [row.language for row in history] == ["nl", "en"]
