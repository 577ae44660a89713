"""What a front end needs beside pages: the words of every choice, the menu, who runs the site, what moved."""

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field
from wagtail.contrib.redirects.models import Redirect

from cms.api import Problem, refuse_unknown_parameters
from cms.conf import content_languages
from cms.headless.access import reader_of
from cms.headless.choosing import known_parameters
from cms.headless.components import NavigationOut, navigation_of
from cms.headless.content import languages
from cms.headless.delivery import answer, fresh
from cms.headless.pages import next_address
from cms.headless.reading import Reading
from cms.headless.resolving import target_of
from cms.headless.shapes import Json, PageRef, Term
from cms.models import OrganiserSettings
from cms.plugins import installed_plugins

vocabularies = Router(tags=["site"])
navigation = Router(tags=["site"])
site_settings = Router(tags=["site"])
redirects = Router(tags=["site"])


class LocaleQuery(Schema):
    locale: Literal[*languages()] = languages()[0]  # type: ignore[valid-type]


class VocabularyRef(Schema):
    name: str
    api_url: str


class VocabularyList(Schema):
    items: list[VocabularyRef]


class VocabularyOut(Schema):
    name: str
    locale: str
    items: list[Term]


def _brought() -> dict[str, str]:
    return {name: path for plugin in installed_plugins() for name, path in plugin.vocabularies.items()}


def terms(name: str) -> list[tuple[Any, Any]] | None:
    """(value, label) in the order people see them, in the active language; None for a vocabulary there is not."""
    path = _brought().get(name)
    if path is None:
        return None
    found = import_string(path)
    return list(found.choices if hasattr(found, "choices") else found() if callable(found) else found)


@vocabularies.get(
    "/",
    response=VocabularyList,
    url_name="vocabularies",
    operation_id="list_vocabularies",
    summary="The lists of words",
)
def list_vocabularies(request: HttpRequest) -> HttpResponse:
    refuse_unknown_parameters(request, [])
    reading = Reading(reader_of(request), request)
    items = [{"name": name, "api_url": reading.api_url("vocabulary", name)} for name in sorted(_brought())]
    return answer(request, {"items": items}, fresh_for=fresh())


@vocabularies.get(
    "/{name}/",
    response=VocabularyOut,
    url_name="vocabulary",
    operation_id="read_vocabulary",
    summary="One list of words, in one language",
)
def read_vocabulary(request: HttpRequest, name: str, query: Query[LocaleQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(LocaleQuery))
    reader_of(request)  # a wrong token is refused, also where none is needed
    with translation.override(query.locale):
        found = terms(name)
        if found is None:
            raise Problem(404, _("There is no such list of words."))
        items = [{"value": value, "label": str(label)} for value, label in found if value not in {None, ""}]
    return answer(request, {"name": name, "locale": query.locale, "items": items}, fresh_for=fresh())


@navigation.get(
    "/",
    response=NavigationOut,
    url_name="navigation",
    operation_id="read_navigation",
    summary="The menu and footer in one language",
)
def read_navigation(request: HttpRequest, query: Query[LocaleQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(LocaleQuery))
    reading = Reading(reader_of(request), request)
    return answer(request, navigation_of(query.locale, reading), fresh_for=fresh())


class LanguageOut(Schema):
    code: str
    name: str


class OrganiserOut(Schema):
    name: str
    address: str
    email: str
    phone: str
    enterprise_number: str


class SettingsOut(Schema):
    site_name: str
    locale: str
    languages: list[LanguageOut]
    time_zone: str
    html_url: str
    organiser: OrganiserOut
    terms_page: PageRef | None
    privacy_page: PageRef | None


@site_settings.get(
    "/",
    response=SettingsOut,
    url_name="settings",
    operation_id="read_settings",
    summary="Who runs the site, and in what languages",
)
def read_settings(request: HttpRequest, query: Query[LocaleQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(LocaleQuery))
    reading = Reading(reader_of(request), request)
    organiser = OrganiserSettings.load(request_or_site=request)
    with translation.override(query.locale):
        named = [{"code": code, "name": str(name)} for code, name in content_languages()]
        body: Json = {
            "site_name": (reading.site.site_name if reading.site else "") or settings.WAGTAIL_SITE_NAME,
            "locale": query.locale,
            "languages": named,
            "time_zone": settings.TIME_ZONE,
            "html_url": reading.absolute(f"/{query.locale}/"),
            "organiser": {name: getattr(organiser, name) for name in OrganiserOut.model_fields},
            "terms_page": _in_language(organiser.terms_page, query.locale, reading),
            "privacy_page": _in_language(organiser.privacy_page, query.locale, reading),
        }
    return answer(request, body, fresh_for=fresh())


def _in_language(page: Any, language: str, reading: Reading) -> Json | None:
    """The page in this language, else in the one it has."""
    if page is None:
        return None
    found = list(reading.pages.filter(translation_key=page.translation_key).select_related("locale"))
    found.sort(key=lambda one: (one.locale.language_code != language, one.pk != page.pk, one.pk))
    return reading.told(found[0]) if found else None


class RedirectOut(Schema):
    old_path: str
    redirect_to: str
    is_permanent: bool


class RedirectList(Schema):
    items: list[RedirectOut]
    total: int
    next: str | None


class RedirectQuery(Schema):
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


@redirects.get(
    "/",
    response=RedirectList,
    url_name="redirects",
    operation_id="list_redirects",
    summary="Addresses that lead elsewhere",
)
def list_redirects(request: HttpRequest, query: Query[RedirectQuery]) -> HttpResponse:
    """Those to a page the reader may not see are not there: its old address would say that there is one."""
    refuse_unknown_parameters(request, known_parameters(RedirectQuery))
    reading = Reading(reader_of(request), request)
    found = Redirect.get_for_site(reading.site).order_by("old_path", "pk")
    shown = found.filter(redirect_page__isnull=True).exclude(redirect_link="") | found.filter(
        redirect_page__in=reading.pages.values("pk")
    )
    total = shown.count()
    window = list(shown[query.offset : query.offset + query.limit])
    for one in window:
        reading.want_page(one.redirect_page_id)
    reading.load()
    items = [
        {"old_path": one.old_path, "redirect_to": target, "is_permanent": one.is_permanent}
        for one in window
        if (target := target_of(one, reading)) is not None
    ]
    last = query.offset + query.limit
    following = next_address(request, reading, "redirects", last) if last < total else None
    return answer(request, {"items": items, "total": total, "next": following}, fresh_for=fresh())
