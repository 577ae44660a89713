"""How a page looks where somebody shares it: Open Graph read by a library, and the card as a picture."""

import io

import extruct
import pytest
from django.conf import settings
from PIL import Image

from cms.models import StandardPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    home = factories.ground()
    made = home.add_child(
        instance=StandardPage(title="Over <ons> & jou", slug="over", intro="Wie wij zijn.", locale=home.locale)
    )
    factories.english(made, title="About us", slug="about")
    return made


def told(client, address):
    """{property: value} of the page, as extruct reads it."""
    html = client.get(address).content.decode()
    (graph,) = extruct.extract(html, syntaxes=["opengraph"])["opengraph"]
    return dict(graph["properties"])


def test_a_page_says_what_it_is_in_its_own_language(client, page):
    seen = told(client, "/nl/over/")

    card = seen.pop("og:image")
    assert card.startswith(f"http://testserver/share/{page.pk}-")
    assert seen == {
        "og:type": "website",
        "og:site_name": "Best Practice Tour",
        "og:title": "Over <ons> & jou",
        "og:description": "Wie wij zijn.",
        "og:url": "http://testserver/nl/over/",
        "og:locale": "nl_BE",
        "og:locale:alternate": "en_GB",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": seen["og:image:alt"],
    }
    assert "Over <ons> & jou" in seen["og:image:alt"]
    assert told(client, "/en/about/")["og:locale"] == "en_GB"


def test_the_card_is_a_picture_of_the_size_asked_for_and_may_be_kept(client, page):
    answer = client.get(told(client, "/nl/over/")["og:image"])

    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=31536000, immutable")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


def test_another_title_is_another_card_and_the_old_address_leads_there(client, page):
    old = told(client, "/nl/over/")["og:image"]
    page.title = "Over ons allen"
    page.save()
    new = told(client, "/nl/over/")["og:image"]

    assert new != old
    answer = client.get(old)
    assert (answer.status_code, f"http://testserver{answer['Location']}") == (302, new)


def test_a_draft_has_no_card(client, page):
    address = told(client, "/nl/over/")["og:image"]
    page.unpublish()

    assert client.get(address).status_code == 404


@pytest.mark.skipif("cases" not in settings.PLUGINS, reason="rings belong to a case")
def test_a_case_is_shared_as_an_article_with_its_rings(client):
    rings, none = (factories.case_page(title="Zelfde", both=False, strategies=s) for s in (["reuse"], ["recycle"]))
    pictures = [client.get(told(client, one.get_url())["og:image"]).content for one in (rings, none)]

    assert told(client, rings.get_url())["og:type"] == "article"
    assert pictures[0] != pictures[1]
