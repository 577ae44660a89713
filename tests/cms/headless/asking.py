"""Somebody with a token, asking the API as a program does."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from cms.actions.api_tokens import create_token
from tests import factories

ALL = ("read", "drafts", "write", "workflow")


class Caller:
    """Asks with this token, or with none. Every answer is an HttpResponse; `.json()` reads it."""

    def __init__(self, secret: str = "", **headers: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = headers | ({"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("POST", path, {} if body is None else body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("PATCH", path, body, headers)

    def change(self, page: Page, content: Any) -> Any:
        """Read the draft, and change it on top of what was read."""
        etag = self.get(f"/pages/{page.pk}/draft/")["ETag"]
        return self.patch(f"/pages/{page.pk}/", {"content": content}, **{"If-Match": etag})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1{path}", text, content_type="application/json", headers=self.headers | headers
        )


def key(person: Any, *scopes: str, days: int = 30) -> str:
    """A token of this person, with all scopes unless some are named."""
    at = timezone.now()
    _token, secret = create_token(
        user=person, name="Proef", scopes=scopes or ALL, expires_at=at + timedelta(days=days), by=None, at=at
    )
    return secret


def caller(group: str = "Editors", *scopes: str) -> Caller:
    """A new person of this group, with a token."""
    return Caller(key(factories.user(group), *scopes))


def writers_only() -> Any:
    """A person who writes and may not publish, as in an office where a second pair of eyes is the rule."""
    group = Group.objects.create(name="Writers")
    root = Page.get_first_root_node()
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    return factories.user("Writers")


def problem(response: Any) -> tuple[int, str, list[tuple[list[Any], str]]]:
    """What a refusal says to a machine: status, type, and (loc, type) of each error."""
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    return response.status_code, told["type"], [(one["loc"], one["type"]) for one in told["errors"]]
