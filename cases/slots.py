"""What cases put on pages of other chapters."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from cases.models import CaseIndexPage, CasePage


def latest_cases(context: dict[str, Any]) -> str:
    """The four newest cases in the reader's language, for the home page. Empty when there are none yet."""
    cases = list(CasePage.objects.live().public().filter(locale__language_code=get_language()).for_cards()[:4])
    index = CaseIndexPage.objects.live().public().filter(locale__language_code=get_language()).first()
    if index is None:
        return ""
    return render_to_string(
        "cases/slots/latest_cases.html", {"cases": cases, "index": index}, request=context["request"]
    )
