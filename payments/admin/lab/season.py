"""The lab's front page: a season as it was."""

from django.utils.translation import gettext_lazy

from payments.admin.lab.page import LabPages, LabView


class SeasonView(LabView):
    template_name = "payments/admin/lab/season.html"
    page_title = gettext_lazy("A season as it was")

    def trail(self) -> list[tuple[str, str]]:
        return []


class SeasonPages(LabPages):
    name = "lab_season"
    url_prefix = "revenue-lab"
    icon = "view"
    menu_label = gettext_lazy("A season as it was")
    view_class = SeasonView
