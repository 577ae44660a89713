"""What every deed on one registration is on screen: a form that asks, a second yes, a refusal shown above the form."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.screens import Screen
from events.admin.second_yes import SecondYes
from events.models import Registration
from events.refusals import Refusal


class WhyForm(forms.Form):
    """A reason, kept in the history; whoever reads it is said by the page."""

    why = forms.CharField(label=gettext_lazy("Reason"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        self.registration = registration
        super().__init__(*args, **kwargs)


class DeedView(SecondYes, PermissionCheckedMixin, BaseObjectMixin, Screen, FormView):
    """Asks once more, then does the deed. A Refusal is shown above the form; nothing was changed then."""

    model = Registration
    permission_required = "change"
    template_name = "events/admin/deed.html"
    header_icon = "edit"
    object: Registration
    #: What will happen, for whoever asks it.
    explanation: Any = ""
    button: Any = gettext_lazy("Do it")
    #: Its label once more, below what is unusual about it.
    sure_button: Any = gettext_lazy("Yes, do it")
    #: Said instead of the form when there is nothing to do.
    not_possible: Any = gettext_lazy("This registration does not wait for that (any more).")
    done: Any = gettext_lazy("Done. The contact gets a letter.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "registration": self.object}

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def trail(self) -> list[tuple[str, str]]:
        index = reverse("tour_registrations:index")
        return [(index, _("Registrations")), (self.get_success_url(), str(self.object))]

    def get_success_url(self) -> str:
        return reverse("tour_registrations:inspect", args=[self.object.pk])

    @property
    def is_possible(self) -> bool:
        return not self.object.is_ended

    def act(self, facts: dict[str, Any]) -> None:
        """The deed, with the form's facts. Raises a Refusal."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if unread := self.unread(form):
            return self.render_to_response(self.get_context_data(form=form) | unread | {"button": self.sure_button})
        try:
            self.act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.text())
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "registration": self.object,
            "explanation": self.explanation,
            "button": self.button,
            "is_possible": self.is_possible,
            "not_possible": self.not_possible,
            "back_url": self.get_success_url(),
        }
