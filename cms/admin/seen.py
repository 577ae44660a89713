"""Two people in one form: who saves last would put back what the other changed, without either knowing.

The form carries what its record looked like when it was opened. When it looks otherwise at saving, nothing is saved,
and the form says who was first.
"""

import hashlib
from typing import Any

from django import forms
from django.core import serializers
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.log_actions import registry as log_registry

from cms.admin.guards import GuardedEditView
from cms.admin.spreadsheets import local

#: The hidden field.
AS_SEEN = "as_seen"


def looks(row: Model, rows: tuple[str, ...] = ()) -> str:
    """What the record looks like, with the rows that are edited in its form, in a few letters."""
    known = [row, *(one for name in rows for one in getattr(row, name).order_by("pk"))]
    return hashlib.sha256(serializers.serialize("json", known).encode()).hexdigest()[:32]


class SeenEditView(GuardedEditView):
    """An edit view that refuses to save over what somebody else saved since its form was opened.

    `rows_in_form` names the relations that are edited along. A form that says nothing of what it saw is saved: our own
    pages always say it, and whoever posts without them has seen nothing to lose.
    """

    rows_in_form: tuple[str, ...] = ()

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        seen = looks(self.object, self.rows_in_form) if self.object.pk else ""
        form.fields[AS_SEEN] = forms.CharField(required=False, widget=forms.HiddenInput, initial=seen)
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            # Locked until it is saved, so that two who press at once come one after the other.
            present = self.model.objects.select_for_update(of=("self",)).get(pk=self.object.pk)
            seen = form.cleaned_data.get(AS_SEEN)
            if not seen or seen == looks(present, self.rows_in_form):
                return super().form_valid(form)
        self.produced_error_message = self._who_was_first(present)
        form.add_error(None, self.produced_error_message)
        return self.form_invalid(form)

    def _who_was_first(self, present: Model) -> str:
        last = log_registry.get_logs_for_instance(present).first()
        told = {
            "who": last.user_display_name if last else _("Somebody else"),
            "when": f"{local(last.timestamp):%H:%M}" if last else "–",
            "again": format_html('<a href="{}">{}</a>', self.request.path, _("Open it again")),
        }
        said = _(
            "%(who)s saved this at %(when)s, after you opened it. Nothing of yours is saved, so that theirs is not "
            "lost. What you filled in is still below. %(again)s to see theirs, and make your change there."
        )
        return format_html(said.replace("%(", "{").replace(")s", "}"), **told)
