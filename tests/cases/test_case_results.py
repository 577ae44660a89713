"""What the results page says of cases: those on the site in this language, and their lessons by phase."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from cases.models import CaseParty, Lesson
from cases.results import chapter
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def case(*phases, organisation="Stad Gent"):
    page = factories.case_page(both=False)
    for phase in phases:
        page.lessons.add(Lesson(phase=phase, title="Les", text="Tekst", locale=page.locale))
    party = factories.organisation(organisation)
    page.parties.add(CaseParty(organisation=party, role="buyer", locale=page.locale))
    page.save_revision().publish()
    return page


def test_cases_lessons_and_organisations_are_counted_in_the_language_of_the_reader():
    case("needs", "award")
    case("award")
    case("use").unpublish()

    with override("nl"):
        told = chapter(at=NOON)
    with override("en"):
        english = chapter(at=NOON + timedelta(days=1))

    assert [figure.number for figure in told.figures][:2] == ["2", "3"]
    assert [int(row[1][0]) for row in told.charts[0].rows] == [1, 0, 0, 2, 0, 0]
    assert [figure.number for figure in english.figures] == ["0", "0", "0"] and english.charts == []


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_four_queries_whatever_there_is(number, django_assert_num_queries):
    for _case in range(number):
        case("award")

    with override("nl"), django_assert_num_queries(4):
        chapter(at=NOON)
