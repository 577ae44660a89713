"""Feeds and public calendars of the visits, read by libraries that are not ours."""

from datetime import timedelta

import feedparser
import ics
import pytest
from django.utils import timezone
from icalendar import Calendar

from events import actions
from events.models import EventPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def page(now):
    made = factories.event_page(factories.event(starts_at=now + timedelta(days=30)), title="Bij Kringloop; <hout>, één")
    EventPage.objects.filter(event=made.event).update(first_published_at=now - timedelta(days=9))
    made.refresh_from_db()
    return made


def entries(client, address):
    """The entries of a well-formed feed, by feedparser."""
    answer = client.get(address)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.id and feed.feed.author == "Best Practice Tour"
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"http://testserver{address}"]
    return feed.entries


def in_calendar(client, address):
    """(method, {uid: component}) by icalendar, after the library ics has read the same file."""
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert text.count("\n") == text.count("\r\n") and max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert "ATTENDEE" not in text
    calendar = Calendar.from_ical(answer.content)
    visits = {str(visit["UID"]): visit for visit in calendar.walk("VEVENT")}
    assert {visit.uid for visit in ics.Calendar(text).events} == set(visits)
    return str(calendar["METHOD"]), visits


def test_the_feed_of_a_language_lists_its_visits_in_its_own_words(client, page):
    twin = page.get_translations().get()
    (dutch,), (english,) = entries(client, "/nl/visits/atom.xml"), entries(client, "/en/visits/atom.xml")

    assert (dutch.title, dutch.link) == ("Bij Kringloop; <hout>, één", page.full_url)
    assert english.link == twin.specific.full_url and dutch.id != english.id


def test_an_entry_keeps_its_name_when_its_address_changes_and_is_newer_when_its_visit_moves(client, page, now):
    (before,) = entries(client, "/nl/visits/atom.xml")
    page.slug = "elders"
    page.save()
    page.event.starts_at += timedelta(days=1)
    page.event.ends_at += timedelta(days=1)
    actions.change_event(event=page.event, changed=["starts_at", "ends_at"], at=now)

    (after,) = entries(client, "/nl/visits/atom.xml")

    assert (after.id, after.link != before.link) == (before.id, True)
    assert after.updated_parsed >= before.updated_parsed and after.published == before.published


def test_a_visit_keeps_its_entry_and_its_sequence_grows_until_it_is_cancelled(client, page, now):
    address, uid = f"/nl/visits/{page.pk}.ics", f"visit-{page.event.uid}@testserver"
    seen = []
    method, visits = in_calendar(client, address)
    seen.append((method, int(visits[uid]["SEQUENCE"]), str(visits[uid]["STATUS"])))
    page.event.starts_at += timedelta(days=1)
    page.event.ends_at += timedelta(days=1)
    actions.change_event(event=page.event, changed=["starts_at", "ends_at"], at=now)
    method, visits = in_calendar(client, address)
    seen.append((method, int(visits[uid]["SEQUENCE"]), str(visits[uid]["STATUS"])))
    assert visits[uid].decoded("DTSTART") == page.event.starts_at
    actions.cancel_event(event=page.event, at=now)
    method, visits = in_calendar(client, address)
    seen.append((method, int(visits[uid]["SEQUENCE"]), str(visits[uid]["STATUS"])))
    assert str(visits[uid]["ORGANIZER"]).lower() == "mailto:tour@example.org"

    assert seen == [("PUBLISH", 0, "CONFIRMED"), ("PUBLISH", 1, "CONFIRMED"), ("CANCEL", 2, "CANCELLED")]
    method, visits = in_calendar(client, "/nl/visits/calendar.ics")
    assert (method, str(visits[uid]["STATUS"]), int(visits[uid]["SEQUENCE"])) == ("PUBLISH", "CANCELLED", 2)


def test_both_languages_have_the_same_visit_under_one_name(client, page):
    dutch, english = (in_calendar(client, f"/{code}/visits/calendar.ics")[1] for code in ("nl", "en"))

    assert set(dutch) == set(english) == {f"visit-{page.event.uid}@testserver"}


def test_a_draft_is_in_no_feed_and_no_calendar(client, now):
    concept = factories.event_page(factories.event(starts_at=now + timedelta(days=9), status="draft"))

    assert entries(client, "/nl/visits/atom.xml") == []
    assert in_calendar(client, "/nl/visits/calendar.ics")[1] == {}
    assert client.get(f"/nl/visits/{concept.pk}.ics").status_code == 404


def test_the_pages_lead_to_feed_and_calendar(client, page):
    programme = client.get("/nl/programma/").content.decode()

    assert '<link rel="alternate" type="application/atom+xml" href="/nl/visits/atom.xml"' in programme
    assert 'href="/nl/visits/calendar.ics"' in programme
    assert f'href="/nl/visits/{page.pk}.ics"' in client.get(page.get_url()).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_feed_and_calendar_ask_as_many_queries_for_one_visit_as_for_three(
    client, now, number, django_assert_num_queries
):
    for _visit in range(number):
        factories.event_page(factories.event(starts_at=now + timedelta(days=9)), both=False)
    for address in ("/nl/visits/atom.xml", "/nl/visits/calendar.ics"):
        client.get(address)

    with django_assert_num_queries(5):
        assert len(entries(client, "/nl/visits/atom.xml")) == number
    with django_assert_num_queries(5):
        assert len(in_calendar(client, "/nl/visits/calendar.ics")[1]) == number
