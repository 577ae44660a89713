"""What somebody puts on a site of their own to show a visit there, ready to copy."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.screens import Screen
from cms.conf import configured
from cms.translations import NAMES
from events.addresses import absolute
from events.models import Event, EventPage

#: Of a frame alone, which cannot follow what is in it. Measured in Chromium, all visits of the demonstration in both
#: languages on a page of 390 wide: cards 694 to 955, the form 660 (closed) to 3407. On a wide page both are lower.
HEIGHTS = {"card": 960, "register": 3440}


class Snippet(NamedTuple):
    """One thing to show, in one language: by a script that fits the height, or by a frame alone."""

    heading: str
    script: SafeString
    frame: SafeString


def snippets_of(page: EventPage) -> list[Snippet]:
    language = page.locale.language_code
    shown = {"card": _("Card"), "register": _("Registration")}
    return [
        Snippet(
            f"{NAMES.get(language, language)}: {heading}",
            format_html(
                '<script src="{}" data-visit="{}" data-show="{}" data-lang="{}" data-title="{}" async></script>',
                absolute(reverse("embed_script")),
                str(page.pk),
                show,
                language,
                page.title,
            ),
            format_html(
                '<iframe src="{}" title="{}" width="100%" height="{}"></iframe>',
                _address(show, page, language),
                page.title,
                HEIGHTS[show],
            ),
        )
        for show, heading in shown.items()
    ]


def _address(show: str, page: EventPage, language: str) -> str:
    with override(language):
        return absolute(reverse(f"events:embed_{show}", args=[page.pk]))


class EmbedView(PermissionCheckedMixin, BaseObjectMixin, Screen, TemplateView):
    """For whoever sees the visit: nothing here is secret."""

    model = Event
    permission_required = "view"
    template_name = "events/admin/embed.html"
    header_icon = "code"
    page_title = gettext_lazy("On another site")
    object: Event

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("tour_events:index"), _("Events"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = self.object.pages.live().public().select_related("locale").order_by("-locale__language_code")
        return {
            **super().get_context_data(**kwargs),
            "snippets": [snippet for page in pages for snippet in snippets_of(page)],
            "sites": [site for site in configured.EMBED_REGISTRATION_SITES if not site.endswith(":")],
            # A source without a name behind it, such as "https:", is every site.
            "is_for_all": any(site.endswith(":") for site in configured.EMBED_REGISTRATION_SITES),
        }
