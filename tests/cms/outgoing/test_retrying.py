"""A receiver that fails is tried again, for three days; one that goes on failing is switched off, and a person told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from cms import duties
from cms.actions.announcing import Message, announce
from cms.actions.delivering import activate, bring, send_again
from cms.admin.waits import waiting
from cms.models import WebhookAttempt, WebhookDelivery
from cms.models.outgoing import KEPT, PATIENCE, RETRIES
from tests import factories
from tests.cms.outgoing.receiver import endpoint, listening

pytestmark = pytest.mark.django_db


def told(at, subject="1"):
    """A delivery that is due; nothing is sent before somebody brings it."""
    announce(Message("page.published", subject, {"id": 1}), at=at)
    return WebhookDelivery.objects.latest("pk")


def attempts(delivery):
    return list(delivery.attempts.values_list("status", "problem"))


def test_a_receiver_that_was_killed_is_told_when_it_is_back_and_the_log_shows_each_attempt(at):
    with listening() as receiver:
        port = receiver.server_port
        endpoint(receiver.url)
    delivery = told(at)
    bring(pk=delivery.pk, at=at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failures, delivery.next_at) == ("waiting", 1, at + timedelta(minutes=1))

    with listening(port) as back:
        assert duties.send_webhooks(at=at + timedelta(seconds=59)) is None
        bring(pk=delivery.pk, at=at + timedelta(minutes=1))
        assert back.told[0]["data"] == {"id": 1}

    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_at) == ("delivered", None)
    assert attempts(delivery) == [(None, "unreachable"), (204, "")]


def test_it_is_tried_ten_times_each_after_the_stated_pause_and_then_given_up(receiver, at):
    receiver.status = 500
    endpoint(receiver.url)
    delivery = told(at)
    moment, made = at, []
    while delivery.state == "waiting":
        assert not bring(pk=delivery.pk, at=moment - timedelta(seconds=1))
        assert bring(pk=delivery.pk, at=moment)
        made.append(moment - at)
        delivery.refresh_from_db()
        moment = delivery.next_at or moment

    assert made == [sum(RETRIES[:number], start=timedelta()) for number in range(10)]
    assert made[-1] == timedelta(days=3, hours=3, minutes=36)
    assert (delivery.state, len(receiver.heard)) == ("given_up", 10)
    assert len({headers["webhook-id"] for headers, _body in receiver.heard}) == 1


def test_a_receiver_that_asks_for_patience_is_given_it_a_day_at_most(receiver, at):
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    endpoint(receiver.url)
    first, second = told(at, "1"), told(at, "2")
    bring(pk=first.pk, at=at)
    receiver.headers = {"Retry-After": "99999999"}
    bring(pk=second.pk, at=at)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.next_at - at, second.next_at - at) == (timedelta(minutes=10), timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_bring_it_once(receiver, at):
    endpoint(receiver.url)
    delivery = told(at)
    WebhookDelivery.objects.update(state="waiting", next_at=at)  # the task of the commit had brought it
    receiver.heard.clear()
    receiver.came.clear()
    receiver.go_on.clear()

    def work():
        try:
            return bring(pk=delivery.pk, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(work)
        assert receiver.came.wait(10)  # the first holds it, and waits for its answer
        assert pool.submit(work).result(10) is False
        receiver.go_on.set()
        assert first.result(10) is True

    assert len(receiver.heard) == 1


def test_a_worker_that_died_half_way_leaves_it_to_be_brought_when_its_claim_ends(receiver, at):
    endpoint(receiver.url)
    delivery = told(at)
    WebhookDelivery.objects.update(next_at=at + timedelta(minutes=5))  # claimed, and nothing came of it

    assert duties.send_webhooks(at=at + timedelta(minutes=4)) is None
    assert bring(pk=delivery.pk, at=at + timedelta(minutes=5))
    assert len(receiver.heard) == 1


def test_the_duty_brings_what_a_crash_left_lying_and_says_so(receiver, now):
    endpoint(receiver.url)
    told(now)

    assert duties.send_webhooks(at=now) == "1 webhook(s) to bring"
    assert (len(receiver.heard), duties.send_webhooks(at=now)) == (1, None)


def test_one_endpoint_that_fails_keeps_none_of_the_others(receiver, at):
    endpoint("http://127.0.0.1:9/dead")
    for number in range(8):
        told(at, str(number))
    endpoint(receiver.url)
    told(at, "last")

    due = WebhookDelivery.objects.due(at)
    assert due.count() == 10
    assert duties.send_webhooks(at=at) == "6 webhook(s) to bring"


def test_after_five_days_without_one_success_it_is_switched_off_and_waits_for_an_administrator(receiver, at):
    receiver.status = 500
    hook = endpoint(receiver.url)
    bring(pk=told(at, "1").pk, at=at)
    later = at + PATIENCE - timedelta(seconds=1)
    bring(pk=told(later, "2").pk, at=later)
    hook.refresh_from_db()
    assert (hook.is_active, hook.failing_since) == (True, at)

    last = told(at + PATIENCE, "3")
    bring(pk=last.pk, at=at + PATIENCE)
    hook.refresh_from_db()
    assert (hook.is_active, hook.switched_off_at, hook.switched_off_why) == (False, at + PATIENCE, "refused")
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"given_up"}

    with override("en"):
        waits = {found.heading: found.count for found in waiting(user=factories.user("admin"), at=at)}
        assert waits["Webhooks switched off: the other side took nothing"] == 1
        others = {str(found.heading) for found in waiting(user=factories.user("Editors"), at=at)}
        assert not any("Webhooks" in heading for heading in others)


def test_one_success_begins_the_count_anew(receiver, at):
    receiver.status = 500
    hook = endpoint(receiver.url)
    bring(pk=told(at, "1").pk, at=at)
    receiver.status = 200
    bring(pk=told(at, "2").pk, at=at + timedelta(days=1))
    receiver.status = 500
    bring(pk=told(at, "3").pk, at=at + PATIENCE)

    hook.refresh_from_db()
    assert (hook.is_active, hook.failing_since) == (True, at + PATIENCE)


def test_one_that_says_it_is_gone_is_switched_off_at_once(receiver, at):
    receiver.status = 410
    hook = endpoint(receiver.url)
    bring(pk=told(at).pk, at=at)

    hook.refresh_from_db()
    assert (hook.is_active, hook.switched_off_at) == (False, at)


def test_what_was_given_up_is_sent_again_by_hand_with_the_same_id_once_the_endpoint_is_active(receiver, now, at_once):
    receiver.status = 410
    hook = endpoint(receiver.url)
    delivery = told(now)
    bring(pk=delivery.pk, at=now)
    receiver.status = 200
    assert send_again(delivery=delivery, at=now) is False

    activate(endpoint=hook)
    with at_once():
        assert send_again(delivery=delivery, at=now) is True
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failures) == ("delivered", 0)
    assert len({headers["webhook-id"] for headers, _body in receiver.heard}) == 1
    assert [problem for _status, problem in attempts(delivery)] == ["refused", ""]


def test_what_was_told_is_forgotten_after_a_month_with_its_attempts_but_not_what_is_on_its_way(receiver, at):
    endpoint(receiver.url)
    old, waits = told(at, "1"), told(at, "2")
    bring(pk=old.pk, at=at)

    assert duties.forget_webhooks(at=at + KEPT) is None
    assert duties.forget_webhooks(at=at + KEPT + timedelta(seconds=1)) == "2 row(s) of old webhooks deleted"
    assert list(WebhookDelivery.objects.all()) == [waits]
    assert WebhookAttempt.objects.count() == 0
