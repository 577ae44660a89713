"""Panels of the house on the forms of pages."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class LanguagesPanel(Panel):
    """How the page stands in the other languages, with the way there. Shown on a live page of the first language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Translations"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/admin/languages_panel.html"

        def is_shown(self) -> bool:
            return bool(self._standings())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "standings": self._standings()}

        def _standings(self) -> list[Any]:
            # The models of pages name this panel, so what asks about pages can only be loaded later.
            from cms.language_states import standings_of  # noqa: PLC0415

            if not hasattr(self, "_asked"):
                page = self.instance
                self._asked = standings_of([page])[page.pk] if page.pk and page.live else []
            return self._asked


class ObstaclesPanel(Panel):
    """What keeps the newest draft, as it was last saved, from going live; not shown when nothing does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Going live"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/admin/obstacles.html"

        @cached_property
        def obstacles(self) -> list[str]:
            return self.instance.obstacles() if self.instance.pk else []

        def is_shown(self) -> bool:
            return bool(self.obstacles)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "obstacles": self.obstacles}


class DeadLinksPanel(Panel):
    """The links of the page that lead nowhere, with the place of each; not shown when there are none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Dead links"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/admin/dead_links.html"

        @cached_property
        def dead(self) -> list[Any]:
            # The models of pages name this panel, so what asks about pages can only be loaded later.
            from cms.links.dead import dead_in  # noqa: PLC0415

            return dead_in(self.instance) if self.instance.pk else []

        def is_shown(self) -> bool:
            return bool(self.dead)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "dead": self.dead}
