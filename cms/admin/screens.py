"""What a screen of our own beside Wagtail's lists and forms shares: a title, and a trail that ends with it."""

from typing import Any

from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class Screen(WagtailAdminTemplateMixin):
    """A screen with its title in its header, below the screens it hangs under."""

    def trail(self) -> list[tuple[str, str]]:
        """(address, label) of the screens above it."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": url, "label": label} for url, label in self.trail()]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]
