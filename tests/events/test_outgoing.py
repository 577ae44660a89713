"""What is told to other people's systems of visits and registrations, and what never is."""

import json
from datetime import timedelta

import pytest

from cms.models import WebhookDelivery
from cms.plugins import announced_kinds
from events import actions
from events.models import Approval, Registration
from tests import factories
from tests.cms.outgoing.receiver import endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything(db):
    """Somebody who wants to be told all there is."""
    return endpoint("http://127.0.0.1:9/hooks", kinds=list(announced_kinds()))


def told(since=0):
    return list(WebhookDelivery.objects.filter(pk__gt=since).order_by("pk").values_list("kind", flat=True))


def so_far():
    return WebhookDelivery.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def after(deed, **facts):
    since = so_far()
    deed(**facts)
    return told(since)


def test_a_free_registration_is_told_as_created_and_confirmed_with_ids_alone(at):
    event = factories.event()
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)

    assert told() == ["registration.created", "registration.confirmed", "event.seats_changed"]
    payload = WebhookDelivery.objects.get(kind="registration.confirmed").payload
    assert payload == {
        "type": "registration.confirmed",
        "timestamp": "2027-01-12T12:00:00+01:00",
        "data": {
            "reference": registration.reference,
            "event": event.pk,
            "status": "confirmed",
            "api_url": f"http://testserver/api/v1/registrations/{registration.reference}/",
        },
    }
    assert WebhookDelivery.objects.get(kind="event.seats_changed").payload["data"] == {
        "id": event.pk,
        "api_url": f"http://testserver/api/v1/events/{event.pk}/",
    }


def test_each_step_of_a_registration_is_told_once(at):
    event = factories.event(requires_approval=True)
    registration = actions.register(event=event, order=factories.order(seats=2), at=at)
    assert told() == ["registration.created", "event.seats_changed"]

    minute = timedelta(minutes=1)
    approval = Approval.objects.get()
    assert after(actions.approve, approval=approval, at=at + minute, by=factories.user("admin")) == [
        "registration.confirmed",
        "event.seats_changed",
    ]
    first, second = registration.attendees.order_by("pk")
    person = actions.Attending("Cas", "Claes", "cas@example.org")
    assert after(
        actions.substitute, registration=registration, attendee_id=first.pk, person=person, at=at + 2 * minute
    ) == ["registration.substituted"]
    assert WebhookDelivery.objects.latest("pk").payload["data"]["attendee"] == first.pk
    assert after(actions.cancel, registration=registration, attendee_ids=[second.pk], at=at + 3 * minute) == [
        "registration.seats_given_up",
        "event.seats_changed",
    ]
    assert after(actions.cancel, registration=registration, at=at + 4 * minute) == [
        "registration.cancelled",
        "event.seats_changed",
    ]
    assert after(actions.cancel, registration=registration, at=at + 5 * minute) == []


def test_the_line_is_told_too(at):
    event = factories.event(capacity=1, waiting_list=True)
    first = actions.register(event=event, order=factories.order(), at=at)
    minute = timedelta(minutes=1)
    assert after(actions.register, event=event, order=factories.order(), at=at + minute) == [
        "registration.created",
        "event.seats_changed",
    ]
    waiting = Registration.objects.get(status="waiting")
    since = so_far()
    actions.cancel(registration=first, at=at + 2 * minute)
    assert told(since) == ["registration.cancelled", "event.seats_changed", "registration.changed"]
    data = WebhookDelivery.objects.latest("pk").payload["data"]
    assert (data["reference"], data["status"]) == (waiting.reference, "offered")
    assert after(actions.expire_holds, at=at + timedelta(days=5)) == ["registration.expired", "event.seats_changed"]


def test_a_change_of_a_visit_names_what_is_public_of_it_and_one_nobody_reads_of_says_nothing(at):
    event, draft, unseen = factories.event(), factories.event(status="draft"), factories.event()
    for visit in (event, draft):
        factories.event_page(visit)
    WebhookDelivery.objects.all().delete()  # of the pages themselves
    event.starts_at += timedelta(hours=1)
    event.name, draft.city = "Alleen voor ons", "Brugge"
    actions.change_event(event=event, changed=["starts_at", "name"], at=at)
    actions.change_event(event=draft, changed=["city"], at=at)
    unseen.city = "Gent"
    actions.change_event(event=unseen, changed=["city"], at=at)

    [delivery] = WebhookDelivery.objects.filter(kind="event.changed")
    assert delivery.payload["data"]["changed"] == ["starts_at"]
    event.name = "Nog anders"
    assert after(actions.change_event, event=event, changed=["name"], at=at + timedelta(hours=1)) == []
    event.capacity = 20
    assert after(actions.change_event, event=event, changed=["capacity"], at=at + timedelta(hours=2)) == [
        "event.changed",
        "event.seats_changed",
    ]


def test_the_page_of_a_visit_that_is_still_a_draft_is_not_told_of(at_once):
    page = factories.event_page(factories.event(status="draft"), both=False, live=False)
    WebhookDelivery.objects.all().delete()  # of the programme above it
    with at_once():
        page.save_revision().publish()

    assert told() == []


def test_a_cancelled_visit_is_told_with_each_registration_and_what_is_only_foreseen_is_not(at):
    event = factories.event()
    factories.event_page(event)
    for _number in range(2):
        actions.register(event=event, order=factories.order(), at=at)
    event.status = "cancelled"
    later = at + timedelta(hours=1)

    assert after(actions.foresee, event=event, changed=["status"], at=later) == []
    assert after(actions.cancel_event, event=event, at=later) == [
        "event.cancelled",
        "registration.cancelled",
        "event.seats_changed",
        "registration.cancelled",
    ]


def test_a_registration_that_is_moved_tells_of_both_visits(at):
    one, other = factories.event(), factories.event()
    registration = actions.register(event=one, order=factories.order(), at=at)
    later = at + timedelta(hours=1)

    moved = {"registration": registration, "to": other, "at": later, "by": factories.user("admin"), "why": "Vol."}
    assert after(actions.move, **moved) == ["registration.moved", "event.seats_changed", "event.seats_changed"]
    ids = WebhookDelivery.objects.filter(kind="event.seats_changed").order_by("-pk")[:2]
    assert {delivery.payload["data"]["id"] for delivery in ids} == {one.pk, other.pk}


def test_who_copied_a_person_is_told_to_erase_them(at):
    registration = actions.register(event=factories.event(), order=factories.order(email="an@example.org"), at=at)
    later = at + timedelta(days=30)

    assert after(actions.erase_person, email="an@example.org", at=later) == ["registration.forgotten"]
    assert WebhookDelivery.objects.latest("pk").payload["data"]["reference"] == registration.reference


def test_nothing_of_a_person_and_no_token_is_in_any_of_it(at):
    event = factories.event(capacity=2, waiting_list=True)
    order = factories.order(seats=2, email="geheim@example.org", organisation_name="Gemeente Stilte")
    registration = actions.register(event=event, order=order, at=at)
    actions.register(event=event, order=factories.order(email="ook@example.org"), at=at)
    actions.cancel(registration=registration, at=at + timedelta(hours=1))

    everything = json.dumps(list(WebhookDelivery.objects.values_list("payload", flat=True)))
    for secret in ("geheim", "ook@", "Peeters", "Stilte", registration.manage_token, registration.mailbox_token):
        assert secret not in everything
