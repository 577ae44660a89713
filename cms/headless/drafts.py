"""The draft of a page as its form has it: read, changed on top of what was read, and made. By the admin's own rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja import Status as Answer
from wagtail.models import Page

from cms.actions.api_tokens import logged_as
from cms.actions.page_drafts import (
    DraftRefused,
    IsLocked,
    NotAllowed,
    create_draft,
    free_slug,
    refuse_place,
    save_draft,
)
from cms.api import Problem, Strict, refuse_unknown_parameters
from cms.headless.access import needs, with_token
from cms.headless.desk import is_of_site, kept_in_step, locked_page, page_at_desk
from cms.headless.field_input import BIGGEST, Malformed, error
from cms.headless.page_forms import bind, changes_something, content_of, errors_of, form_for, keep_unmentioned
from cms.headless.pages import pages as router
from cms.headless.shapes import ProblemOut
from cms.headless.versions import draft_etag, draft_version, needs_match, refuse_stale
from cms.models.api_tokens import Scope

REFUSALS = dict.fromkeys((401, 403, 404, 429), ProblemOut)
ETAG = {"headers": {"ETag": {"schema": {"type": "string"}, "description": "What If-Match takes."}}}
IF_MATCH = {
    "parameters": [
        {
            "in": "header",
            "name": "If-Match",
            "required": True,
            "schema": {"type": "string"},
            "description": "The ETag of the draft that is changed. 428 without one, 412 when somebody wrote since.",
        }
    ]
}


class DraftOut(Schema):
    """What stands in the form of a page, in the shape PATCH takes back, and where it stands."""

    id: int
    type: str
    locale: str
    parent: int
    title: str
    live: bool
    has_unpublished_changes: bool
    etag: str
    html_url: str | None
    #: Where a person changes it in the admin.
    edit_url: str
    #: A translation that is kept in step: it is written text by text, see /pages/{id}/texts/.
    is_translation: bool
    content: dict[str, Any]


class ChangeIn(Strict):
    #: Fields of the page's form by name; those left out stay as they are. Rows of parts carry their `id`.
    content: dict[str, Any]


class PageIn(Strict):
    #: "cms.StandardPage"
    type: str
    #: The number of the page it comes below; its language is the new page's.
    parent: int
    content: dict[str, Any]


def edit_url(page: Page) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_pages:edit', args=[page.pk])}"


def draft_out(page: Page, user: Any) -> dict[str, Any]:
    """Of a page as it is stored."""
    draft = page.get_latest_revision_as_object()
    parent = page.get_parent()
    return {
        "id": page.pk,
        "type": page.specific_class._meta.label,
        "locale": page.locale.language_code,
        "parent": parent.pk,
        "title": draft.title,
        "live": page.live,
        "has_unpublished_changes": page.has_unpublished_changes,
        "etag": draft_version(page),
        "html_url": page.full_url if page.live else None,
        "edit_url": edit_url(page),
        "is_translation": kept_in_step(page) is not None,
        "content": content_of(form_for(draft, parent=parent, user=user)),
    }


def tagged(response: HttpResponse, page: Page) -> None:
    """A draft is nobody else's to keep."""
    response["ETag"] = draft_etag(page)
    response["Cache-Control"] = "no-store"


@contextmanager
def refusals_told() -> Iterator[None]:
    """What a deed refuses, and what does not fit the form, as problems."""
    try:
        yield
    except Malformed as malformed:
        raise Problem(422, _("The request has errors."), malformed.errors) from malformed
    except DraftRefused as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 423 if isinstance(refusal, IsLocked) else 409
        raise Problem(status, str(refusal), kind=refusal.kind) from refusal


@router.get(
    "/{int:page_id}/draft/",
    response={200: DraftOut, **REFUSALS},
    url_name="page_draft",
    operation_id="read_draft",
    summary="The newest draft, as its form has it",
)
def read_draft(request: HttpRequest, response: HttpResponse, page_id: int) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.DRAFTS)
    page = page_at_desk(reader, request, page_id)
    tagged(response, page)
    return draft_out(page, reader.user)


