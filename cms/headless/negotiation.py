"""The page's own address as JSON, for who asks for it: the same answer as the API's, and the same ETag."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.api import Problem, problem_response
from cms.headless.access import reader_of
from cms.headless.delivery import answer
from cms.headless.pages import body_of, fresh_for, label_of, page_for
from cms.headless.reading import Reading
from cms.headless.throttle import too_many

TYPES = ["text/html", "application/json"]


def prefers_json(request: HttpRequest) -> bool:
    """Whether the reader wants JSON more than HTML, by q-values; HTML for whoever takes anything."""
    return request.get_preferred_type(TYPES) == TYPES[1]


def before_serving(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Wagtail's hook before_serve_page: JSON to who prefers it, None to let the page be served."""
    request.is_negotiated = True  # type: ignore[attr-defined]
    if request.method not in {"GET", "HEAD"} or not prefers_json(request):
        return None
    if refused := too_many(request, at=timezone.now()):
        return refused
    try:
        if args or kwargs:
            raise Problem(404, _("Only the page itself can be read as JSON."))
        reading = Reading(reader_of(request), request)
        shown = page_for(page.pk, reading)
        return answer(request, body_of(request, shown, reading), fresh_for=fresh_for([label_of(shown)]), page=shown)
    except Problem as problem:
        return problem_response(problem.status, problem.detail, problem.errors, problem.kind, problem.more)
