"""Signed-off cases and lessons as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), one feed per language."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.learning.course import Course, CourseLesson, course_of
from cases.learning.signed_off import newest
from cases.models import CasePage
from cms.models import OrganiserSettings

VERSION = "https://jsonfeed.org/version/1.1"
#: So many of the newest cases.
MOST = 50


def of_cases(language: str, *, feed_url: str, home_page_url: str) -> dict[str, Any]:
    """One item for each case, its whole text as HTML."""
    author = OrganiserSettings.load().name
    with override(language):
        items = [_case_item(case, course_of(case, author)) for case in newest(language, MOST)]
        return _feed(_("Circular cases"), author, language, items, feed_url=feed_url, home_page_url=home_page_url)


def of_lessons(language: str, *, feed_url: str, home_page_url: str) -> dict[str, Any]:
    """One item for each lesson, tagged with its procurement phase."""
    author = OrganiserSettings.load().name
    with override(language):
        items = []
        for case in newest(language, MOST):
            course = course_of(case, author)
            items += [_lesson_item(case, course, lesson) for lesson in course.lessons]
        return _feed(
            _("Lessons from circular cases"), author, language, items, feed_url=feed_url, home_page_url=home_page_url
        )


def _feed(title: str, author: str, language: str, items: list[dict[str, Any]], **addresses: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "title": f"{title}: {author}",
        **addresses,
        "language": language,
        "authors": [{"name": author}],
        "items": items,
    }


def _case_item(case: CasePage, course: Course) -> dict[str, Any]:
    return {
        "id": course.identifier,
        "url": course.url,
        "title": course.title,
        "summary": course.intro,
        "content_html": render_to_string("cases/learning/feed_case.html", {"course": course}),
        "tags": [*case.goal_names, *case.strategy_names, *case.product_group_names],
        **_told(case, course),
    }


def _lesson_item(case: CasePage, course: Course, lesson: CourseLesson) -> dict[str, Any]:
    return {
        "id": f"{course.identifier}-{lesson.anchor}",
        "url": f"{course.url}#{lesson.anchor}",
        "title": lesson.title,
        "content_html": render_to_string("cases/learning/feed_lesson.html", {"course": course, "lesson": lesson}),
        "tags": [lesson.phase],
        **_told(case, course),
    }


def _told(case: CasePage, course: Course) -> dict[str, Any]:
    """What every item says; what JSON Feed has no word for stands under a key of our own, as it asks."""
    days = {"date_published": case.first_published_at, "date_modified": case.last_published_at}
    return {
        **{name: moment.isoformat(timespec="seconds") for name, moment in days.items() if moment},
        "authors": [{"name": course.author}],
        "language": course.language,
        "_tour": {
            "case": course.title,
            "licence": case.licence,
            "licence_url": course.licence_url,
            "attribution": course.attribution,
            "checked_on": case.checked_on.isoformat() if case.checked_on else None,
            "sources": [{"name": name, "url": url} for name, url in course.sources],
        },
    }
