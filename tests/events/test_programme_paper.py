"""The programme as a PDF: the visits to come, what they cost for whom, and the way to register."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests import factories

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


def visit(**facts):
    starts_at = facts.pop("starts_at", timezone.now() + timedelta(days=30))
    return factories.event_page(factories.event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), **facts))


def test_visits_to_come_stand_in_it_with_their_prices_and_places(client):
    page = visit(price="95.00", scheme=factories.scheme(), capacity=20)
    past = visit(starts_at=timezone.now() - timedelta(days=3))
    draft = visit(status="draft")

    answer = client.get("/nl/pdf/programme/")

    text = text_of(answer)
    for told in (page.title, "Nog 20 plaatsen", "gratis", "€ 114,95, incl. 21% btw (€ 95,00 excl. btw)", "Wanneer"):
        assert told in text, told
    assert past.title not in text and draft.title not in text
    assert "no-store" in answer["Cache-Control"]
    assert 'href="/nl/pdf/programme/"' in client.get(page.get_parent().url).content.decode()


def test_the_english_programme_tells_of_the_same_visit_in_english(client):
    page = visit(price="95.00")
    twin = page.get_translations().get()

    text = text_of(client.get("/en/pdf/programme/"))

    assert twin.title in text and page.title not in text and "€114.95, incl. 21% VAT" in text


def test_a_programme_without_visits_says_so(client):
    visit().delete()

    assert "Er zijn momenteel geen bezoeken gepland." in text_of(client.get("/nl/pdf/programme/"))


def test_without_a_programme_there_is_none_on_paper(client):
    factories.ground()

    assert client.get("/nl/pdf/programme/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_many_queries_for_one_visit_as_for_three(client, number, django_assert_num_queries):
    for _visit in range(number):
        visit(price="95.00")
    client.get("/nl/pdf/programme/")

    with django_assert_num_queries(6):
        client.get("/nl/pdf/programme/")


def test_the_front_page_on_paper_names_the_visits_to_come(client):
    page = visit(capacity=20)

    text = text_of(client.get("/nl/pdf/"))

    assert "Komende bezoeken" in text and page.title in text and "Nog 20 plaatsen" in text
