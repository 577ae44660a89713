"""Asking the host of a visit report for its yes, from the edit screen of the case."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cases.actions.signing import ask_host
from cases.models import CasePage, HostSignOff
from cases.refusals import Refusal
from cases.substance import original_of
from cms.models import Organisation


class AskForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        label=gettext_lazy("Host"),
        help_text=gettext_lazy("From the address book; add it there first."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("Of the person who can agree for the host. Kept with the answer."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=HostSignOff._meta.get_field("language").choices or []
    )


class AskHostView(WagtailAdminTemplateMixin, FormView):
    """Asks once whom to mail, then mails. A refusal is shown above the form; nobody was mailed then."""

    form_class = AskForm
    template_name = "cases/admin/ask_host.html"
    header_icon = "mail"
    page_title = gettext_lazy("Ask the host to agree")

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        asked = get_object_or_404(CasePage, pk=self.kwargs["page_id"])
        # A translation rests on the text it is translated from: that is what the host agrees to, and is named here.
        self.case = CasePage.objects.get(pk=original_of(asked).pk)
        if not self.case.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied

    def get_initial(self) -> dict[str, Any]:
        """As last time; the first time, the first organisation of the case in its own language."""
        last = HostSignOff.objects.about(self.case).first()
        if last is not None:
            return {"organisation": last.organisation_id, "email": last.email, "language": last.language}
        draft = self.case.get_latest_revision_as_object()
        party = (draft.suppliers or draft.buyers or [None])[0]
        return {"organisation": party and party.organisation_id, "language": self.case.locale.language_code}

    def get_page_subtitle(self) -> str:
        return str(self.case.get_admin_display_title())

    def get_success_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.case.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.get_success_url(), "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "back_url": self.get_success_url()}

    def form_valid(self, form: AskForm) -> HttpResponse:
        try:
            sign_off = ask_host(case=self.case, **form.cleaned_data, by=self.request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, refusal.text())
            return self.form_invalid(form)
        messages.success(self.request, _("Asked: a mail goes to %(email)s.") % {"email": sign_off.email})
        return super().form_valid(form)
