"""Revenue models: choose a kind, then fill in what that kind takes. They change no registration."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.amounts import WholeField
from cms.admin.guards import GuardedCreateView, GuardedDeleteView
from cms.admin.seen import SeenEditView
from payments.admin.lab.model_fields import ABOUT, fields_of, initial_of, parameters_of, problems_of_tiers
from payments.admin.lab.sentences import asks
from payments.lab.plans import KINDS
from payments.models import RevenueModel


class RevenueModelForm(forms.ModelForm[RevenueModel]):
    """The form of one kind, which `form_of` makes a subclass for."""

    kind = ""

    class Meta:
        model = RevenueModel
        fields = ("name", "free_quota", "note", "is_archived")
        field_classes = {"free_quota": WholeField}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        common = {name: self.fields.pop(name) for name in ("free_quota", "note", "is_archived")}
        self.fields |= fields_of(self.kind) | common
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        self.initial = {**initial_of(self.instance.parameters), **self.initial}
        if not self.instance.pk:
            del self.fields["is_archived"]

    def clean(self) -> dict[str, Any]:
        """What the fields say goes to the model before it is asked whether a visit could be put to it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "tiers" in KINDS[self.kind].parameters:
            for name, problem in problems_of_tiers(cleaned).items():
                if name not in self.errors:
                    self.add_error(name, problem)
        self.instance.kind = self.kind
        if not self.errors:
            self.instance.parameters = parameters_of(self.kind, cleaned)
        return cleaned

    def _post_clean(self) -> None:
        # What a field refused is said beside it; the model would say it again, in other words, above the form.
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]


def form_of(kind: str) -> type[RevenueModelForm]:
    return type("RevenueModelForm", (RevenueModelForm,), {"kind": kind})


class _OfAKind:
    """A form of one kind, with a button that says in a sentence what is asked, and keeps nothing."""

    request: HttpRequest
    object: Any
    template_name = "payments/admin/lab/model_form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = self.get_object() if "pk" in self.kwargs else None  # type: ignore[attr-defined]
        form = self.get_form()  # type: ignore[attr-defined]
        told = {"asks": asks(form.instance.as_plan())} if form.is_valid() else {}
        context = self.get_context_data(form=form)  # type: ignore[attr-defined]
        return self.render_to_response(context | told)  # type: ignore[attr-defined]


class RevenueModelCreateView(_OfAKind, GuardedCreateView):
    @cached_property
    def kind(self) -> str:
        asked = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        return asked if asked in KINDS else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.kind else self._choose()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.kind else self._choose()

    def _choose(self) -> HttpResponse:
        kinds = [(name, kind.title, ABOUT[name]) for name, kind in KINDS.items()]
        context = {
            "header_title": self.get_page_title(),
            "page_title": self.get_page_title(),
            "header_icon": self.header_icon,
            "breadcrumbs_items": self.get_breadcrumbs_items(),
            "kinds": kinds,
            "view": self,
        }
        return TemplateResponse(self.request, "payments/admin/lab/model_kinds.html", context)

    def get_form_class(self) -> type[RevenueModelForm]:
        return form_of(self.kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kind": self.kind, "title": KINDS[self.kind].title}


class RevenueModelEditView(_OfAKind, SeenEditView):
    def get_form_class(self) -> type[RevenueModelForm]:
        return form_of(self.object.kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kind = self.object.kind
        saved = RevenueModel.objects.get(pk=self.object.pk)
        return {**context, "kind": kind, "title": KINDS[kind].title, "asks": asks(saved.as_plan())}


class RevenueModelFilterSet(WagtailFilterSet):
    class Meta:
        model = RevenueModel
        fields = ["is_archived"]


class RevenueModelIndexView(generic.IndexView):
    def get_base_queryset(self) -> Any:
        """Those that are still compared first."""
        return RevenueModel.objects.order_by("is_archived", "name")


class RevenueModelViewSet(ModelViewSet):
    model = RevenueModel
    name = "lab_models"
    url_prefix = "revenue-lab/models"
    icon = "sliders"
    menu_label = gettext_lazy("Revenue models")
    index_view_class = RevenueModelIndexView
    add_view_class = RevenueModelCreateView
    edit_view_class = RevenueModelEditView
    delete_view_class = GuardedDeleteView
    create_template_name = edit_template_name = _OfAKind.template_name
    filterset_class = RevenueModelFilterSet
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    index_results_template_name = "payments/admin/lab/list_results.html"
    form_fields = ["name", "free_quota", "note", "is_archived"]
    search_fields = ["name", "note"]
    list_display: list[Any] = [
        "name",
        Column("kind", label=gettext_lazy("Model"), accessor=lambda row: KINDS[row.kind].title, sort_key="kind"),
        Column("asks", label=gettext_lazy("What it asks"), accessor=lambda row: asks(row.as_plan())),
        Column(
            "is_archived", label=gettext_lazy("State"), accessor=lambda row: _("Archived") if row.is_archived else ""
        ),
    ]

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        instead = _("Archive it instead: comparisons then no longer offer it, and experiments keep it.")
        return {**super().get_delete_view_kwargs(**kwargs), "instead": instead}
