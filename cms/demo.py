"""Demo content of the house: site, home and standard pages, organisations, logins. Safe to load twice."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, Site

from cms.conf import configured
from cms.content import Text, both
from cms.demo_content import HOME, ORGANISATIONS, ORGANISER, PAGES, RESULTS
from cms.models import HomePage, Organisation, OrganiserSettings, ResultsPage, StandardPage
from cms.start import is_welcome
from cms.translate import html, translate_page

#: Where the demonstration stands in a site that has a home page of its own; browsers know it as this machine.
DEMO_HOST = "tour.localhost"
PASSWORD = "tour-demo"  # noqa: S105  (the demonstration's logins are public, see README)
LOGINS = {"editor": "Editors", "reviewer": "Reviewers", "organiser": "Organisers", "finance": "Finance"}
SHARED: list[Text] = [both("nl", "en"), both("home", "home")]


def load() -> None:
    """Load what is not there yet.

    Not in one transaction: wagtail-localize publishes a translation when the transaction commits, from a revision that
    does not know the children added since, and the tree would lose count of them.
    """
    nl, _created = Locale.objects.get_or_create(language_code="nl")
    Locale.objects.get_or_create(language_code="en")
    home = HomePage.objects.filter(locale=nl).first() or _home(nl)
    for content in PAGES:
        if not StandardPage.objects.filter(locale=nl, slug=content["slug"].nl).exists():
            _standard_page(home, content)
    if not ResultsPage.objects.filter(locale=nl).exists():
        _results_page(home)
    _organiser(nl)
    for facts in ORGANISATIONS:
        organisation(facts["key"])
    if configured.DEMO:  # their password is known to everybody
        _logins()


def is_loaded() -> bool:
    """Whether the demonstration's home page is there."""
    return HomePage.objects.filter(hero=HOME["hero"].nl).exists()


def add_page(parent: Page, page: Page, content: Any) -> Page:
    """Publish a Dutch page below its parent, and its translation with the texts of `content`."""
    parent.add_child(instance=page)
    page.save_revision().publish()
    translate_page(page, [content, SHARED])
    page.refresh_from_db()
    return page


def _home(nl: Locale) -> HomePage:
    root = Page.get_first_root_node()
    home = HomePage(
        title=HOME["title"].nl,
        slug="nl",
        locale=nl,
        hero=HOME["hero"].nl,
        intro=HOME["lead"].nl,
        about=html(HOME["about"]),
        figures=[("figure", {"number": number, "label": label.nl}) for number, label in HOME["figures"]],
        figures_note=HOME["figures_note"].nl,
        results=[("item", text.nl) for text in HOME["results"]],
        lessons=[("item", text.nl) for text in HOME["lessons"]],
        future=html(HOME["future"]),
        partners=HOME["partners"].nl,
    )
    add_page(root, home, HOME)
    host, _colon, port = settings.WAGTAILADMIN_BASE_URL.partition("://")[2].partition(":")
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.root_page_id else None
    if welcome is not None and not (is_welcome(welcome) or isinstance(welcome.specific, HomePage)):
        # Somebody's own site: theirs stays as it is, the demonstration stands beside it under a name of its own.
        site, welcome, host = Site(is_default_site=False), None, DEMO_HOST
    site.hostname, site.port, site.root_page = host or "localhost", int(port or 80), home
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    if welcome is not None and is_welcome(welcome):
        welcome.delete()
    return home


def _standard_page(home: HomePage, content: Any) -> None:
    page = StandardPage(
        title=content["title"].nl,
        slug=content["slug"].nl,
        locale=home.locale,
        intro=content["intro"].nl,
        body=[("text", html(content["body"]))],
        show_in_menus=content["show_in_menus"],
        in_footer=not content["show_in_menus"],
    )
    add_page(home, page, content)


def _results_page(home: HomePage) -> None:
    page = ResultsPage(
        title=RESULTS["title"].nl,
        slug=RESULTS["slug"].nl,
        locale=home.locale,
        intro=RESULTS["intro"].nl,
        counting=html(RESULTS["counting"]),
        show_in_menus=True,
    )
    add_page(home, page, RESULTS)


def _organiser(nl: Locale) -> None:
    organiser = OrganiserSettings.load()
    for name, value in ORGANISER.items():
        setattr(organiser, name, value)
    slugs = {content["key"]: content["slug"].nl for content in PAGES}
    organiser.terms_page = StandardPage.objects.filter(locale=nl, slug=slugs["terms"]).first()
    organiser.privacy_page = StandardPage.objects.filter(locale=nl, slug=slugs["privacy"]).first()
    organiser.save()


def organisation(key: str) -> Organisation:
    """The demo organisation with this key, made when absent. Raises StopIteration for an unknown key."""
    facts = next(facts for facts in ORGANISATIONS if facts["key"] == key)
    found, _created = Organisation.objects.get_or_create(
        name=facts["name"],
        defaults={
            "kind": facts["kind"],
            "country": facts["country"],
            "municipality": facts["municipality"],
            "website": facts["website"],
        },
    )
    return found


def _logins() -> None:
    """admin, and one person for each working group."""
    users = get_user_model().objects
    if not users.filter(username="admin").exists():
        users.create_superuser("admin", "admin@example.org", PASSWORD)
    for name, group in LOGINS.items():
        login(name, group)


def login(name: str, group: str) -> None:
    """A person of this group who can log in with the demonstration's password, made when absent."""
    users = get_user_model().objects
    if not users.filter(username=name).exists():
        user = users.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.title(), last_name="(demo)")
        user.groups.add(Group.objects.get(name=group))
