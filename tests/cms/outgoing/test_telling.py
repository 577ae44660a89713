"""What happens is told to who wants to know: signed, after the commit, and nothing of what was rolled back."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from wagtail.models import PageViewRestriction

from cms.actions.announcing import Message, announce, ping
from cms.actions.delivering import bring, end_former_secret, renew_secret
from cms.models import StandardPage, WebhookDelivery
from tests import factories
from tests.cms.outgoing.receiver import endpoint

pytestmark = pytest.mark.django_db


def page(**facts):
    return factories.ground().add_child(instance=StandardPage(title="Over ons", slug="over-ons", **facts))


def verified(secret, heard):
    headers, body = heard
    return Webhook(secret).verify(body, headers)


def test_a_page_that_is_published_is_told_with_ids_and_addresses_and_no_text(receiver, at_once):
    found = page(live=False)
    endpoint(receiver.url)
    with at_once():
        found.save_revision().publish()

    [told] = receiver.told
    assert (told["type"], told["data"]) == (
        "page.published",
        {
            "id": found.pk,
            "type": "cms.StandardPage",
            "locale": "nl",
            "html_url": "http://testserver/nl/over-ons/",
            "api_url": f"http://testserver/api/v1/pages/{found.pk}/",
        },
    )
    assert sorted(told) == ["data", "timestamp", "type"]


def test_the_reference_library_of_standard_webhooks_verifies_the_signature(receiver, at_once):
    hook = endpoint(receiver.url)
    with at_once():
        page(live=False).save_revision().publish()

    assert verified(hook.secret, receiver.heard[0])["type"] == "page.published"
    headers, body = receiver.heard[0]
    assert headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.secret).verify(body.replace(b"published", b"unpublished"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint("http://127.0.0.1:9/other").secret).verify(body, headers)


def test_a_page_taken_off_line_moved_or_deleted_is_told(receiver, at_once):
    found = page()
    endpoint(receiver.url)
    with at_once():
        found.unpublish()
    with at_once():
        found.save_revision().publish()
    with at_once():
        found.slug = "wie-wij-zijn"
        found.save_revision().publish()
    with at_once():
        found.delete()

    assert receiver.kinds == [
        "page.unpublished",
        "page.published",
        "page.published",
        "page.moved",
        "page.unpublished",
    ]


def test_what_stands_below_a_moved_page_moved_too_and_what_is_hidden_there_is_not_told(at_once):
    endpoint("http://127.0.0.1:9/x", kinds=["page.moved"])
    above = page()
    home = above.get_parent()
    aside = home.add_child(instance=StandardPage(title="Elders", slug="elders"))
    below = above.add_child(instance=StandardPage(title="Onder", slug="onder"))
    above.add_child(instance=StandardPage(title="Ontwerp", slug="ontwerp", live=False))
    hidden = above.add_child(instance=StandardPage(title="Geheim", slug="geheim"))
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")

    with at_once():
        StandardPage.objects.get(pk=above.pk).move(aside, pos="last-child")

    told = [one.payload["data"] for one in WebhookDelivery.objects.order_by("pk")]
    assert [(one["id"], one["html_url"]) for one in told] == [
        (above.pk, "http://testserver/nl/elders/over-ons/"),
        (below.pk, "http://testserver/nl/elders/over-ons/onder/"),
    ]


def test_a_page_behind_a_password_is_not_even_told_of(receiver, at_once):
    found = page()
    found.view_restrictions.create(restriction_type="password", password="geheim")
    endpoint(receiver.url)
    with at_once():
        found.save_revision().publish()
        found.unpublish()

    assert receiver.heard == []


def test_who_wants_another_kind_or_is_not_active_is_told_nothing(receiver, at_once):
    endpoint(receiver.url, kinds=["page.unpublished"])
    endpoint(f"{receiver.url}/2", is_active=False)
    with at_once():
        page(live=False).save_revision().publish()

    assert (receiver.heard, WebhookDelivery.objects.count()) == ([], 0)


def test_what_is_rolled_back_is_never_told_and_what_is_committed_is_written_with_it(receiver, at, at_once):
    endpoint(receiver.url)
    message = Message("page.published", "1", {"id": 1})
    with at_once(), pytest.raises(RuntimeError), transaction.atomic():
        announce(message, at=at)
        raise RuntimeError
    assert (receiver.heard, WebhookDelivery.objects.count()) == ([], 0)

    with transaction.atomic():
        announce(message, at=at)
        assert WebhookDelivery.objects.get().state == "waiting"
        assert receiver.heard == []


def test_one_fact_said_twice_in_a_deed_is_told_once_and_every_endpoint_hears_the_same_id(receiver, now, at_once):
    endpoint(receiver.url)
    endpoint(f"{receiver.url}/2")
    with at_once():
        announce(Message("page.published", "1", {}), Message("page.published", "1", {}), at=now)

    ids = [headers["webhook-id"] for headers, _body in receiver.heard]
    assert (len(ids), len(set(ids))) == (2, 1)


@pytest.mark.parametrize("messages", [1, 3])
def test_where_nobody_listens_announcing_is_one_query(messages, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        announce(*(Message("page.published", str(number), {}) for number in range(messages)), at=at)


def test_a_kind_no_plugin_says_it_announces_is_a_programming_error(at):
    with pytest.raises(LookupError, match=r"No installed plugin announces page\.sold"):
        announce(Message("page.sold", "1", {}), at=at)


def test_a_test_goes_out_at_once_also_to_one_that_is_not_active_and_is_tried_once(receiver, now, at_once):
    receiver.status = 500
    hook = endpoint(receiver.url, is_active=False)
    with at_once():
        delivery = ping(endpoint=hook, at=now)

    delivery.refresh_from_db()
    hook.refresh_from_db()
    assert (receiver.kinds, delivery.state, hook.failing_since) == (["ping"], "given_up", None)


def test_a_new_secret_is_joined_by_the_former_one_for_a_day(at):
    hook = renew_secret(endpoint=endpoint("http://127.0.0.1:9/"), at=at)

    day = timedelta(days=1)
    assert [len(list(hook.secrets_at(moment))) for moment in (at, at + day - timedelta(seconds=1), at + day)] == [
        2,
        2,
        1,
    ]


def test_during_that_day_a_receiver_with_either_secret_verifies_and_ended_early_only_with_the_new_one(
    receiver, now, at_once
):
    hook = endpoint(receiver.url)
    former = hook.secret
    hook = renew_secret(endpoint=hook, at=now)
    assert hook.secret != former
    with at_once():
        announce(Message("page.published", "1", {}), at=now)
    assert verified(former, receiver.heard[0]) == verified(hook.secret, receiver.heard[0])

    end_former_secret(endpoint=hook)
    with at_once():
        announce(Message("page.published", "2", {}), at=now)
    assert verified(hook.secret, receiver.heard[1])["type"] == "page.published"
    with pytest.raises(WebhookVerificationError):
        verified(former, receiver.heard[1])


def test_while_the_sites_own_key_is_replaced_a_receiver_verifies_with_the_secret_it_has(receiver, at_once, settings):
    hook = endpoint(receiver.url)
    secret = hook.secret
    with override_settings(SECRET_KEY="a new key of this site", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]), at_once():
        page(live=False).save_revision().publish()

    assert verified(secret, receiver.heard[0])["type"] == "page.published"


def test_the_secret_stands_nowhere_in_the_database_and_is_another_under_another_key():
    hook = endpoint("http://127.0.0.1:9/hooks")
    secret = hook.secret
    stored = json.dumps(list(type(hook).objects.values()), default=str)

    assert secret.removeprefix("whsec_") not in stored
    with override_settings(SECRET_KEY="another"):
        assert hook.secret != secret


def test_a_delivery_of_an_endpoint_that_was_deleted_meanwhile_is_nothing(receiver, at):
    hook = endpoint(receiver.url)
    announce(Message("page.published", "1", {}), at=at)
    pk = WebhookDelivery.objects.get().pk
    hook.delete()

    assert (bring(pk=pk, at=at), receiver.heard) == (False, [])
