"""System checks: every dotted path a plugin or the environment names leads somewhere, at most one plugin is paid."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string
from wagtail_localize.machine_translators.base import BaseMachineTranslator

from cms.plugins import installed_plugins


@register()
def plugins_bring_what_they_name(**kwargs: Any) -> list[CheckMessage]:
    """cms.E001 for a path that cannot be imported, cms.E002 for two settlements."""
    problems: list[CheckMessage] = []
    settlements = []
    for plugin in installed_plugins():
        paths = [
            *plugin.api_routers.values(),
            plugin.attachments,
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
        if plugin.settlement:
            settlements.append(plugin.name)
    if len(settlements) > 1:
        problems.append(Error(f"Two plugins settle payments: {', '.join(settlements)}", id="cms.E002"))
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
