"""oEmbed 1.0 (https://oembed.com/): a link to a case or to one of its lessons becomes a card on another site."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml import etree
from ninja import Query, Router, Schema
from pydantic import Field

from cases import learning
from cases.learning.packing import in_xml
from cases.models import CasePage
from cases.taxonomy import LICENCE_URLS
from cms.api import Problem, refuse_unknown_parameters
from cms.headless.access import reader_of
from cms.models import OrganiserSettings

oembed = Router(tags=["oembed"])

WIDTH, HEIGHT = 600, 320
#: How long a consumer may keep the answer, in seconds.
KEEP = 86_400


class OembedQuery(Schema):
    """Those of oEmbed, and `dnt`, which some consumers send along: nobody is tracked either way."""

    url: str = Field(max_length=2000)
    format: str = Field("json", max_length=20)
    maxwidth: int = Field(WIDTH, ge=1, le=100_000)
    maxheight: int = Field(HEIGHT, ge=1, le=100_000)
    dnt: str = Field("", max_length=10)


class Oembed(Schema):
    type: str
    version: str
    title: str
    author_name: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int
    license_url: str


@oembed.get("/", response={200: Oembed}, summary="The card of a signed-off case or lesson, by its address (oEmbed 1.0)")
def read_oembed(request: HttpRequest, query: Query[OembedQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, OembedQuery.model_fields)
    reader_of(request)  # a wrong token is refused, also where none is needed
    if query.format not in {"json", "xml"}:
        raise Problem(501, _("This format is not made here: ask for json or xml."))
    case, anchor = _found(query.url)
    told = _told(case, anchor, min(query.maxwidth, WIDTH), min(query.maxheight, HEIGHT))
    if query.format == "json":
        return JsonResponse(told)
    return HttpResponse(_xml(told), content_type="text/xml; charset=utf-8")


def _found(url: str) -> tuple[CasePage, str]:
    """The signed-off case at this address of ours and the anchor of the lesson, "" for the whole case.

    Raises Problem 404 alike for an address of somebody else, one that leads nowhere, and a case not signed off.
    """
    lost = Problem(404, _("There is no case to embed at this address."))
    try:
        asked = urlsplit(url)
    except ValueError:
        raise lost from None
    slug = asked.path.rstrip("/").rpartition("/")[2]
    named = CasePage.objects.live().filter(slug=slug).select_related("locale").prefetch_related(*learning.PARTS)
    for case in named:
        own = urlsplit(case.full_url or "")
        is_here = (asked.netloc.lower(), asked.path.rstrip("/")) == (own.netloc, own.path.rstrip("/"))
        if not is_here or asked.scheme not in {"http", "https"}:
            continue
        anchors = {lesson.anchor for lesson in case.lessons.all()}
        if not any(learning.keeps_back(case)):
            return case, asked.fragment if asked.fragment in anchors else ""
    raise lost


def _told(case: CasePage, anchor: str, width: int, height: int) -> dict[str, Any]:
    lessons = {lesson.anchor: lesson.title for lesson in case.lessons.all()}
    title = lessons[anchor] if anchor else case.title
    with override(case.locale.language_code):
        card = reverse("cases:card", args=[case.pk, *([anchor] if anchor else [])])
    author = OrganiserSettings.load().name
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "author_name": author,
        "provider_name": author,
        "provider_url": settings.WAGTAILADMIN_BASE_URL,
        "cache_age": KEEP,
        "html": format_html(
            '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"></iframe>',
            f"{settings.WAGTAILADMIN_BASE_URL}{card}",
            width,
            height,
            title,
        ),
        "width": width,
        "height": height,
        "license_url": LICENCE_URLS[case.licence],
    }


def _xml(told: dict[str, Any]) -> bytes:
    root = etree.Element("oembed")
    for name, value in told.items():
        etree.SubElement(root, name).text = in_xml(str(value))
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", standalone=True)
    return made
