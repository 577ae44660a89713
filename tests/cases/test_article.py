"""A case as search engines read it, taken from the page by a library that is not ours."""

from datetime import UTC, datetime

import extruct
import pytest
from rdflib import URIRef
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cases.models import CaseImage, CasePage, CaseParty, CaseSource
from tests import factories
from tests.linked import SCHEMA, things, triples

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    page = factories.case_page(title="Stadskantoor", licence="cc-by-4.0", strategies=["reuse"])
    CaseParty.objects.create(
        page=page, organisation=factories.organisation("Gemeente Venlo"), role="buyer", locale=page.locale
    )
    CaseSource.objects.create(page=page, name="Jaarverslag", url="https://example.org/verslag")
    CaseSource.objects.create(page=page, name="Gesprek ter plaatse")
    CasePage.objects.filter(pk=page.pk).update(
        first_published_at=datetime(2027, 1, 5, 8, tzinfo=UTC), last_published_at=datetime(2027, 6, 5, 8, tzinfo=UTC)
    )
    return CasePage.objects.get(pk=page.pk)


def test_a_case_is_an_article_with_its_sources_and_its_licence(client, case):
    (article,) = things(client.get(case.get_url()).content.decode(), "Article")

    assert article.pop("author")["name"] == "Best Practice Tour"
    assert article == {
        "@type": "Article",
        "@id": f"{case.full_url}#article",
        "headline": "Stadskantoor",
        "description": "Kort.",
        "url": case.full_url,
        "mainEntityOfPage": {"@id": case.full_url},
        "inLanguage": "nl",
        "datePublished": "2027-01-05T09:00:00+01:00",
        "dateModified": "2027-06-05T10:00:00+02:00",
        "publisher": {"@id": "http://testserver/#organisation"},
        "about": [{"@type": "Thing", "name": name} for name in (*case.product_group_names, *case.strategy_names)],
        "mentions": [{"@type": "Organization", "name": "Gemeente Venlo"}],
        "contentLocation": {
            "@type": "Place",
            "name": "Venlo",
            "address": {"@type": "PostalAddress", "addressLocality": "Venlo", "addressCountry": "BE"},
        },
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isBasedOn": [
            {"@type": "CreativeWork", "name": "Jaarverslag", "url": "https://example.org/verslag"},
            {"@type": "CreativeWork", "name": "Gesprek ter plaatse"},
        ],
    }


def test_another_reader_finds_the_publisher_of_a_case(client, case):
    graph = triples(client.get(case.get_url()).content.decode())

    article = URIRef(f"{case.full_url}#article")
    (publisher,) = graph.objects(article, SCHEMA.publisher)
    assert [str(name) for name in graph.objects(publisher, SCHEMA.name)] == ["Best Practice Tour"]


def test_the_two_languages_of_a_case_are_two_articles(client, case):
    english = case.get_translations().get()
    (article,) = things(client.get(english.get_url()).content.decode(), "Article")

    assert (article["inLanguage"], article["@id"]) == ("en", f"{english.full_url}#article")


def test_what_is_reserved_names_no_licence(client, case):
    CasePage.objects.filter(pk=case.pk).update(licence="reserved")

    (article,) = things(client.get(case.get_url()).content.decode(), "Article")

    assert "license" not in article


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")  # Wagtail leaves its own open
def test_a_shared_case_shows_its_own_photograph_cut_to_a_card_with_its_description(client, case):
    file = get_test_image_file(size=(1600, 1200))
    image = get_image_model().objects.create(title="Gevel", file=file)
    CaseImage.objects.create(
        page=case, image=image, alternative="Een groene gevel", credit="Iemand", locale=case.locale
    )

    html = client.get(case.get_url()).content.decode()
    (graph,) = extruct.extract(html, syntaxes=["opengraph"])["opengraph"]
    told = dict(graph["properties"])

    assert told["og:image:alt"] == "Een groene gevel"
    assert told["og:image"].startswith("http://testserver/media/images/")
    rendition = image.renditions.get(filter_spec="fill-1200x630")
    assert told["og:image"].endswith(rendition.url)
    assert (rendition.width, rendition.height) == (1200, 630)
