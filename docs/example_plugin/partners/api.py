"""GET /api/v1/partners/?locale=nl"""

from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema
from wagtail.models import Site

from cms.api import refuse_unknown_parameters
from partners.named import named

partners = Router(tags=["partners"])


class Partner(Schema):
    name: str
    address: str
    #: Where the site names it.
    page: str


class Partners(Schema):
    items: list[Partner]
    total: int


@partners.get("/", response=Partners)
def partners_list(request: HttpRequest, locale: Literal["nl", "en"] = "nl") -> dict[str, object]:
    """The partners the public pages of this language name."""
    refuse_unknown_parameters(request, {"locale"})
    site = Site.find_for_request(request)
    found = list(named(site, locale)) if site else []
    return {"items": found, "total": len(found)}
