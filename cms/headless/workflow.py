"""Where a page stands between draft and public, which steps the reader may take, and taking them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field
from wagtail.models import Page

from cms.actions.page_workflow import WITH_COMMENT, Step, steps_for, take_step
from cms.actions.translating import TranslationRefused
from cms.api import Problem, Strict, refuse_unknown_parameters
from cms.headless.access import Reader, needs, pages_for, reader_of, with_token
from cms.headless.desk import checked, kept_in_step, locked_page, nothing_here
from cms.headless.drafts import REFUSALS, refusals_told, tagged
from cms.headless.field_input import BIGGEST
from cms.headless.page_forms import bind, errors_of
from cms.headless.pages import pages as router
from cms.headless.shapes import ProblemOut
from cms.headless.standing import SEES_DRAFTS, WorkflowOut, workflow_of
from cms.headless.versions import refuse_stale
from cms.models.api_tokens import Scope
from cms.refusals import CannotGoLive


class StepIn(Strict):
    #: With approve and reject: a word to whoever sent it in.
    comment: str = Field("", max_length=1_000)


@router.get(
    "/{int:page_id}/workflow/",
    response={200: WorkflowOut, **REFUSALS},
    url_name="page_workflow",
    operation_id="read_workflow",
    summary="Where a page stands, and which steps the reader may take",
)
def read_workflow(request: HttpRequest, response: HttpResponse, page_id: int) -> Any:
    refuse_unknown_parameters(request, ())
    reader = reader_of(request)
    page = Page.objects.filter(pk=page_id).first() if 0 < page_id <= BIGGEST else None
    if page is None or not pages_for(reader, request).filter(pk=page.pk).exists():
        if not any(reader.may(scope) for scope in SEES_DRAFTS):
            raise nothing_here()
        page = checked(reader, request, page)
    found = workflow_of(page, reader)
    response["Cache-Control"] = "no-store"
    if found.get("etag"):
        tagged(response, page)
    return found


@router.post(
    "/{int:page_id}/workflow/{step}/",
    auth=with_token,
    response={200: WorkflowOut, **REFUSALS, **dict.fromkeys((409, 412, 422, 423), ProblemOut)},
    url_name="page_step",
    operation_id="take_step",
    summary="Send in, approve, ask for changes, take back, publish, take off line",
    openapi_extra={
        "parameters": [
            {
                "in": "header",
                "name": "If-Match",
                "required": False,
                "schema": {"type": "string"},
                "description": "The ETag of the draft the step is meant for: 412 when somebody wrote since.",
            }
        ]
    },
)
def take(request: HttpRequest, response: HttpResponse, page_id: int, step: Step, body: StepIn) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WORKFLOW)
    if body.comment and step not in WITH_COMMENT:
        text = _("A comment goes with approve and reject only.")
        raise Problem(422, text, [{"loc": ["body", "comment"], "msg": text, "type": "extra_forbidden"}])
    refused: TranslationRefused | None = None
    try:
        with refusals_told(), locked_page(reader, request, page_id) as page:
            if asked := request.headers.get("If-Match", "").strip():
                refuse_stale(asked, page)
            link = kept_in_step(page)
            if step in ("publish", "submit", "approve") and step in steps_for(page=page, by=reader.user, link=link):
                refuse_incomplete(page, step, reader, is_translation=link is not None)
            try:
                take_step(page=page, step=step, by=reader.user, link=link, comment=body.comment)
            except TranslationRefused as refusal:
                # Not undone: what is wrong with a text is noted beside it, where its translator will see it.
                refused = refusal
    except CannotGoLive as refusal:
        raise cannot_go_live(str(refusal), [(("page",), text) for text in refusal.obstacles]) from refusal
    if refused is not None:
        raise cannot_go_live(refused.text, [(("page",), refused.text)])
    page = Page.objects.get(pk=page_id)
    tagged(response, page)
    return workflow_of(page, reader)


def cannot_go_live(text: str, obstacles: list[tuple[tuple[Any, ...], str]]) -> Problem:
    """409 with an entry for each thing the page lacks."""
    errors = [{"loc": list(loc), "msg": message, "type": "cannot_go_live"} for loc, message in obstacles]
    return Problem(409, text, errors, "cannot_go_live")


def refuse_incomplete(page: Page, step: Step, reader: Reader, *, is_translation: bool) -> None:
    """The form's own judgement, as the admin's button would have it. Raises Problem 409 with the place of each lack.

    A translation is judged when it is put together from its texts.
    """
    if is_translation:
        return
    button = {
        "publish": {"action-publish": "1"},
        "submit": {"action-submit": "1"},
        "approve": {"action-workflow-action": "1", "workflow-action-name": "approve"},
    }[step]
    form = bind(page.get_latest_revision_as_object(), {}, parent=page.get_parent(), user=reader.user, extra=button)
    if not form.is_valid():
        lacks = [(("page", *one["loc"][2:]), one["msg"]) for one in errors_of(form)]
        title = page.get_admin_display_title()
        raise cannot_go_live(_("“%(title)s” cannot go live yet.") % {"title": title}, lacks)
