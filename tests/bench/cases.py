"""The cases at size: the list with its facets, a search and one case, timed beside the least Django does for a page."""

from collections.abc import Iterator
from itertools import cycle, islice, product
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from cases.cpv import described
from cases.models import CaseIndexPage, CasePage, CaseParty, ImpactFigure, Lesson
from cases.search.texts import refresh_all
from cases.taxonomy import BuyerKind, ContractForm, Goal, Market, Phase, ProductGroup, Strategy
from tests import factories
from tests.bench.measuring import per_second, report

LESSONS = 5
#: Words a text is made of: enough to tell cases apart, few enough that most searches find many.
WORDS = (
    *("kantoormeubelen", "verlichting", "werkkledij", "tapijttegels", "laptops", "asfalt", "beton", "voertuigen"),
    *("catering", "schoonmaak", "terugname", "restwaarde", "herstelbaarheid", "levensduur", "onderhoud", "hergebruik"),
    *("grondstoffen", "verpakking", "inkoper", "leverancier", "bestek", "gunning", "waarborg", "raamcontract"),
    *("marktconsultatie", "prestatie", "indicator", "recyclage", "demontage", "paspoort"),
)
CPV = ("39130000", "31520000", "18110000", "30213100", "45213150", "90910000", "55500000", "34100000")
ASKED = {
    "facets": "/nl/cases/",
    "facets_chosen": "/nl/cases/?goal=2&strategy=reuse&phase=award",
    "search": "/nl/cases/?q=restwaarde+meubelen",
    "search_with_a_typing_error": "/nl/cases/?q=verlichtng",
    "search_by_cpv": "/nl/cases/?cpv=39",
    "api": "/api/v1/cases/?locale=nl&q=terugname",
}


def cases_at_size(number: int) -> None:
    """Pages of `number` cases with five lessons each: seconds a page, and that their queries do not grow with them.

    Measured at a tenth of the cases and at all of them. Raises AssertionError when a page asks more queries then.
    """
    client = Client()
    index = _index()
    made = _cases(index)
    _add(index, islice(made, number // 10))
    few = {name: _queries(client, path) for name, path in _paths().items()}
    _add(index, islice(made, number - number // 10))
    assert Lesson.objects.count() == LESSONS * number
    reference = 1 / per_second(lambda _time: _got(client, "/healthz"), 100)
    for name, path in _paths().items():
        many = _queries(client, path)
        assert many == few[name], f"{name}: {few[name]} queries for a tenth of the cases, {many} for all"
        seconds = 1 / per_second(lambda _time, path=path: _got(client, path), 20)
        unit = f"s at {number} cases, {LESSONS * number} lessons, {many} queries"
        report(f"cases_{name}", seconds, unit, "the shortest answer of the site", reference)


def _paths() -> dict[str, str]:
    newest = CasePage.objects.order_by("-pk").first()
    assert newest is not None
    return {**ASKED, "detail": newest.url}


def _got(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _queries(client: Client, path: str) -> int:
    _got(client, path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        _got(client, path)
    return len(asked)


def _index() -> CaseIndexPage:
    home = factories.ground()
    index: CaseIndexPage = home.add_child(instance=CaseIndexPage(title="Cases", slug="cases", locale=home.locale))
    return index


def _add(index: CaseIndexPage, made: Iterator[CasePage]) -> None:
    for case in made:
        index.refresh_from_db()
        index.add_child(instance=case)
    refresh_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _cases(index: CaseIndexPage) -> Iterator[CasePage]:
    locale = Locale.objects.get(language_code="nl")
    kinds = cycle(product(Strategy.values, ProductGroup.values, BuyerKind.values, Market.values))
    goals, forms, codes = cycle(Goal.values), cycle(ContractForm.values), cycle(CPV)
    phases, words = cycle(Phase.values), cycle(WORDS)
    towns = [factories.organisation(f"Gemeente {number}") for number in range(40)]
    for number in range(10_000_000):
        strategy, group, buyer, market = next(kinds)
        text = " ".join(islice(words, 23))
        code = next(codes)
        assert described(code)
        case = CasePage(
            title=f"{' '.join(islice(words, 3)).capitalize()} {number}",
            slug=f"case-{number}",
            locale=locale,
            live=True,
            intro=f"{text[:120]}.",
            municipality="Gent",
            product_groups=[group],
            strategies=[strategy],
            buyer_kind=buyer,
            markets=[market],
            goals=[next(goals)],
            contract_forms=[next(forms)],
            cpv=[code],
            context=f"<p>{text}</p>",
            approach=f"<p>{text}</p>",
        )
        case.parties.add(CaseParty(organisation=towns[number % len(towns)], role="buyer", locale=locale))
        case.lessons.add(*(_lesson(locale, next(phases), words) for _lesson_number in range(LESSONS)))
        case.figures.add(_figure(locale, number))
        yield case


def _lesson(locale: Any, phase: str, words: Iterator[str]) -> Lesson:
    title, text = " ".join(islice(words, 4)).capitalize(), " ".join(islice(words, 17))
    return Lesson(phase=phase, title=title, text=f"{text}.", pitfalls=f"{text[:60]}.", locale=locale)


def _figure(locale: Any, number: int) -> ImpactFigure:
    facts = {"label": "Hergebruikt", "value": number + 1, "unit": "kg", "status": "measured"}
    return ImpactFigure(**facts, source_name="Rapport", year=2026, locale=locale)
