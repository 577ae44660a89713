"""Webhooks in the admin: who is told of what, with a secret shown once, a test, and the log of what was told."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from cms.actions import delivering
from cms.actions.announcing import ping
from cms.admin.guards import GuardedCreateView, GuardedEditView
from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from cms.models import WebhookDelivery, WebhookEndpoint
from cms.models.outgoing import with_attempts
from cms.outgoing.body import body_of
from cms.outgoing.posting import Problem
from cms.plugins import installed_plugins

#: The endpoints whose secret this session made and has not seen yet: not the secret itself.
UNSEEN = "webhook_secrets"


def kinds_by_plugin() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen, in the order of the story."""
    return [
        (str(plugin.title), [(kind, f"{words} ({kind})") for kind, words in plugin.announces.items()])
        for plugin in installed_plugins()
        if plugin.announces
    ]


class EndpointForm(WagtailAdminModelForm):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Is told of"), choices=kinds_by_plugin, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["description", "url", "kinds", "is_active"]

    def save(self, commit: bool = True) -> Any:
        """Ticking "active" again forgives what was; unticking gives up what is on its way."""
        endpoint = self.instance
        if "is_active" in self.changed_data or endpoint.is_active:
            endpoint.switched_off_at, endpoint.switched_off_why = None, ""
        if "is_active" in self.changed_data:
            endpoint.failing_since = None
        saved = super().save(commit=commit)
        if commit and not endpoint.is_active:
            delivering.give_up_waiting(endpoint)
        return saved


class EndpointCreateView(GuardedCreateView):
    def get_success_url(self) -> str:
        _promise(self.request, self.object)
        return reverse("tour_webhooks:secret", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class EndpointEditView(GuardedEditView):
    @property
    def header_more_buttons(self) -> list[Button]:
        there = reverse("tour_webhooks:secret", args=[self.object.pk])
        log = f"{reverse('tour_webhook_log:index')}?endpoint={self.object.pk}"
        return [
            *super().header_more_buttons,
            Button(_("Secret and test"), url=there, icon_name="key", priority=10),
            Button(_("What it was told"), url=log, icon_name="history", priority=20),
        ]


def _promise(request: HttpRequest, endpoint: WebhookEndpoint) -> None:
    request.session[UNSEEN] = [*request.session.get(UNSEEN, []), endpoint.pk]


class SecretView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """The secret, once after it was made; and what is done with an endpoint: a test, a new secret."""

    model = WebhookEndpoint
    permission_required = "change"
    template_name = "cms/admin/webhook.html"
    header_icon = "key"
    page_title = gettext_lazy("Secret and test")
    object: WebhookEndpoint

    @classmethod
    def as_view(cls, **kwargs: Any) -> Any:
        return never_cache(super().as_view(**kwargs))

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [
            (reverse("tour_webhooks:index"), _("Webhooks")),
            (reverse("tour_webhooks:edit", args=[self.object.pk]), str(self.object)),
            ("", self.get_page_title()),
        ]
        return [*self.breadcrumbs_items, *({"url": url, "label": label} for url, label in above)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unseen = self.request.session.get(UNSEEN, [])
        is_new = self.object.pk in unseen
        if is_new:
            self.request.session[UNSEEN] = [pk for pk in unseen if pk != self.object.pk]
        former_until = self.object.former_until
        return {
            **super().get_context_data(**kwargs),
            "endpoint": self.object,
            "secret": self.object.secret if is_new else "",
            "both_until": former_until if former_until and former_until > timezone.now() else None,
            "latest": list(self.object.deliveries.prefetch_related("attempts")[:5]),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.now()
        match request.POST.get("deed"):
            case "ping":
                ping(endpoint=self.object, at=at)
                messages.success(request, _("A test is on its way; how it ended stands below in a moment."))
            case "renew":
                delivering.renew_secret(endpoint=self.object, at=at)
                _promise(request, self.object)
            case "end":
                delivering.end_former_secret(endpoint=self.object)
                messages.success(request, _("Only the new secret is valid now."))
        return redirect(request.path)


class EndpointViewSet(ModelViewSet):
    model = WebhookEndpoint
    name = "tour_webhooks"
    url_prefix = "webhooks"
    icon = "link-external"
    menu_label = gettext_lazy("Webhooks")
    menu_order = 900
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    form_class = EndpointForm
    add_view_class = EndpointCreateView
    edit_view_class = EndpointEditView
    list_display = [
        TitleColumn(
            "description",
            label=gettext_lazy("Webhook"),
            accessor="description",
            get_url=lambda endpoint: reverse("tour_webhooks:edit", args=[endpoint.pk]),
        ),
        Column("url", label=gettext_lazy("Address"), accessor="url"),
        Column("state", label=gettext_lazy("State"), accessor="state"),
        MomentColumn("failing_since", label=gettext_lazy("Failing since"), accessor="failing_since"),
    ]
    list_filter = ["is_active"]
    search_fields = ["description", "url"]

    def get_form_class(self, for_update: bool = False) -> Any:
        return EndpointForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("secret/<int:pk>/", self.construct_view(SecretView), name="secret")]


class DeliveryFilterSet(WagtailFilterSet):
    endpoint = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Webhook"), queryset=WebhookEndpoint.objects.all(), empty_label=gettext_lazy("All")
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=WebhookDelivery.State, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.AllValuesFilter(label=gettext_lazy("Kind"), empty_label=gettext_lazy("All"))
    created_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Written between"), widget=DateRangePickerWidget
    )

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []


def _last_problem(delivery: Any) -> str:
    return str(Problem(delivery.last_problem).label) if delivery.last_problem else ""


class DeliveryIndexView(ReadOnlyIndexView):
    related = ("endpoint",)

    def get_base_queryset(self) -> Any:
        return with_attempts(super().get_base_queryset()).defer("payload")


class DeliveryInspectView(ReadOnlyInspectView):
    template_name = "cms/admin/webhook_delivery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "attempts": list(self.object.attempts.all()),
            "body": body_of(self.object.payload).decode(),
            "may_change": self.request.user.has_perm("cms.change_webhookendpoint"),
        }


