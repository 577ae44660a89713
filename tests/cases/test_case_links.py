"""Where a case leads: its sources, those of its figures, its texts. Each in words an editor finds it back by."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cases.models import CaseSource, ImpactFigure
from cms.links.found import Link, links_in
from tests import factories

pytestmark = pytest.mark.django_db


def figure(page, **facts):
    return ImpactFigure(
        locale=page.locale,
        label="Stroom",
        unit="kWh",
        value=3,
        status="measured",
        source_name="OVAM",
        year=2027,
        **facts,
    )


def test_every_kind_of_link_is_found_with_its_place():
    page = factories.case_page(
        both=False,
        context='<p><a href="https://example.org/waarom">waarom</a></p>',
        next_steps='<p><a href="https://example.org/straks">straks</a></p>',
    )
    page.figures.add(figure(page), figure(page, source_url="https://example.org/cijfer"))
    page.sources.add(CaseSource(name="OVAM, 2027", url="https://example.org/bron"), CaseSource(name="Op papier"))

    with override("en"):
        assert sorted(links_in(page)) == [
            Link("https://example.org/bron", "Source 1 (OVAM, 2027): Address"),
            Link("https://example.org/cijfer", "Impact figure 2 (3 kWh): Address of the source"),
            Link("https://example.org/straks", "What comes next"),
            Link("https://example.org/waarom", "Context"),
        ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_case_is_looked_through_in_one_question_for_each_kind_of_row(count):
    page = factories.case_page(both=False)
    for number in range(count):
        page.sources.add(CaseSource(name=f"Bron {number}", url=f"https://{number}.example/"))
        page.figures.add(figure(page, source_url=f"https://{number}.example/"))
    page.save()
    page = type(page).objects.get(pk=page.pk)

    with CaptureQueriesContext(connection) as queries:
        assert len(links_in(page)) == count * 2

    assert len(queries) == 3  # the names of the site, figures, sources
