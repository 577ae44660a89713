"""What keeps a form that was open for a while from undoing what somebody else saved in the meantime."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core import serializers
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

#: The hidden field that says how the row stood when the form was opened.
FIELD = "opened_as"


def version_of(row: Model, *rows_below: str) -> str:
    """The row and the rows below it (names of relations) as they stand in the database, in a few characters."""
    below = [one for name in rows_below for one in getattr(row, name).all()]
    standing = serializers.serialize("json", [row, *sorted(below, key=lambda one: (one._meta.label, one.pk))])
    return sha256(standing.encode()).hexdigest()[:20]


class UnchangedMeanwhile:
    """For an edit view, before the others: refuses to save over what was saved since the form was opened.

    What was typed stays on the page. A form that does not say how it was opened, as a script's, is taken as it is.
    """

    model: Any
    object: Any
    request: HttpRequest
    produced_error_message: Any
    #: Relations whose rows are edited in the same form.
    rows_below: tuple[str, ...] = ()

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        opened = self.model._base_manager.get(pk=self.object.pk)
        form.fields[FIELD] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=version_of(opened, *self.rows_below)
        )
        return form

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        standing = self.model._base_manager.select_for_update().get(pk=self.object.pk)
        opened_as = form.cleaned_data.get(FIELD)
        if opened_as and opened_as != version_of(standing, *self.rows_below):
            self.produced_error_message = _(
                "Somebody else saved this after you opened it, so nothing of yours was kept. Open it again in another "
                "tab, see what changed, and make your change there."
            )
            form.add_error(None, self.produced_error_message)
            refused: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]
            return refused
        kept: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return kept
