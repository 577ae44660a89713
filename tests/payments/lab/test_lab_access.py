"""Who may see and change what in the revenue-model lab."""

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
PAGES = {
    "/admin/revenue-lab/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/compare/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/cost-price-rule/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/cost-price-rule/new/": {"Programme managers"},
    "/admin/revenue-lab/models/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/models/new/": {"Programme managers"},
    "/admin/revenue-lab/studies/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/studies/new/": {"Programme managers"},
    "/admin/revenue-lab/scenarios/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/experiments/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/experiments/new/": {"Programme managers"},
    "/admin/revenue-lab/paper/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/paper/paper.pdf?season=pilot&language=nl": {"Programme managers", "Finance"},
    "/admin/reports/free-seats/": {"Programme managers", "Finance"},
    "/admin/reports/paid-tickets/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/costs/": {"Programme managers", "Finance", "Organisers"},
    "/admin/revenue-lab/costs/new/": {"Programme managers", "Finance", "Organisers"},
    "/admin/revenue-lab/programme-costs/": {"Programme managers", "Finance"},
    "/admin/revenue-lab/programme-costs/new/": {"Programme managers", "Finance"},
}


@pytest.mark.parametrize("group", ["Programme managers", "Finance", "Organisers", "Editors", "Reviewers"])
def test_each_group_opens_the_pages_of_the_lab_that_are_its_own(group: str) -> None:
    client = Client()
    client.force_login(factories.user(group))
    opened = {url for url in PAGES if client.get(url).status_code == 200}
    assert opened == {url for url, groups in PAGES.items() if group in groups}


@pytest.mark.parametrize(
    ("group", "is_there"), [("Programme managers", True), ("Finance", True), ("Organisers", True), ("Editors", False)]
)
def test_the_menu_has_the_lab_for_whoever_has_a_page_in_it(group: str, is_there: bool) -> None:
    client = Client()
    client.force_login(factories.user(group))
    assert ("/admin/revenue-lab/costs/" in client.get("/admin/").content.decode()) is is_there
