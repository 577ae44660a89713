"""The one settings dict of the Tour and its add-ons: BEST_PRACTICE_TOUR. docs/plugins.md lists every name.

    from cms.conf import configured
    if configured.FOLLOW_LINKS: ...

Each plugin says in `Plugin.settings` which names it reads, with their defaults. The dict is read when it is asked, and
never kept: a test that overrides it needs nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cms.plugins import installed_plugins

#: The name of the dict in Django's settings.
NAME = "BEST_PRACTICE_TOUR"
#: What the two languages are called, in the reader's own: a site's LANGUAGES may name them in one language only.
LANGUAGE_NAMES = {"nl": _("Dutch"), "en": _("English")}


@dataclass(frozen=True)
class Setting:
    """A name a plugin reads from the dict. What is given must be of the default's type."""

    name: str
    default: Any
    #: What it does, for the control panel; translated where it is shown.
    meaning: Any
    #: Never shown to anybody, only whether it is given.
    is_secret: bool = False


def given() -> Mapping[str, Any]:
    """What the site's settings give, as it is; empty for none and for what is no dict (a check says so)."""
    found = getattr(settings, NAME, {})
    return found if isinstance(found, Mapping) else {}


def known() -> dict[str, Setting]:
    """Every setting the installed plugins read, by name, in the order of the story."""
    return {setting.name: setting for plugin in installed_plugins() for setting in plugin.settings}


class Configured:
    """Each known name as an attribute: what the site gives, or the default. AttributeError for an unknown name."""

    def __getattr__(self, name: str) -> Any:
        try:
            setting = known()[name]
        except KeyError:
            raise AttributeError(f"No installed plugin reads a setting {name!r}.") from None
        return given().get(name, setting.default)


configured = Configured()


def languages() -> list[tuple[str, Any]]:
    """The site's languages, as choices of a field: a function, so that a migration of ours does not list them."""
    return _named(settings.LANGUAGES)


def content_languages() -> list[tuple[str, Any]]:
    """The languages pages are written in: the site's own languages where it does not say."""
    return _named(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", settings.LANGUAGES))


def language_name(code: str) -> Any:
    """What people call this language, in their own; the code of one the site does not have."""
    return dict(languages()).get(code, code)


def _named(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(code, LANGUAGE_NAMES.get(code, name)) for code, name in pairs]
