"""How an answer travels: ETag and 304, HEAD, Cache-Control, Vary, and scripts of other origins.

Django's ConditionalGetMiddleware and django-cors-headers do parts of it; each needs exceptions for what is personal,
and together they are longer than this.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers
from wagtail.models import Page

from cms.conf import configured

API = "/api/"
METHODS = "GET, HEAD, POST, PATCH, OPTIONS"
HEADERS = "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
TYPES = ["text/html", "application/json"]
EXPOSED = "ETag, Location, Retry-After, Link"

GetResponse = Callable[[HttpRequest], HttpResponse]


def fresh() -> int:
    """How long a cache may keep content without asking, in seconds."""
    return int(configured.API_FRESH_FOR)


def answer(request: HttpRequest, body: Any, *, fresh_for: int = 0, page: Page | None = None) -> HttpResponse:
    """The body as JSON, that may be kept so long when anybody may see it.

    With a page its ETag begins with the page's version (`body["etag"]`), which is what If-Match is held against.
    """
    response = JsonResponse(body)
    version = str(body.get("etag", "")) if page is not None else ""
    response["ETag"] = etag(response.content, version)
    if fresh_for and "Authorization" not in request.headers:
        response["Cache-Control"] = f"public, max-age={fresh_for}"
    return response


def etag(content: bytes, version: str = "") -> str:
    """Of the very bytes: whatever an answer shows changes it, translations, referred pages and renditions too."""
    mark = hashlib.sha256(content).hexdigest()[:20]
    return f'"{version}.{mark}"' if version else f'"{mark}"'


def version_in(written: str) -> str | None:
    """The page's version in an If-Match header: of a whole ETag of ours, or the version alone. None for "*"."""
    if written.strip() == "*":
        return None
    return written.strip().removeprefix("W/").strip('"').partition(".")[0]


def prefers_json(request: HttpRequest) -> bool:
    """Whether the reader wants JSON more than HTML, by q-values; HTML for whoever takes anything."""
    return request.get_preferred_type(TYPES) == TYPES[1]


class Delivery:
    """Round everything else: what it adds holds for errors as well."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return self._page(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = HEADERS
            response["Access-Control-Max-Age"] = "86400"
            return _for_origins(request, response)
        return _for_origins(request, self._answered(request))

    def _page(self, request: HttpRequest) -> HttpResponse:
        """A page of the site, which its reader may have asked for as JSON."""
        response = self.get_response(request)
        if getattr(request, "is_negotiated", False):
            patch_vary_headers(response, ["Accept"])
            if _is_json(response):
                _say_who_may_keep(request, response)
                return _for_origins(request, _conditional(request, response))
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        is_head = request.method == "HEAD"
        if is_head:
            # The API knows GET; the head of an answer is that of its GET.
            request.method = "GET"
        response = self.get_response(request)
        _say_who_may_keep(request, response)
        if request.method == "GET" and response.status_code == 200 and _is_json(response):
            response = _conditional(request, response)
        if is_head:
            request.method = "HEAD"
            length = str(len(response.content))
            response.content = b""
            if response.status_code != 304:
                response["Content-Length"] = length
        return response


def _say_who_may_keep(request: HttpRequest, response: HttpResponse) -> None:
    patch_vary_headers(response, ["Authorization"])
    if "Cache-Control" not in response:
        response["Cache-Control"] = _keeping(request, response)


def _keeping(request: HttpRequest, response: HttpResponse) -> str:
    if "Authorization" in request.headers or request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return "private, no-store"
    # Seats and prices: kept, and asked again each time.
    return "no-cache"


def _is_json(response: HttpResponse) -> bool:
    return "json" in response.headers.get("Content-Type", "") and not response.streaming


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 for who has this very answer already."""
    if response.status_code != 200:
        return response
    if "ETag" not in response:
        response["ETag"] = etag(response.content)
    known = [mark.strip().removeprefix("W/") for mark in request.headers.get("If-None-Match", "").split(",")]
    if response["ETag"] not in known and "*" not in known:
        return response
    same = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
        if name in response:
            same[name] = response[name]
    return same


def _for_origins(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowed = configured.API_ORIGINS
    if "*" in allowed:
        response["Access-Control-Allow-Origin"] = "*"
    else:
        patch_vary_headers(response, ["Origin"])
        origin = request.headers.get("Origin", "")
        if origin not in allowed:
            return response
        response["Access-Control-Allow-Origin"] = origin
    response["Access-Control-Expose-Headers"] = EXPOSED
    return response
