"""A case that may be handed on, and what is in its packages."""

import io
import zipfile
from decimal import Decimal
from typing import Any

from lxml import etree

from cases.models import CasePage, CaseSource, ImpactFigure, Lesson, QuizItem
from tests import factories
from tests.conftest import NOON


def signed_off_case(*, items: int = 3, both: bool = False, **facts: Any) -> CasePage:
    """A live case with a lesson, a figure, a source and so many quiz items; the second answer is right."""
    page = factories.case_page(
        title=facts.pop("title", "Stadskantoor & <meubels>"),
        both=False,
        context="<p>Waarom, met <a href='https://example.org/link'>een <b>link</b></a>.</p><ul><li>Eerst</li></ul>",
        licence=facts.pop("licence", "cc-by-4.0"),
        checked_on=facts.pop("checked_on", NOON.date()),
        **facts,
    )
    nl = {"locale": page.locale}
    page.lessons.add(
        Lesson(phase="award", title="Vraag restwaarde", text="Met waarborg.", pitfalls="Vaag blijven.", **nl)
    )
    page.figures.add(
        ImpactFigure(
            label="Restwaarde",
            value=Decimal("18.000"),
            unit="%",
            status="expected",
            source_name="C2C ExpoLAB",
            source_url="https://example.org/bron",
            year=2016,
            **nl,
        )
    )
    page.sources.add(CaseSource(name="Een rapport", url="https://example.org/rapport"))
    for number in range(1, items + 1):
        page.quiz.add(
            QuizItem(
                question=f"Vraag {number}?",
                answer_1=f"Fout {number}",
                answer_2=f"Juist {number}",
                answer_4=f"Ook fout {number}",
                right=2,
                why=f"Omdat {number}.",
                **nl,
            )
        )
    page.save_revision().publish()
    if both:
        factories.english(CasePage.objects.get(pk=page.pk), title="City hall", slug=f"{page.slug}-en")
    return CasePage.objects.get(pk=page.pk)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(content: bytes) -> Any:
    return etree.fromstring(unpacked(content)["imsmanifest.xml"])