class SendAgainView(PermissionCheckedMixin, BaseObjectMixin, View):
    """Bring one delivery once more. POST only."""

    model = WebhookDelivery
    permission_required = "view"
    http_method_names = ["post"]
    object: WebhookDelivery

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("cms.change_webhookendpoint"):
            raise PermissionDenied
        if delivering.send_again(delivery=self.object, at=timezone.now()):
            messages.success(request, _("It is on its way once more."))
        else:
            messages.error(request, _("This webhook is not active: make it active first."))
        return redirect(reverse("tour_webhook_log:inspect", args=[self.object.pk]))


class DeliveryViewSet(ReadOnlyViewSet):
    model = WebhookDelivery
    name = "tour_webhook_log"
    url_prefix = "webhook-log"
    icon = "history"
    menu_label = gettext_lazy("Webhooks: what was told")
    menu_order = 901
    add_to_settings_menu = True
    index_view_class = DeliveryIndexView
    inspect_view_class = DeliveryInspectView
    filterset_class = DeliveryFilterSet
    search_fields = ["message_id", "kind"]
    list_display = [
        TitleColumn(
            "kind",
            label=gettext_lazy("Kind"),
            accessor="kind",
            sort_key="kind",
            get_url=lambda delivery: reverse("tour_webhook_log:inspect", args=[delivery.pk]),
        ),
        Column("endpoint", label=gettext_lazy("Webhook"), accessor="endpoint"),
        "state",
        FigureColumn("tries", label=gettext_lazy("Attempts"), decimals=0),
        Column("last_problem", label=gettext_lazy("Last problem"), accessor=_last_problem),
        MomentColumn("created_at", label=gettext_lazy("Written"), sort_key="created_at"),
        MomentColumn("next_at", label=gettext_lazy("Next attempt"), sort_key="next_at"),
    ]
    list_export = ["message_id", "kind", "endpoint.url", "state", "tries", "last_problem", "created_at", "next_at"]
    export_headings = {"endpoint.url": gettext_lazy("Webhook")}
    inspect_view_fields = ["kind", "message_id", "endpoint", "state", "created_at", "next_at"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("again/<int:pk>/", self.construct_view(SendAgainView), name="again"),
        ]
