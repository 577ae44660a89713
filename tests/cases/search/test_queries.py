"""The table of queries.py, asked of the demo's cases: what purchasers type finds the case they need first."""

import pytest
from wagtail.models import Locale

import cases.demo
import cms.demo
from cases.demo_content import CASES
from cases.models import CasePage
from cases.search.finding import Asked, answer
from tests.cases.search.queries import QUERIES

#: Of thirty. Those that are not right stand here, by name, so that one more is noticed.
NOT_RIGHT: set[str] = set()


def first_found(words: str, language: str) -> str:
    """The slug of the first case; "" when nothing is found."""
    locale = Locale.objects.get(language_code=language)
    found = answer(Asked(words, {}), CasePage.objects.live().public().filter(locale=locale), locale)
    return found.load(0, 1)[0].case.slug if found.rows else ""


@pytest.mark.django_db
def test_at_least_27_of_the_30_queries_find_the_right_case_first(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cms.demo.load()
        cases.demo.load()
    keys = {getattr(content["slug"], code): content["key"] for content in CASES for code in ("nl", "en")}

    found = [(query, keys.get(first_found(query.words, query.language), "")) for query in QUERIES]
    wrong = {f"{query.language}: {query.words}": first for query, first in found if first not in query.first}

    assert len(QUERIES) == 30
    assert len(wrong) <= 3, wrong
    assert set(wrong) == NOT_RIGHT, wrong
