"""Shared by the tests of the house."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from tests import factories
from tests.cms.translated import english_speaking


@pytest.fixture
def in_english_words() -> Iterator[None]:
    """What is said is asserted in English."""
    with override("en"):
        yield


@pytest.fixture
def editor() -> Any:
    """An administrator who reads English."""
    return english_speaking(factories.user("admin"))


@pytest.fixture
def desk(client: Client, editor: Any) -> Client:
    """Where the editor is logged in."""
    client.force_login(editor)
    return client
