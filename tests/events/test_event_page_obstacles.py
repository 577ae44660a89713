"""A page about a visit goes live once people can find the visit and know what a seat costs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page

from cms import duties
from cms.refusals import CannotGoLive
from events.models import Event, EventPage, TicketType
from tests import factories

pytestmark = pytest.mark.django_db

NO_TICKETS = "Nobody can register: the event “Bezoek” has no ticket type. Add one with its price; 0 is free."
NO_PLACE = "Nobody can find the visit: fill in at the event “Bezoek”: venue, city."


@pytest.fixture(autouse=True)
def in_english_words():
    with override("en"):
        yield


@pytest.fixture
def soon():
    return timezone.now() + timedelta(days=10)


def visit(starts_at, **facts):
    return factories.event(name="Bezoek", starts_at=starts_at, **facts)


def draft_of(event):
    page = factories.event_page(event, both=False, live=False)
    page.save_revision()
    return page


def without_tickets(event):
    TicketType.objects.filter(event=event).delete()
    return event


def without_a_place(event):
    Event.objects.filter(pk=event.pk).update(venue=" ", city="")
    return Event.objects.get(pk=event.pk)


def obstacles_of(page):
    return EventPage.objects.get(pk=page.pk).obstacles()


@pytest.mark.parametrize("price", [None, "25.00"])
def test_a_visit_with_a_place_and_a_ticket_type_free_or_not_can_be_told_about(soon, price, has_payments):
    page = draft_of(visit(soon, price=price if has_payments else None))

    page.save_revision().publish()

    assert obstacles_of(page) == []
    assert Page.objects.get(pk=page.pk).live


def test_what_is_missing_is_named_with_where_to_fill_it_in(soon):
    page = draft_of(without_a_place(without_tickets(visit(soon))))

    with pytest.raises(CannotGoLive) as refusal:
        page.save_revision().publish()

    assert refusal.value.obstacles == [NO_PLACE, NO_TICKETS]
    assert not Page.objects.get(pk=page.pk).live


def test_only_the_part_of_the_place_that_is_missing_is_named(soon):
    event = visit(soon)
    Event.objects.filter(pk=event.pk).update(venue="")

    assert obstacles_of(draft_of(event)) == ["Nobody can find the visit: fill in at the event “Bezoek”: venue."]


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_a_visit_to_come_needs_a_ticket_type_while_it_is_a_draft_too(soon, status):
    assert obstacles_of(draft_of(without_tickets(visit(soon, status=status)))) == [NO_TICKETS]


def test_what_was_or_is_cancelled_or_takes_nobody_any_more_is_told_about_without_one(soon):
    past = visit(soon - timedelta(days=90))
    cancelled = visit(soon, status="cancelled")
    closed = visit(soon, registration_closes_at=soon - timedelta(days=20))

    assert [obstacles_of(draft_of(without_tickets(event))) for event in (past, cancelled, closed)] == [[], [], []]


def test_a_page_of_no_visit_says_so():
    assert EventPage(title="Los", slug="los").obstacles() == ["Choose the event that this page tells about."]


def test_a_page_planned_for_its_day_is_kept_back_when_its_visit_lost_its_prices(soon):
    event = visit(soon)
    page = draft_of(event)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    without_tickets(event)

    assert duties.publish_scheduled(at=timezone.now() + timedelta(hours=2)) == "1 kept back"
    assert not Page.objects.get(pk=page.pk).live


def test_publishing_many_names_the_page_and_publishes_none(soon, client):
    whole, lacking = draft_of(visit(soon)), draft_of(without_tickets(visit(soon)))
    client.force_login(factories.user("admin"))

    response = client.post(
        f"/admin/bulk/wagtailcore/page/publish/?id={whole.pk}&id={lacking.pk}&next=/admin/", follow=True
    )

    with override("nl"):
        told = " ".join(obstacles_of(lacking))
    assert f"“{lacking.title}”: {told}" in response.content.decode()
    assert not Page.objects.filter(pk__in=[whole.pk, lacking.pk], live=True).exists()


def test_the_form_says_what_keeps_the_page(soon, client):
    page = draft_of(without_tickets(visit(soon)))
    client.force_login(factories.user("admin"))

    text = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    with override("nl"):
        assert obstacles_of(page)[0] in text


@pytest.mark.parametrize(("status", "is_listed"), [("draft", False), ("scheduled", True), ("cancelled", True)])
def test_the_page_of_a_visit_that_is_a_draft_is_not_for_search_engines(soon, client, status, is_listed):
    page = factories.event_page(visit(soon, status=status), both=False)

    response = client.get(page.url)

    assert response.status_code == 200
    assert ('<meta name="robots" content="noindex">' not in response.content.decode()) is is_listed
