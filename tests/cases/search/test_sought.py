"""What nothing was found for is noted for the programme makers, once for the same, and of nobody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions.noting import MOST_AN_HOUR, TooManyNotes, note_sought
from cases.models import SoughtInVain
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_a_search_without_a_result_offers_to_note_it_and_one_press_does(client, case):
    case(goals=[3])
    assert "Note what I looked for" not in client.get("/en/cases/?goal=3").content.decode()
    assert "Note what I looked for" in client.get("/en/cases/?q=Drones&group=mobility").content.decode()

    answer = client.post("/en/cases/", {"q": "Drones", "group": ["mobility"]})

    note = SoughtInVain.objects.get()
    assert (note.language, note.words, note.facets, note.times) == ("en", "drones", {"group": ["mobility"]}, 1)
    assert "Thank you: it is noted" in answer.content.decode()
    assert "Note what I looked for" not in answer.content.decode()


def test_only_what_finds_nothing_is_noted(client, case):
    case(goals=[3])

    for asked in ({"goal": "3"}, {"q": "stadskantoor"}, {}, {"q": "   "}, {"goal": "99"}):
        assert client.post("/nl/cases/", asked).status_code == 200

    assert SoughtInVain.objects.count() == 0


def test_the_same_is_counted_in_one_row_and_a_double_press_once(at):
    asked = {"language": "nl", "words": "Drones", "facets": {"group": ["mobility"]}}
    note_sought(**asked, at=at)
    note_sought(**asked, at=at + timedelta(seconds=5))

    note = note_sought(**(asked | {"words": "drones"}), at=at + timedelta(hours=1))
    note_sought(**(asked | {"language": "en"}), at=at)

    assert (note.times, note.first_at, note.last_at) == (2, at, at + timedelta(hours=1))
    assert SoughtInVain.objects.count() == 2


def test_no_person_is_kept_with_it():
    note = note_sought(language="nl", words="drones voor an@example.org", facets={}, at=NOON)

    assert note.words == "drones voor"
    assert [field.name for field in SoughtInVain._meta.get_fields()] == [
        "id", "language", "words", "facets", "times", "first_at", "last_at",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="Nothing was sought"):
        note_sought(language="nl", words="an@example.org", facets={}, at=NOON)


def test_a_flood_of_notes_is_stopped_and_said_so(client, case, at):
    case()
    for number in range(MOST_AN_HOUR):
        note_sought(language="nl", words=f"woord{number}", facets={}, at=at)

    with pytest.raises(TooManyNotes):
        note_sought(language="nl", words="nog een", facets={}, at=at + timedelta(minutes=59))

    assert note_sought(language="nl", words="woord1", facets={}, at=at + timedelta(minutes=2)).times == 2
    assert note_sought(language="nl", words="later", facets={}, at=at + timedelta(hours=1)).times == 1


def test_a_visitor_reads_that_it_was_too_much(client, case, monkeypatch):
    case()
    monkeypatch.setattr("cases.actions.noting.MOST_AN_HOUR", 0)

    text = client.post("/en/cases/", {"q": "drones"}).content.decode()

    assert "So much was noted in the last hour" in text
    assert SoughtInVain.objects.count() == 0


def test_another_method_does_nothing(client, case):
    case()

    assert client.delete("/nl/cases/").status_code == 405


def test_a_note_needs_a_form_of_ours(case):
    case()

    assert Client(enforce_csrf_checks=True).post("/nl/cases/", {"q": "drones"}).status_code == 403
    assert SoughtInVain.objects.count() == 0


@pytest.mark.parametrize(("group", "status"), [("Editors", 200), ("Organisers", 200), ("admin", 200), ("Finance", 302)])
def test_the_programme_makers_see_the_list_and_nobody_can_change_it(client, group, status):
    factories.ground()
    note = note_sought(language="nl", words="drones", facets={"group": ["mobility"], "goal": ["7"]}, at=NOON)
    client.force_login(factories.user(group))

    listed = client.get(reverse("sought_in_vain:index"))

    assert listed.status_code == status
    if status == 200:
        text = listed.content.decode()
        assert "drones" in text
        assert ("Mobiliteit" in text or "Mobility" in text) and "7" in text
        assert client.get(reverse("sought_in_vain:inspect", args=[note.pk])).status_code == 200
    for verb in ("add", "edit", "delete"):
        assert client.get(f"/admin/sought_in_vain/{verb}/").status_code == 404
