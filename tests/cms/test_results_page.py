"""The results page counts what there is in either language, and keeps the pilot's figures apart."""

import pytest
from django.conf import settings

from cms.models import ResultsPage
from tests import factories

pytestmark = pytest.mark.django_db


def results_page(**facts):
    home = factories.ground()
    home.figures = [("figure", {"number": 101, "label": "bereikte deelnemers"})]
    home.figures_note = "Cijfers van het pilootproject"
    home.save_revision().publish()
    page = home.add_child(instance=ResultsPage(title="Resultaten", slug="resultaten", locale=home.locale, **facts))
    factories.english(page, title="Results", slug="results")
    return page


def test_the_pilots_figures_stand_apart_under_their_own_name(client):
    results_page(counting="<p>Niet wat het opleverde.</p>")

    page = client.get("/nl/resultaten/").content.decode()

    pilot = page[page.index('id="pilot"') :]
    assert "Cijfers van het pilootproject" in pilot and "<dd>101</dd>" in pilot
    assert "<dd>101</dd>" not in page[: page.index('id="pilot"')]
    assert "Niet wat het opleverde." in page
    assert "style=" not in page and "<script" not in page.replace('<script type="application/ld+json">', "")


def test_each_installed_chapter_tells_its_own_in_the_readers_language(client):
    results_page()

    dutch, english = (client.get(f"/{path}/").content.decode() for path in ("nl/resultaten", "en/results"))

    for plugin, title in {
        "cases": ("Cases en leerlessen", "Cases and lessons"),
        "events": ("Bezoeken", "Visits"),
    }.items():
        assert [f">{title[0]}</h2>" in dutch, f">{title[1]}</h2>" in english] == [plugin in settings.PLUGINS] * 2
