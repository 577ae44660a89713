"""What the pages of this chapter tell in the API."""

from django.db.models import QuerySet

from cases.models import CasePage
from cases.taxonomy import Phase
from cms.headless.content import PageContent
from cms.headless.fields import Counted, Related, Rows

case_index_page = PageContent(["intro"])


def _phases(case: CasePage) -> list[str]:
    return [phase for phase in Phase.values if any(lesson.phase == phase for lesson in case.lessons.all())]


def _with_lessons(cases: QuerySet[CasePage]) -> QuerySet[CasePage]:
    """Unless they are fetched already, as rows of their own."""
    fetched = {getattr(one, "prefetch_through", one) for one in cases._prefetch_related_lookups}  # type: ignore[attr-defined]
    return cases if "lessons" in fetched else cases.prefetch_related("lessons")


#: Where a lesson stands on its page: the same in both languages.
ANCHOR = Counted("anchor", str, lambda lesson, reading: lesson.anchor)

case_page = PageContent(
    [
        *("intro", "kind", "municipality", "country", "year", "travel", "buyer_kind"),
        *("markets", "product_groups", "cpv", "contract_forms", "strategies", "primary_strategy", "ladder"),
        *("goals", "sdgs", "context", "approach", "effort", "cost", "next_steps", "checked_on", "licence"),
        Rows(
            "parties",
            ["role", "part", Related("organisation", ["name", "kind", "municipality", "country", "website"])],
        ),
        Rows("images", ["image", "alternative", "caption", "credit"]),
        Rows("lessons", ["phase", "title", "text", "conditions", "pitfalls", "when_not", ANCHOR]),
        Rows(
            "figures",
            [
                *("label", "value", "unit", "quantity", "direction", "status", "baseline", "functional_unit"),
                *("period", "method", "note", "source_name", "source_url", "year", "verified_on"),
            ],
        ),
        Rows("documents", ["document", "title"]),
        Rows("sources", ["name", "url"]),
        Counted("phases", list[str], lambda case, reading: _phases(case), _with_lessons),
    ]
)
