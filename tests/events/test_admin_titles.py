"""Every screen of the desk says where one is: in its title, and at the end of its trail."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import override

from tests import factories
from tests.events.desk import bulk, event, register
from tests.events.test_admin_access import EVENTS_SCREENS

pytestmark = pytest.mark.django_db
#: A part of a page, or a file.
NO_PAGE = {name for name in EVENTS_SCREENS if name.endswith(("_results", "export_members"))}
OF_NO_ROW = {"index", "add", "columns", "person", "import_members"}


def said(page: Any) -> tuple[str, str]:
    """(title of the page, last of its trail). Wagtail's own page that asks before it deletes has no trail."""
    title = unescape(page.content.decode()).partition("<title>")[2].partition(" - Wagtail")[0].strip()
    with translation.override("en"):
        trail = [str(item["label"]) for item in page.context["breadcrumbs_items"]]
    return title, trail[-1] if trail else title


def test_every_screen_has_a_title_and_a_trail_of_its_own(organiser: Client, now) -> None:
    made = event(now)
    registration = register(made, now)
    rows = {"tour_events": made, "tour_registrations": registration, "tour_schemes": factories.scheme()}
    told = {}
    # Where a new page of a visit goes is asked of who makes pages, which an organiser does not.
    for name in sorted(EVENTS_SCREENS.keys() - NO_PAGE - {"visit_pages:choose_parent"}):
        namespace, _colon, screen = name.partition(":")
        keys = [] if screen in OF_NO_ROW else [rows[namespace].pk]
        keys += {"letter": [registration.letters.get().pk], "letter_preview": ["offer", "nl"]}.get(screen, [])
        told[name] = said(organiser.get(reverse(name, args=keys)))

    assert [name for name, words in told.items() if "" in words or "Home" in words] == []
    titles = [title for title, _last in told.values()]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def test_a_question_about_many_has_the_deed_in_its_title(organiser: Client, now) -> None:
    made = event(now)

    page = bulk(organiser, made, "ask", register(made, now), deed="cancel", text="Nee")

    with override("en"):
        assert said(page) == (f"Cancel all their seats: {made}", "Cancel all their seats")
