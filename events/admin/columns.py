"""Choosing the columns of a list: kept per person, used the next time too."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.screens import Screen
from events.models import SavedColumns


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one column.")},
    )

    def __init__(self, *args: Any, offered: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.name, column.label) for column in offered]  # type: ignore[attr-defined]


def chosen(user: Any, screen: str, offered: Sequence[Column], usual: Sequence[str]) -> list[Column]:
    """The columns this person chose for this list, in the list's own order; the usual ones without a choice."""
    saved = SavedColumns.objects.filter(user=user, screen=screen).first()
    names = set(saved.columns) if saved else set(usual)
    return [column for column in offered if column.name in names] or [c for c in offered if c.name in usual]


class ChooseColumnsView(PermissionCheckedMixin, Screen, FormView):
    """GET shows the columns there are, POST keeps the choice. A subclass names its list."""

    permission_required = "view"
    template_name = "events/admin/columns.html"
    page_title = gettext_lazy("Choose columns")
    header_icon = "list-ul"
    form_class = ColumnsForm
    model: Any = None
    screen: ClassVar[str] = ""
    offered: ClassVar[Sequence[Column]] = ()
    usual: ClassVar[Sequence[str]] = ()

    def trail(self) -> list[tuple[str, str]]:
        return [(self.get_success_url(), capfirst(str(self.model._meta.verbose_name_plural)))]

    def get_success_url(self) -> str:
        return reverse(f"{self.screen}:index")

    def get_initial(self) -> dict[str, Any]:
        return {"columns": [c.name for c in chosen(self.request.user, self.screen, self.offered, self.usual)]}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "offered": self.offered}

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        SavedColumns.objects.update_or_create(
            user_id=self.request.user.pk or 0, screen=self.screen, defaults={"columns": form.cleaned_data["columns"]}
        )
        messages.success(self.request, _("Kept: this list shows these columns from now on."))
        return super().form_valid(form)

    def form_invalid(self, form: ColumnsForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "back": self.get_success_url()}
