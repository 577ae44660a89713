"""The revenue-model lab in the admin: a page a file, in the order a programme manager goes through them.

The arithmetic is in payments.lab and the figures in payments.lab_figures; these pages ask for input and draw answers.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from payments.admin.lab.compare import ComparePages
from payments.admin.lab.costs import EventCostsViewSet, ProgrammeCostViewSet
from payments.admin.lab.experiments import ExperimentViewSet
from payments.admin.lab.models import RevenueModelViewSet
from payments.admin.lab.paper import PaperPages
from payments.admin.lab.rules import CostPriceRuleViewSet
from payments.admin.lab.scenario import ScenarioPages
from payments.admin.lab.season import SeasonPages
from payments.admin.lab.studies import PriceStudyViewSet


class LabGroup(ModelViewSetGroup):
    menu_label = _("Revenue lab")
    menu_name = "revenue-lab"
    menu_icon = "sliders"
    menu_order = 165
    items = (
        SeasonPages,
        ComparePages,
        EventCostsViewSet,
        ProgrammeCostViewSet,
        CostPriceRuleViewSet,
        RevenueModelViewSet,
        PriceStudyViewSet,
        ScenarioPages,
        ExperimentViewSet,
        PaperPages,
    )
