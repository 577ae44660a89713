"""Demo content of the cases: the four named cases, with sourced facts. Safe to load twice."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Picture
from PIL import ImageDraw
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cases import cpv
from cases.demo_content import CASE_INDEX, CASES
from cases.models import (
    CaseDocument,
    CaseImage,
    CaseIndexPage,
    CasePage,
    CaseParty,
    CaseSource,
    ImpactFigure,
    Lesson,
    QuizItem,
)
from cases.search import texts
from cases.taxonomy import Licence
from cms.content import Text, both
from cms.demo import add_page, demo_home, needed_home, organisation
from cms.translate import html

SLUGS = both("cases", "cases")
BUYER_PART = both("aankoper", "purchaser")
FIGURES_DOCUMENT = both("Cijfers en bronnen (CSV)", "Figures and sources (CSV)")
DRAWING = {
    "alternative": both(
        "Tekening van een gevel in vlakken, met planten op elke verdieping.",
        "Drawing of a facade in planes, with plants on every floor.",
    ),
    "caption": both(
        "Tekening ter illustratie, geen afbeelding van het gebouw.",
        "Drawing for illustration, not a picture of the building.",
    ),
    "credit": both("Tekening: Best Practice Tour (demo), CC0", "Drawing: Best Practice Tour (demo), CC0"),
}


def load() -> None:
    """Load what is not there yet."""
    home = needed_home()
    index = CaseIndexPage.objects.child_of(home).first()
    if index is None:
        index = CaseIndexPage(
            title=CASE_INDEX["title"].nl,
            slug=SLUGS.nl,
            locale=home.locale,
            intro=CASE_INDEX["intro"].nl,
            show_in_menus=True,
        )
        add_page(home, index, [CASE_INDEX, SLUGS])
    # The last one added is shown first.
    for content in reversed(CASES):
        if not CasePage.objects.child_of(index).filter(slug=content["slug"].nl).exists():
            _case(index, content)
    texts.refresh_all()


def is_loaded() -> bool:
    """Whether the first of the demonstration’s cases is there: it is loaded last."""
    home = demo_home()
    pages = CasePage.objects.filter(slug=CASES[0]["slug"].nl)
    return home is not None and pages.descendant_of(home).exists()


def _case(index: CaseIndexPage, content: Any) -> None:
    page = CasePage(
        title=content["title"].nl,
        slug=content["slug"].nl,
        locale=index.locale,
        intro=content["hook"].nl,
        municipality=content["municipality"],
        country=content["country"],
        year=content["year"].nl,
        product_groups=content["product_groups"],
        cpv=[cpv.normal_code(code) for code in content["cpv"]],
        buyer_kind=content["buyer_kind"],
        markets=content["markets"],
        contract_forms=content["contract_forms"],
        strategies=content["strategies"],
        goals=content["goals"],
        sdgs=content["sdgs"],
        cost=content["cost"].nl if content["cost"] else "",
        licence=Licence.BY,
        context=html(content["context"]),
        approach=html(content["approach"]),
        checked_on=date.fromisoformat(content["checked_on"]),
    )
    nl = {"locale": index.locale}
    if content["buyer"]:
        page.parties.add(CaseParty(organisation=organisation(content["buyer"]), role=CaseParty.Role.BUYER, **nl))
    for key, part in content["suppliers"]:
        page.parties.add(CaseParty(organisation=organisation(key), role=CaseParty.Role.SUPPLIER, part=part.nl, **nl))
    for facts in content["lessons"]:
        page.lessons.add(Lesson(**_in_dutch(facts), **nl))
    for facts in content["figures"]:
        page.figures.add(ImpactFigure(**_in_dutch(facts) | {"value": Decimal(facts["value"])}, **nl))
    for item in content["quiz"]:
        answers = {f"answer_{number}": text.nl for number, text in enumerate(item["answers"], start=1)}
        facts = {name: value for name, value in item.items() if name != "answers"}
        page.quiz.add(QuizItem(**_in_dutch(facts), **answers, **nl))
    for name, url in content["sources"]:
        page.sources.add(CaseSource(name=name, url=url))
    page.documents.add(CaseDocument(document=_figures_document(content), title=FIGURES_DOCUMENT.nl, **nl))
    if content["key"] == "venlo":
        texts = {name: text.nl for name, text in DRAWING.items()}
        page.images.add(CaseImage(image=_drawing(), **texts, **nl))
    add_page(index, page, [content, FIGURES_DOCUMENT, DRAWING])


def _in_dutch(facts: Any) -> dict[str, Any]:
    """The facts as fields of a model: of a text its Dutch, "" for one that is not there."""
    return {
        name: value.nl if isinstance(value, Text) else "" if value is None else value for name, value in facts.items()
    }


def _figures_document(content: Any) -> Any:
    """The case's figures with their sources as a spreadsheet people can take along."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["label_nl", "label_en", "value", "unit_nl", "unit_en", "status", "source", "url", "year"])
    for facts in content["figures"]:
        writer.writerow(
            [
                *facts["label"],
                facts["value"],
                *facts["unit"],
                facts["status"],
                facts["source_name"],
                facts["source_url"],
                facts["year"],
            ]
        )
    document = get_document_model()(title=f"{content['title'].nl}: {FIGURES_DOCUMENT.nl}")
    document.file.save(f"{content['key']}-figures.csv", ContentFile(rows.getvalue().encode()), save=True)
    return document


def _drawing() -> Any:
    """A drawing of our own for the one case that shows an image beside its rings."""
    size = (1200, 750)
    picture = Picture.new("RGB", size, "#E3EFE6")
    draw = ImageDraw.Draw(picture)
    for floor in range(6):
        for bay in range(9):
            left, top = 120 + bay * 108, 70 + floor * 104
            colour = ("#1E5B3E", "#23598C", "#A8481F", "#F2C14E")[(floor * 5 + bay * 3) % 4]
            draw.rectangle((left, top, left + 84, top + 70), fill="#FAF7F0", outline="#16211B", width=3)
            if (floor + bay) % 3 == 0:
                draw.ellipse((left + 14, top + 22, left + 70, top + 78), fill=colour)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    # ImageFile knows its own size, which Wagtail's image model wants before it is first saved.
    file = ImageFile(io.BytesIO(buffer.getvalue()), name="facade-drawing.png")
    image = get_image_model()(title="Gevel (tekening, demo)", file=file)
    image.save()
    return image
