"""Cases and their lessons over HTTP, found by the same search as on the site; see docs/api.md."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field
from wagtail.models import Locale

from cases import cpv
from cases.models import CasePage
from cases.search import finding
from cases.search.facets import NAMES, chosen_in
from cases.search.finding import Asked, Found
from cases.search.words import LONGEST
from cases.taxonomy import BuyerKind, Goal, Market, Phase, ProductGroup, Sdg, Strategy
from cms.api import refuse_unknown_parameters
from cms.countries import COUNTRIES

cases = Router(tags=["cases"])

MOST = 100


def _cpv_beginning(written: str) -> str:
    if not (found := cpv.beginning(written)):
        raise ValueError(_("That is no CPV code: give two to eight digits, for instance 39 or 39130000."))
    return found


def _country(code: str) -> str:
    if code not in dict(COUNTRIES):
        raise ValueError(_("Give the two letters of a country of the European Union or a neighbour of it."))
    return code


class LessonOut(Schema):
    title: str
    phase: Phase
    html_url: str


class CaseOut(Schema):
    id: int
    title: str
    intro: str
    kind: str
    municipality: str
    country: str
    buyer_kind: str
    goals: list[int]
    strategies: list[str]
    product_groups: list[str]
    markets: list[str]
    cpv: list[str]
    sdgs: list[int]
    phases: list[str]
    lessons: list[LessonOut]
    html_url: str


class CaseList(Schema):
    items: list[CaseOut]
    total: int
    next: str | None


class CaseQuery(Schema):
    """Each facet may be given more than once: OR within a facet, AND across facets."""

    locale: Literal["nl", "en"] = "nl"
    q: str = Field("", max_length=LONGEST)
    goal: list[Annotated[int, Field(ge=min(Goal.values), le=max(Goal.values))]] = []
    phase: list[Phase] = []
    strategy: list[Strategy] = []
    group: list[ProductGroup] = []
    cpv: list[Annotated[str, AfterValidator(_cpv_beginning)]] = Field([], description="The beginning of a CPV code")
    market: list[Market] = []
    buyer: list[BuyerKind] = []
    country: list[Annotated[str, AfterValidator(_country)]] = []
    sdg: list[Annotated[int, Field(ge=min(Sdg.values), le=max(Sdg.values))]] = []
    limit: int = Field(20, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)


@cases.get("/", response=CaseList, summary="Cases and the lessons that answer, in one language")
def list_cases(request: HttpRequest, query: Query[CaseQuery]) -> dict[str, Any]:
    refuse_unknown_parameters(request, CaseQuery.model_fields)
    chosen = chosen_in({name: [str(value) for value in getattr(query, name)] for name in NAMES})
    asked = Asked(" ".join(query.q.split()), chosen)
    last = query.offset + query.limit
    with translation.override(query.locale):
        locale = Locale.objects.get(language_code=query.locale)
        answer = finding.answer(asked, CasePage.objects.filter(locale=locale).live().public(), locale)
        items = [_case_out(found, asked) for found in answer.load(query.offset, last)]
    total = len(answer.rows)
    page = [("locale", query.locale), *asked.parameters, ("limit", query.limit), ("offset", last)]
    following = f"{settings.WAGTAILADMIN_BASE_URL}/api/v1/cases/?{urlencode(page)}"
    return {"items": items, "total": total, "next": following if last < total else None}


def _case_out(found: Found, asked: Asked) -> dict[str, Any]:
    case = found.case
    has_lessons_asked = asked.words or "phase" in asked.chosen
    url = case.full_url
    return {
        "id": case.pk,
        "title": case.title,
        "intro": case.intro,
        "kind": case.kind,
        "municipality": case.municipality,
        "country": case.country,
        "buyer_kind": case.buyer_kind,
        "goals": sorted(case.goals),
        "strategies": case.strategies,
        "product_groups": case.product_groups,
        "markets": case.markets,
        "cpv": case.cpv,
        "sdgs": sorted(case.sdgs),
        "phases": [phase for phase in Phase.values if any(lesson.phase == phase for lesson in case.lessons.all())],
        "lessons": [
            {"title": lesson.title, "phase": lesson.phase, "html_url": f"{url}#{lesson.anchor}"}
            for lesson in (found.lessons if has_lessons_asked else case.lessons.all())
        ],
        "html_url": url,
    }
