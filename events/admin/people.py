"""What we know of one person: given to them as a file, and forgotten on request."""

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.screens import Screen
from events import actions
from events.models import Registration


class PersonForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("For forgetting: who asked, and when."),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Forget this person"),
        required=False,
        help_text=gettext_lazy(
            "Names, addresses, needs, letters and their history. Payments and counts stay, as the law asks; seats of "
            "visits to come have to be given up first. This cannot be undone."
        ),
    )


class PersonView(PermissionCheckedMixin, Screen, FormView):
    """`step` is "export" (a JSON file) or "forget"."""

    model = Registration
    permission_required = "change"
    template_name = "events/admin/person.html"
    page_title = gettext_lazy("One person's data")
    header_icon = "user"
    form_class = PersonForm

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("tour_registrations:index"), _("Registrations"))]

    def form_valid(self, form: PersonForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        if self.request.POST.get("step") == "forget":
            return self._forget(form, email)
        known = actions.person_data(email)
        if not any(found for name, found in known.items() if name != "email"):
            form.add_error("email", _("This address stands nowhere. Check how it is written."))
            return self.form_invalid(form)
        content = json.dumps(known, ensure_ascii=False, indent=2)
        response = HttpResponse(content, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="person.json"'
        return response

    def _forget(self, form: PersonForm, email: str) -> HttpResponse:
        if not form.cleaned_data["sure"] or not form.cleaned_data["why"]:
            form.add_error("sure", _("Tick this and give the reason: it cannot be undone."))
            return self.form_invalid(form)
        done = actions.erase_person(email=email, at=timezone.now(), by=self.request.user, why=form.cleaned_data["why"])
        if count := done.registrations:
            said = ngettext("Forgotten in %(count)s registration.", "Forgotten in %(count)s registrations.", count)
            messages.success(self.request, said % {"count": count})
        elif not done.kept:
            messages.warning(self.request, _("This address stands nowhere. Check how it is written."))
        if done.kept:
            which = ", ".join(f"{row.reference} ({row.event}, {row.get_status_display()})" for row in done.kept)
            said = _("Not forgotten where a seat or an answer is to come. Cancel it first, then ask again: %(which)s.")
            messages.warning(self.request, said % {"which": which})
            return self.form_invalid(form)
        context: dict[str, Any] = self.get_context_data(form=PersonForm())
        return self.render_to_response(context)
