"""Demo content of the house: site, home and standard pages, organisations, logins. Safe to load twice.

On a demonstration, and on a bare new site, it is what the default site begins with. In a site of somebody's own it
stands beside it: below a home page of its own, which is noted (`DemoLoad.home`), and it changes nothing of theirs.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page, Site

from cms.actions.demo import DemoRefused
from cms.conf import configured
from cms.content import Text, both
from cms.demo_content import HOME, ORGANISATIONS, ORGANISER, PAGES, RESULTS
from cms.models import DemoLoad, HomePage, Organisation, OrganiserSettings, ResultsPage, StandardPage
from cms.start import is_welcome
from cms.translate import html, translate_page

#: Where the demonstration stands in a site that has a home page of its own; browsers know it as this machine.
DEMO_HOST = "tour.localhost"
SITE_NAME = "Best Practice Tour (demo)"
PASSWORD = "tour-demo"  # noqa: S105  (the demonstration's logins are public, see README)
LOGINS = {"editor": "Editors", "reviewer": "Reviewers", "organiser": "Organisers", "finance": "Finance"}
SHARED: list[Text] = [both("home", "home")]
#: Of the home page; the second where the site has a page with the first.
HOME_SLUGS = [both("nl", "en"), both("tour-demo-nl", "tour-demo-en")]


def load() -> None:
    """Load what is not there yet.

    Not in one transaction: wagtail-localize publishes a translation when the transaction commits, from a revision that
    does not know the children added since, and the tree would lose count of them.
    """
    nl, _created = Locale.objects.get_or_create(language_code="nl")
    Locale.objects.get_or_create(language_code="en")
    home = demo_home() or _home(nl)
    if not Site.objects.filter(root_page=home).exists():
        _site(home)
    elif configured.DEMO:
        # It may be started at another port than the last time: its addresses are those of today.
        host, port = _served_at()
        Site.objects.filter(root_page=home, is_default_site=True).update(hostname=host, port=port)
        Site.clear_site_root_paths_cache()
    for content in PAGES:
        if not StandardPage.objects.descendant_of(home).filter(slug=content["slug"].nl).exists():
            _standard_page(home, content)
    if not ResultsPage.objects.descendant_of(home).exists():
        _results_page(home)
    _organiser(home)
    for facts in ORGANISATIONS:
        organisation(facts["key"])
    if configured.DEMO:  # their password is known to everybody
        _logins()


def is_loaded() -> bool:
    """Whether the demonstration's home page is there, and the last of the pages below it."""
    home = demo_home()
    return home is not None and ResultsPage.objects.descendant_of(home).exists()


def demo_home() -> HomePage | None:
    """The demonstration's home page in Dutch, None while there is none.

    The one that was noted. Before that was done: the one at its own address, and on a demonstration the default site's.
    """
    noted = DemoLoad.objects.filter(plugin="cms", home__isnull=False).select_related("home__locale").first()
    if noted is not None:
        return noted.home
    known = {"hostname": DEMO_HOST, "is_default_site": False}
    return _begins(known) or (_begins({"is_default_site": True}) if configured.DEMO else None)


def _begins(known: dict[str, Any]) -> HomePage | None:
    """The home page in Dutch with which this site begins, when it is one of ours."""
    site = Site.objects.filter(**known).first()
    pages = HomePage.objects.filter(locale__language_code="nl").select_related("locale")
    return pages.filter(pk=site.root_page_id).first() if site is not None else None


def needed_home() -> HomePage:
    """The same, for what stands below it. Raises DemoRefused while there is none."""
    home = demo_home()
    if home is None:
        raise DemoRefused(_("The demonstration has no home page: load the demo content of the house first."))
    return home


def is_beside() -> bool:
    """Whether the demonstration stands beside a site of somebody's own: what it does may then reach nobody."""
    home = demo_home()
    return home is not None and not Site.objects.filter(is_default_site=True, root_page=home).exists()


def add_page(parent: Page, page: Page, content: Any) -> Page:
    """Publish a Dutch page below its parent, and its translation with the texts of `content`."""
    parent.refresh_from_db()  # what was added below it since is in its own count
    parent.add_child(instance=page)
    page.save_revision().publish()
    translate_page(page, [content, SHARED])
    page.refresh_from_db()
    return page


def _home(nl: Locale) -> HomePage:
    root = Page.get_first_root_node()
    taken = set(root.get_children().values_list("slug", flat=True))
    slugs = HOME_SLUGS[0] if taken.isdisjoint(HOME_SLUGS[0]) else HOME_SLUGS[1]
    home = HomePage(
        title=HOME["title"].nl,
        slug=slugs.nl,
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
    add_page(root, home, [HOME, slugs])
    DemoLoad.objects.update_or_create(plugin="cms", defaults={"home": home})
    return home


def _served_at() -> tuple[str, int]:
    """Host and port of the settings' own address."""
    host, _colon, port = settings.WAGTAILADMIN_BASE_URL.partition("://")[2].partition(":")
    return host or "localhost", int(port or 80)


def _site(home: HomePage) -> None:
    """The default one, where nobody began it; else one beside it."""
    host, port = _served_at()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.root_page_id else None
    name = settings.WAGTAIL_SITE_NAME
    if welcome is not None and not is_welcome(welcome):
        # Somebody's own site: theirs stays as it is, the demonstration stands beside it under a name of its own.
        site, welcome, host, name = Site(is_default_site=False), None, DEMO_HOST, SITE_NAME
    site.hostname, site.port, site.root_page = host, port, home
    site.site_name = name
    site.save()
    if welcome is not None and is_welcome(welcome):
        welcome.delete()


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


def _organiser(home: HomePage) -> None:
    """Who runs the Tour is one for all sites: it is filled in on a demonstration, and where nobody was named yet."""
    organiser = OrganiserSettings.load()
    if is_beside() or not (configured.DEMO or _is_nobody_yet(organiser)):
        return
    for name, value in ORGANISER.items():
        setattr(organiser, name, value)
    slugs = {content["key"]: content["slug"].nl for content in PAGES}
    pages = StandardPage.objects.child_of(home)
    organiser.terms_page = pages.filter(slug=slugs["terms"]).first()
    organiser.privacy_page = pages.filter(slug=slugs["privacy"]).first()
    organiser.save()


def _is_nobody_yet(organiser: OrganiserSettings) -> bool:
    """Whether it says what a new site's says, and nothing more."""
    fields = [field for field in OrganiserSettings._meta.concrete_fields if not field.primary_key]
    return all(getattr(organiser, field.attname) == field.get_default() for field in fields)


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
    """A person of this group who can log in with the demonstration's password, made when absent, and nowhere else."""
    users = get_user_model().objects
    if configured.DEMO and not users.filter(username=name).exists():
        user = users.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.title(), last_name="(demo)")
        user.groups.add(Group.objects.get(name=group))
