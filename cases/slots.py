"""What cases put on pages of other chapters."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import CaseIndexPage, CasePage
from cms import prose
from cms.sites import of_this_site


def latest_cases(context: dict[str, Any]) -> str:
    """The four newest cases in the reader's language, for the home page. Empty when there are none yet."""
    cases = _newest()
    index = of_this_site(CaseIndexPage.objects.live().public().filter(locale__language_code=get_language())).first()
    if index is None:
        return ""
    return render_to_string(
        "cases/slots/latest_cases.html", {"cases": cases, "index": index}, request=context["request"]
    )


def newest_on_paper(*, at: datetime) -> list[tuple[str, list[prose.Part]]]:
    """The same cases, for the front page on paper."""
    items = [prose.linked(case.title, case.full_url, f"{case.intro} ({case.byline})") for case in _newest()]
    return [(_("Cases to learn from"), [{"kind": "list", "ordered": False, "items": items}])] if items else []


def _newest() -> list[CasePage]:
    pages = of_this_site(CasePage.objects.live().public().filter(locale__language_code=get_language()))
    return list(pages.for_cards()[:4])
