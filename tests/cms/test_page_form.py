"""A page that may not be public yet is refused on the form it was typed in: nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms.models import StandardPage
from tests import factories

pytestmark = pytest.mark.django_db

TOLD = "A project has a leader."
GOES_ON = ["action-publish", "action-submit"]


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a page type of a host's own has one."""
    monkeypatch.setattr(StandardPage, "obstacles", lambda page: [TOLD] if page.title.startswith("Leeg") else [])


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(factories.user("Editors"))
    return client


def typed(title: str, *buttons: str) -> dict[str, Any]:
    empty = {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return empty | {"title": title, "slug": "project", "intro": "Lang over nagedacht."} | dict.fromkeys(buttons, "1")


def address(home: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["cms", "standardpage", home.pk])


@pytest.mark.parametrize("button", GOES_ON)
def test_a_new_page_that_lacks_something_stays_on_the_screen_with_what_was_typed(
    rule: None, desk: Client, button: str
) -> None:
    home = factories.ground()

    answer = desk.post(address(home), typed("Leeg blad", button))

    assert answer.status_code == 200
    html = answer.content.decode()
    assert TOLD in html
    assert "Lang over nagedacht." in html
    assert not StandardPage.objects.filter(title="Leeg blad").exists()


def test_as_a_draft_it_is_kept(rule: None, desk: Client) -> None:
    home = factories.ground()

    assert desk.post(address(home), typed("Leeg blad")).status_code == 302
    assert StandardPage.objects.get(title="Leeg blad").live is False


def test_one_that_lacks_nothing_goes_live(rule: None, desk: Client) -> None:
    home = factories.ground()

    assert desk.post(address(home), typed("Vol blad", "action-publish")).status_code == 302
    assert StandardPage.objects.get(title="Vol blad").live is True


@pytest.mark.parametrize("button", GOES_ON)
def test_a_page_that_is_there_too(rule: None, desk: Client, button: str) -> None:
    home = factories.ground()
    page = home.add_child(instance=StandardPage(title="Vol", slug="project", locale=home.locale, live=False))

    answer = desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed("Leeg", button))

    assert answer.status_code == 200
    assert TOLD in answer.content.decode() and "Lang over nagedacht." in answer.content.decode()
    assert StandardPage.objects.get(pk=page.pk).title == "Vol"
