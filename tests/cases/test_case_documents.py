"""A case, or several that somebody chose, as a PDF in the language of the page, with the way back to it."""

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from cases import documents
from cases.drawing import rings_svg
from cases.models import CaseImage, CasePage, CaseSource, ImpactFigure, Lesson
from cases.taxonomy import Strategy, rings
from tests import factories

pytestmark = pytest.mark.django_db


def full_case(**facts):
    page = factories.case_page(
        title="Stadskantoor",
        context="<p>Waarom, met <a href='/nl/'>een link</a>.</p>",
        effort="Twee mensen, een jaar.",
        cpv=["45213150"],
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
    page.save_revision().publish()
    return CasePage.objects.get(pk=page.pk)


def read(content):
    return PdfReader(io.BytesIO(content))


def text_of(content):
    return " ".join(" ".join(page.extract_text() for page in read(content).pages).split())


def addresses(content):
    found = []
    for page in read(content).pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            found += [action["/URI"]] if "/URI" in action else []
    return found


def test_the_paper_says_what_the_page_says(client):
    case = full_case()

    answer = client.get(f"/nl/pdf/cases/{case.pk}/")

    text = text_of(answer.content)
    for told in (
        *("Stadskantoor", "Kort.", "Venlo, België", "Waarom, met een link.", "Twee mensen, een jaar.", "Restwaarde"),
        *("18 %", "Verwacht", "C2C ExpoLAB, 2016", "Vraag restwaarde", "Met waarborg.", "Valkuilen", "Vaag blijven."),
        *("45213150", "Een rapport", "Pagina 1/"),
    ):
        assert told in text, told
    assert set(addresses(answer.content)) == {
        *("https://example.org/bron", "https://example.org/rapport", case.full_url),
        case.full_url.removesuffix(case.url) + "/nl/",
    }
    root = read(answer.content).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("nl", True)
    assert answer["Content-Disposition"] == f'inline; filename="{case.slug}.pdf"'
    assert f'href="/nl/pdf/cases/{case.pk}/"' in client.get(case.url).content.decode()


def test_the_same_case_gives_the_same_bytes(client):
    case = full_case()

    first, second = (client.get(f"/nl/pdf/cases/{case.pk}/").content for _time in range(2))

    assert first == second


def test_a_photograph_comes_along_with_its_description():
    case = full_case()
    image = get_image_model().objects.create(title="Gevel", file=get_test_image_file())
    case.images.add(CaseImage(image=image, alternative="Een groene gevel", credit="Iemand, CC BY", locale=case.locale))
    case.save_revision().publish()

    content = documents.factsheet(CasePage.objects.get(pk=case.pk))

    assert any(page.images for page in read(content).pages)
    assert "Iemand, CC BY" in text_of(content)
    assert "Een groene gevel".encode("utf-16-be") in content or b"Een groene gevel" in content


def test_only_what_is_public_and_in_this_language_is_on_paper(client):
    case = full_case()
    twin = case.get_translations().get()
    assert client.get(f"/en/pdf/cases/{twin.pk}/").status_code == 200

    assert client.get(f"/en/pdf/cases/{case.pk}/").status_code == 404
    assert client.get("/nl/pdf/cases/999999/").status_code == 404
    assert client.post(f"/nl/pdf/cases/{case.pk}/").status_code == 405
    PageViewRestriction.objects.create(page=case, restriction_type="login")
    assert client.get(f"/nl/pdf/cases/{case.pk}/").status_code == 404
    case.view_restrictions.all().delete()
    case.unpublish()
    assert client.get(f"/nl/pdf/cases/{case.pk}/").status_code == 404


def test_chosen_cases_come_as_one_file_in_the_order_chosen_with_a_list_in_front(client):
    first, second = full_case(), factories.case_page(title="Garen", both=False)

    answer = client.get(f"/nl/pdf/cases/?case={second.pk}&case={first.pk}&case={second.pk}&case=999999")

    pages = [page.extract_text() for page in read(answer.content).pages]
    text = text_of(answer.content)
    assert answer["Content-Disposition"] == 'inline; filename="circulaire-cases.pdf"'
    assert pages[0].index("Garen") < pages[0].index("Stadskantoor")
    assert text.count("Waarom, met een link.") == 1 and text.count("Deze case op de site") == 2
    titles = [entry["/Title"] for entry in read(answer.content).outline if not isinstance(entry, list)]
    assert titles == ["Garen", "Stadskantoor"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Kies minstens één case."),
        ("?case=x&case=-1&case=²", "Kies minstens één case."),
        ("?" + "&".join(f"case={number}" for number in range(21)), "Kies hoogstens 20 cases."),
    ],
)
def test_none_or_too_many_is_refused_in_words_with_the_way_back(client, query, said):
    case = full_case()

    answer = client.get(f"/nl/pdf/cases/{query}")

    page = answer.content.decode()
    assert (answer.status_code, said in page) == (400, True)
    assert f'href="{case.get_parent().url}"' in page


def test_what_is_gone_or_of_another_language_is_not_found(client):
    case = full_case()

    assert client.get(f"/en/pdf/cases/?case={case.pk}").status_code == 404
    assert client.get("/nl/pdf/cases/?case=99999999999999999999").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_collection_asks_as_many_queries_for_one_case_as_for_three(client, number, django_assert_num_queries):
    chosen = [full_case() for _case in range(number)]
    query = "&".join(f"case={case.pk}" for case in chosen)
    client.get(f"/nl/pdf/cases/?{query}")

    with django_assert_num_queries(7):
        client.get(f"/nl/pdf/cases/?{query}")


def test_each_found_case_can_be_ticked_and_the_button_asks_for_them(client):
    case = full_case()

    page = client.get(case.get_parent().url).content.decode()

    assert f'<input type="checkbox" name="case" value="{case.pk}"' in page
    assert 'action="/nl/pdf/cases/" method="get"' in page


def test_every_strategy_has_a_colour_on_paper():
    every = rings([strategy.value for strategy in Strategy])

    assert rings_svg(every).count(b"<circle") == len(every)


@pytest.mark.parametrize("number", [0, 21])
def test_a_collection_of_none_or_too_many_is_never_made(number):
    case = factories.case_page(both=False)

    with pytest.raises(ValueError, match="1 to 20"):
        documents.collection([case] * number, on=case.first_published_at)
