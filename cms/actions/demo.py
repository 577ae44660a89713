"""Loading the invented content of the installed plugins, in the order of the story."""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.conf import configured
from cms.models import DemoLoad
from cms.plugins import Plugin, installed_plugins

State = DemoLoad.State


class DemoRefused(Exception):
    """Invented content does not belong on this site; says why."""


def may_load_demo() -> bool:
    """On a demonstration, and where the site's settings say so."""
    return bool(configured.DEMO or configured.DEMO_CONTENT)


def load_demo(*, at: datetime) -> list[tuple[Plugin, str]]:
    """Load what is not there yet; each plugin that brings something, with why it was refused or "". Safe to do twice.

    Not atomic: see cms.demo.load. What became of each is noted for the control panel. Raises DemoRefused where the
    settings allow none, and whatever a plugin raises that cannot: those after it are not tried.
    """
    if not may_load_demo():
        raise DemoRefused(_("Demo content is loaded only where BEST_PRACTICE_TOUR says DEMO or DEMO_CONTENT."))
    became = []
    for plugin in installed_plugins():
        if not plugin.demo:
            continue
        refusal = ""
        try:
            with override("nl"):
                import_string(plugin.demo)()
        except DemoRefused as refused:
            with override(settings.LANGUAGE_CODE):  # the office's own language; it is kept as it is
                refusal = str(refused)
            _note(plugin, State.REFUSED, refusal, at)
        except Exception as error:
            _note(plugin, State.FAILED, f"{type(error).__name__}: {error}".rstrip(": "), at)
            raise
        else:
            _note(plugin, State.LOADED, "", at)
        became.append((plugin, refusal))
    return became


def _note(plugin: Plugin, state: str, said: str, at: datetime) -> None:
    DemoLoad.objects.update_or_create(plugin=plugin.label, defaults={"state": state, "said": said, "ended_at": at})
