"""From an address of the site to what is there: a page in any language, a redirect, another view, or what is known."""

from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.test.client import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from cms.api import Problem, refuse_unknown_parameters
from cms.headless.access import reader_of
from cms.headless.choosing import known_parameters
from cms.headless.content import keeps, languages, page_schema
from cms.headless.delivery import answer, fresh
from cms.headless.pages import OnePageQuery, body_of, page_for
from cms.headless.reading import Reading
from cms.headless.shapes import Json, PageRef

resolving = Router(tags=["pages"])

LONGEST = 1_000


class ResolveQuery(OnePageQuery):
    path: str = Field(
        ..., min_length=1, max_length=LONGEST, description="`/nl/cases/x/`, or the whole address of a page here."
    )


class ResolvedOut(Schema):
    #: `page`: it is in `page`. `redirect`: it moved to `redirect_to`. `view`: no page, but the site answers there.
    kind: Literal["page", "redirect", "view"]
    locale: str | None
    html_url: str | None = None
    page: page_schema() | None = None  # type: ignore[valid-type]
    redirect_to: str | None = None
    is_permanent: bool | None = None
    view: str | None = None
    #: What the page's own routes read in the rest of the address.
    arguments: dict[str, str] = {}


def read_address(request: HttpRequest, query: Query[ResolveQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(ResolveQuery))
    reading = Reading(reader_of(request), request)
    path = _path(query.path, reading)
    asked = request.GET.copy()
    asked.pop("path", None)
    # What is left is asked of the page, as at its own address.
    request.GET = asked  # type: ignore[assignment]
    found = _resolved(request, path, reading)
    kept = "page" not in found or keeps([found["page"]["type"]])
    return answer(request, found, fresh_for=fresh() if kept else 0)


for _path_of, _in_schema in (("/", True), ("", False)):
    resolving.add_api_operation(
        _path_of,
        ["GET"],
        read_address,
        response=ResolvedOut,
        url_name="resolve" if _in_schema else "resolve_bare",
        operation_id="resolve" if _in_schema else "resolve_bare",
        include_in_schema=_in_schema,
        summary="What stands at an address of the site",
    )


def _path(written: str, reading: Reading) -> str:
    """The path of an address here. Raises Problem 422 for one of another site."""
    loc = {"loc": ["query", "path"], "type": "value_error"}
    try:
        parts = urlsplit(written.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.netloc and parts.netloc not in {urlsplit(reading.origin).netloc, _public_host()}:
        problem = _("That is an address of another site.")
    elif not parts.path.startswith("/"):
        problem = _("Give a path that begins with a slash.")
    elif "\x00" in (path := unquote(parts.path)):
        problem = _("The address contains a character that cannot be used.")
    else:
        return path
    raise Problem(422, problem, [loc | {"msg": problem}])


def _public_host() -> str:
    return urlsplit(str(settings.WAGTAILADMIN_BASE_URL)).netloc


def _resolved(request: HttpRequest, path: str, reading: Reading) -> Json:
    language = translation.get_language_from_path(path)
    if language is None:
        return _elsewhere(request, path, reading)
    with translation.override(language):
        page, arguments = _route(path, reading)
        if page is not None:
            body = body_of(request, page_for(page.pk, reading), reading)
            return {
                "kind": "page",
                "locale": page.locale.language_code,
                "html_url": body.get("html_url") or reading.html_url(page),
                "page": body,
                "arguments": arguments,
            }
        return _elsewhere(request, path, reading)


def _route(path: str, reading: Reading) -> tuple[Page | None, dict[str, str]]:
    """The page at this path in the active language, when the reader may see it, and what its own routes read."""
    # The site adds the slash with a redirect; a front end is spared that.
    path = path if path.endswith("/") else f"{path}/"
    try:
        match = resolve(path)
    except Resolver404:
        return None, {}
    if match.url_name != "wagtail_serve" or reading.site is None:
        return None, {}
    locale = Locale.objects.filter(language_code=translation.get_language()).first()
    root = reading.site.root_page.get_translation_or_none(locale) if locale else None
    if root is None:
        return None, {}
    try:
        found, args, kwargs = root.specific.route(
            RequestFactory().get(path), [part for part in path.split("/")[2:] if part]
        )
    except Http404:
        return None, {}
    page = reading.pages.filter(pk=found.pk).select_related("locale").first()
    return page, _arguments(args, kwargs)


def _arguments(args: Any, kwargs: Any) -> dict[str, str]:
    """What a page's own route read from the address, by name or by place (a RoutablePage gives view, args, kwargs)."""
    if len(args) == 3 and callable(args[0]):
        _view, args, kwargs = args
    return {str(name): str(value) for name, value in [*enumerate(args), *(kwargs or {}).items()]}


def _elsewhere(request: HttpRequest, path: str, reading: Reading) -> Json:
    """No page: a redirect, a view of the site's own, or a 404 that says what is known."""
    if (redirect := _redirect(path, reading)) is not None:
        return redirect
    language = translation.get_language_from_path(path)
    if language is None:
        code = settings.LANGUAGE_CODE
        with translation.override(code):
            if not path.strip("/") or _route(f"/{code}{path}", reading)[0] is not None:
                return _moved(f"/{code}{path}", code, False, reading)
    elif not path.endswith("/") and _is_view(f"{path}/"):
        return _moved(f"{path}/", language, True, reading)
    elif (name := _view_name(path)) is not None:
        return {"kind": "view", "locale": language, "html_url": reading.absolute(path), "view": name}
    raise NotThere(_in_other_languages(path, language, reading))


def _moved(address: str, language: str | None, is_permanent: bool, reading: Reading) -> Json:
    return {
        "kind": "redirect",
        "locale": language,
        "redirect_to": reading.absolute(address),
        "is_permanent": is_permanent,
    }


def _view_name(path: str) -> str | None:
    """The name of a view people may visit without a page; None where pages are looked for, and for machines."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return None if match.url_name in {None, "wagtail_serve"} or match.kwargs or match.args else match.view_name


def _is_view(path: str) -> bool:
    return _view_name(path) is not None


def _redirect(path: str, reading: Reading) -> Json | None:
    """Where an editor, or a move, sends this address. Not to a page the reader may not see."""
    old = Redirect.normalise_path(path)
    site = reading.site
    found = Redirect.get_for_site(site).filter(old_path=old).select_related("redirect_page__locale")
    for redirect in sorted(found, key=lambda one: one.site_id is None):
        target = target_of(redirect, reading)
        if target is not None:
            page = redirect.redirect_page
            return _moved(target, page.locale.language_code if page else None, redirect.is_permanent, reading)
    return None


def target_of(redirect: Any, reading: Reading) -> str | None:
    """Where it leads, absolute; None when the reader may not see the page."""
    if redirect.redirect_page_id:
        page = reading.page(redirect.redirect_page_id)
        if page is None:
            page = reading.pages.filter(pk=redirect.redirect_page_id).first()
        return reading.html_url(page) + (redirect.redirect_page_route_path or "").lstrip("/") if page else None
    return reading.absolute(redirect.redirect_link) if redirect.redirect_link else None


class NotThere(Problem):
    """404, with the page in the other language where that is all there is."""

    def __init__(self, known: list[Json]) -> None:
        super().__init__(404, _("There is nothing at this address."))
        self.more = {"known": known}


class NotThereOut(Schema):
    known: list[PageRef]


def _in_other_languages(path: str, language: str | None, reading: Reading) -> list[Json]:
    """The page with this path below the home page of another language: the site shows a notice there."""
    known = []
    rest = path.lstrip("/").partition("/")[2]
    for code in languages():
        if language is None or code == language:
            continue
        with translation.override(code):
            page, _arguments = _route(f"/{code}/{rest}", reading)
        if page is not None:
            known.append(reading.told(page))
            reading.want_translations(page)
            reading.load()
            known += [
                {**one, "type": known[0]["type"]} for one in reading.translations(page) if one["locale"] == language
            ]
    return known
