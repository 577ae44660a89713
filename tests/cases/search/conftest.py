"""Cases to search among, indexed as the worker would have."""

from typing import Any

import pytest

from cases.models import CasePage, Lesson
from cases.search import texts
from tests import factories


@pytest.fixture
def case():
    """Make a Dutch case with an English twin and a lesson in each of these phases, and index it."""

    def made(*phases: str, title: str = "Stadskantoor", english: str = "City hall", **facts: Any) -> CasePage:
        page = factories.case_page(title=title, both=False, **facts)
        for phase in phases:
            page.lessons.add(Lesson(phase=phase, title=f"Leerles {phase}", text="Met waarborg.", locale=page.locale))
        page.save_revision().publish()
        page = CasePage.objects.get(pk=page.pk)
        factories.english(page, title=english, slug=f"{page.slug}-en")
        texts.refresh(page.translation_key)
        return page

    return made
