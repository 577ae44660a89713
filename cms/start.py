"""A new site with nothing on it: two languages, a home page in each, and the address the public sees."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.content import both
from cms.models import HomePage
from cms.translate import translate_page


@transaction.atomic
def start_site(*, name: str, url: str) -> Site:
    """The default site, with a home page at /nl/ and its translation at /en/. Done twice it changes nothing.

    Raises ValueError for an address without a host, and where the site begins with a page that is not ours.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(f"{url!r} names no host.")
    nl, _created = Locale.objects.get_or_create(language_code="nl")
    Locale.objects.get_or_create(language_code="en")
    home = HomePage.objects.filter(locale=nl).first() or _home(nl, name)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.root_page_id else None
    if welcome is not None and not (is_welcome(welcome) or isinstance(welcome.specific, HomePage)):
        raise ValueError(f"This site has a home page already: {welcome.title}. Add pages below it in the admin.")
    site.hostname = parts.hostname
    site.port = parts.port or (443 if parts.scheme == "https" else 80)
    site.root_page, site.site_name = home, settings.WAGTAIL_SITE_NAME
    site.save()
    if welcome is not None and is_welcome(welcome):
        welcome.delete()
    return site


def is_welcome(page: Page) -> bool:
    """Wagtail's own "Welcome to your new site", with nothing below it; never a page somebody made."""
    return page.specific_class is Page and page.depth == 2 and not page.get_children().exists()


def _home(nl: Locale, name: str) -> HomePage:
    home = HomePage(title=name, slug="nl", locale=nl, hero=name)
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root", locale=nl))
    root.add_child(instance=home)
    home.save_revision().publish()
    # As an editor would, so that the English follows the Dutch from the first day.
    translate_page(home, [both(name, name), both("nl", "en")])
    return home
