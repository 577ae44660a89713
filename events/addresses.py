"""Absolute addresses of a registration's pages, in the registration's own language."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from events.models import Registration


def absolute(path: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"


def manage_url(registration: Registration) -> str:
    with override(registration.language):
        return absolute(reverse("events:manage", args=[registration.manage_token]))


def confirm_mailbox_url(registration: Registration) -> str:
    with override(registration.language):
        return absolute(reverse("events:confirm_mailbox", args=[registration.mailbox_token]))


def page_url(registration: Registration) -> str:
    """The event's page in the registrant's language, the home page when there is none (any more)."""
    page = registration.event.page_in(registration.language)
    path = page.get_url() if page else None
    return path if path and path.startswith("http") else absolute(path or f"/{registration.language}/")
