"""Loading the invented content of the installed plugins, in the order of the story."""

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.conf import configured
from cms.plugins import Plugin, installed_plugins


class DemoRefused(Exception):
    """Invented content does not belong on this site."""


def may_load_demo() -> bool:
    """On a demonstration, and where the site's settings say so."""
    return bool(configured.DEMO or configured.DEMO_CONTENT)


def load_demo() -> list[Plugin]:
    """Load what is not there yet; the plugins that brought something. Safe to do twice.

    Not atomic: see cms.demo.load. Raises DemoRefused where the settings allow none.
    """
    if not may_load_demo():
        raise DemoRefused(_("Demo content is loaded only where BEST_PRACTICE_TOUR says DEMO or DEMO_CONTENT."))
    bringing = [plugin for plugin in installed_plugins() if plugin.demo]
    for plugin in bringing:
        with override("nl"):
            import_string(plugin.demo)()
    return bringing
