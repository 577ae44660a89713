"""What a page says of itself to search engines: schema.org as JSON-LD, and how it is shown where somebody shares it.

Everything said here stands on the page too, in words. The rules come from schema.org and from Google's "Event" and
"Breadcrumb" structured data pages, as docs/findable.md tells them.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from cms.sites import origin

if TYPE_CHECKING:
    from cms.models.organiser import OrganiserSettings
    from cms.models.pages import BasePage

#: One thing and its properties, as JSON-LD writes it.
Thing = dict[str, Any]

#: A block of data in a page ends at its first "</script", whatever JSON says: these never stand in it as they are.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def absolute(path: str) -> str:
    """The address with scheme and host; one that has them already stays as it is."""
    return path if path.startswith(("http:", "https:")) else f"{origin()}{path}"


def identity(fragment: str) -> str:
    """The name of a thing that is the same whichever page or language tells about it."""
    return absolute(f"/#{fragment}")


def moment(value: datetime) -> str:
    """ISO 8601 with the offset of the Tour's clock, to the second."""
    return timezone.localtime(value, timezone.get_default_timezone()).isoformat(timespec="seconds")


def graph(page: "BasePage", organiser: "OrganiserSettings", *, at: datetime) -> Thing:
    """All a page tells: itself, where it stands, and what it is about."""
    return {
        "@context": "https://schema.org",
        "@graph": [web_page(page), *breadcrumbs(page), *page.linked_data(organiser, at=at)],
    }


def script(data: Mapping[str, Any]) -> SafeString:
    """A block of data for in a page. It is not executed, so that a strict policy needs no exception for it."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308


def said(thing: Thing) -> Thing:
    """Without what is not known: an empty property says nothing and is reported as a fault."""
    return {name: value for name, value in thing.items() if value not in (None, "", [], {})}


def web_page(page: "BasePage") -> Thing:
    return said(
        {
            "@type": "WebPage",
            "@id": page.full_url,
            "url": page.full_url,
            "name": page.told_title,
            "description": page.summary,
            "inLanguage": page.locale.language_code,
            "isPartOf": {"@id": identity("website")},
        }
    )


def breadcrumbs(page: "BasePage") -> list[Thing]:
    """The way to this page, itself last, as the page shows it; nothing for a home page."""
    if not page.trail:
        return []
    steps = [*((above.title, above.full_url) for above in page.trail), (page.title, page.full_url)]
    return [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": address}
                for place, (name, address) in enumerate(steps, start=1)
            ],
        }
    ]


def organisation(organiser: "OrganiserSettings") -> Thing:
    """Who runs the Tour, with what the foot of each page says of it."""
    return said(
        {
            "@type": "Organization",
            "@id": identity("organisation"),
            "name": organiser.name,
            "url": absolute("/"),
            "logo": absolute(static("cms/icon.svg")),
            "email": organiser.email,
            "telephone": organiser.phone,
            "address": organiser.address,
            "identifier": organiser.enterprise_number,
        }
    )


def web_site(home: "BasePage") -> Thing:
    """The site, and how it is searched in the language of this home page."""
    language = home.locale.language_code
    with override(language):
        search = absolute(reverse("cms:search"))
    return {
        "@type": "WebSite",
        "@id": identity("website"),
        "url": absolute("/"),
        "name": settings.WAGTAIL_SITE_NAME,
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "publisher": {"@id": identity("organisation")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
