"""Shared by all tests. Which parts run follows from the installed plugins, so a smaller installation is tested too."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

collect_ignore_glob = [
    *(f"{name}/*" for name in ("cases", "events", "payments") if name not in settings.PLUGINS),
    *(["stories/*", "contract/*"] if "payments" not in settings.PLUGINS else []),
]

#: A fixed moment: a Tuesday at noon in Brussels.
NOON = datetime(2027, 1, 12, 11, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE / "stories" in item.path.parents:
            # One demonstration serves all journeys: they run on one worker.
            item.add_marker(pytest.mark.xdist_group("stories"))
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="No Chromium. Run: apt-get install chromium"))


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Tests start in the site's first language, whatever the one before left active."""
    with translation.override("nl"):
        yield


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture
def has_payments() -> bool:
    return apps.is_installed("payments")


@pytest.fixture
def at_once(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Callable[[], AbstractContextManager[Any]]:
    """`with at_once():` does what waits for the commit (publishing, tasks) when the block ends."""
    return partial(django_capture_on_commit_callbacks, execute=True)
