"""The page's own address as JSON, for who asks for it: the same answer as the API's, and the same ETag."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.models import Page

from cms.api import Problem, problem_response, refuse_unknown_parameters
from cms.headless.access import reader_of
from cms.headless.choosing import known_parameters
from cms.headless.delivery import answer, prefers_json
from cms.headless.pages import OnePageQuery, body_of, fresh_for, label_of, page_for
from cms.headless.reading import Reading
from cms.headless.throttle import too_many


def _is_page_itself(page: Page, args: Any, kwargs: Any) -> bool:
    """Not a route of its own below it, which answers in its own way. A RoutablePage has a route for itself, too."""
    if not args and not kwargs:
        return True
    named = getattr(page, "resolve_subpage", None)
    return named is not None and not kwargs and tuple(args) == tuple(named("/"))


def before_serving(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Wagtail's hook before_serve_page: JSON to who prefers it, None to let the page be served."""
    request.is_negotiated = True  # type: ignore[attr-defined]
    if request.method not in {"GET", "HEAD"} or not prefers_json(request) or not _is_page_itself(page, args, kwargs):
        return None
    if refused := too_many(request, at=timezone.now()):
        return refused
    try:
        refuse_unknown_parameters(request, known_parameters(OnePageQuery))
        reading = Reading(reader_of(request), request)
        shown = page_for(page.pk, reading)
        return answer(request, body_of(request, shown, reading), fresh_for=fresh_for([label_of(shown)]), page=shown)
    except Problem as problem:
        return problem_response(problem.status, problem.detail, problem.errors, problem.kind, problem.more)
