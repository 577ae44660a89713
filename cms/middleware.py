"""Thin layers round every request: refuse what no database can store, speak the reader's language, be kind."""

import json
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import sites
from cms.api import problem_response
from cms.conf import configured
from cms.headless.delivery import prefers_json
from cms.refusals import CannotGoLive
from cms.translations import answer_for_missing_translation

#: No pages live here, nor in the admin: an address that is not found stays so, in any language.
MACHINES = ("/api/", "/static/", "/media/", "/documents/", "/stripe/", "/demo/", "/django-admin/")

#: What the API says where Django would answer with a page for people.
WITHOUT_WORDS = {
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This method does nothing here."),
    500: gettext_lazy("Something went wrong on our side. It is in our log."),
}

GetResponse = Callable[[HttpRequest], HttpResponse]


def _in_admin(request: HttpRequest, rest: str = "") -> bool:
    """Wherever the site has its admin."""
    return request.path.startswith(f"{reverse('wagtailadmin_home')}{rest}")


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith(MACHINES) or _in_admin(request)


class RefuseUnstorable:
    """A NUL byte in an address makes PostgreSQL raise; a body of megabytes is no registration. Both get a clear 4xx.

    First of all, and for machines: people are answered by ExplainUnstorable.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_unstorable(request) and _is_for_machines(request):
            return _refusal(request, 400, _("The address contains a character that cannot be used."))
        if request.path.startswith("/api/") and _body_length(request) > configured.API_MAX_BODY_BYTES:
            return _refusal(request, 413, _("The request is too large."))
        return self.get_response(request)


class ExplainUnstorable:
    """The same for people: a page of the site in their language, with the way back. After what that page needs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_unstorable(request):
            return render(request, "cms/odd_address.html", status=400)
        return self.get_response(request)


def _is_unstorable(request: HttpRequest) -> bool:
    return "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")


def _body_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class ApiManners:
    """The API answers in the language a request names, in the address or in the body, and always as problem+json."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        with translation.override(_language_asked(request) or translation.get_language()):
            response = self.get_response(request)
            is_json = "json" in response.headers.get("Content-Type", "")
            if response.status_code in WITHOUT_WORDS and not is_json:
                told = _refusal(request, response.status_code, str(WITHOUT_WORDS[response.status_code]))
                if allowed := response.headers.get("Allow"):
                    told["Allow"] = allowed
                return told
            return response


def _language_asked(request: HttpRequest) -> str | None:
    asked: Any = request.GET.get("locale")
    if request.method == "POST" and request.content_type == "application/json":
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        asked = body.get("locale") if isinstance(body, dict) else None
    return asked if isinstance(asked, str) and asked in dict(settings.LANGUAGES) else None


def _nothing_here() -> HttpResponse:
    response = problem_response(404, str(WITHOUT_WORDS[404]), [])
    patch_vary_headers(response, ["Accept"])
    return response


def _refusal(request: HttpRequest, status: int, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "about:blank", "title": text, "status": status, "detail": text, "errors": []},
            status=status,
            content_type="application/problem+json",
        )
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


class PageLocale(LocaleMiddleware):
    """Sends an address without a language to the reader's own, but only where pages live. Knows which site is asked."""

    async_capable = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with sites.asked(request):
            return cast(HttpResponseBase, super().__call__(request))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and _is_for_machines(request):
            return response
        return super().process_response(request, response)


class MissingTranslation:
    """A page that exists in the other language only answers with a notice, not with "not found"."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        found = answer_for_missing_translation(request)
        if not prefers_json(request):
            return found or response
        # A notice is for people; a program is told where the page is, or that there is none.
        if found is not None and found.status_code == 302:
            return found
        return response if "json" in response.headers.get("Content-Type", "") else _nothing_here()


class SayWhatKeepsAPage:
    """A page that cannot go live is said in the admin's own words, by whatever button it was to; nothing is lost.

    The edit form says so itself, beside what was typed. This is for the buttons without a form: approving on the
    dashboard, publishing a translation, the admin's own API.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, CannotGoLive) or not _in_admin(request):
            return None
        if _in_admin(request, "api/"):
            return JsonResponse({"detail": str(exception), "obstacles": exception.obstacles}, status=409)
        messages.error(request, str(exception))
        page = exception.page
        back = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else reverse("wagtailadmin_home")
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            # Wagtail's dialogues read their answer as JSON: this one closes it and goes there.
            return JsonResponse({"step": "success", "redirect": back})
        return HttpResponseRedirect(back)
