"""Cases and their lessons over HTTP, found by the same search as on the site; see docs/api.md."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field, create_model
from wagtail.models import Locale

from cases import cpv
from cases.models import CasePage, Lesson
from cases.search import finding
from cases.search.facets import NAMES, Shown, chosen_in
from cases.search.finding import Answer, Asked, Found
from cases.search.words import LONGEST, split
from cases.taxonomy import BuyerKind, Goal, Market, Phase, ProductGroup, Sdg, Strategy
from cms.api import refuse_unknown_parameters
from cms.countries import COUNTRIES
from cms.headless.access import reader_of
from cms.headless.choosing import Choice, chosen_fields, known_parameters, wrong
from cms.headless.content import contents
from cms.headless.delivery import answer, fresh
from cms.headless.fields import Told
from cms.headless.narrowing import condition, ordering, parameters
from cms.headless.pages import next_address
from cms.headless.reading import Reading
from cms.headless.representation import prepared, represent
from cms.headless.shapes import FacetOut

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


def _answering(case: Any, reading: Reading, specs: tuple[str, ...]) -> list[dict[str, Any]]:
    """Those of its lessons that answer what was asked, as `_found` noted them."""
    return _lessons(case, case.answering)


#: What a case tells on its page, with the lessons that answer instead of all of them in full.
TOLD: dict[str, Told] = contents()["cases.CasePage"] | {
    "lessons": Told("lessons", list[LessonOut], _answering, prepare=lambda rows: rows.prefetch_related("lessons"))
}
#: What an item says when nothing else is asked.
PLAIN = (
    *("id", "title", "intro", "kind", "municipality", "country", "buyer_kind", "goals", "strategies"),
    *("product_groups", "markets", "cpv", "sdgs", "phases", "lessons", "html_url"),
)
CaseOut = create_model(
    "CaseItemOut",
    __base__=Schema,
    __doc__=f"Without `fields` each has {', '.join(PLAIN)}; with it `id`, `type` and those asked for.",
    **{name: (one.annotation, ... if name == "id" else None) for name, one in TOLD.items()},  # type: ignore[call-overload]
)


class CaseList(Schema):
    items: list[CaseOut]  # type: ignore[valid-type]
    total: int
    next: str | None
    facets: list[FacetOut] = Field([], description="Only when `facets` asks for some.")


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
    fields: str = Field("", max_length=2_000, description="Names with commas: `title,images(fill-300x200),lessons`.")
    facets: str = Field("", max_length=200, description=f"With how many cases each: {', '.join(NAMES)}.")
    order: str = Field("", max_length=200, description="Names with commas; `-` before one that goes down.")
    title__contains: str = Field("", max_length=200)
    municipality: str = Field("", max_length=200)
    municipality__contains: str = Field("", max_length=200)
    checked_on__gte: str = Field("", max_length=40, description="A day.")
    checked_on__lte: str = Field("", max_length=40)
    first_published_at__gte: str = Field("", max_length=40, description="A day or a time.")
    first_published_at__lte: str = Field("", max_length=40)
    last_published_at__gte: str = Field("", max_length=40)
    last_published_at__lte: str = Field("", max_length=40)
    limit: int = Field(20, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)


#: Parameters that are not about a field of the page, or mean something of their own here.
BESIDES = {"locale", "q", "fields", "facets", "order", "limit", "offset", *NAMES}


@cases.get(
    "/",
    response=CaseList,
    url_name="cases",
    operation_id="list_cases",
    summary="Cases and the lessons that answer, in one language",
)
def list_cases(request: HttpRequest, query: Query[CaseQuery]) -> HttpResponse:
    refuse_unknown_parameters(request, known_parameters(CaseQuery) | set(parameters(TOLD)))
    chosen = chosen_in({name: [str(value) for value in getattr(query, name)] for name in NAMES})
    asked = Asked(" ".join(query.q.split()), chosen)
    if asked.words and not split(asked.words):
        raise wrong("q", _("There is no word in it to search for."))
    last = query.offset + query.limit
    reading = Reading(reader_of(request), request)
    with translation.override(query.locale):
        choice = chosen_fields(query.fields, [TOLD])
        facets = _facets(query.facets)
        locale = Locale.objects.get(language_code=query.locale)
        told = CasePage.objects.filter(pk__in=reading.pages.filter(locale=locale).values("pk"))
        told = told.filter(condition(request, TOLD, BESIDES))
        answered = finding.answer(asked, told, locale)
        if order := ordering(request, TOLD, ()):
            answered = _in_order(answered, order)
        if query.fields:
            items = _chosen(answered, asked, slice(query.offset, last), choice, reading)
        else:
            items = [_case_out(found, asked) for found in answered.load(query.offset, last)]
        counted = [_facet_out(one) for one in answered.facets if one.name in facets]
    total = len(answered.rows)
    following = next_address(request, reading, "cases", last) if last < total else None
    body = {"items": items, "total": total, "next": following} | ({"facets": counted} if facets else {})
    return answer(request, body, fresh_for=fresh())


def _facets(written: str) -> list[str]:
    names = [part.strip() for part in written.split(",") if part.strip()]
    if set(names) - set(NAMES):
        raise wrong("facets", _("Choose from these: %(choices)s.") % {"choices": ", ".join(NAMES)})
    return names


def _facet_out(shown: Shown) -> dict[str, Any]:
    options = [
        {"value": one.value, "label": one.label, "count": one.number, "chosen": one.is_chosen} for one in shown.options
    ]
    return {"name": shown.name, "title": shown.title, "options": options}


def _in_order(answered: Answer, order: tuple[str, ...]) -> Answer:
    by_key = {row["pk"]: row for row in answered.rows}
    keys = CasePage.objects.filter(pk__in=list(by_key)).order_by(*order).values_list("pk", flat=True)
    return answered._replace(rows=[by_key[key] for key in keys])


def _chosen(answered: Answer, asked: Asked, window: slice, choice: Choice, reading: Reading) -> list[dict[str, Any]]:
    """The found cases with the fields that were asked for: as many queries for one as for a hundred."""
    keys = [row["pk"] for row in answered.rows[window]]
    rows = prepared(CasePage.objects.filter(pk__in=keys), choice, TOLD)
    by_key = {case.pk: case for case in rows}
    shown = [by_key[key] for key in keys if key in by_key]
    for case in shown if "lessons" in choice else []:
        case.answering = answered.lessons_of(case) if _has_lessons_asked(asked) else list(case.lessons.all())
    return represent(shown, choice, reading, told=TOLD)


def _has_lessons_asked(asked: Asked) -> bool:
    return bool(asked.words or "phase" in asked.chosen)


def _lessons(case: CasePage, lessons: Iterable[Lesson]) -> list[dict[str, Any]]:
    url = case.full_url
    return [{"title": lesson.title, "phase": lesson.phase, "html_url": f"{url}#{lesson.anchor}"} for lesson in lessons]


def _case_out(found: Found, asked: Asked) -> dict[str, Any]:
    case = found.case
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
        "lessons": _lessons(case, found.lessons if _has_lessons_asked(asked) else case.lessons.all()),
        "html_url": case.full_url,
    }
