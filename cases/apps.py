"""What we show: circular cases a purchaser can learn from, and lessons by procurement phase."""

from django.utils.translation import gettext_lazy as _

from cms.plugins import Plugin


class CasesConfig(Plugin):
    name = "cases"
    title = _("Cases")
    demo = "cases.demo.load"
    groups = {
        "Editors": [],
    }
    slots = {
        "home.cases": "cases.slots.latest_cases",
    }
