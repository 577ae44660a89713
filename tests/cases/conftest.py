"""Shared by the tests of the cases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import CasePage, HostSignOff
from cms import review
from tests import factories
from tests.cases.sign_off_support import ask


@pytest.fixture
def report() -> CasePage:
    """A complete draft of a visit report."""
    made: CasePage = factories.visit_report(title="Op bezoek in Ronse")
    return made


@pytest.fixture
def asked(report: CasePage) -> HostSignOff:
    """Its host was asked just now."""
    return ask(report, at=timezone.now())


@pytest.fixture
def writer(client: Client) -> Any:
    """An editor, who is `.person`, at work."""
    factories.ground()
    review.give_pages()
    person = factories.user("Editors")
    client.force_login(person)
    client.person = person  # type: ignore[attr-defined]
    return client


@pytest.fixture
def mails(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Callable[[], AbstractContextManager[Any]]:
    """What is mailed within `with mails():`."""
    return partial(django_capture_on_commit_callbacks, execute=True)