@router.patch(
    "/{int:page_id}/",
    auth=with_token,
    response={200: DraftOut, **REFUSALS, **dict.fromkeys((409, 412, 422, 423, 428), ProblemOut)},
    url_name="page",
    operation_id="change_draft",
    summary="Change the draft; what is live stays as it is",
    openapi_extra=IF_MATCH,
)
def change_draft(request: HttpRequest, response: HttpResponse, page_id: int, body: ChangeIn) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WRITE, Scope.DRAFTS)
    with refusals_told(), locked_page(reader, request, page_id) as page:
        refuse_stale(needs_match(request), page)
        refuse_translated(page)
        form = valid_form(page, body.content, reader.user)
        save_draft(page=form.instance, form=form, by=reader.user, changed=changes_something(form))
    page = Page.objects.get(pk=page_id)
    tagged(response, page)
    return draft_out(page, reader.user)


def refuse_translated(page: Page) -> None:
    """A page kept in step is put together from its translated texts: what is written on it would be lost."""
    if kept_in_step(page) is None:
        return
    raise Problem(
        409,
        _(
            "This page is kept in step with the first language: what is written on it would be lost. Translate its "
            "texts at %(texts)s, or in the admin at %(admin)s."
        )
        % {"texts": f"/api/v1/pages/{page.pk}/texts/", "admin": edit_url(page)},
        kind="translated_page",
        headers={"Link": f'</api/v1/pages/{page.pk}/texts/>; rel="edit"'},
    )


def valid_form(page: Page, content: dict[str, Any], user: Any) -> Any:
    """The form of the newest draft with the content in it, as "Save draft" judges it. Raises Problem, Malformed."""
    draft = page.get_latest_revision_as_object()
    return _judged(bind(draft, content, parent=page.get_parent(), user=user))


def _judged(form: Any) -> Any:
    form.defer_required_fields()
    is_valid = form.is_valid()
    errors = [] if is_valid else errors_of(form)
    form.restore_required_fields()
    if not is_valid:
        raise Problem(422, _("The request has errors."), errors)
    keep_unmentioned(form)
    return form


@router.post(
    "/",
    auth=with_token,
    response={201: DraftOut, **REFUSALS, **dict.fromkeys((409, 422, 423), ProblemOut)},
    operation_id="create_page",
    summary="Make a page, as a draft",
)
def create_page(request: HttpRequest, response: HttpResponse, body: PageIn) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WRITE, Scope.DRAFTS)
    assert reader.token is not None  # noqa: S101  (needs() found it)
    model = _model_named(body.type)
    with refusals_told(), logged_as(token=reader.token), transaction.atomic():
        # Two pages made at once below one parent: the second waits, and sees the first one's address.
        parent = (
            Page.objects.select_for_update(of=("self",)).filter(pk=body.parent).first()
            if 0 < body.parent <= BIGGEST
            else None
        )
        if parent is None or not is_of_site(parent, request):
            text = _("There is no such page.")
            raise Problem(422, text, [error(("body", "parent"), text, "unknown_id")])
        refuse_place(model=model, parent=parent.specific, by=reader.user)
        page = model(owner=reader.user, locale=parent.locale)
        form = _judged(bind(page, _with_slug(body.content, parent), parent=parent.specific, user=reader.user))
        made = create_draft(page=form.instance, parent=parent.specific, form=form, by=reader.user)
    page = Page.objects.get(pk=made.pk)
    tagged(response, page)
    response["Location"] = f"/api/v1/pages/{page.pk}/draft/"
    return Answer(201, draft_out(page, reader.user))


def _with_slug(content: dict[str, Any], parent: Page) -> dict[str, Any]:
    """The admin's screen proposes an address after the title: so do we, where none is given."""
    title = content.get("title")
    if content.get("slug") or not isinstance(title, str):
        return content
    return content | {"slug": free_slug(title=title, parent=parent)}


def _model_named(label: str) -> type[Page]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        model = None
    if model is None or not issubclass(model, Page) or model is Page or not model.is_creatable:
        text = _("There is no such kind of page.")
        raise Problem(422, text, [error(("body", "type"), text, "unknown_type")])
    return model
