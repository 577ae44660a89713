"""The outbox: each document on each way out, and the deeds on it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from payments.actions import export, mark_failed, mark_sent, send_again
from payments.admin.lists import between, one_of
from payments.documents.pdf import file_name
from payments.models import Dispatch


class FailedForm(forms.Form):
    error = forms.CharField(label=gettext_lazy("What was said"), max_length=500)


class DispatchFilterSet(WagtailFilterSet):
    state = one_of(Dispatch.State, gettext_lazy("State"))
    channel = one_of(Dispatch.Channel, gettext_lazy("Channel"))
    at = between(gettext_lazy("Changed between"))

    class Meta:
        model = Dispatch
        fields: list[str] = []


class DispatchIndexView(ReadOnlyIndexView):
    related = ("document",)

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().defer("document__ubl")


class DispatchInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/dispatch.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.request.user.has_perm("payments.change_dispatch")
        return {
            **super().get_context_data(**kwargs),
            "may_change": may_change,
            "is_mail": self.object.channel == Dispatch.Channel.MAIL,
            "failed_form": FailedForm(),
        }


class _DeedView(PermissionCheckedMixin, BaseObjectMixin, View):
    """One deed on one row. POST only."""

    model = Dispatch
    permission_required = "change"
    http_method_names = ["post"]
    object: Dispatch

    def _back(self) -> HttpResponse:
        return redirect(reverse("tour_outbox:inspect", args=[self.object.pk]))


class ExportView(_DeedView):
    """Gives the electronic document; a row that breaks the rules is marked failed and says so when looked at again."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = export(dispatch=self.object, at=timezone.now())
        response = HttpResponse(content, content_type="application/xml")
        name = file_name(self.object.document, "xml")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class SentView(_DeedView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark_sent(dispatch=self.object, at=timezone.now())
        messages.success(request, _("Marked as sent."))
        return self._back()


class FailedView(_DeedView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FailedForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say what went wrong, for whoever looks at it next."))
            return self._back()
        mark_failed(dispatch=self.object, error=form.cleaned_data["error"], at=timezone.now())
        messages.success(request, _("Marked as failed."))
        return self._back()


class SendAgainView(_DeedView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.channel != Dispatch.Channel.MAIL:
            messages.error(request, _("Only a mail can be sent from here: export the file instead."))
            return self._back()
        send_again(dispatch=self.object, at=timezone.now())
        messages.success(request, _("The mail goes out once more."))
        return self._back()


class DispatchViewSet(ReadOnlyViewSet):
    model = Dispatch
    name = "tour_outbox"
    url_prefix = "outbox"
    icon = "upload"
    menu_label = gettext_lazy("Outbox")
    deeds = ("change",)
    index_view_class = DispatchIndexView
    inspect_view_class = DispatchInspectView
    filterset_class = DispatchFilterSet
    search_fields = ["document__number", "document__buyer_name", "error"]
    list_display = [
        TitleColumn(
            "document",
            label=gettext_lazy("Document"),
            accessor="document.number",
            sort_key="document__number",
            get_url=lambda dispatch: reverse("tour_outbox:inspect", args=[dispatch.pk]),
        ),
        Column("buyer", label=gettext_lazy("Billed to"), accessor="document.buyer_name"),
        "channel",
        "state",
        FigureColumn("attempts", label=gettext_lazy("Attempts"), decimals=0),
        "error",
        MomentColumn("at", label=gettext_lazy("At"), sort_key="at"),
    ]
    list_export = ["document.number", "document.buyer_name", "channel", "state", "attempts", "error", "at"]
    export_headings = {
        "document.number": gettext_lazy("Document"),
        "document.buyer_name": gettext_lazy("Billed to"),
    }
    inspect_view_fields = ["document", "channel", "state", "attempts", "error", "at"]

    def get_urlpatterns(self) -> list[URLPattern]:
        deeds = {"export": ExportView, "sent": SentView, "failed": FailedView, "again": SendAgainView}
        return [
            *super().get_urlpatterns(),
            *(path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in deeds.items()),
        ]
