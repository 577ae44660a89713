"""Several workers at one endpoint: no attempt is lost, and none of them waits for another for ever."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.utils import timezone

from cms.actions import delivering
from cms.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from cms.outgoing.posting import Reply
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FAILED = Reply(500, "refused", 5)


def waiting(number: int, **facts: Any) -> list[int]:
    """Deliveries under way to one endpoint."""
    hook = WebhookEndpoint.objects.create(
        url="https://example.org/x", kinds=["page.published"], description="x", **facts
    )
    return [
        WebhookDelivery.objects.create(
            endpoint=hook, message_id=f"m{one}", kind="page.published", payload={}, next_at=timezone.now()
        ).pk
        for one in range(number)
    ]


def noted(keys: list[int]) -> list[Any]:
    at = timezone.now()
    return at_once([lambda pk=pk: delivering.note_reply(pk=pk, reply=FAILED, at=at) for pk in keys])


@pytest.mark.parametrize("round_", range(5))
def test_six_failures_at_once_switch_an_endpoint_off_and_are_all_in_the_log(round_: int) -> None:
    keys = waiting(6, failing_since=timezone.now() - timedelta(days=6))

    assert noted(keys) == [None] * 6

    assert WebhookEndpoint.objects.get().is_active is False
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"given_up"}
    assert WebhookAttempt.objects.count() == 6


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever read the delivery waits a moment for another who did so too."""
    barrier = Barrier(2)
    found = delivering._locked

    def found_and_waits(pk: int) -> Any:
        read = found(pk)
        with suppress(BrokenBarrierError):
            barrier.wait(1)
        return read

    monkeypatch.setattr(delivering, "_locked", found_and_waits)


def test_two_failures_of_one_delivery_are_two(meeting: None) -> None:
    [key] = waiting(1)

    assert noted([key, key]) == [None, None]

    assert WebhookDelivery.objects.get().failures == 2


def test_without_the_lock_one_would_be_lost(meeting: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the one above."""
    for model in (WebhookEndpoint, WebhookDelivery):
        monkeypatch.setattr(type(model.objects.all()), "select_for_update", lambda rows, **how: rows.all())
    [key] = waiting(1)

    noted([key, key])

    assert WebhookDelivery.objects.get().failures == 1
