"""A stand-in by hand and the real client that talks to it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from payments.sandbox import Sandbox

# The folders under tests/ are no packages, so the helpers beside us are found by path in any import mode.
sys.path.insert(0, str(Path(__file__).parent))

from stand_in_support import NOW, Receiver, make_client, session_params


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def sandbox(receiver: Receiver) -> Iterator[Sandbox]:
    """By hand and with a clock that stands still; fails the test when it broke Stripe's types itself."""
    with Sandbox(webhook_url=receiver.url, deliver="manual", now=lambda: NOW) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> stripe.StripeClient:
    return make_client(sandbox)


@pytest.fixture
def create(client: stripe.StripeClient) -> Callable[..., Any]:
    """`create(locale="en")`: a session as `session_params` has it, with these changes."""

    def create(**changes: Any) -> Any:
        return client.v1.checkout.sessions.create(params=session_params(**changes))

    return create
