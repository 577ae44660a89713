"""A case as something to learn from, whatever package it is put in. Everything is said in the language of the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import CasePage, ImpactFigure, Lesson
from cases.models.parts import QuizItem
from cases.taxonomy import LICENCE_URLS
from cms import prose
from cms.models import OrganiserSettings
from cms.templatetags.cms_tags import number

#: Of a hundred: two of three, three of four, three of five.
MASTERY = 60


@dataclass(frozen=True)
class Section:
    """A heading with an editor's text below it (cms.prose parts)."""

    heading: str
    parts: list[prose.Part]


@dataclass(frozen=True)
class CourseLesson:
    anchor: str
    phase: str
    title: str
    #: The explanation first, without a heading; then what is known of conditions, pitfalls and when not.
    sections: list[Section]


@dataclass(frozen=True)
class CourseFigure:
    label: str
    value: str
    status: str
    note: str
    source: str
    url: str


@dataclass(frozen=True)
class Answer:
    #: "a" to "d".
    key: str
    text: str
    is_right: bool


@dataclass(frozen=True)
class Question:
    #: "q1" and on; the same in both languages.
    key: str
    text: str
    answers: list[Answer]
    why: str

    @property
    def right(self) -> Answer:
        return next(answer for answer in self.answers if answer.is_right)


@dataclass(frozen=True)
class Course:
    identifier: str
    language: str
    title: str
    intro: str
    sections: list[Section]
    lessons: list[CourseLesson]
    figures: list[CourseFigure]
    questions: list[Question]
    #: (name, address); the address may be "".
    sources: list[tuple[str, str]]
    licence: str
    licence_url: str
    #: Who made it, what it is called, where it is kept: what the licence asks to be named.
    attribution: str
    author: str
    url: str
    #: "23 november 2026", "" when not known.
    checked_on: str
    quiz_title: str
    mastery: int = MASTERY


def course_of(case: CasePage, author: str = "") -> Course:
    """`author`: the organiser's name, looked up when left out. At most one query for each of signed_off.PARTS that was
    not fetched along.
    """
    with override(case.locale.language_code):
        author = author or OrganiserSettings.load().name or settings.WAGTAIL_SITE_NAME
        url = case.full_url
        sections = [
            Section(_("Context"), prose.parts(case.context, base_url=url)),
            Section(_("Approach"), prose.parts(case.approach, base_url=url)),
            Section(_("What comes next"), prose.parts(case.next_steps, base_url=url)),
        ]
        return Course(
            identifier=f"case-{case.translation_key.hex}-{case.locale.language_code}",
            language=case.locale.language_code,
            title=case.title,
            intro=case.intro,
            sections=[section for section in sections if section.parts],
            lessons=[_lesson(lesson) for lesson in _in_order(case.lessons.all())],
            figures=[_figure(figure) for figure in _in_order(case.figures.all())],
            questions=[_question(item, place) for place, item in enumerate(_in_order(case.quiz.all()), start=1)],
            sources=[(source.name, source.url) for source in _in_order(case.sources.all())],
            licence=str(case.get_licence_display()),
            licence_url=LICENCE_URLS.get(case.licence, ""),
            attribution=f"{case.title}. {author}. {url}",
            author=author,
            url=url,
            checked_on=date_format(case.checked_on, "j F Y") if case.checked_on else "",
            quiz_title=_("Quiz: %(title)s") % {"title": case.title},
        )


def _in_order(rows: Iterable[Any]) -> list[Any]:
    """As on the page, and the same each time: rows that were never put in an order stand as they were made."""
    return sorted(rows, key=lambda row: (row.sort_order or 0, row.pk))


def _lesson(lesson: Lesson) -> CourseLesson:
    texts = [
        ("", lesson.text),
        (_("Conditions"), lesson.conditions),
        (_("Pitfalls"), lesson.pitfalls),
        (_("When it does not work"), lesson.when_not),
    ]
    return CourseLesson(
        anchor=lesson.anchor,
        phase=str(lesson.get_phase_display()),
        title=lesson.title,
        sections=[Section(heading, prose.plain(text)) for heading, text in texts if text.strip()],
    )


def _figure(figure: ImpactFigure) -> CourseFigure:
    basis = [
        f"{_('Compared with:')} {figure.baseline}" if figure.baseline else "",
        f"{_('For:')} {figure.functional_unit}" if figure.functional_unit else "",
        f"{_('Period:')} {figure.period}" if figure.period else "",
        f"{_('Method:')} {figure.get_method_display()}" if figure.method else "",
        figure.note,
    ]
    return CourseFigure(
        label=figure.label,
        value=f"{number(figure.value)} {figure.unit}",
        status=str(figure.get_status_display()),
        note=". ".join(line.rstrip(".") for line in basis if line),
        source=f"{figure.source_name}, {figure.year}",
        url=figure.source_url,
    )


def _question(item: QuizItem, place: int) -> Question:
    """An answer keeps its letter when one before it was left out: results of both languages can be laid together."""
    answers = [
        Answer(key, text, item.right == place_of_answer)
        for place_of_answer, (key, text) in enumerate(zip("abcd", item.answers, strict=True), start=1)
        if text
    ]
    return Question(key=f"q{place}", text=item.question, answers=answers, why=item.why)
