"""A search: what was asked, and the cases and lessons that answer it, best first, at a constant number of queries."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.http import QueryDict
from wagtail.models import Locale

from cases import cpv
from cases.models import CasePage, CasePageQuerySet, Lesson, SearchText
from cases.search import words
from cases.search.facets import FACETS, NAMES, Chosen, Row, Shown, chosen_in, narrow

#: Fewer cases than this by the words themselves, and words like them are looked for too.
TOO_FEW = 3
#: What the words themselves weigh against the words like them.
THEMSELVES = 10
#: What a lesson about just this adds to its case.
LESSON_SHARE = 0.5
#: D, C, B, A.
WEIGHTS = [0.05, 0.2, 0.5, 1.0]


class Asked(NamedTuple):
    """Words and facets, as an address carries them."""

    words: str
    chosen: Chosen

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        """What the site's own form sends. What no facet knows is left out: an old link still leads somewhere."""
        written = " ".join(query.get("q", "").replace("\x00", "").split())[: words.LONGEST]
        return cls(written, chosen_in({name: query.getlist(name) for name in NAMES}))

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.chosen

    @property
    def parameters(self) -> list[tuple[str, str]]:
        pairs = [("q", self.words)] if self.words else []
        return pairs + [(name, value) for name, values in self.chosen.items() for value in values]

    @property
    def address(self) -> str:
        """As the part of an address after "?", in one order whatever order it was asked in."""
        return urlencode(self.parameters)

    def without(self, name: str, value: str) -> "Asked":
        left = tuple(other for other in self.chosen.get(name, ()) if other != value)
        chosen = {**self.chosen, name: left}
        return self._replace(chosen={name: values for name, values in chosen.items() if values})

    def without_words(self) -> "Asked":
        return self._replace(words="")


class Found(NamedTuple):
    """One case with those of its lessons that answer."""

    case: CasePage
    lessons: list[Lesson]


class Matches(NamedTuple):
    """What words found."""

    #: Case -> how well.
    ranks: Mapping[int, float]
    #: Numbers of the lessons about just this.
    lessons: set[int]
    #: Words looked for instead of those that stand nowhere.
    meant: list[str]


class Answer(NamedTuple):
    """All cases found, best first, and each facet with its counts."""

    rows: list[Row]
    facets: list[Shown]
    matches: Matches | None
    phases: tuple[str, ...]

    @property
    def meant(self) -> list[str]:
        return self.matches.meant if self.matches else []

    def load(self, first: int, last: int) -> list[Found]:
        """The found cases from `first` up to `last`, with what a card shows; a constant number of queries."""
        keys = [row["pk"] for row in self.rows[first:last]]
        cases = {case.pk: case for case in CasePage.objects.filter(pk__in=keys).select_related("locale").for_cards()}
        return [Found(cases[key], self.lessons_of(cases[key])) for key in keys if key in cases]

    def lessons_of(self, case: CasePage) -> list[Lesson]:
        """Those in the phases asked for; of them, those about the words when there are any."""
        if not self.phases and self.matches is None:
            return []
        lessons = [lesson for lesson in case.lessons.all() if not self.phases or lesson.phase in self.phases]
        about = [lesson for lesson in lessons if self.matches and lesson.pk in self.matches.lessons]
        return about or (lessons if self.phases else [])


def answer(asked: Asked, cases: CasePageQuerySet, locale: Locale) -> Answer:
    """Search these cases, all of one locale. Without words the newest first, with words the best."""
    matches = match(asked.words, locale) if words.split(asked.words) else None
    rows = list(cases.filed())
    if matches is not None:
        # Sorting keeps the newest first among those that answer equally well.
        rows = sorted((row for row in rows if row["pk"] in matches.ranks), key=lambda row: -matches.ranks[row["pk"]])
    found, facets = narrow(rows, asked.chosen)
    return Answer(found, facets, matches, asked.chosen.get("phase", ()))


def match(written: str, locale: Locale) -> Matches:
    """The cases and lessons with all these words; where they are too few, with words like them."""
    asked = words.split(written)
    forms = words.stems(asked, locale.language_code)
    if not any(forms.values()):
        forms = {word: {word} for word in asked}
    strict = words.question(asked, forms)
    found = _matches(strict, strict, locale)
    if len(found.ranks) >= TOO_FEW:
        return found
    known = words.vocabulary(locale.pk)
    wider = {word: words.widen(word, known) for word in asked if forms[word]}
    parts = {part for wide in wider.values() for parts in (*wide.meant, *wide.within) for part in parts}
    if not parts:
        return found
    # Just these codes: what stands beside the one asked for, in the same branch, is something else.
    branches = {code: {code} for word in asked for code in cpv.above(word)}
    forms = words.stems(sorted(parts - set(forms) - set(branches)), locale.language_code) | branches | forms
    meant = list(dict.fromkeys(part for wide in wider.values() for parts in wide.meant for part in parts))
    # The index has stems of the other language too: whoever reads "polyester" need not read "polyest".
    whole = [word for word in meant if not any(other != word and other.startswith(word) for other in meant)]
    wide = _matches(words.question(asked, forms, wider), strict, locale)
    return wide._replace(meant=whole[: words.MOST_ALTERNATIVES])


def _matches(question: str, strict: str, locale: Locale) -> Matches:
    rank: SearchRank | CombinedExpression = SearchRank(F("vector"), _query(question), weights=WEIGHTS)
    if question != strict:
        rank = rank + SearchRank(F("vector"), _query(strict), weights=WEIGHTS) * THEMSELVES
    rows = list(
        SearchText.objects.filter(locale=locale, vector=_query(question))
        .annotate(rank=rank)
        .values_list("page_id", "lesson_id", "rank")
    )
    best: dict[int, float] = {}
    for page, lesson, well in rows:
        if lesson is not None:
            best[page] = max(best.get(page, 0), well)
    ranks = {page: well + LESSON_SHARE * best.get(page, 0) for page, lesson, well in rows if lesson is None}
    return Matches(ranks, {lesson for _page, lesson, _rank in rows if lesson is not None}, [])


def _query(question: str) -> SearchQuery:
    # The forms are stemmed already.
    return SearchQuery(question, search_type="raw", config="simple")


__all__ = ["FACETS", "Answer", "Asked", "Found", "Matches", "answer", "match"]
