"""The form of an experiment, and the calculator beside it that says what the design asks for."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from cms.admin.amounts import AmountField, WholeField
from cms.admin.spreadsheets import local
from cms.templatetags.cms_tags import brief
from events.models import Event
from payments.actions.experimenting import assign_visits
from payments.models import Experiment, RevenueModel


class VisitsField(forms.ModelMultipleChoiceField):
    """Visits with their day, to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {brief(local(obj.starts_at).date())}"


class ExperimentForm(WagtailAdminModelForm):
    """A draft: everything that is fixed when it starts, with the visits of both groups."""

    control_visits = VisitsField(
        Event.objects.none(),
        required=False,
        label=gettext_lazy("Control visits"),
        help_text=gettext_lazy("Visits that go on as they are. Divide by lot, not by what you expect of a visit."),
    )
    trial_visits = VisitsField(
        Event.objects.none(),
        required=False,
        label=gettext_lazy("Trial visits"),
        help_text=gettext_lazy("Visits on which you try the other model. You set their prices yourself, on the visit."),
    )

    class Meta:
        model = Experiment
        fields = [
            "name",
            "hypothesis",
            "measure",
            "control",
            "trial",
            "share_now",
            "share_hoped",
            "alpha",
            "power",
            "look_on",
            "decision_rule",
        ]
        widgets = {
            "hypothesis": forms.Textarea(attrs={"rows": 3}),
            "decision_rule": forms.Textarea(attrs={"rows": 3}),
            "look_on": AdminDateInput,
        }
        help_texts = {
            "name": gettext_lazy("As it stands in the decision paper."),
            "measure": gettext_lazy("The one figure that decides. Look at others if you like; they decide nothing."),
            "control": gettext_lazy("What is asked now."),
            "trial": gettext_lazy("What you try instead."),
            "alpha": gettext_lazy("How often you accept to be fooled by chance: 0.05 is one time in twenty."),
            "power": gettext_lazy("How surely you want to see a difference that is there: 0.8 is four times in five."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assigned = list(self.instance.visits.values_list("event", "group")) if self.instance.pk else []
        coming = Q(starts_at__gt=timezone.now()) & ~Q(status__in=[Event.Status.DRAFT, Event.Status.CANCELLED])
        offered = Event.objects.filter(coming | Q(pk__in=[pk for pk, _group in assigned])).order_by("starts_at", "pk")
        for group in ("control", "trial"):
            field: Any = self.fields[f"{group}_visits"]
            field.queryset = offered
            self.initial[f"{group}_visits"] = [pk for pk, of in assigned if of == group]
            model: Any = self.fields[group]
            model.queryset = RevenueModel.objects.filter(
                Q(is_archived=False) | Q(pk=getattr(self.instance, f"{group}_id"))
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        both = set(cleaned.get("control_visits") or []) & set(cleaned.get("trial_visits") or [])
        if both:
            names = ", ".join(sorted(event.name for event in both))
            self.add_error("trial_visits", _("A visit is in one group: %(names)s stands in both.") % {"names": names})
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Raises ExperimentStarted when somebody started it meanwhile; the view's transaction keeps nothing then."""
        is_new = self.instance.pk is None
        if is_new:
            super().save(commit=commit)
        said = self.cleaned_data
        # First, where there is one already: it locks the row and refuses before anything is written.
        assign_visits(experiment=self.instance, control=said["control_visits"], trial=said["trial_visits"])
        return self.instance if is_new else super().save(commit=commit)


class SizeForm(forms.Form):
    """The calculator: how many people a difference asks for, and how sure so many visits can make you.

    It stands on one page with the form of an experiment, whose fields have some of the same names: its ids are its own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "size_%s"})

    share_now = AmountField(
        label=gettext_lazy("Share now"), min_value=0, max_value=1, help_text=gettext_lazy("0.6 is 60 %.")
    )
    share_hoped = AmountField(
        label=gettext_lazy("Share worth finding"),
        min_value=0,
        max_value=1,
        help_text=gettext_lazy("The smaller the difference, the more people it takes."),
    )
    alpha = AmountField(
        label=gettext_lazy("Significance level"), min_value=0.01, max_value=0.2, help_text=gettext_lazy("Usually 0.05.")
    )
    power = AmountField(
        label=gettext_lazy("Power"), min_value=0.5, max_value=0.99, help_text=gettext_lazy("Usually 0.8.")
    )
    control = WholeField(
        label=gettext_lazy("Number of control visits"),
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("How many you can keep as they are."),
    )
    trial = WholeField(
        label=gettext_lazy("Number of trial visits"),
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("On how many you can try."),
    )


#: What the calculator begins with.
USUAL = {"share_now": "0.6", "share_hoped": "0.8", "alpha": "0.05", "power": "0.8", "control": 4, "trial": 4}
