"""What the pages of the revenue-model lab share: who may open them, where they hang, and how they say a refusal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from cms.admin.screens import Screen

#: Whoever may see the models may read the lab.
MAY_READ = "payments.view_revenuemodel"


class LabView(Screen, TemplateView):
    """A page of the lab that is no list and no form of one model. `needs` is the permission that opens it."""

    needs = MAY_READ
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.needs):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[tuple[str, str]]:
        """Below the lab's front page, for whoever may open that."""
        if not self.request.user.has_perm(MAY_READ):
            return []
        return [(reverse("lab_season:index"), _("Revenue lab"))]


class LabPages(ViewSet):
    """Puts a page of the lab in the menu. A subclass names `view_class`, and its addresses when there are more."""

    needs = MAY_READ
    view_class: Any = None

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        def is_shown(_item: MenuItem, request: HttpRequest) -> bool:
            return bool(request.user.has_perm(self.needs))

        return type(f"{type(self).__name__}MenuItem", (MenuItem,), {"is_shown": is_shown})

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", self.construct_view(self.view_class), name="index")]


class Rows(list[Any]):
    """Rows that were computed, as the reports want what a database answers."""

    def iterator(self, chunk_size: int = 0) -> Iterator[Any]:
        return iter(self)


def chance(p: float) -> str:
    """What stands behind a p: "= 0.012", and "< 0.001" of what would be rounded to nothing, in the active language."""
    least = 0.001
    return f"< {number_format(least, 3)}" if p < least else f"= {number_format(round(p, 3), 3)}"


def once(sentences: Iterable[Any]) -> Sequence[str]:
    """Each sentence once, in the order of its first mention."""
    return list(dict.fromkeys(str(sentence) for sentence in sentences))
