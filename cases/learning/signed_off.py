"""What may be handed to somebody else's learning platform: the one rule, asked by every package, feed and card.

Signed off is: live and for everybody, its facts were held against their sources, its licence lets others use the text,
and of a visit report the host agreed to this very text. A package moreover has a quiz of three to five whole items.
"""

from collections.abc import Iterator

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from cases.models import CasePage
from cases.models.pages import CasePageQuerySet
from cases.obstacles import waits_for_host, waits_for_hosts
from cases.substance import READ_PARTS
from cases.taxonomy import Licence
from cms.sites import of_this_site

#: The licences that let others use a text again.
OPEN = (Licence.CC0, Licence.BY, Licence.BY_SA)
FEWEST_ITEMS, MOST_ITEMS = 3, 5
#: What a course is built from.
PARTS = ("parties__organisation", "lessons", "figures", "sources", "quiz")


def keeps_back(case: CasePage) -> Iterator[str]:
    """A sentence for each thing that keeps this page, as it is in memory, from being handed on. Cheapest first: whoever
    only wants to know whether there is one asks no more than needed.
    """
    if not case.live:
        yield _("The page is not live.")
    if case.licence not in OPEN:
        yield _("Its licence does not let others use the text.")
    if case.checked_on is None:
        yield _("Nobody noted on what day its facts were checked.")
    if case.get_view_restrictions().exists():
        yield _("Not everybody may see the page.")
    yield from waits_for_host(case)


def keeps_from_package(case: CasePage) -> Iterator[str]:
    """The same for a package, which has a quiz."""
    yield from keeps_back(case)
    items = list(case.quiz.all())
    if not FEWEST_ITEMS <= len(items) <= MOST_ITEMS:
        yield _("A package has a quiz of three to five items; this page has %(number)s.") % {"number": len(items)}
    for number, item in enumerate(items, start=1):
        if missing := item.missing_facts():
            names = ", ".join(str(name) for name in missing)
            yield _("Quiz item %(number)s lacks: %(facts)s.") % {"number": number, "facts": names}


def newest(language: str, most: int) -> list[CasePage]:
    """The signed-off cases in this language, newest first, with their parts. As many queries for three of them
    as for one, visit reports and their hosts' yes included.
    """
    fetched = {part.partition("__")[0] for part in PARTS}
    cases: CasePageQuerySet = of_this_site(CasePage.objects.live().public())
    found = (
        cases.filter(locale__language_code=language, licence__in=OPEN, checked_on__isnull=False)
        .select_related("locale")
        .prefetch_related(*PARTS)
        .order_by("-first_published_at", "-pk")
    )
    cases_found = list(found[:most])
    reports = [case for case in cases_found if case.kind == CasePage.Kind.VISIT_REPORT]
    prefetch_related_objects(reports, *(part for part in READ_PARTS if part not in fetched))
    kept_back = zip(cases_found, waits_for_hosts(cases_found), strict=True)
    return [case for case, waiting in kept_back if not waiting]
