"""Where a page stands between draft and public, and what the reader may do with it: told, not done."""

from typing import Any, Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from wagtail.models import Page, TaskState, WorkflowState

from cms.actions.page_workflow import Step, steps_for
from cms.headless.access import Reader
from cms.headless.components import Component
from cms.headless.desk import kept_in_step
from cms.headless.reading import Reading
from cms.headless.versions import draft_version
from cms.models.api_tokens import Scope

State = Literal["draft", "in_review", "needs_changes", "planned", "live", "live_with_draft"]
NEWEST = 20


class HistoryOut(Schema):
    #: The name of the step in the workflow.
    task: str
    status: str
    comment: str
    by: str
    at: str | None


class ReviewOut(Schema):
    name: str
    task: str
    status: str
    sent_in_by: str


class WorkflowOut(Schema):
    """Where the page stands. Without a token that may see drafts: that it is live, and nothing else."""

    state: State
    #: What this reader may do now.
    transitions: list[Step]
    has_unpublished_changes: bool | None = None
    go_live_at: str | None = None
    expire_at: str | None = None
    #: Why it cannot be changed now, in words.
    locked: str | None = None
    #: What it may not be public without, a sentence each.
    obstacles: list[str] = []
    review: ReviewOut | None = None
    history: list[HistoryOut] = []
    etag: str | None = None


SEES_DRAFTS = (Scope.DRAFTS, Scope.WRITE, Scope.WORKFLOW)


def workflow_of(page: Page, reader: Reader) -> dict[str, Any]:
    """Of a page this reader can see, by its own right or because it is public."""
    rights = page.permissions_for_user(reader.user) if reader.user is not None else None
    works_on_it = rights is not None and (rights.can_edit() or rights.can_publish())
    if not works_on_it or not any(reader.may(scope) for scope in SEES_DRAFTS):
        return {"state": "live", "transitions": []}
    return _whole(page, reader)


def _whole(page: Page, reader: Reader) -> dict[str, Any]:
    draft = page.get_latest_revision_as_object()
    lock = page.get_lock()
    steps = steps_for(page=page, by=reader.user, link=kept_in_step(page)) if reader.may(Scope.WORKFLOW) else []
    review = page.current_workflow_state
    return {
        "state": _state(page, review),
        "transitions": steps,
        "has_unpublished_changes": page.has_unpublished_changes,
        "go_live_at": _iso(draft.go_live_at),
        "expire_at": _iso(draft.expire_at),
        "locked": _locked(lock, reader.user),
        "obstacles": draft.obstacles() if hasattr(draft, "obstacles") else [],
        "review": _review(review),
        "history": _history(page),
        "etag": draft_version(page),
    }


def _locked(lock: Any, user: Any) -> str | None:
    if lock is None or not lock.for_user(user):
        return None
    return str(lock.get_message(user) or _("This page is locked."))


def _state(page: Page, review: WorkflowState | None) -> State:
    if review is not None:
        return "needs_changes" if review.status == WorkflowState.STATUS_NEEDS_CHANGES else "in_review"
    if page.scheduled_revision is not None:
        return "planned"
    if page.live:
        return "live_with_draft" if page.has_unpublished_changes else "live"
    return "draft"


def _review(review: WorkflowState | None) -> dict[str, str] | None:
    if review is None:
        return None
    task = review.current_task_state
    return {
        "name": review.workflow.name,
        "task": task.task.name if task else "",
        "status": review.status,
        "sent_in_by": _person(review.requested_by),
    }


def _history(page: Page) -> list[dict[str, Any]]:
    steps = TaskState.objects.filter(workflow_state__in=page.workflow_states).exclude(
        status=TaskState.STATUS_IN_PROGRESS
    )
    newest = steps.select_related("task", "finished_by").order_by("-finished_at", "-pk")[:NEWEST]
    return [
        {
            "task": step.task.name,
            "status": step.status,
            "comment": step.comment,
            "by": _person(step.finished_by),
            "at": _iso(step.finished_at),
        }
        for step in newest
    ]


def _person(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user is not None else ""


def _iso(moment: Any) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def _told(page: Page, reading: Reading) -> dict[str, Any]:
    return workflow_of(page, reading.reader)


def _has_token(reader: Reader) -> bool:
    """To anybody else it would say what they see: that it is live."""
    return reader.user is not None


component = Component(
    WorkflowOut, _told, "Where it stands, and the steps the reader may take", has_own_address=True, offered=_has_token
)


class ActionOut(Schema):
    #: A stable word: "read_draft", "change", "preview", "give_texts", "translate", or a step of the workflow.
    name: str
    method: Literal["GET", "PATCH", "POST"]
    api_url: str


class ActionListOut(Schema):
    items: list[ActionOut]


def _actions(page: Page, reading: Reading) -> dict[str, Any]:
    """What this token may do with the page over HTTP. Nothing for who has none."""
    reader = reading.reader
    if reader.user is None:
        return {"items": []}
    rights = page.permissions_for_user(reader.user)
    own, link = {"page_id": page.pk}, kept_in_step(page)
    is_written = rights.can_edit() and link is None and not page.alias_of_id
    found: list[tuple[str, str, str]] = []
    if reader.may(Scope.DRAFTS) and (rights.can_edit() or rights.can_publish()):
        found.append(("read_draft", "GET", "page_draft"))
    if reader.may(Scope.WRITE) and is_written:
        found += [("change", "PATCH", "page"), ("preview", "POST", "page_preview")]
    if reader.may(Scope.WRITE) and link is not None and rights.can_edit():
        found.append(("give_texts", "PATCH", "page_texts"))
    if reader.may(Scope.WRITE) and link is None and reader.user.has_perm("wagtail_localize.submit_translation"):  # type: ignore[attr-defined]
        found.append(("translate", "POST", "page_translations"))
    told = [
        {"name": name, "method": method, "api_url": reading.absolute(reverse(f"api-1:{url}", kwargs=own))}
        for name, method, url in found
    ]
    if reader.may(Scope.WORKFLOW):
        told += [
            {
                "name": step,
                "method": "POST",
                "api_url": reading.absolute(reverse("api-1:page_step", kwargs=own | {"step": step})),
            }
            for step in steps_for(page=page, by=reader.user, link=link)
        ]
    return {"items": told}


actions = Component(ActionListOut, _actions, "What the reader's token may do with it", offered=_has_token)
