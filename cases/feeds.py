"""The newest cases, and the lessons of those that are signed off, as Atom feeds."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cases.learning.course import Course, CourseLesson, course_of
from cases.learning.signed_off import newest
from cases.models import CaseIndexPage, CasePage
from cases.models.pages import CasePageQuerySet
from cms.feeds import MOST, PageFeed
from cms.models import OrganiserSettings


class CaseFeed(PageFeed):
    index_model = CaseIndexPage

    def newest(self, index: CaseIndexPage) -> CasePageQuerySet:
        pages = CasePage.objects.child_of(index).live().public()
        return pages.select_related("locale").order_by("-first_published_at", "-pk")

    def item_categories(self, item: CasePage) -> list[str]:
        return [*item.product_group_names, *item.strategy_names]


@dataclass(frozen=True)
class LessonEntry:
    """One lesson of a signed-off case."""

    case: CasePage
    course: Course
    lesson: CourseLesson


class LessonFeed(PageFeed):
    """What the JSON Feed of lessons has (cases.learning.feeds), for readers that know Atom only."""

    index_model = CaseIndexPage

    def items(self, obj: CaseIndexPage) -> list[LessonEntry]:
        author = OrganiserSettings.load().name
        courses = [(case, course_of(case, author)) for case in newest(obj.locale.language_code, MOST)]
        return [LessonEntry(case, course, lesson) for case, course in courses for lesson in course.lessons][:MOST]

    def title(self, obj: CaseIndexPage) -> str:
        return f"{_('Lessons from circular cases')} · Best Practice Tour"

    def feed_guid(self, obj: CaseIndexPage) -> str:
        return uuid.uuid5(obj.translation_key, f"lessons-{obj.locale.language_code}").urn

    def item_title(self, item: LessonEntry) -> str:
        return item.lesson.title

    def item_description(self, item: LessonEntry) -> str:
        return render_to_string("cases/learning/feed_lesson.html", {"course": item.course, "lesson": item.lesson})

    def item_link(self, item: LessonEntry) -> str:
        return f"{item.course.url}#{item.lesson.anchor}"

    def item_guid(self, item: LessonEntry) -> str:
        return uuid.uuid5(item.case.translation_key, f"{item.course.language}-{item.lesson.anchor}").urn

    def item_pubdate(self, item: LessonEntry) -> datetime | None:
        return super().item_pubdate(item.case)

    def item_updateddate(self, item: LessonEntry) -> datetime | None:
        return super().item_updateddate(item.case)

    def item_categories(self, item: LessonEntry) -> list[str]:
        return [item.lesson.phase]

    def item_copyright(self, item: LessonEntry) -> str:
        """What Atom calls the rights: how to name the source, and the licence."""
        return f"{item.course.attribution} {item.course.licence_url}".strip()
