"""Choosing the columns of a list: kept per person, used the next time too."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events.models import SavedColumns


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one column.")},
    )

    def __init__(self, offered: Sequence[Column], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.name, column.label) for column in offered]  # type: ignore[attr-defined]


def chosen(user: Any, screen: str, offered: Sequence[Column], usual: Sequence[str]) -> list[Column]:
    """The columns this person chose for this list, in the list's own order; the usual ones without a choice."""
    saved = SavedColumns.objects.filter(user=user, screen=screen).first()
    names = set(saved.columns) if saved else set(usual)
    return [column for column in offered if column.name in names] or [c for c in offered if c.name in usual]


class ChooseColumnsView(PermissionCheckedMixin, View):
    """GET shows the columns there are, POST keeps the choice. A subclass names its list."""

    permission_required = "view"
    model: Any = None
    screen: ClassVar[str] = ""
    offered: ClassVar[Sequence[Column]] = ()
    usual: ClassVar[Sequence[str]] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        now = [column.name for column in chosen(request.user, self.screen, self.offered, self.usual)]
        return self._show(request, ColumnsForm(self.offered, initial={"columns": now}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ColumnsForm(self.offered, request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        SavedColumns.objects.update_or_create(
            user_id=request.user.pk or 0, screen=self.screen, defaults={"columns": form.cleaned_data["columns"]}
        )
        messages.success(request, _("Kept: this list shows these columns from now on."))
        return redirect(self._list())

    def _list(self) -> str:
        return reverse(f"{self.screen}:index")

    def _show(self, request: HttpRequest, form: ColumnsForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "back": self._list(), "page_title": _("Choose columns"), "header_icon": "list-ul"}
        return TemplateResponse(request, "events/admin/columns.html", context, status=status)
