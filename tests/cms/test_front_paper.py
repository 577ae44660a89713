"""The front page can be taken along as a PDF, in either language."""

import io

import pytest
from pypdf import PdfReader

from tests import factories

pytestmark = pytest.mark.django_db


def text_of(answer):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


@pytest.mark.parametrize(
    ("language", "button", "told"),
    [("nl", "Download pdf-bestand", "Wat de Tour is"), ("en", "Download the PDF", "What the Tour is")],
)
def test_download_the_pdf_works_from_the_first_page(client, language, button, told):
    home = factories.ground()
    for page in (home, home.get_translations().get().specific):
        page.about, page.hero = "<p>Wij gaan <b>kijken</b>.</p>", "Ga kijken"
        page.save_revision().publish()

    front = client.get(f"/{language}/").content.decode()
    answer = client.get(f"/{language}/pdf/")

    assert f'href="/{language}/pdf/"' in front and button in front
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        f'inline; filename="best-practice-tour-{language}.pdf"',
    )
    assert told in text_of(answer) and "Wij gaan kijken." in text_of(answer)
    assert PdfReader(io.BytesIO(answer.content)).trailer["/Root"]["/Lang"] == language
    assert "no-store" in answer["Cache-Control"]


def test_a_site_without_a_home_page_in_this_language_has_none_on_paper(client):
    home = factories.ground()
    home.get_translations().get().unpublish()

    assert client.get("/en/pdf/").status_code == 404
    assert client.post("/nl/pdf/").status_code == 405
