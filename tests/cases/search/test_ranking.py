"""Cases that compete on one word: where it stands, how exactly it is meant and what a lesson adds decide their order.

The case that should be last is the newest each time: what answers equally well is sorted by age.
"""

import pytest
from wagtail.models import Locale

from cases.models import CasePage
from cases.search.finding import Asked, answer

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    """The titles of the Dutch cases, best first."""
    locale = Locale.objects.get(language_code="nl")
    told = answer(Asked(words, {}), CasePage.objects.live().filter(locale=locale), locale)
    return [item.case.title for item in told.load(0, 10)]


def test_the_title_goes_before_what_it_is_filed_under_that_before_the_text_and_the_translation_is_last(case):
    case(title="Bijenkorf")
    case(title="Gemeente", municipality="Bijenkorf")
    case(title="Tekst", context="<p>Een bijenkorf.</p>")
    case(title="Vertaling", english="Bijenkorf")

    assert found("bijenkorf") == ["Bijenkorf", "Gemeente", "Tekst", "Vertaling"]


def test_the_word_itself_in_a_text_goes_before_one_like_it_in_a_title(case):
    case(title="Tekst", context="<p>Een molen.</p>")
    case(title="Molensteen")

    assert found("molen") == ["Tekst", "Molensteen"]


def test_a_lesson_about_just_this_lifts_its_case_above_one_that_says_it_in_passing(case):
    case("award", title="Les")
    case(title="Terloops", context="<p>Met waarborg.</p>")

    assert found("waarborg") == ["Les", "Terloops"]
