"""Pages of visits are written over HTTP, with their own rules."""

import pytest

from events.models import EventPage
from tests import factories
from tests.cms.headless.asking import caller, problem

pytestmark = pytest.mark.django_db


def test_a_page_of_a_visit_is_made_changed_and_published():
    told = factories.event_page(both=False)
    event = factories.event()
    editor = caller()
    asked = {
        "type": "events.EventPage",
        "parent": told.get_parent().pk,
        "content": {"title": "Op bezoek", "event": event.pk},
    }

    made = editor.post("/pages/", asked)

    assert made.status_code == 201, made.json()
    page = EventPage.objects.get(pk=made.json()["id"])
    assert page.event == event
    assert editor.change(page, {"programme": "<p>Om tien uur.</p>"}).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind"), [({"event": 999999}, "invalid"), ({"event": "x"}, "int_type"), ({"event": None}, "invalid")]
)
def test_a_visit_that_is_not_there_is_refused(content, kind):
    page = factories.event_page(both=False)

    assert (["body", "content", "event"], kind) in problem(caller().change(page, content))[2]


def test_one_visit_has_one_page_in_a_language():
    page = factories.event_page(both=False)
    asked = {
        "type": "events.EventPage",
        "parent": page.get_parent().pk,
        "content": {"title": "Nog een", "event": page.event_id},
    }

    assert problem(caller().post("/pages/", asked))[2] == [(["body", "content", "event"], "invalid")]
