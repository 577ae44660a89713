"""A notice nobody could act on is never given up in silence: it is tried again, or it is a matter for a person."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from payments import duties
from payments.actions import notices
from payments.admin.matters import tell
from payments.admin.waits import waiting
from payments.models import Concern, StripeEvent
from tests import factories

pytestmark = pytest.mark.django_db
KIND = "checkout.session.completed"
#: The pauses between two tries never exceed six hours.
TURN = timedelta(hours=6)


@pytest.fixture
def tried(monkeypatch):
    """The objects that were asked about. Each try fails while `tried.fails`."""

    class Tried(list[str]):
        fails = True

        def handler(self, object_id, *, at):
            self.append(object_id)
            if self.fails:
                raise RuntimeError("still no answer")
            return object_id

    seen = Tried()
    monkeypatch.setitem(notices.HANDLERS, KIND, seen.handler)
    return seen


def a_notice(received_at, **facts):
    fresh = {"event_id": "evt_1", "type": KIND, "object_id": "cs_1", "received_at": received_at}
    return StripeEvent.objects.create(**{"next_attempt_at": received_at} | fresh | facts)


def try_for(days, since):
    at = since
    while at <= since + timedelta(days=days):
        duties.process_stripe_events(at=at)
        at += TURN
    return at


@pytest.mark.parametrize("days", [6, 8, 400])
def test_one_that_was_never_acted_on_is_however_old_it_is(now, tried, days):
    tried.fails = False
    event = a_notice(now - timedelta(days=days))

    duties.process_stripe_events(at=now)

    event.refresh_from_db()
    assert (event.status, tried) == ("processed", ["cs_1"])


def test_after_a_week_trying_stops_and_a_person_is_told_once(now, tried):
    a_notice(now)

    later = try_for(9, now + timedelta(minutes=10))

    assert len(tried) == 28  # every six hours for a week, and at once
    concern = Concern.objects.get()
    assert (concern.kind, concern.source) == ("notice", "evt_1")
    assert concern.text == f"{KIND}: RuntimeError: still no answer"
    Concern.objects.update(resolved_at=later, remark="Gezien.")
    try_for(2, later)
    assert (len(tried), Concern.objects.open().count()) == (28, 0)


def test_a_worker_that_was_down_for_long_tries_often_before_it_gives_up(now, tried):
    a_notice(now - timedelta(days=30))

    try_for(5, now)

    assert (len(tried), Concern.objects.open().count()) == (10, 1)


def test_one_that_works_after_all_closes_its_matter_by_itself(now, tried):
    event = a_notice(now - timedelta(days=8), status="failed", attempts=30)
    duties.process_stripe_events(at=now)
    assert (tried, Concern.objects.open().count()) == ([], 1)
    tried.fails = False

    notices.process_notice(event.pk, at=now)

    concern = Concern.objects.get()
    assert (concern.resolved_at, concern.resolved_by) == (now, None)


@pytest.mark.parametrize("status", ["received", "failed"])
def test_a_person_processes_it_again_from_its_page(client: Client, now, tried, status):
    tried.fails = False
    event = a_notice(now - timedelta(days=8), status=status)
    client.force_login(factories.user("Finance"))
    url = reverse("tour_stripe_events:process", args=[event.pk])
    assert url in client.get(reverse("tour_stripe_events:inspect", args=[event.pk])).content.decode()

    client.post(url)

    event.refresh_from_db()
    assert (event.status, tried) == ("processed", ["cs_1"])


def test_the_matter_says_what_failed_and_leads_to_the_notice_and_counts_on_the_front_page(now, tried):
    event = a_notice(now - timedelta(days=8), status="failed", attempts=30, error="KeyError: 'x'")
    duties.process_stripe_events(at=now)

    (matter,) = tell(list(Concern.objects.all()), factories.user("Finance"))

    assert matter.how == f"{KIND}: KeyError: 'x'"
    assert matter.href == reverse("tour_stripe_events:inspect", args=[event.pk])
    assert waiting(user=factories.user("Finance"), at=now)[0].count == 1


@pytest.mark.parametrize("count", [1, 3])
def test_giving_up_asks_as_often_however_many_were_told_before(now, tried, count, django_assert_num_queries):
    for number in range(count):
        a_notice(now - timedelta(days=8), event_id=f"evt_{number}", status="failed", attempts=30)
    duties.process_stripe_events(at=now)

    with django_assert_num_queries(2):
        duties.process_stripe_events(at=now)
