"""What visits and the programme cost, entered by whoever pays the bills."""

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.guards import GuardedCreateView, GuardedEditView
from payments.models import EventCosts, ProgrammeCost


class EventCostsViewSet(ModelViewSet):
    model = EventCosts
    name = "lab_costs"
    url_prefix = "revenue-lab/costs"
    icon = "decimal"
    menu_label = gettext_lazy("Costs of visits")
    add_view_class = GuardedCreateView
    edit_view_class = GuardedEditView
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    list_display: list[Any] = ["event"]


class ProgrammeCostViewSet(ModelViewSet):
    model = ProgrammeCost
    name = "lab_programme_costs"
    url_prefix = "revenue-lab/programme-costs"
    icon = "group"
    menu_label = gettext_lazy("Programme costs")
    add_view_class = GuardedCreateView
    edit_view_class = GuardedEditView
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    list_display: list[Any] = ["name", "starts_on", "ends_on"]
