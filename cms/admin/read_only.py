"""Lists nobody edits by hand: their rows are written by deeds, so there is no add, edit, copy or delete to be had."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateField, QuerySet
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.spreadsheets import TidyExport
from cms.templatetags.cms_tags import brief


class FigureColumn(Column):
    """A number: right-aligned, digits of one width; None stays empty. `decimals` is 2 for money, 0 for a count."""

    cell_template_name = "cms/admin/figure_cell.html"

    def __init__(self, name: str, *, decimals: int = 2, **kwargs: Any) -> None:
        super().__init__(name, classname="tour-figure", **kwargs)
        self.decimals = decimals

    @property
    def grouped(self) -> str:
        """How floatformat writes it: thousands apart, as in the charts beside it."""
        return f"{self.decimals}g"


class MomentColumn(Column):
    """A moment to the minute, on the clock of the Tour; the files say the same in figures."""

    def get_value(self, instance: Any) -> str:
        moment = super().get_value(instance)
        return brief(moment)


class ReadOnlyIndexView(TidyExport, generic.IndexView):
    """A list that asks for the view permission and nothing less."""

    any_permission_required = ["view"]
    related: tuple[str, ...] = ()

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related(*self.related)

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        """A day as the other columns write it, where the rows are named by one."""
        fields = {field.name: field for field in self.model._meta.get_fields()}
        if isinstance(fields.get(field_name), DateField):
            kwargs["accessor"] = lambda row: brief(getattr(row, field_name))
        return super()._get_title_column(field_name, *args, **kwargs)


class ReadOnlyInspectView(generic.InspectView):
    any_permission_required = ["view"]

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """A moment or day on the clock of the Tour, as the lists say it; a dash for nothing."""
        value = getattr(self.object, field_name, None)
        if isinstance(value, date):
            return brief(value)
        return "–" if value is None or value == "" else super().get_field_display_value(field_name, field)


class ReadOnlyViewSet(ModelViewSet):
    """List and inspect. `deeds` are the permissions, beside "view", that guard a deed on its rows."""

    index_view_class = ReadOnlyIndexView
    inspect_view_class = ReadOnlyInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    # Kept out: it would write index rows each time somebody registers or pays.
    add_to_reference_index = False
    deeds: tuple[str, ...] = ()

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the addresses of what does not exist here, so that no button leads there."""
        kwargs = super().get_common_view_kwargs(**kwargs)
        for name in ("add", "edit", "delete", "history", "usage"):
            kwargs.pop(f"{name}_url_name", None)
        return kwargs

    def get_form_class(self, for_update: bool = False) -> None:
        return None

    @property
    def url_finder_class(self) -> Any:
        """Where Wagtail's own lists link to for one of these rows: there is nothing to edit, so inspect."""
        return type("InspectURLFinder", (super().url_finder_class,), {"edit_url_name": self.get_url_name("inspect")})

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Those a group can be given on Wagtail's own group form."""
        content_type = ContentType.objects.get_for_model(self.model)
        codenames = [f"{verb}_{self.model_name}" for verb in ("view", *self.deeds)]
        return Permission.objects.filter(content_type=content_type, codename__in=codenames)

    def get_urlpatterns(self) -> list[URLPattern]:
        conv = self.pk_path_converter
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path(f"inspect/<{conv}:pk>/", self.inspect_view, name="inspect"),
        ]
