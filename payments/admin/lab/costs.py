"""What visits and the programme cost, entered by whoever pays the bills."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.guards import GuardedCreateView, GuardedDeleteView
from cms.admin.read_only import FigureColumn
from cms.admin.seen import SeenEditView
from cms.admin.spreadsheets import local
from cms.templatetags.cms_tags import brief
from events.models import Event
from payments.admin.lab.cost_price import CostPriceView
from payments.lab_figures import borne_by, own_cost, visits
from payments.models import CostLine, CostPrice, EventCosts, ProgrammeCost
from payments.models.costs import BASIS_HELP, KEY_HELP


class VisitCostsForm(WagtailAdminModelForm):
    """Offers the visits that have no costs yet, newest first and with their day; afterwards the visit stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["event"]
        open_to_choose = Q(costs__isnull=True) | Q(pk=self.instance.event_id)
        field.queryset = Event.objects.filter(open_to_choose).order_by("-starts_at", "pk")
        field.label_from_instance = lambda event: f"{event.name}, {brief(local(event.starts_at).date())}"
        field.disabled = bool(self.instance.pk)


PLANNED_HELP = _("Excl. VAT; a percentage where the basis is one.")


class CostPricePanel(Panel):
    """Leads from the costs of a visit to the price that follows from them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "payments/admin/lab/cost_price_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and self.request.user.has_perm("payments.view_costprice")

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            newest = CostPrice.objects.filter(event=self.instance.event_id).select_related("rule").first()
            return {**context, "costs": self.instance, "newest": newest}


class BearersPanel(Panel):
    """Which visits bear a programme cost, and how much each: as it was last saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "payments/admin/lab/bearers_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            saved = ProgrammeCost.objects.get(pk=self.instance.pk)
            return {**context, "cost": saved, "parts": borne_by(saved)}


class CostsEditView(SeenEditView):
    rows_in_form = ("lines",)


class CostLineForm(WagtailAdminModelForm):
    """Hours are asked of hours and seats of a bus; of every other basis they say nothing and may stay empty."""

    #: Field -> the basis it belongs to, and what is asked when it is empty there.
    only_of = {
        "quantity": (CostLine.Basis.HOURS, _("Say how many hours.")),
        "size": (CostLine.Basis.BUS, _("Say how many seats a bus has.")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.only_of:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name, (basis, asked) in self.only_of.items():
            if name in self.errors or cleaned.get(name) is not None:
                continue
            if cleaned.get("basis") == basis:
                self.add_error(name, asked)
            else:
                cleaned[name] = getattr(CostLine(), name)
        return cleaned


class LinesPanel(InlinePanel):
    """The cost lines. The style sheet shows what belongs to another basis only where that is chosen."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = CostLineForm
        return options


LINE_PANELS = [
    FieldRowPanel([FieldPanel("name"), FieldPanel("basis", help_text=BASIS_HELP)]),
    FieldRowPanel([FieldPanel("planned", help_text=PLANNED_HELP), FieldPanel("planned_on")]),
    FieldRowPanel([FieldPanel("actual"), FieldPanel("actual_on")]),
    FieldPanel("quantity", classname="tour-only-hours"),
    FieldPanel("size", classname="tour-only-bus"),
]
COSTS_PANELS = [
    CostPricePanel(),
    FieldPanel("event", help_text=_("The visit these costs are of. Each visit has one list of costs.")),
    FieldPanel("expected"),
    LinesPanel("lines", heading=_("Cost lines"), label=_("Cost line"), panels=LINE_PANELS),
    FieldPanel("note"),
]


class VisitCostsIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[EventCosts]:
        newest = CostPrice.objects.filter(event=OuterRef("event")).order_by("-made_at", "-pk").values("price")[:1]
        rows = EventCosts.objects.select_related("event").annotate(cost_price=Subquery(newest))
        return rows.order_by("-event__starts_at", "pk")

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        """The visit's name; its day has a column of its own."""
        kwargs["accessor"] = lambda row: row.event.name
        return super()._get_title_column(field_name, *args, **kwargs)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Each row with its sums: a constant number of queries, whatever stands on the page."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        rows = list(context["object_list"])
        days = [local(row.event.starts_at).date() for row in rows]
        as_planned, as_known = (
            {known.event.pk: known.visit for known in _between(days, planned=planned)} for planned in (True, False)
        )
        for row in rows:
            planned, known = as_planned.get(row.event_id), as_known.get(row.event_id)
            row.planned_total = own_cost(planned) if planned else None
            row.known_total = own_cost(known) if known else None
            row.participants = len(known.seats) if known else None
        return context


def _between(days: list[date], *, planned: bool) -> Any:
    return visits(min(days), max(days), planned=planned) if days else []


class EventCostsViewSet(ModelViewSet):
    model = EventCosts
    name = "lab_costs"
    url_prefix = "revenue-lab/costs"
    icon = "decimal"
    menu_label = _("Costs of visits")
    index_view_class = VisitCostsIndexView
    add_view_class = GuardedCreateView
    edit_view_class = CostsEditView
    delete_view_class = GuardedDeleteView
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    index_results_template_name = "payments/admin/lab/costs_results.html"
    edit_handler = ObjectList(COSTS_PANELS, base_form_class=VisitCostsForm)
    search_fields = ["event__name"]
    list_display: list[Any] = [
        "event",
        Column(
            "day",
            label=_("Date"),
            accessor=lambda row: brief(local(row.event.starts_at).date()),
            classname="tour-day",
        ),
        FigureColumn("planned_total", label=_("Planned")),
        FigureColumn("known_total", label=_("Actual")),
        FigureColumn("participants", label=_("Participants"), decimals=0),
        FigureColumn("cost_price", label=_("Cost price excl. VAT")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/cost-price/", self.construct_view(CostPriceView), name="cost_price"),
        ]


PROGRAMME_PANELS = [
    FieldPanel("name"),
    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("key", help_text=KEY_HELP)]),
    FieldRowPanel([FieldPanel("planned", help_text=_("Excl. VAT.")), FieldPanel("planned_on")]),
    FieldRowPanel([FieldPanel("actual"), FieldPanel("actual_on")]),
    FieldPanel("note"),
    BearersPanel(heading=_("Which visits bear it")),
]


class ProgrammeCostViewSet(ModelViewSet):
    model = ProgrammeCost
    name = "lab_programme_costs"
    url_prefix = "revenue-lab/programme-costs"
    icon = "group"
    menu_label = _("Programme costs")
    add_view_class = GuardedCreateView
    edit_view_class = SeenEditView
    delete_view_class = GuardedDeleteView
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    index_results_template_name = "payments/admin/lab/list_results.html"
    edit_handler = ObjectList(PROGRAMME_PANELS)
    search_fields = ["name"]
    list_display: list[Any] = [
        "name",
        Column(
            "period",
            label=_("Period"),
            accessor=lambda row: f"{brief(row.starts_on)} – {brief(row.ends_on)}",
        ),
        Column("key", label=_("Allocation key"), accessor="get_key_display"),
        FigureColumn("planned", label=_("Planned")),
        FigureColumn("actual", label=_("Actual")),
    ]
