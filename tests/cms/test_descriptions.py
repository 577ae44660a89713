"""Every field an editor or organiser fills in says what belongs there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList, PanelGroup

from cms.models import HomePage, Organisation, ResultsPage, StandardPage
from cms.wagtail_hooks import organisation_panels

#: Field (of any form) -> why it needs no words of ours.
SELF_EXPLAINING = {
    "go_live_at": "Wagtail's own dialogue for planning explains it",
    "expire_at": "Wagtail's own dialogue for planning explains it",
    "answer_2": "the first answer, right above it, says how many and how long",
    "answer_3": "the same",
    "answer_4": "the same",
}


def pages() -> list[Any]:
    found: list[Any] = [HomePage, StandardPage, ResultsPage]
    if apps.is_installed("cases"):
        from cases.models import CaseIndexPage, CasePage  # noqa: PLC0415

        found += [CaseIndexPage, CasePage]
    if apps.is_installed("events"):
        from events.models import EventIndexPage, EventPage  # noqa: PLC0415

        found += [EventIndexPage, EventPage]
    return found


def forms() -> Iterator[tuple[str, Any]]:
    for model in pages():
        yield model.__name__, model.get_edit_handler()
    yield "Organisation", ObjectList(organisation_panels()).bind_to_model(Organisation)
    if apps.is_installed("events"):
        from events.admin.events import EventViewSet  # noqa: PLC0415
        from events.models import Event  # noqa: PLC0415

        yield "Event", EventViewSet().edit_handler.bind_to_model(Event)


FORMS = dict(forms())
OURS = ("cms", "cases", "events", "payments")


def fields(panel: Any) -> Iterator[FieldPanel]:
    """Every field of a form, those of the rows inside it too."""
    if isinstance(panel, InlinePanel):
        yield from fields(panel.child_edit_handler)
    elif isinstance(panel, PanelGroup):
        for child in panel.children:
            yield from fields(child)
    elif isinstance(panel, FieldPanel):
        yield panel


def made_by_django(named: Any) -> bool:
    """A name of ours is a lazy translation; a plain string is the code's own word."""
    return isinstance(named.verbose_name, str)


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_the_form_says_what_belongs_there(name):
    lacking = [
        f"{panel.model.__name__}.{panel.field_name}"
        for panel in fields(FORMS[name])
        if panel.field_name not in SELF_EXPLAINING and not (panel.help_text or panel.db_field.help_text)
    ]

    assert lacking == []


@pytest.mark.parametrize("name", FORMS)
def test_every_field_and_row_has_a_name_people_read(name):
    """Django makes a name of the code's own words where none is given, and nobody can translate that one."""
    ours = [panel for panel in fields(FORMS[name]) if panel.db_field.model.__module__.partition(".")[0] in OURS]
    made_up = [f"{panel.model.__name__}.{panel.field_name}" for panel in ours if made_by_django(panel.db_field)]
    rows = {panel.model.__name__ for panel in ours if made_by_django(panel.model._meta)}

    assert (made_up, rows) == ([], set())


def test_the_list_of_what_needs_no_words_names_nothing_that_has_them_or_is_not_there():
    if not apps.is_installed("cases"):
        pytest.skip("The fields are those of the cases.")
    without = {
        panel.field_name
        for form in FORMS.values()
        for panel in fields(form)
        if not (panel.help_text or panel.db_field.help_text)
    }

    assert without == set(SELF_EXPLAINING)
