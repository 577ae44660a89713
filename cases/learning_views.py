"""Signed-off cases for somebody else's learning platform: packages, feeds, and the card that others embed."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from cases import learning
from cases.learning import feeds
from cases.models import CaseIndexPage, CasePage
from cms.linked import absolute
from cms.models import OrganiserSettings
from cms.sites import of_this_site

FEED = "application/feed+json"
#: In a frame on any site. Its own annotations know of no view with an argument.
anywhere: Any = csp_replace({"frame-ancestors": ["*"]})


def _case(pk: int) -> CasePage:
    """The live page in the language of the address, with its parts. Raises Http404."""
    here = of_this_site(CasePage.objects.live().filter(locale__language_code=get_language()))
    case: CasePage = get_object_or_404(here.select_related("locale").prefetch_related(*learning.PARTS), pk=pk)
    return case


def _package(pk: int, make: Callable[[learning.Course], bytes], name: str, content_type: str) -> HttpResponse:
    """A stranger is not told why there is none; editors read it on the page's edit screen."""
    case = _case(pk)
    if any(learning.keeps_from_package(case)):
        raise Http404
    answer = HttpResponse(make(learning.course_of(case)), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{case.slug}{name}"'
    return answer


@require_safe
def scorm(request: HttpRequest, pk: int) -> HttpResponse:
    return _package(pk, learning.scorm_package, "-scorm-1.2.zip", "application/zip")


@require_safe
def cartridge(request: HttpRequest, pk: int) -> HttpResponse:
    return _package(pk, learning.common_cartridge, ".imscc", "application/zip")


@require_safe
def case_feed(request: HttpRequest) -> HttpResponse:
    return _feed(feeds.of_cases, "cases:feed")


@require_safe
def lesson_feed(request: HttpRequest) -> HttpResponse:
    return _feed(feeds.of_lessons, "cases:lesson_feed")


def _feed(make: Callable[..., dict[str, Any]], name: str) -> HttpResponse:
    language = get_language() or "nl"
    index = of_this_site(CaseIndexPage.objects.live().public().filter(locale__language_code=language)).first()
    if index is None:
        raise Http404
    told = make(language, feed_url=absolute(reverse(name)), home_page_url=index.full_url)
    return JsonResponse(told, content_type=FEED, json_dumps_params={"ensure_ascii": False})


@require_safe
@xframe_options_exempt
@anywhere
def card(request: HttpRequest, pk: int, anchor: str = "") -> HttpResponse:
    """A case, or a lesson of it, in a frame on any site. No other address may be framed."""
    case = _case(pk)
    lesson = next((lesson for lesson in case.lessons.all() if lesson.anchor == anchor), None)
    if (anchor and lesson is None) or any(learning.keeps_back(case)):
        raise Http404
    context = {
        "case": case,
        "lesson": lesson,
        "title": lesson.title if lesson else case.title,
        "address": f"{case.full_url}#{anchor}" if anchor else case.full_url,
        "author": OrganiserSettings.load().name,
    }
    return render(request, "cases/learning/card.html", context)
