"""How the installed plugins stand: what the control panel and nobody else shows."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from cms import conf
from cms.models import DemoLoad, DutyRun, Heartbeat
from cms.models.heartbeat import LIFETIMES
from cms.plugins import Plugin, installed_plugins

log = logging.getLogger("cms.plugins")


@dataclass(frozen=True)
class InForce:
    """A setting as it works now. Of a secret only whether it is given; `value` is then empty."""

    setting: conf.Setting
    value: str
    is_given: bool


@dataclass(frozen=True)
class Beat:
    """A process of the background: when it was last seen, if ever, and whether that is recent enough."""

    name: str
    seen_at: datetime | None
    lives: bool


@dataclass(frozen=True)
class Standing:
    """One plugin: what it is told, what it lacks, what it did last.

    `demo` is what became of its demo content: a state of DemoLoad, "" while it was not loaded, None for a plugin that
    brings none; `demo_said` why it was refused or what went wrong.
    """

    plugin: Plugin
    settings: list[InForce]
    problems: list[checks.CheckMessage]
    pending: int
    demo: str | None
    demo_said: str = ""
    #: Duty -> its last round, None for one that was never carried out.
    duties: dict[str, DutyRun | None] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        failed = any(run is not None and run.failed for run in self.duties.values())
        return not (self.problems or self.pending or failed or self.demo == DemoLoad.State.FAILED)


def standings() -> list[Standing]:
    """Of every installed plugin, in the order of the story. The same few queries for any number of them."""
    pending = _pending()
    problems = _problems()
    runs = {run.name: run for run in DutyRun.objects.all()}
    loads = {load.plugin: load for load in DemoLoad.objects.all()}
    return [
        Standing(
            plugin=plugin,
            settings=[_in_force(setting) for setting in plugin.settings],
            problems=[problem for problem in problems if _concerns(problem, plugin)],
            pending=pending[plugin.label],
            duties={path: runs.get(path) for path in plugin.duties},
            **_demo(plugin, loads.get(plugin.label)),
        )
        for plugin in installed_plugins()
    ]


def other_problems() -> list[checks.CheckMessage]:
    """What Django, Wagtail and the site's own apps say is wrong."""
    return [one for one in _problems() if not any(_concerns(one, plugin) for plugin in installed_plugins())]


def beats(at: datetime) -> list[Beat]:
    """The worker and the duties."""
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    return [
        Beat(name, seen.get(name), name in seen and seen[name] >= at - lifetime) for name, lifetime in LIFETIMES.items()
    ]


def _in_force(setting: conf.Setting) -> InForce:
    value: Any = getattr(conf.configured, setting.name)
    shown = "" if setting.is_secret else str(value)
    return InForce(setting, shown, is_given=setting.name in conf.given() and bool(value))


def _pending() -> Counter[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Counter(migration.app_label for migration, _backwards in plan)


def _problems() -> list[checks.CheckMessage]:
    found = checks.run_checks(databases=["default"])
    return [one for one in found if one.level >= checks.WARNING and not one.is_silenced()]


def _concerns(problem: checks.CheckMessage, plugin: Plugin) -> bool:
    about = getattr(problem.obj, "_meta", None)
    label = about.app_label if about is not None else (problem.id or "").partition(".")[0]
    return bool(label == plugin.label)


def _demo(plugin: Plugin, load: DemoLoad | None) -> dict[str, Any]:
    """Never "loaded" of what failed or is not there, whatever was noted."""
    if not plugin.demo_loaded:
        return {"demo": None}
    if load is not None and load.state in {DemoLoad.State.FAILED, DemoLoad.State.REFUSED}:
        return {"demo": load.state, "demo_said": load.said}
    return {"demo": DemoLoad.State.LOADED if import_string(plugin.demo_loaded)() else ""}
