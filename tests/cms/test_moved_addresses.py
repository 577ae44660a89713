"""An address that was given out keeps leading to its page: when it is renamed or moved, in both languages."""

import pytest
from django.conf import settings

from cms.models import StandardPage
from tests import factories

pytestmark = pytest.mark.django_db

KINDS = [
    pytest.param(name, marks=pytest.mark.skipif(chapter not in settings.PLUGINS, reason="not installed"))
    for name, chapter in (("case_page", "cases"), ("event_page", "events"))
]


def leads_to(client, address):
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location")


def rename(page, slug):
    page.slug = slug
    page.save_revision().publish()
    page.refresh_from_db()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_is_renamed_is_found_at_its_old_address_in_its_own_language(client, kind, at_once):
    page = getattr(factories, kind)()
    twin = page.get_translations().get().specific
    for one, slug in ((page, "nieuwe-naam"), (twin, "new-name")):
        old = one.get_url()
        with at_once():
            rename(one, slug)

        assert leads_to(client, old) == (301, one.get_url())
        assert client.get(one.get_url()).status_code == 200
        assert one.get_url().endswith(f"/{slug}/")


@pytest.mark.parametrize("kind", KINDS)
def test_renamed_twice_both_old_addresses_lead_straight_to_the_newest(client, kind, at_once):
    page = getattr(factories, kind)()
    old = []
    for slug in ("eerste", "tweede"):
        old.append(page.get_url())
        with at_once():
            rename(page, slug)

    assert [leads_to(client, address) for address in old] == [(301, page.get_url())] * 2


def test_a_page_that_is_moved_takes_what_is_below_it_along_in_both_languages(client, at_once):
    home = factories.ground()
    for root, slugs in ((home, ("a", "b")), (home.get_translations().get().specific, ("c", "d"))):
        old_parent, new_parent = (
            root.add_child(instance=StandardPage(title=slug, slug=slug, locale=root.locale)) for slug in slugs
        )
        page = old_parent.add_child(instance=StandardPage(title="P", slug="p", locale=root.locale))
        below = page.add_child(instance=StandardPage(title="Q", slug="q", locale=root.locale))
        was = [page.get_url(), below.get_url()]
        with at_once():
            StandardPage.objects.get(pk=page.pk).move(StandardPage.objects.get(pk=new_parent.pk), pos="last-child")
        now = [StandardPage.objects.get(pk=one.pk).get_url() for one in (page, below)]

        assert [leads_to(client, address) for address in was] == [(301, address) for address in now]
