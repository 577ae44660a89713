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
        for model, count in sorted(names.items(), key=lambda pair: pair[0].__name__)
    )


class GuardedChildFormSet(BaseChildFormSet):
    """Rows inside another row's form, set up by GuardedInlinePanel, which says what `once` and `permission` are."""

    once: tuple[str, ...] = ()
    permission = ""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        user = (kwargs.get("form_kwargs") or {}).get("for_user")
        self.is_allowed = not self.permission or user is None or user.has_perm(self.permission)
        # What somebody without the permission sends is not read, and changes nothing.
        super().__init__(*((data, files) if self.is_allowed else (None, None)), **kwargs)

    def is_valid(self) -> bool:
        return not self.is_allowed or bool(super().is_valid())

    def save(self, commit: bool = True) -> list[Any]:
        return list(super().save(commit=commit)) if self.is_allowed else []

    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean(*args, **kwargs)
        self._refuse_protected()
        self._refuse_doubles()

    def _refuse_protected(self) -> None:
        for form in self.deleted_forms:
            if form.instance.pk and (keeping := keeping_it(form.instance)):
                raise ValidationError(
                    _("%(row)s cannot be removed, because other records need it: %(keeping)s."),
                    params={"row": form.instance, "keeping": keeping},
                )

    def _refuse_doubles(self) -> None:
        if not self.once:
            return
        seen = set()
        for form in self.forms:
            untouched = not form.instance.pk and not form.has_changed()
            if untouched or form in self.deleted_forms or not form.is_valid():
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
    """An InlinePanel that answers in words where the database would refuse.

    `once` names the fields two rows may not share, None and case included. `permission` ("events.change_membership") is
    what somebody needs beside the right to change the row these hang on; without it they are neither shown nor saved.
    """

    def __init__(self, *args: Any, once: tuple[str, ...] = (), permission: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.once = once
        self.permission = permission

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "once": self.once, "permission": self.permission}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        guards = {"once": self.once, "permission": self.permission}
        formset["formset"] = type("ChildFormSet", (GuardedChildFormSet,), guards)
        formset["inherit_kwargs"] = ["for_user"]
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        def is_shown(self) -> bool:
            permission = self.panel.permission
            return bool(super().is_shown()) and (
                not permission or self.request is None or self.request.user.has_perm(permission)
            )


class _KindlyRefused:
    """Last resort of a form view: what only the database could know comes back as a sentence above the form."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except (IntegrityError, ProtectedError):
            self.produced_error_message = _(
                "This could not be saved: something it depends on changed in the meantime, or two rows are the "
                "same. Check the form and save again."
            )
            form.add_error(None, self.produced_error_message)
            return self.form_invalid(form)  # type: ignore[attr-defined]


class GuardedCreateView(_KindlyRefused, generic.CreateView):
    pass


class GuardedEditView(_KindlyRefused, generic.EditView):
    pass


class GuardedDeleteView(generic.DeleteView):
    """Says what keeps the row, and what to do instead, where Wagtail would offer a button that fails."""

    template_name = "cms/admin/confirm_delete.html"
    #: Set by the viewset: what to do with a row that cannot be deleted.
    instead: Any = ""

    @cached_property
    def keeping(self) -> str:
        return keeping_it(self.object)

    def get_usage_url(self) -> None:
        """No usage list: `keeping` says it, and also knows what the reference index does not hold (registrations)."""
        return None

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.keeping:
            try:
                return super().form_valid(form)
            except (ProtectedError, RestrictedError) as error:
                # Somebody registered between the question and the answer.
                self.keeping = counted(
                    error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
                )
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "keeping": self.keeping,
            "kept": capfirst(str(self.object)),
            "instead": self.instead,
        }
