"""The same page in the other language: where it is, and what to say when it is not there."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from wagtail.models import Locale, Page, Site


class LanguageLink(NamedTuple):
    """One entry of the language switch, named in its own language."""

    code: str
    name: str
    url: str
    is_current: bool
    is_translated: bool

    @property
    def absolute_url(self) -> str:
        """With scheme and host, as hreflang wants it."""
        return self.url if self.url.startswith("http") else f"{settings.WAGTAILADMIN_BASE_URL}{self.url}"


NAMES = {"nl": "Nederlands", "en": "English"}


def language_links(request: HttpRequest, page: Page | None) -> list[LanguageLink]:
    """The same page in every language of the site; a language it lacks leads to a notice.

    Without a page (search, a form of ours) the same view is linked at its address in the other language.
    """
    current = get_language() or settings.LANGUAGE_CODE
    links = []
    translations = {}
    if page is not None and page.pk:
        translations = {
            translation.locale.language_code: translation
            for translation in Page.objects.filter(translation_key=page.translation_key, live=True)
            .select_related("locale")
            .order_by("pk")
        }
    for code, _name in settings.LANGUAGES:
        if page is None or not page.pk:
            url, exists = _same_address(request, code), True
        elif code in translations:
            url, exists = translations[code].get_url(request) or "/", True
        else:
            with override(code):
                url, exists = reverse("cms:not_translated", args=[page.pk]), False
        links.append(LanguageLink(code, NAMES.get(code, code), url, code == current, exists))
    return links


def _same_address(request: HttpRequest, code: str) -> str:
    """The same view in the other language, under its own words; home where there is no such view, as on a 404."""
    match = request.resolver_match
    if match is None or match.url_name == "wagtail_serve":
        return f"/{code}/"
    return str(translate_url(request.get_full_path(), code))


def answer_for_missing_translation(request: HttpRequest) -> HttpResponse | None:
    """For an address that is not found: a redirect when the page exists here under another slug, a notice when it
    exists in another language only, None when there is no such page at all.
    """
    prefix, _slash, rest = request.path.lstrip("/").partition("/")
    codes = dict(settings.LANGUAGES)
    if prefix not in codes:
        return None
    site = Site.find_for_request(request)
    if site is None:
        return None
    for code in codes:
        if code == prefix:
            continue
        page = _page_at(site, code, rest)
        if page is None:
            continue
        translation = page.get_translation_or_none(Locale.objects.get(language_code=prefix))
        if translation is not None and translation.live and not translation.get_view_restrictions():
            return HttpResponseRedirect(translation.get_url(request))
        return render_notice(request, page)
    return None


def _page_at(site: Site, code: str, path: str) -> Page | None:
    """The live public page at `path` below the home page of language `code`."""
    locale = Locale.objects.filter(language_code=code).first()
    page = site.root_page.get_translation_or_none(locale) if locale else None
    for slug in filter(None, path.split("/")):
        if page is None:
            return None
        page = page.get_children().live().public().filter(slug=slug).first()
    return page if page is not None and page.live else None


def render_notice(request: HttpRequest, page: Page) -> HttpResponse:
    """Say in the reader's language that the page exists in the other one, with ways on. Not to be indexed."""
    other = page.locale.language_code
    response = render(
        request,
        "cms/not_translated.html",
        {
            "other_page": page,
            "other_code": other,
            "other_name": NAMES.get(other, other),
            "other_url": page.get_url(request),
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response
