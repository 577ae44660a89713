"""The plugin registry. A plugin is an AppConfig that says what it brings; the house finds it and imports none.

Everything a plugin brings is named by a dotted path and loaded when it is first wanted, so that installing a plugin is
one word in INSTALLED_APPS and leaving it out is leaving out that word.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import metadata
from typing import Any

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from cms import VERSION


class Plugin(AppConfig):
    """Base class of the four chapters and of any add-on. Every attribute is optional; in alphabetic order."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Django finds two AppConfigs in a plugin's apps.py, this one and the plugin's own: the latter is meant.
        super().__init_subclass__(**kwargs)
        cls.default = True

    #: What a person calls it, in the control panel and the demo's log.
    title: Any = ""
    #: The installed distribution that carries it, for its version; "" for an app that comes in no wheel.
    distribution: str = ""
    #: Shipped migrations must not follow the host's own choice.
    default_auto_field = "django.db.models.BigAutoField"
    #: Kind of webhook -> what it tells, in words, for who chooses: each kind this chapter announces.
    announces: dict[str, Any] = {}
    #: API prefix -> dotted path of a ninja Router.
    api_routers: dict[str, str] = {}
    #: Dotted path of a function (letter) -> list of (file name, bytes, content type): the files a letter of its own
    #: kinds carries; an empty list for any other.
    attachments: str = ""
    #: Dotted path of a StreamField block's class -> dotted path of the cms.headless.blocks.BlockKind it is told by in
    #: the API; one without is told by its plain value.
    block_content: dict[str, str] = {}
    #: Name -> dotted path of a cms.headless.components.Component: what can be asked about any page, at an address of
    #: its own or with ?expand=.
    components: dict[str, str] = {}
    #: Page type ("cases.CasePage") -> dotted path of the cms.headless.content.PageContent it is told by in the API. A
    #: type without one says its title and addresses, and the fields Wagtail's own `api_fields` name.
    content: dict[str, str] = {}
    #: Name -> dotted path of a StreamField block that editors find in the text of a standard page.
    blocks: dict[str, str] = {}
    #: Dotted path of a function () -> None that loads demo content. Safe to run twice.
    demo: str = ""
    #: Dotted path of a function () -> bool: whether the demo content is there.
    demo_loaded: str = ""
    #: Dotted paths of functions (*, at: datetime) -> str | None saying what was done. Safe to run twice at once.
    duties: list[str] = []
    #: Dotted path of a function (*, at: datetime) -> list of (heading, cms.prose parts): what the front page on paper
    #: says of this chapter, in the active language.
    front_paper: str = ""
    #: Group name -> permissions, each "app_label.codename".
    groups: dict[str, list[str]] = {}
    #: URL module included without a language prefix: webhooks, machine endpoints.
    machine_urls: str = ""
    #: Dotted path of a function () -> list of Wagtail panels added to the Organisation form.
    organisation_panels: str = ""
    #: Dotted path of a function () -> dict of page pk -> the moment the facts behind it changed last, or None when
    #: search engines should not list it. A page it does not name is as new as its publication.
    page_news: str = ""
    #: Apps it cannot be loaded without, other plugins among them.
    needs: list[str] = []
    #: URL module included below the language prefix (/nl/, /en/).
    public_urls: str = ""
    #: Dotted path of a function (*, at: datetime) -> cms.results.Chapter | None: what this chapter brought so far, for
    #: the results page, in the active language.
    results: str = ""
    #: What it reads from BEST_PRACTICE_TOUR: a list of cms.conf.Setting.
    settings: list[Any] = []
    #: Dotted path of the class that settles what is owed (see events.settlement); at most one installed plugin has it.
    settlement: str = ""
    #: Place on a page -> dotted path of a function (context: dict) -> str of safe HTML, empty for nothing.
    slots: dict[str, str] = {}
    #: Dotted path of a function () -> Q of the pages (as wagtailcore.Page) that the API does not know (yet), live or
    #: not: those only who has the address should find.
    unlisted_pages: str = ""
    #: Name -> dotted path of Django choices, or of a function () -> list of (value, label): lists of words anybody may
    #: read in the API, in the order people see them.
    vocabularies: dict[str, str] = {}
    #: Dotted path of a function (*, user, at: datetime) -> list of cms.waiting.Waiting: what waits for this person, on
    #: the admin's front page; of nobody else's, and nothing that is not there.
    waiting: str = ""

    def import_models(self) -> None:
        """Raises ImproperlyConfigured when an app is missing: Python would say it in words nobody understands."""
        if missing := [name for name in self.needs if not apps.is_installed(name)]:
            raise ImproperlyConfigured(f"{self.name} needs these in INSTALLED_APPS: {', '.join(missing)}.")
        super().import_models()

    @property
    def version(self) -> str:
        """Of the installed distribution; of the checkout when it is run from there; "" for what has none."""
        if not self.distribution:
            return ""
        try:
            return metadata.version(self.distribution)
        except metadata.PackageNotFoundError:
            return VERSION


def installed_plugins() -> list[Plugin]:
    """The installed plugins, in the order of INSTALLED_APPS, which is the order of the story."""
    return [config for config in apps.get_app_configs() if isinstance(config, Plugin)]


def announced_kinds() -> dict[str, Any]:
    """Every kind of webhook with its words, in the order of the story."""
    return {kind: words for plugin in installed_plugins() for kind, words in plugin.announces.items()}


def slot_functions(name: str) -> Iterator[Callable[[dict[str, Any]], str]]:
    """What the plugins put in this place, in the order of the story."""
    for plugin in installed_plugins():
        if name in plugin.slots:
            yield import_string(plugin.slots[name])


def duties() -> Iterator[tuple[str, Callable[..., str | None]]]:
    """Every periodic duty with its name ("events.duties.expire_holds")."""
    for plugin in installed_plugins():
        for path in plugin.duties:
            yield path, import_string(path)


def attachments(letter: Any) -> Iterator[tuple[str, bytes, str]]:
    """The files the plugins put with this letter, made when it goes out. Raises what making them raises."""
    for plugin in installed_plugins():
        if plugin.attachments:
            yield from import_string(plugin.attachments)(letter)


def page_news() -> dict[int, datetime | None]:
    """Which pages tell about facts of their own, and since when; None: not for search engines (yet)."""
    paths = [plugin.page_news for plugin in installed_plugins() if plugin.page_news]
    return {pk: changed for path in paths for pk, changed in import_string(path)().items()}


def waiting(*, user: Any, at: datetime) -> Iterator[Any]:
    """What waits for this person, in the order of the story (cms.waiting)."""
    for plugin in installed_plugins():
        if plugin.waiting:
            yield from import_string(plugin.waiting)(user=user, at=at)


def settlement() -> Any | None:
    """An instance of the one installed way of being paid, or None when events are free only.

    Raises RuntimeError when two plugins bring one: a seat is never owed for twice.
    """
    paths = [plugin.settlement for plugin in installed_plugins() if plugin.settlement]
    if len(paths) > 1:
        raise RuntimeError(f"Two plugins settle payments: {', '.join(paths)}. Install one.")
    return import_string(paths[0])() if paths else None
