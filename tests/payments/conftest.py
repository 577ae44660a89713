"""The stand-in runs over real HTTP, with real signatures; its notices wait until a test sends them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from payments.sandbox import Sandbox


@pytest.fixture
def stripe(settings: Any, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(deliver="manual", late_seconds=3600) as sandbox:
        settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
            "STRIPE_API_BASE": sandbox.url,
            "STRIPE_API_KEY": sandbox.api_key,
            "STRIPE_WEBHOOK_SECRET": sandbox.webhook_secret,
        }
        yield sandbox


@pytest.fixture
def now() -> datetime:
    """Stripe's clock is the real one, so these tests count from now."""
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def notify(stripe: Sandbox, client: Client, django_capture_on_commit_callbacks: Any) -> Callable[[str], list[int]]:
    """Post every notice of this type to our webhook, signed as Stripe signs; the answers' statuses."""

    def post(kind: str, times: int = 1) -> list[int]:
        statuses = []
        for event in [event for event in stripe.events if event["type"] == kind]:
            for _time in range(times):
                body, signature = stripe.signed(event["id"])
                with django_capture_on_commit_callbacks(execute=True):
                    answer = client.post(
                        "/stripe/webhook/",
                        body,
                        content_type="application/json",
                        headers={"Stripe-Signature": signature},
                    )
                statuses.append(answer.status_code)
        return statuses

    return post
