"""What a case and its lessons are found by, written down per language: SearchText.

Four weights: A the title and the beginnings of the CPV codes, B what it is filed under and who took part, C the text.
D holds every word as it is written, unstemmed, and all words of the other language: these are the vocabulary by which
typing errors are put right and compounds taken apart (see cases.search.words), and the least when results are sorted.
"""

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django_tasks import task
from wagtail.rich_text import get_text_for_indexing

from cases.models import CasePage, Lesson, SearchText
from cms.search_backend import dictionary


class Words(NamedTuple):
    """The words of a case or a lesson in one language, by their weight."""

    title: str
    names: str
    text: str


def refresh(translation_key: uuid.UUID) -> int:
    """Write anew what the case with this key is found by, in every language it is live in. The number of rows made."""
    with transaction.atomic():
        # Two at once would both insert: the second waits here, and writes the newer text.
        list(CasePage.objects.select_for_update(of=("self",)).filter(translation_key=translation_key).order_by("pk"))
        SearchText.objects.filter(page__translation_key=translation_key).delete()
        pages = list(
            CasePage.objects.live()
            .public()
            .filter(translation_key=translation_key)
            .select_related("locale")
            .prefetch_related("parties__organisation", "lessons")
        )
        return len(SearchText.objects.bulk_create(row for page in pages for row in _rows(page, pages)))


def refresh_all() -> int:
    """Write anew what every case is found by. The number of cases."""
    keys = list(CasePage.objects.order_by("translation_key").values_list("translation_key", flat=True).distinct())
    SearchText.objects.exclude(page__in=CasePage.objects.live()).delete()
    for key in keys:
        refresh(key)
    return len(keys)


def refresh_forgotten() -> int:
    """Write what a task should have written and did not: cases live without a row, rows of a case no longer live.

    The number of cases that were put right.
    """
    SearchText.objects.exclude(page__in=CasePage.objects.live()).delete()
    forgotten = CasePage.objects.live().public().exclude(pk__in=SearchText.objects.values("page"))
    keys = set(forgotten.values_list("translation_key", flat=True))
    for key in keys:
        refresh(key)
    return len(keys)


@task()
def refresh_later(translation_key: str) -> None:
    refresh(uuid.UUID(translation_key))


def on_change(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Wagtail's own signals page_published and page_unpublished, of a case or a page type made from it."""
    if not isinstance(instance, CasePage):
        return
    transaction.on_commit(partial(refresh_later.enqueue, str(instance.translation_key)), robust=True)


def _rows(page: CasePage, pages: Iterable[CasePage]) -> Iterable[SearchText]:
    others = [other for other in pages if other.pk != page.pk]
    language = page.locale.language_code
    yield SearchText(
        page=page,
        locale=page.locale,
        vector=_vector(
            language,
            _words_of_case(page),
            [(other.locale.language_code, _words_of_case(other)) for other in others],
            beginnings=page.cpv_beginnings,
        ),
    )
    told = {(lesson.translation_key, other.pk): lesson for other in others for lesson in other.lessons.all()}
    for lesson in page.lessons.all():
        twins = [
            (other.locale.language_code, _words_of_lesson(told[lesson.translation_key, other.pk]))
            for other in others
            if (lesson.translation_key, other.pk) in told
        ]
        yield SearchText(
            page=page, lesson=lesson, locale=page.locale, vector=_vector(language, _words_of_lesson(lesson), twins)
        )


def _words_of_case(page: CasePage) -> Words:
    parties = page.parties.all()
    names = [page.intro, page.filed_under(), page.municipality, *(party.organisation.name for party in parties)]
    texts = [get_text_for_indexing(rich) for rich in (page.context, page.approach, page.next_steps)]
    texts += [page.year, page.effort, page.cost, *(party.part for party in parties)]
    texts += [" ".join(_words_of_lesson(lesson)) for lesson in page.lessons.all()]
    return Words(page.title, "\n".join(names), "\n".join(texts))


def _words_of_lesson(lesson: Lesson) -> Words:
    return Words(lesson.title, lesson.text, "\n".join([lesson.conditions, lesson.pitfalls, lesson.when_not]))


def _vector(language: str, own: Words, others: list[tuple[str, Words]], beginnings: Iterable[str] = ()) -> Any:
    stemmed = dictionary(language)
    vector = (
        SearchVector(Value(own.title), config=stemmed, weight="A")
        + SearchVector(Value(" ".join(map(cpv_word, beginnings))), config="simple", weight="A")
        + SearchVector(Value(own.names), config=stemmed, weight="B")
        + SearchVector(Value(own.text), config=stemmed, weight="C")
        + SearchVector(Value("\n".join(own)), config="simple", weight="D")
    )
    for other, words in others:
        for config in (dictionary(other), "simple"):
            vector += SearchVector(Value("\n".join(words)), config=config, weight="D")
    return vector


def cpv_word(beginning: str) -> str:
    """The beginning of a CPV code as a word of the index, apart from numbers that stand in a text."""
    return f"cpv{beginning}"
