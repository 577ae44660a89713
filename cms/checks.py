"""System checks: every dotted path a plugin or the environment names leads somewhere, at most one plugin is paid."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter
from wagtail.models import Page
from wagtail_localize.machine_translators.base import BaseMachineTranslator

from cms.conf import configured
from cms.plugins import installed_plugins


@register()
def plugins_bring_what_they_name(**kwargs: Any) -> list[CheckMessage]:
    """cms.E001 for a path that cannot be imported or a page type there is none of, cms.E002 for two settlements."""
    problems: list[CheckMessage] = []
    settlements = []
    for plugin in installed_plugins():
        paths = [
            *plugin.api_routers.values(),
            plugin.attachments,
            *plugin.block_content,
            *plugin.block_content.values(),
            *plugin.blocks.values(),
            *plugin.components.values(),
            *plugin.content.values(),
            plugin.demo,
            plugin.demo_loaded,
            *plugin.duties,
            plugin.front_paper,
            plugin.organisation_panels,
            plugin.page_news,
            plugin.results,
            plugin.settlement,
            *plugin.slots.values(),
            plugin.unlisted_pages,
            *plugin.vocabularies.values(),
            plugin.waiting,
        ]
        modules = [plugin.machine_urls, plugin.public_urls]
        loads: list[tuple[str, Callable[[str], Any]]] = [
            *((path, import_string) for path in paths),
            *((path, import_module) for path in modules),
        ]
        for path, load in loads:
            try:
                if path:
                    load(path)
            except ImportError as error:
                problems.append(Error(f"{plugin.name} names {path}: {error}", id="cms.E001"))
        problems += [
            Error(f"{plugin.name} says what {label} tells in the API, which is no page type", id="cms.E001")
            for label in plugin.content
            if not _is_page_type(label)
        ]
        if plugin.settlement:
            settlements.append(plugin.name)
    if len(settlements) > 1:
        problems.append(Error(f"Two plugins settle payments: {', '.join(settlements)}", id="cms.E002"))
    return problems


def _is_page_type(label: str) -> bool:
    try:
        return issubclass(apps.get_model(label), Page)
    except (LookupError, ValueError):
        return False


#: What a plugin names and what knows only one of each name.
NAMED = ("announces", "block_content", "blocks", "components", "content", "vocabularies")


@register()
def plugins_name_things_once(**kwargs: Any) -> list[CheckMessage]:
    """cms.E004 where two plugins bring something of one name: the second would hide the first without a word."""
    problems: list[CheckMessage] = []
    whose: dict[tuple[str, str], str] = {}
    for plugin in installed_plugins():
        names = [(kind, name) for kind in NAMED for name in getattr(plugin, kind)]
        names += [("settings", setting.name) for setting in plugin.settings]
        for kind, name in names:
            first = whose.setdefault((kind, name), plugin.name)
            if first != plugin.name:
                told = f"{first} and {plugin.name} both bring {name!r} in {kind}"
                problems.append(Error(told, hint="Rename one of them.", id="cms.E004"))
    return problems


@register()
def renditions_can_be_made(**kwargs: Any) -> list[CheckMessage]:
    """cms.E005 for a rendition in API_RENDITIONS that Wagtail does not know how to make."""
    problems: list[CheckMessage] = []
    for spec in configured.API_RENDITIONS:
        try:
            Filter(spec=spec).operations  # noqa: B018  (they are read when they are asked for)
        except (InvalidFilterSpecError, TypeError, ValueError, AttributeError) as error:
            problems.append(Error(f"API_RENDITIONS names {spec!r}: {error}", id="cms.E005"))
    return problems


@register()
def the_machine_translator_is_one(**kwargs: Any) -> list[CheckMessage]:
    """cms.E003 when WAGTAILLOCALIZE_MACHINE_TRANSLATOR names no machine translator of wagtail-localize."""
    name = getattr(settings, "WAGTAILLOCALIZE_MACHINE_TRANSLATOR", {}).get("CLASS")
    if not name:
        return []
    try:
        found = import_string(name)
    except ImportError as error:
        return [Error(f"WAGTAILLOCALIZE_MACHINE_TRANSLATOR names {name}: {error}", id="cms.E003")]
    if not (isinstance(found, type) and issubclass(found, BaseMachineTranslator)):
        return [
            Error(f"WAGTAILLOCALIZE_MACHINE_TRANSLATOR names {name}, which is no machine translator", id="cms.E003")
        ]
    return []
