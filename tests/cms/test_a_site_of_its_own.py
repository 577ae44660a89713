"""A site that has a home page of its own keeps it: starting, and demonstrating, delete nothing somebody made."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Page, Site

from cms import demo
from cms.models import HomePage, OrganiserSettings, ResultsPage, StandardPage, WebhookDelivery, WebhookEndpoint
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


def test_a_site_that_begins_with_a_home_page_of_ours_is_somebody_s_own_too(at_once):
    ours = factories.ground()
    organiser = OrganiserSettings.load()
    organiser.name, organiser.email = "Stad Proef", "tour@proef.example"
    organiser.save()

    with at_once():
        demo.load()
    with at_once():
        demo.load()

    kept = OrganiserSettings.objects.get()
    assert (kept.name, kept.email, kept.address, kept.terms_page_id) == ("Stad Proef", "tour@proef.example", "", None)
    assert not ours.get_children().exists()
    assert Site.objects.count() == 2
    assert demo.demo_home() == HomePage.objects.get(hero=demo.HOME["hero"].nl)
    assert demo.is_beside() is True


def test_the_demonstration_is_known_by_its_mark_and_not_by_what_it_says(at_once):
    factories.ground()
    with at_once():
        demo.load()
    home = demo.demo_home()
    HomePage.objects.filter(pk=home.pk).update(hero="Iets anders", slug="anders")
    Site.objects.filter(root_page=home).update(hostname="proef.localhost")

    with at_once():
        demo.load()

    assert (demo.demo_home(), HomePage.objects.filter(locale=home.locale).count()) == (home, 2)


def test_on_a_new_site_it_is_the_default_site_and_names_the_organiser_nobody_named_yet(at_once):
    with at_once():
        demo.load()

    [site] = Site.objects.all()
    assert (site.root_page.specific, site.is_default_site) == (demo.demo_home(), True)
    assert (demo.is_beside(), OrganiserSettings.objects.get().name) == (False, demo.ORGANISER["name"])
    with at_once():
        organiser = OrganiserSettings.load()
        organiser.name = "Stad Proef"
        organiser.save()
        demo.load()
    assert OrganiserSettings.objects.get().name == "Stad Proef"


def test_started_at_another_port_its_addresses_are_those_of_today(at_once, settings):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"DEMO": True}
    for port in (8000, 8181):
        settings.WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{port}"
        with at_once():
            demo.load()

    assert Site.objects.get().root_url == "http://127.0.0.1:8181"


def test_webhooks_tell_of_their_pages_and_of_nothing_invented(theirs, at_once):
    WebhookEndpoint.objects.create(url="https://proef.example/", description="Van hen", kinds=["page.published"])
    with at_once():
        demo.load()
    assert WebhookDelivery.objects.count() == 0

    theirs.save_revision().publish()

    assert [delivery.payload["data"]["id"] for delivery in WebhookDelivery.objects.all()] == [theirs.pk]


def test_a_visitor_of_one_site_finds_nothing_of_another(client, theirs, at_once):
    theirs.title = "Circulair bij hen"
    theirs.save_revision().publish()
    with at_once():
        demo.load()
        call_command("update_index", verbosity=0)

    def answers(host: str) -> list[object]:
        headers = {"host": host}
        found = client.get(reverse("cms:search"), {"q": "circulair"}, headers=headers).context["results"]
        sitemap = client.get("/sitemap-nl.xml", headers=headers).content.decode()
        home = demo.demo_home()
        return [
            sorted({page.get_site().hostname for page in found}),
            [name for name in ("testserver", "tour.localhost") if f"http://{name}/" in sitemap],
            client.get(reverse("cms:not_translated", args=[home.pk]), headers=headers).status_code != 404,
        ]

    assert answers("testserver") == [["testserver"], ["testserver"], False]
    assert answers("tour.localhost") == [["tour.localhost"], ["tour.localhost"], True]


def test_an_index_page_stands_below_our_home_page_and_below_no_other_of_ours():
    assert ResultsPage.clean_parent_page_models() == [HomePage]
    assert StandardPage not in ResultsPage.allowed_parent_page_models()
