"""The API tokens in the admin: what there is, made with their text shown once, revoked for good."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter

from cms.actions.api_tokens import BY_TOKEN, MADE, REVOKED, TokenRefused, create_token, revoke_token
from cms.models.api_tokens import LONGEST, ApiToken, Scope
from cms.templatetags.cms_tags import brief

USUAL = timedelta(days=90)
#: The newest forms this session sent.
SENT = "api_token_forms"
MOST_SENT = 20


def _may(token: ApiToken) -> list[str]:
    """In words short enough for a list."""
    words = {
        Scope.READ: _("read"),
        Scope.DRAFTS: _("see drafts"),
        Scope.WRITE: _("write"),
        Scope.WORKFLOW: _("publish"),
    }
    return [str(words.get(Scope(one), one)) for one in token.scopes]


def _last_used(token: ApiToken) -> str:
    return brief(token.last_used_at) if token.last_used_at else _("Never")


def people(user: Any) -> Any:
    """Whose tokens this person may see and make: their own. An administrator those of everybody.

    Else whoever may make tokens could make one of an administrator, and be one.
    """
    found = get_user_model()._default_manager.filter(is_active=True).order_by("username")
    return found if user.is_superuser else found.filter(pk=user.pk)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, for instance: learning platform of the province."),
    )
    user: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("What is done with the token is done by this person, with their rights."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick no more than what it is for: a program that reads need not write."),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=AdminDateInput,
        help_text=gettext_lazy("At most a year from now. Whoever needs it longer makes a new one."),
    )
    #: The screen that shows a token answers the form itself, for its text is stored nowhere: loading it again sends the
    #: form again, and that makes no second token.
    sent = forms.CharField(max_length=40, required=False, initial=lambda: uuid4().hex, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people(by)  # type: ignore[attr-defined]
        self.fields["user"].initial = by.pk
        self.fields["last_day"].initial = timezone.localdate() + USUAL

    @property
    def expires_at(self) -> datetime:
        """The end of the last day, at most the longest a token lasts: a year from today is a year."""
        # No calendar goes on past the last day of 9999; two years are too long already.
        last = min(self.cleaned_data["last_day"], timezone.localdate() + 2 * LONGEST)
        end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
        return min(end, timezone.now() + LONGEST) if end <= timezone.now() + LONGEST + timedelta(days=1) else end


class OnlyTheirs:
    """The tokens this person may see."""

    request: HttpRequest

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(user__in=people(self.request.user))  # type: ignore[misc]


class TokenIndexView(OnlyTheirs, generic.IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        at = timezone.now()
        return [
            self._get_title_column_class(TitleColumn)("name", label=_("Name"), get_url=self.get_edit_url),
            Column("user", label=_("Person")),
            Column("scopes", label=_("May"), accessor=lambda token: ", ".join(_may(token))),
            Column("state", label=_("State"), accessor=lambda token: token.state(at)),
            Column("last_day", label=_("Last day"), accessor=lambda token: brief(token.last_day)),
            Column("last_used_at", label=_("Last used"), accessor=_last_used),
        ]

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("user")

    def get_list_more_buttons(self, instance: ApiToken) -> list[Button]:
        buttons = []
        if instance.revoked_at is None and (url := self.get_delete_url(instance)):
            buttons.append(Button(_("Revoke"), url=url, icon_name="bin", priority=30))
        return buttons


class TokenCreateView(generic.CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        # The form is of a token to be made, not of a row: its text is nowhere but in the answer.
        kwargs.pop("instance", None)
        return {**kwargs, "by": self.request.user}

    def form_valid(self, form: TokenForm) -> HttpResponse:
        told = form.cleaned_data
        if told["sent"] and told["sent"] in self.request.session.get(SENT, []):
            again = _(
                "This form was sent already. The token it made stands in the list, without its text: revoke it if you "
                "did not copy that, and make another here."
            )
            form.add_error(None, again)
            self.produced_error_message = self.get_error_message()
            data = self.request.POST.copy()
            data["sent"] = uuid4().hex
            form.data = data
            return self.form_invalid(form)
        try:
            token, secret = create_token(
                user=told["user"],
                name=told["name"],
                scopes=told["scopes"],
                expires_at=form.expires_at,
                by=self.request.user,
                at=timezone.now(),
            )
        except TokenRefused as refusal:
            self.produced_error_message = str(refusal)
            form.add_error("last_day", self.produced_error_message)
            return self.form_invalid(form)
        self.object = token
        self.request.session[SENT] = [*self.request.session.get(SENT, []), told["sent"]][-MOST_SENT:]
        context = {**self.get_context_data(form=form), "token": token, "secret": secret, "index_url": self.index_url}
        context["page_title"] = context["header_title"] = _("The token is made")
        context["breadcrumbs_items"] = [
            {"url": self.index_url, "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": "", "label": context["page_title"]},
        ]
        response = TemplateResponse(self.request, "cms/admin/api_token_made.html", context)
        # Not in the browser's back button either.
        response["Cache-Control"] = "no-store"
        return response

    @property
    def index_url(self) -> str:
        return str(self.get_success_url())


class TokenEditView(OnlyTheirs, generic.EditView):
    """Its name may change; what it may and how long never: whoever wants more makes another."""

    delete_item_label = gettext_lazy("Revoke")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "token": self.object, "state": self.object.state(timezone.now())}


class TokenRevokeView(OnlyTheirs, generic.DeleteView):
    page_title = gettext_lazy("Revoke")
    template_name = "cms/admin/api_token_revoke.html"

    def get_usage_url(self) -> None:
        return None

    @property
    def confirmation_message(self) -> str:
        return _("Whatever uses this token stops working at once. This cannot be undone.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = self.get_object()
        if not self.user_has_permission("delete"):
            raise PermissionDenied
        revoke_token(token=token, by=request.user, at=timezone.now())
        messages.success(request, _("“%(name)s” is revoked.") % {"name": token.name})
        return redirect(self.get_success_url())


class ApiTokenViewSet(ModelViewSet):
    model = ApiToken
    name = "tour_api_tokens"
    url_prefix = "tour-api-tokens"
    icon = "key"
    menu_label = gettext_lazy("API tokens")
    menu_order = 602
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    form_fields = ["name"]
    index_view_class = TokenIndexView
    add_view_class = TokenCreateView
    edit_view_class = TokenEditView
    edit_template_name = "cms/admin/api_token_edit.html"
    delete_view_class = TokenRevokeView

    def get_form_class(self, for_update: bool = False) -> Any:
        return super().get_form_class(for_update=True) if for_update else TokenForm


def register_log_actions(actions: Any) -> None:
    """How the deeds of tokens read in the history of a page, and in the report of what happened in the site."""

    @actions.register_action(MADE)
    class Made(LogFormatter):
        label = gettext_lazy("Make an API token")

        def format_message(self, log_entry: Any) -> str:
            scopes = ", ".join(log_entry.data.get("scopes", []))
            return _("API token made. It may: %(scopes)s.") % {"scopes": scopes}

    @actions.register_action(REVOKED)
    class Revoked(LogFormatter):
        label = gettext_lazy("Revoke an API token")
        message = gettext_lazy("API token revoked.")

    @actions.register_action(BY_TOKEN)
    class ByToken(LogFormatter):
        label = gettext_lazy("Done through the API")

        def format_message(self, log_entry: Any) -> str:
            token = log_entry.data.get("token", {})
            return _("Done through the API, with the token “%(name)s” (%(prefix)s…).") % {
                "name": token.get("name", ""),
                "prefix": token.get("prefix", ""),
            }
