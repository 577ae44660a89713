"""A page that is being written, on a front end of its own: kept for an hour, read with a signed token.

The admin's preview and POST /pages/{id}/preview/ keep it; the front end reads GET /preview/{token}/. Whoever has the
token sees that page and nothing else. wagtail-headless-preview does the like; its tokens never end by themselves, it
wants an API of its own beside ours, and it names no Wagtail 8: these are fewer lines than its settings and a bridge.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from wagtail.models import Page

from cms.actions.unsaved import keep_unsaved
from cms.api import Problem, refuse_unknown_parameters
from cms.conf import configured
from cms.headless.access import ANONYMOUS, needs, with_token
from cms.headless.choosing import known_parameters
from cms.headless.content import page_schema
from cms.headless.delivery import answer
from cms.headless.desk import page_at_desk
from cms.headless.drafts import REFUSALS, ChangeIn, refusals_told, refuse_translated, valid_form
from cms.headless.pages import OnePageQuery, body_of
from cms.headless.pages import pages as router
from cms.headless.reading import Reading
from cms.headless.shapes import ProblemOut
from cms.models.api_tokens import Scope
from cms.models.unsaved import UnsavedPage

previews = Router(tags=["preview"])

LASTS = timedelta(hours=1)
#: Also in the front end's address, where nobody reads it but them.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class PreviewOut(Schema):
    token: str
    #: Where a program reads it.
    api_url: str
    #: Where the front end shows it; empty when none is set up.
    html_url: str
    expires_at: str


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="cms.headless.preview")


def token_of(kept: UnsavedPage) -> str:
    return _signer().sign(kept.key.hex)


def front_end_url(token: str) -> str:
    """Where the front end shows it; empty when the settings name none."""
    return str(configured.FRONT_END_PREVIEW).replace("{token}", quote(token))


def kept_for_front_end(page: Page, user: Any) -> str:
    """Keep what this person is writing, and say where the front end shows it."""
    return front_end_url(token_of(keep_unsaved(page=page, by=user, at=timezone.now())))


def unsaved_page(token: str, at: datetime) -> Page:
    """The page as it is being written. Raises Problem 403 for a token that ended, 404 for one that names nothing."""
    try:
        key = uuid.UUID(_signer().unsign(token, max_age=LASTS))
    except SignatureExpired as old:
        raise Problem(403, _("This preview has ended: open it again."), kind="preview_ended", headers=HEADERS) from old
    except (BadSignature, ValueError) as wrong:
        raise _none() from wrong
    kept = UnsavedPage.objects.filter(pk=key, kept_at__gt=at - LASTS).select_related("content_type").first()
    page = _page_of(kept) if kept is not None else None
    if page is None:
        raise _none()
    return page


def _none() -> Problem:
    return Problem(404, _("There is no such preview."), kind="not_found", headers=HEADERS)


def _page_of(kept: UnsavedPage) -> Page | None:
    """None when the page, or something it cannot be without, went in the meantime."""
    model: Any = kept.content_type.model_class()
    if kept.page_key:
        stored = model._default_manager.filter(pk=kept.page_key).first()
        return stored.with_content_json(kept.content) if stored is not None else None
    made: Page | None = model.from_serializable_data(kept.content, check_fks=True, strict_fks=False)
    if made is not None:
        made.pk = 0  # it has no number yet, and its answer says a number
    return made


@previews.get(
    "/{token}/",
    response={200: page_schema(), **dict.fromkeys((403, 404, 429), ProblemOut)},
    url_name="preview",
    operation_id="read_preview",
    summary="A page as somebody is writing it; anybody who has the token",
)
def read_preview(request: HttpRequest, token: str, query: Query[OnePageQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(OnePageQuery))
    page = unsaved_page(token, timezone.now())
    reading = Reading(ANONYMOUS, request)
    reading.latest = True
    response = answer(request, body_of(request, page, reading))
    for name, value in HEADERS.items():
        response[name] = value
    return response


@router.post(
    "/{int:page_id}/preview/",
    auth=with_token,
    response={200: PreviewOut, **REFUSALS, **dict.fromkeys((409, 422), ProblemOut)},
    url_name="page_preview",
    operation_id="preview_page",
    summary="Show a change that is not saved",
)
def make_preview(request: HttpRequest, response: HttpResponse, page_id: int, body: ChangeIn) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WRITE, Scope.DRAFTS)
    page = page_at_desk(reader, request, page_id)
    refuse_translated(page)
    with refusals_told():
        form = valid_form(page, body.content, reader.user)
    at = timezone.now()
    kept = keep_unsaved(page=form.save(commit=False), by=reader.user, at=at)
    token = token_of(kept)
    response["Cache-Control"] = "no-store"
    return {
        "token": token,
        "api_url": f"/api/v1/preview/{token}/",
        "html_url": front_end_url(token),
        "expires_at": timezone.localtime(at + LASTS).isoformat(),
    }


def forget_unsaved(*, at: datetime) -> str | None:
    """A duty: what was being written is kept no longer than its preview."""
    gone, _by_model = UnsavedPage.objects.filter(kept_at__lte=at - LASTS).delete()
    return f"{gone} page(s) being written forgotten" if gone else None
