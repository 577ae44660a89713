"""What keeps a form or a delete button from ending in an error page when the database says no.

Rows that others refer to are protected, and some things exist once. Wagtail's forms check neither for the rows edited
inside another row's form, so that the answer would be a 500.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel
from wagtail.admin.views import generic


def keeping_it(row: Model) -> str:
    """What refers to the row and keeps it from being deleted ("3 registrations, 1 event page"); empty when nothing."""
    collector = Collector(using=row._state.db or "default")
    try:
        collector.collect([row])
    except ProtectedError as error:
        return counted(error.protected_objects)
    except RestrictedError as error:
        return counted(error.restricted_objects)
    return ""


def counted(rows: Iterable[Model]) -> str:
    """ "3 registrations, 1 event page"."""
    names = Counter(type(row) for row in rows)
    return ", ".join(
        f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
        for model, count in names.items()
    )


class GuardedChildFormSet(BaseChildFormSet):
    """Rows inside another row's form. `once` names the fields that two rows may not share, None and case included."""

    once: tuple[str, ...] = ()

    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean(*args, **kwargs)
        self._refuse_protected()
        self._refuse_doubles()

    def _refuse_protected(self) -> None:
        for form in self.deleted_forms:
            if form.instance.pk and (keeping := keeping_it(form.instance)):
                raise ValidationError(
                    _("%(row)s cannot be removed: %(keeping)s refer to it."),
                    params={"row": form.instance, "keeping": keeping},
                )

    def _refuse_doubles(self) -> None:
        if not self.once:
            return
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not form.has_changed() and not form.instance.pk:
                continue
            values = (form.cleaned_data.get(field) for field in self.once)
            key = tuple(value.casefold() if isinstance(value, str) else value for value in values)
            if key in seen:
                raise ValidationError(
                    _("Two rows have the same %(fields)s; one of them is enough."),
                    params={"fields": ", ".join(self._label(field) for field in self.once)},
                )
            seen.add(key)

    def _label(self, field: str) -> str:
        return str(self.model._meta.get_field(field).verbose_name)


class GuardedInlinePanel(InlinePanel):
    """An InlinePanel whose rows are checked as above."""

    def __init__(self, *args: Any, once: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.once = once

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "once": self.once}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = type(
            "ChildFormSet", (GuardedChildFormSet,), {"once": self.once}
        )
        return options


class _KindlyRefused:
    """Last resort of a form view: what only the database could know comes back as a sentence above the form."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc,no-any-return]
        except (IntegrityError, ProtectedError):
            self.produced_error_message = _(
                "This could not be saved: something it depends on changed in the meantime, or two rows are the "
                "same. Check the form and save again."
            )
            form.add_error(None, self.produced_error_message)
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]


class GuardedCreateView(_KindlyRefused, generic.CreateView):
    pass


class GuardedEditView(_KindlyRefused, generic.EditView):
    pass


class GuardedDeleteView(generic.DeleteView):
    """Says what keeps the row, and what to do instead, where Wagtail would offer a button that fails."""

    template_name = "events/admin/confirm_delete.html"
    #: Set by the viewset: what to do with a row that cannot be deleted.
    instead: Any = ""

    @cached_property
    def keeping(self) -> str:
        return keeping_it(self.object)

    def get_usage(self) -> Any:
        usage = super().get_usage()
        if usage is not None:
            usage.is_protected = False  # said by `keeping`, which also knows what no reference index holds
        return usage

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.keeping:
            try:
                return super().form_valid(form)  # type: ignore[no-any-return]
            except (ProtectedError, RestrictedError) as error:
                # Somebody registered between the question and the answer.
                self.keeping = counted(error.args[1])
        return self.render_to_response(self.get_context_data(form=form), status=409)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "keeping": self.keeping,
            "kept": capfirst(str(self.object)),
            "instead": self.instead,
        }
