"""Wagtail's own API v3 is a preview with leaks and lost writes: it is not here, see docs/api.md."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from tests import factories

pytestmark = pytest.mark.django_db


def test_it_is_neither_installed_nor_mounted(client: Client) -> None:
    factories.ground()

    assert not apps.is_installed("wagtail.api.v3")
    assert not apps.is_installed("wagtail.api.v2")
    namespaces = set(get_resolver().namespace_dict)
    assert {name for name in namespaces if name.startswith(("api", "wagtailapi"))} == {"api-1"}
    for path in ("/api/v3/pages/", "/api/v3-preview/pages/", "/api/v2/pages/", "/api/v3/openapi.json"):
        assert client.get(path).status_code == 404
