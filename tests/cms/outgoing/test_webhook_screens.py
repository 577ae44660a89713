"""Webhooks in the admin: made by an administrator, a secret seen once, a log to look in and send from."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from standardwebhooks.webhooks import Webhook

from cms.actions.announcing import Message, announce
from cms.actions.delivering import bring
from cms.models import WebhookDelivery, WebhookEndpoint
from tests import factories
from tests.cms.outgoing.receiver import endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]
#: The kinds and endpoints to choose from and the one chosen, how many there are, and the rows. For 1 and for 3 rows.
QUERIES = 6
ADD = reverse("tour_webhooks:add")


def filled(url, **changes):
    return {"description": "Het CRM", "url": url, "kinds": ["page.published"], "is_active": "on"} | changes


def secret_in(answer):
    return answer.context["secret"]


def test_one_is_made_and_its_secret_is_shown_once(desk, receiver, at_once):
    answer = desk.post(ADD, filled(receiver.url), follow=True)
    made = WebhookEndpoint.objects.get()
    secret = secret_in(answer)
    assert (secret, secret in answer.content.decode()) == (made.secret, True)
    assert "no-store" in answer["Cache-Control"]

    again = desk.get(reverse("tour_webhooks:secret", args=[made.pk]))
    assert (secret_in(again), secret in again.content.decode()) == ("", False)

    with at_once():
        desk.post(reverse("tour_webhooks:secret", args=[made.pk]), {"deed": "ping"})
    headers, body = receiver.heard[0]
    assert Webhook(secret).verify(body, headers) == {
        "type": "ping",
        "timestamp": receiver.told[0]["timestamp"],
        "data": {},
    }


def test_a_new_secret_is_shown_once_too_and_the_former_one_can_be_ended(desk):
    hook = endpoint("http://127.0.0.1:9/hooks")
    there = reverse("tour_webhooks:secret", args=[hook.pk])

    renewed = desk.post(there, {"deed": "renew"}, follow=True)
    assert secret_in(renewed) not in ("", hook.secret)
    assert "Two secrets are valid until" in renewed.content.decode()
    ended = desk.post(there, {"deed": "end"}, follow=True)
    assert (secret_in(ended), "Two secrets are valid" in ended.content.decode()) == ("", False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "ftp://example.org/"}, "Give an address that begins with https://."),
        ({"url": "https://10.0.0.8/"}, "This address is not on the public internet."),
        ({"kinds": []}, "This field is required."),
        ({"kinds": ["page.sold"]}, "Select a valid choice. page.sold is not one of the available choices."),
    ],
)
def test_what_cannot_be_is_refused_beside_what_was_typed(changes, said, desk):
    answer = desk.post(ADD, filled("https://example.org/") | changes)

    with override("en"):
        errors = answer.context["form"].errors.as_data().values()
        assert [message for error in errors for found in error for message in found.messages] == [said]
    assert not WebhookEndpoint.objects.exists()


def test_made_active_again_it_is_forgiven_and_made_inactive_nothing_stays_on_its_way(desk, receiver, at):
    receiver.status = 410
    hook = endpoint(receiver.url)
    announce(Message("page.published", "1", {}), at=at)
    bring(pk=WebhookDelivery.objects.get().pk, at=at)
    hook.refresh_from_db()
    assert (hook.is_active, hook.switched_off_at) == (False, at)

    desk.post(reverse("tour_webhooks:edit", args=[hook.pk]), filled(receiver.url))
    hook.refresh_from_db()
    assert (hook.is_active, hook.switched_off_at, hook.failing_since) == (True, None, None)

    announce(Message("page.published", "2", {}), at=at)
    desk.post(reverse("tour_webhooks:edit", args=[hook.pk]), filled(receiver.url, is_active=""))
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"given_up"}


def test_the_log_shows_each_attempt_and_sends_again(desk, receiver, at, at_once):
    receiver.status = 500
    endpoint(receiver.url)
    announce(Message("page.published", "1", {"id": 1}), at=at)
    delivery = WebhookDelivery.objects.get()
    bring(pk=delivery.pk, at=at)

    there = reverse("tour_webhook_log:inspect", args=[delivery.pk])
    seen = desk.get(there).content.decode()
    assert "It answered that it did not take it" in seen
    assert "&quot;data&quot;:{&quot;id&quot;:1}" in seen
    receiver.status = 204
    with at_once():
        desk.post(reverse("tour_webhook_log:again", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failures, len(receiver.heard)) == ("delivered", 0, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_is_narrowed_and_costs_the_same_for_many(count, desk, at):
    hook, other = endpoint("http://127.0.0.1:9/1"), endpoint("http://127.0.0.1:9/2", kinds=["page.moved"])
    for number in range(count):
        announce(Message("page.published", str(number), {}), at=at)
    announce(Message("page.moved", "1", {}), at=at)
    log = reverse("tour_webhook_log:index")
    narrowed = f"{log}?endpoint={hook.pk}&state=waiting&kind=page.published"
    with CaptureQueriesContext(connection) as made:
        answer = desk.get(narrowed)
    # The admin's own questions about who is logged in are not the list's.
    assert len([query for query in made.captured_queries if '"cms_webhook' in query["sql"]]) == QUERIES
    assert len(answer.context["object_list"]) == count
    assert len(desk.get(f"{log}?endpoint={other.pk}").context["object_list"]) == 1
    csv = b"".join(desk.get(f"{log}?export=csv").streaming_content).decode()
    assert len(csv.strip().splitlines()) == 1 + count + 2


@pytest.mark.parametrize("group", ["Editors", "Organisers", "Finance", "Reviewers"])
def test_only_an_administrator_sees_or_changes_any_of_it(group, client, at):
    hook = endpoint("http://127.0.0.1:9/hooks")
    announce(Message("page.published", "1", {}), at=at)
    delivery = WebhookDelivery.objects.get()
    client.force_login(factories.user(group))

    for url in (
        ADD,
        reverse("tour_webhooks:index"),
        reverse("tour_webhooks:edit", args=[hook.pk]),
        reverse("tour_webhooks:secret", args=[hook.pk]),
        reverse("tour_webhook_log:index"),
        reverse("tour_webhook_log:inspect", args=[delivery.pk]),
    ):
        assert client.get(url).status_code == 302, url
    client.post(reverse("tour_webhook_log:again", args=[delivery.pk]))
    client.post(reverse("tour_webhooks:secret", args=[hook.pk]), {"deed": "renew"})
    seed = hook.seed
    hook.refresh_from_db()
    assert hook.seed == seed


def test_who_may_only_look_sends_nothing_again(client, at):
    hook = endpoint("http://127.0.0.1:9/hooks")
    announce(Message("page.published", "1", {}), at=at)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="given_up", next_at=None)
    person = factories.user("Editors")
    for codename in ("view_webhookdelivery", "view_webhookendpoint"):
        person.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(person)

    assert hook.is_active
    client.post(reverse("tour_webhook_log:again", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.state == "given_up"

    person.user_permissions.add(Permission.objects.get(codename="change_webhookendpoint"))
    client.post(reverse("tour_webhook_log:again", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
