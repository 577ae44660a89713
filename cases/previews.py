"""What an editor may preview of a case beside its page: how lists, search engines and shared links show it."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

CARD = "card"


class PreviewedAsCard:
    """For a case: with a preview of what stands for it elsewhere."""

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [*super().preview_modes, (CARD, _("In lists and search results"))]  # type: ignore[misc]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        if mode_name == CARD:
            return TemplateResponse(request, "cases/preview_card.html", {"case": self, "page": self, "self": self})
        served: HttpResponseBase = super().serve_preview(request, mode_name)  # type: ignore[misc]
        return served
