"""/llms.txt (llmstxt.org): what the site is and where a program finds its data, of what is installed here."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from cms.conf import languages
from cms.linked import absolute
from cms.models import BasePage
from cms.plugins import Plugin, installed_plugins

#: How the address of a feed ends.
FEEDS = (".xml", ".ics", ".json")


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """As Markdown, in English, with the names of things in every language of the site."""
    return HttpResponse(
        "\n".join([*_lines(Site.find_for_request(request)), ""]), content_type="text/markdown; charset=utf-8"
    )


def _lines(site: Site | None) -> Iterator[str]:
    shown = _homes(site)
    yield f"# {(site.site_name if site else '') or settings.WAGTAIL_SITE_NAME}"
    yield ""
    if about := [text for _code, _name, page in shown if (text := page.search_description or _intro(page))]:
        yield f"> {' / '.join(about)}"
        yield ""
    yield (
        "Everything public can be read as data without a key. Any page answers JSON at its own address when asked "
        "with `Accept: application/json`. Money is a string with two decimals, times are ISO 8601."
    )
    yield from ("", "## Pages", "")
    for code, name, page in shown:
        yield f"- [{page.title}]({page.full_url}): {name} ({code})"
    yield f"- [Sitemap]({absolute('/sitemap.xml')}): every page, with its translations"
    yield from ("", "## API", "")
    yield f"- [Contract]({absolute(reverse('api-1:openapi-json'))}): OpenAPI 3.1, every reply typed"
    yield f"- [The same to read]({absolute(reverse('api-1:openapi-view'))})"
    open_parts = _open_parts()
    for plugin in installed_plugins():
        for prefix in plugin.api_routers:
            part = prefix.strip("/")
            if "/" in part or part not in open_parts:  # of one that is named already, or that asks for more first
                continue
            yield f"- [{part}]({absolute(f'/api/v1/{part}/')}): {_names(plugin)}"
    feeds = [line for plugin in installed_plugins() for line in _feeds(plugin)]
    if feeds:
        yield from ("", "## Feeds", "")
        yield from feeds


def _homes(site: Site | None) -> list[tuple[str, Any, Page]]:
    """The site's home page in each language, whatever page type that is: (language, its name, page)."""
    if site is None:
        return []
    pages = Page.objects.filter(translation_key=site.root_page.translation_key).live().public()
    homes = {page.locale.language_code: page for page in pages.select_related("locale").specific()}
    with override("en"):
        return [(code, str(name), homes[code]) for code, name in languages() if code in homes]


def _intro(page: Page) -> str:
    """Of our own page types."""
    return str(page.intro) if isinstance(page, BasePage) else ""


def _open_parts() -> set[str]:
    """The parts of the API whose address answers as it is: nothing has to be given, and no token."""
    from cms.site_urls import api  # noqa: PLC0415  (the addresses name this view)

    def is_open(get: dict[str, Any]) -> bool:
        given = any(parameter.get("required") for parameter in get.get("parameters", []))
        return not given and {} in get.get("security", [{}])

    paths = api.get_openapi_schema()["paths"]
    prefix = reverse("api-1:api-root")
    return {
        path.removeprefix(prefix).strip("/") for path, said in paths.items() if "get" in said and is_open(said["get"])
    }


def _names(plugin: Plugin) -> str:
    """What people call the chapter, in each language."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(str(plugin.title or plugin.verbose_name))
    return " / ".join(dict.fromkeys(found))


def _feeds(plugin: Plugin) -> Iterator[str]:
    """The addresses of this chapter that take nothing and end as a feed does, in each language."""
    if not plugin.public_urls:
        return
    module = import_module(plugin.public_urls)
    for pattern in module.urlpatterns:
        if not isinstance(pattern, URLPattern) or not pattern.name or pattern.pattern.converters:
            continue
        if not str(pattern.pattern).endswith(FEEDS):
            continue
        for code, _name in settings.LANGUAGES:
            with override(code):
                yield f"- [{pattern.name} ({code})]({absolute(reverse(f'{module.app_name}:{pattern.name}'))})"
