"""What the programme has brought so far, counted: each plugin tells of its own chapter, nothing is typed in.

The pilot's figures are another thing: an editor wrote them down on the home page, and they are never added to these.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.module_loading import import_string

from cms.charts import Chart
from cms.plugins import installed_plugins


@dataclass(frozen=True)
class Figure:
    """One figure as people read it; `note` says what is counted where the label alone could mislead."""

    label: str
    number: str
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """What one plugin tells: figures, and drawings that have their table beside them."""

    title: str
    figures: list[Figure]
    charts: list[Chart] = field(default_factory=list)


def chapters(*, at: datetime) -> list[Chapter]:
    """In the order of the story; without those that have nothing to tell yet."""
    told = [import_string(plugin.results)(at=at) for plugin in installed_plugins() if plugin.results]
    return [chapter for chapter in told if chapter is not None]


def counted(number: int | Decimal, *, decimals: int = 0) -> str:
    """A figure as the language writes it: "1.234" in Dutch, "1,234" in English."""
    return number_format(number, decimals, use_l10n=True, force_grouping=True)


def context(page: Any, *, at: datetime) -> dict[str, Any]:
    """What the results page shows: the chapters, and the pilot's figures of the home page above it."""
    return {"chapters": chapters(at=at), "home": page.get_parent().specific, "counted_at": at}
