"""What people looked for among the cases in vain: a list for the programme makers, who is on it nobody knows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cases.models import SoughtInVain
from cases.search.facets import FACETS
from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyViewSet


class FiltersColumn(Column):
    """The filters as people read them: "Product group: Mobility, ICT"."""

    def get_value(self, instance: SoughtInVain) -> str:
        return filters(instance)


def filters(note: SoughtInVain) -> str:
    """The chosen filters in words; a value no facet knows any more as it was kept."""
    told = []
    for facet in FACETS:
        if values := note.facets.get(facet.name):
            labels: dict[str, Any] = facet.labels()
            told.append(f"{facet.title}: {', '.join(str(labels.get(value, value)) for value in values)}")
    return "; ".join(told)


class SoughtViewSet(ReadOnlyViewSet):
    model = SoughtInVain
    name = "sought_in_vain"
    icon = "search"
    menu_label = _("Sought in vain")
    menu_order = 330
    add_to_admin_menu = True
    list_display = [
        Column("words", label=_("Words"), sort_key="words"),
        FiltersColumn("facets", label=_("Filters")),
        Column("language", label=_("Language"), accessor="get_language_display", sort_key="language"),
        FigureColumn("times", decimals=0, label=_("Times"), sort_key="times"),
        MomentColumn("last_at", label=_("Last time"), sort_key="last_at"),
    ]
    list_filter = ["language"]
    search_fields = ["words"]
    list_export = ["words", "facets", "language", "times", "first_at", "last_at"]
    inspect_view_fields = ["words", "facets", "language", "times", "first_at", "last_at"]
    ordering = ["-times", "-last_at"]
