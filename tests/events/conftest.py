"""Shared by the tests of the organiser's desk."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.events.desk import logged_in


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def organiser() -> Client:
    """Logged in, reading English."""
    return logged_in("Organisers")
