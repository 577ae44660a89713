"""A site that has a home page of its own keeps it: starting, and demonstrating, delete nothing somebody made."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from cms import demo
from cms.models import HomePage, ResultsPage, StandardPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs() -> Page:
    """A site that begins with a page which is none of our home pages."""
    ours = factories.ground()
    page = Page.get_first_root_node().add_child(
        instance=StandardPage(title="Van hen", slug="van-hen", locale=ours.locale)
    )
    Site.objects.update(root_page=page)
    HomePage.objects.all().delete()
    return page


def test_starting_refuses_a_site_that_has_begun_and_leaves_it_as_it_was(theirs):
    with pytest.raises(CommandError, match="This site has a home page already: Van hen"):
        call_command("start_site")

    assert (Site.objects.get().root_page_id, HomePage.objects.count()) == (theirs.pk, 0)


def test_the_demonstration_stands_beside_a_site_of_its_own_and_makes_no_logins(theirs, at_once, django_user_model):
    with at_once():
        demo.load()

    sites = {site.hostname: (site.root_page.title, site.is_default_site) for site in Site.objects.all()}
    assert sites == {"testserver": ("Van hen", True), "tour.localhost": (demo.HOME["title"].nl, False)}
    assert StandardPage.objects.filter(pk=theirs.pk).exists()
    assert (demo.is_loaded(), django_user_model.objects.count()) == (True, 0)


def test_an_index_page_stands_below_our_home_page_and_below_no_other_of_ours():
    assert ResultsPage.clean_parent_page_models() == [HomePage]
    assert StandardPage not in ResultsPage.allowed_parent_page_models()
