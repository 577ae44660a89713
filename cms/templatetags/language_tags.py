"""Template tags of the admin: how pages stand in the other language."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from wagtail.models import Page, WorkflowState

from cms.language_states import LanguageState, Standing, standings_of
from cms.links.dead import dead_in
from cms.machine import told
from cms.untranslated import untranslated_texts

register = template.Library()


@register.simple_tag
def standings(page: Page, table: Any) -> list[Standing]:
    """Of a page in a listing; the first one asks for all the pages of the table at once."""
    if not hasattr(table, "language_standings"):
        table.language_standings = standings_of(table.data)
    found: list[Standing] = table.language_standings[page.pk]
    return found


@register.simple_tag(takes_context=True)
def translation_notice(context: RequestContext) -> dict[str, Any]:
    """What the editor of a translation does not say by itself: what is missing, and how to have it published."""
    translation, page = context["translation"], context["instance"]
    missing, found = untranslated_texts(translation), standings_of([page])[page.pk]
    review = page.current_workflow_state
    nothing_new = any(one.state == LanguageState.UP_TO_DATE for one in found)
    return {
        "standings": found,
        "missing": missing,
        "dead": dead_in(page),
        "under_review": review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS,
        "can_submit": not (missing or nothing_new) and page.get_workflow() is not None,
        "submit_url": reverse("submit_translation", args=[translation.pk]),
        "machine": told(),
    }
