"""Addresses outside, as the tests of the links need them."""

from datetime import datetime
from typing import Any

from cms.models import OutsideAddress


def address(url: str = "https://example.org/", **facts: Any) -> OutsideAddress:
    """One that pages lead to, never asked unless told otherwise."""
    return OutsideAddress.objects.create(url=url, **facts)


def dead(at: datetime, url: str = "https://example.org/", **facts: Any) -> OutsideAddress:
    """One that said at that moment that it is gone."""
    return address(url, verdict="dead", status=404, tried_at=at, failing_since=at, **facts)


def state(row: OutsideAddress) -> tuple[str, int | None, datetime | None]:
    """What is known of it now."""
    row.refresh_from_db()
    return row.verdict, row.status, row.failing_since
