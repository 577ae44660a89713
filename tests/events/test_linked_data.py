"""Feature 19: each state of a visit as search engines read it, against what was written down beforehand."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override
from rdflib import Literal, URIRef

from cms import linked
from cms.models import OrganiserSettings
from events import actions
from events.models import Event, EventPage
from tests import factories
from tests.conftest import NOON
from tests.linked import SCHEMA, blocks, things, triples

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parent / "linked"
UID = uuid.UUID("3f0c6a52-6a52-4c7e-9d53-0c6a523f0c6a")


@pytest.fixture
def organiser():
    made = OrganiserSettings.load()
    made.name, made.address, made.email = "De Tour vzw", "Kaai 1, 9000 Gent", "tour@example.org"
    made.save()
    return made


@pytest.fixture
def visit(organiser):
    """A page about a visit of which everything is known beforehand."""

    def make(**facts):
        page = factories.event_page(factories.event(uid=UID, name="Bezoek", **facts), title="Bij <b>Kringloop</b> & co")
        EventPage.objects.filter(event=page.event).update(first_published_at=datetime(2026, 12, 1, 8, tzinfo=UTC))
        EventPage.objects.filter(pk=page.pk).update(slug="bezoek", url_path="/thuis/programma/bezoek/")
        return EventPage.objects.get(pk=page.pk)

    return make


def written(page, at=NOON):
    """The block as it stands in the page, at this moment."""
    with override(page.locale.language_code):
        return str(linked.script(linked.graph(page, OrganiserSettings.load(), at=at)))


def told(page, at=NOON):
    (event,) = things(written(page, at), "EducationEvent")
    return event


def move(event, days):
    event.starts_at += timedelta(days=days)
    event.ends_at += timedelta(days=days)
    actions.change_event(event=event, changed=["starts_at", "ends_at"], at=NOON)
    event.refresh_from_db()


def is_open(visit):
    return visit(capacity=5), NOON


def is_full(visit):
    page = visit(capacity=1, waiting_list=True)
    actions.register(event=page.event, order=factories.order(), at=NOON)
    return page, NOON


def is_free_and_paid(visit):
    scheme = factories.scheme(slug="green-deal", name_nl="Green Deal", name_en="Green Deal")
    return visit(price="78.51", scheme=scheme), NOON


def is_moved_twice(visit):
    page = visit()
    move(page.event, 7)
    move(page.event, 7)
    return page, NOON


def is_cancelled(visit):
    page = visit()
    move(page.event, 7)
    actions.cancel_event(event=page.event, at=NOON)
    page.event.refresh_from_db()
    return page, NOON


def is_past(visit):
    return visit(), NOON + timedelta(days=20)


def opens_later(visit):
    return visit(registration_opens_at=NOON + timedelta(days=3)), NOON


def is_closed(visit):
    return visit(registration_closes_at=NOON - timedelta(hours=1)), NOON


@pytest.mark.parametrize(
    "state", [is_open, is_full, is_free_and_paid, is_moved_twice, is_cancelled, is_past, opens_later, is_closed]
)
def test_each_state_is_told_as_it_was_written_down(visit, state):
    if state is is_free_and_paid and not factories.has_payments():
        pytest.skip("without payments a seat has no price")
    page, at = state(visit)

    expected = json.loads((FIXTURES / f"{state.__name__}.json").read_text())
    assert told(page, at) == expected


def test_another_reader_understands_the_same_of_a_visit_moved_twice(visit):
    page, at = is_moved_twice(visit)

    graph = triples(written(page, at))

    event = URIRef(f"http://testserver/#visit-{UID}")
    assert sorted(graph.objects(event, SCHEMA.previousStartDate)) == [
        Literal("2027-01-22T12:00:00+01:00"),
        Literal("2027-01-29T12:00:00+01:00"),
    ]
    assert list(graph.objects(event, SCHEMA.startDate)) == [Literal("2027-02-05T12:00:00+01:00")]
    (place,) = graph.objects(event, SCHEMA.location)
    (address,) = graph.objects(place, SCHEMA.address)
    assert list(graph.objects(address, SCHEMA.addressLocality)) == [Literal("Gent")]


def test_a_visit_moved_back_to_its_first_date_names_only_where_it_was_between(visit):
    page = visit()
    move(page.event, 7)
    move(page.event, -7)

    assert told(page)["previousStartDate"] == ["2027-01-29T12:00:00+01:00"]


def test_what_was_moved_while_it_was_a_draft_was_never_told_and_is_not_told_now(visit):
    page = visit(status=Event.Status.DRAFT)
    move(page.event, 7)
    Event.objects.filter(pk=page.event.pk).update(status=Event.Status.SCHEDULED)
    page.event.refresh_from_db()

    event = told(page)

    assert (event["eventStatus"], "previousStartDate" in event) == ("https://schema.org/EventScheduled", False)


def test_a_concept_is_no_event(visit):
    (block,) = blocks(written(visit(status=Event.Status.DRAFT)))

    assert [thing["@type"] for thing in block["@graph"]] == ["WebPage", "BreadcrumbList"]


def test_both_languages_tell_of_one_visit_each_in_its_own_words(visit):
    dutch = visit()
    english = dutch.get_translations().get().specific
    events = [told(page) for page in (dutch, english)]

    assert events[0]["@id"] == events[1]["@id"]
    assert [event["offers"][0]["name"] for event in events] == ["Kostprijs", "Cost price"]
    assert [event["url"] for event in events] == [dutch.full_url, english.full_url]


def test_a_page_carries_its_block_once_and_a_title_cannot_end_it(client, visit):
    text = client.get(visit().get_url()).content.decode()

    assert text.count("application/ld+json") == 1
    block = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert not set("<>&") & set(block)
    assert things(text, "EducationEvent")[0]["name"] == "Bij <b>Kringloop</b> & co"


def test_a_cancelled_visit_says_so_in_its_title(client, visit):
    page, _at = is_cancelled(visit)

    text = client.get(page.get_url()).content.decode()

    assert "<title>Geannuleerd: Bij &lt;b&gt;Kringloop&lt;/b&gt; &amp; co · Best Practice Tour</title>" in text


def test_the_breadcrumbs_are_the_way_the_page_shows(client, visit):
    text = client.get(visit().get_url()).content.decode()

    (crumbs,) = things(text, "BreadcrumbList")
    assert [(item["position"], item["name"]) for item in crumbs["itemListElement"]] == [
        (1, "Thuis"),
        (2, "Programma"),
        (3, "Bij <b>Kringloop</b> & co"),
    ]
    nav = text.split('<nav class="crumb"')[1].split("</nav>")[0]
    assert 'href="/nl/">Thuis</a>' in nav and 'href="/nl/programma/">Programma</a>' in nav and nav.count("<li>") == 2
